"""Bulk formats: the columns of a data set as Parquet, or as a stream of Arrow record batches.

What comes in is measured before Arrow reads it: the footer (`footer`, spelt as `compact` reads it)
and pages (`pages`) of Parquet, the messages (`stream`, spelt as `flat` reads it) of Arrow. Columns
become texts (`texts`) batch by batch (`collected`), metadata says what of (`facts`); `reader` puts
it together. What goes out has its columns in even pieces (`sheet`, `write`).
"""

from hub.formats.bulk.form import FORMS, BulkForm
from hub.formats.bulk.reader import read_arrow, read_parquet
from hub.formats.bulk.sheet import even_pieces
from hub.formats.bulk.write import write

__all__ = ["FORMS", "BulkForm", "even_pieces", "read_arrow", "read_parquet", "write"]
