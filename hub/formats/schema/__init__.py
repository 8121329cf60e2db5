"""Schemas for data of one structure: XML Schema for SDMX-ML, JSON Schema for SDMX-JSON."""

from hub.formats.schema.form import FORMS, Family, SchemaForm, Usage
from hub.formats.schema.places import Places
from hub.formats.schema.write import write

__all__ = ["FORMS", "Family", "Places", "SchemaForm", "Usage", "write"]
