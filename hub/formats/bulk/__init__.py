"""Bulk formats: the columns of a data set as Parquet, or as a stream of Arrow record batches."""

from hub.formats.bulk.form import FORMS, BulkForm
from hub.formats.bulk.sheet import even_pieces
from hub.formats.bulk.write import write

__all__ = ["FORMS", "BulkForm", "even_pieces", "write"]
