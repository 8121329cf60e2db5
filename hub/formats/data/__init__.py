"""Data messages: record batches to SDMX-CSV, SDMX-JSON and SDMX-ML."""

from hub.formats.data.form import FORMS, DataForm, Family
from hub.formats.data.upper import upper_columns, with_upper_attributes
from hub.formats.data.write import write

__all__ = ["FORMS", "DataForm", "Family", "upper_columns", "with_upper_attributes", "write"]
