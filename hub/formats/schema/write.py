"""Writes the validity of data as a schema."""

from __future__ import annotations

from collections.abc import Sequence

from hub.formats.schema.form import Family, SchemaForm
from hub.formats.schema.jsonschema.document import write_json_schema
from hub.formats.schema.places import Places
from hub.formats.schema.xsd.document import write_xsd


def write(places: Places, form: SchemaForm, languages: Sequence[str] | None = None) -> bytes:
    """Write a schema, in UTF-8.

    `languages` are those of the names of codes in an XML Schema, None for all. Raises
    NotAcceptable where the form's version of SDMX has no such structure.
    """
    if form.family is Family.JSON:
        return write_json_schema(places, form)
    return write_xsd(places, form, languages)
