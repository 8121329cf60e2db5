"""Bulk formats: the columns of a data set as Parquet, or as a stream of Arrow record batches.

What comes in is measured before Arrow reads it: the footer (`footer`, in `compact`) and pages
(`pages`) of Parquet, the messages (`stream`, in `flat`) of Arrow. Its columns become texts
(`texts`), batch by batch (`collected`); `reader` puts it together.
"""

from hub.formats.bulk.form import FORMS, BulkForm
from hub.formats.bulk.reader import read_arrow, read_parquet
from hub.formats.bulk.sheet import even_pieces
from hub.formats.bulk.write import write

__all__ = ["FORMS", "BulkForm", "even_pieces", "read_arrow", "read_parquet", "write"]
