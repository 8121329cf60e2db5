"""National tables, CSV or XLSX, brought into a shared structure by a mapping file.

A mapping (`mapping`) tells where the table stands in the file (`delimited`, `workbook`), which
rows and columns hold what (`shape`), how numbers and gaps are written (`values`) and which code
every national spelling has (`codes`); `reader` does it.
"""

from connectors.national.mapping import TableMap
from connectors.national.parsing import parse_mapping, read_mapping
from connectors.national.reader import read_table

__all__ = ["TableMap", "parse_mapping", "read_mapping", "read_table"]
