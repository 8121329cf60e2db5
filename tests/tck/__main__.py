"""Write the agency for tests of conformance into a folder: `python -m tests.tck FOLDER`.

Load the structures in the order of their names, then publish the figures:

    corridor structures load FOLDER/1-structures-2.1.xml
    corridor structures load FOLDER/2-structures-3.1.xml
    corridor publish "CONF:DF(1.0)" FOLDER/figures-P1.csv --source P1
    corridor publish "CONF:DF(1.0)" FOLDER/figures-P2.csv --source P2
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.tck.write import write_agency

if __name__ == "__main__":
    for path in write_agency(Path(sys.argv[1])):
        sys.stdout.write(f"{path}\n")
