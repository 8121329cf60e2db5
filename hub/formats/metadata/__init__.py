"""Metadata messages: sets of reference metadata, in SDMX-ML, SDMX-JSON and SDMX-CSV."""

from hub.formats.metadata.form import FORMS, MetadataFamily, MetadataForm
from hub.formats.metadata.reading import METADATA_LIMITS, read
from hub.formats.metadata.report import Reading, Received, Sets, Shown
from hub.formats.metadata.writing import write

__all__ = [
    "FORMS",
    "METADATA_LIMITS",
    "MetadataFamily",
    "MetadataForm",
    "Reading",
    "Received",
    "Sets",
    "Shown",
    "read",
    "write",
]
