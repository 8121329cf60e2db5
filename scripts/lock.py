"""Print what is installed as exact versions, for constraints.txt.

Names and versions only: where packages come from is the business of whoever installs them.
"""

from __future__ import annotations

import re
from importlib.metadata import distributions

_NOT_LOCKED = {"pip", "setuptools", "wheel", "corridor-hub"}


def main() -> None:
    """Print one line for each distribution, sorted by normalised name."""
    found = {
        re.sub(r"[-_.]+", "-", distribution.name).lower(): distribution.version
        for distribution in distributions()
    }
    print("# Exact versions for `make setup`; `make lock` writes this file.")
    for name in sorted(set(found) - _NOT_LOCKED):
        print(f"{name}=={found[name]}")


if __name__ == "__main__":
    main()
