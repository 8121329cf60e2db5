"""SDMX-CSV data messages, read into columns: versions 1.0, 2.0 and 2.1.

Guarded text (`text`) goes record by record into Arrow columns (`rows`), whose header says what they
are (`header`), whose cells are then taken apart (`cells`); `reader` puts it together, and `alike`
reads many short messages at once.
"""

from hub.formats.csv.alike import is_short, read_alike
from hub.formats.csv.reader import read_csv

__all__ = ["is_short", "read_alike", "read_csv"]
