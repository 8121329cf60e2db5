"""The frame of metadata messages in SDMX-ML: the root element and the header."""

from __future__ import annotations

from collections.abc import Mapping

from hub.formats.message import Header
from hub.formats.metadata.report import Sets
from hub.formats.structure.languages import Languages
from hub.formats.structure.ml.header import write_header
from hub.formats.structure.ml.ref import ref_attributes
from hub.formats.structure.ml.scribe import Scribe
from hub.model.metadata_schema import MetadataSchema

_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'


def schemas_of(sets: Sets) -> tuple[MetadataSchema, ...]:
    """The schemas that some sets are reported under, each once, in the order they come."""
    return tuple({shown.schema.flow.reference: shown.schema for shown in sets()}.values())


def structure_ids(schemas: tuple[MetadataSchema, ...]) -> dict[str, str]:
    """By the URN of a flow, the id under which the header declares it."""
    return {schema.flow.urn: f"STR{number + 1}" for number, schema in enumerate(schemas)}


def open_message(
    root: str,
    header: Header,
    sets: Sets,
    namespaces: Mapping[str, str],
    languages: Languages,
    declared: Mapping[str, str] | None = None,
) -> bytes:
    """The message up to its first set.

    The header declares the flow of every set: by its URN, or in SDMX 2.1 by a Ref. `declared` are
    the namespaces of structure-specific schemas by the URN of the flow.
    """
    scribe = Scribe(languages)
    scribe.open(root, [(f"xmlns:{prefix}", uri) for prefix, uri in namespaces.items()])
    schemas = schemas_of(sets)
    ids = structure_ids(schemas)
    is_21 = "v2_1" in namespaces["mes"]

    def structures(scribe: Scribe) -> None:
        for schema in schemas:
            urn = schema.flow.urn
            attributes = [("structureID", ids[urn])]
            if declared is not None:
                attributes.append(("namespace", declared[urn]))
            scribe.open("mes:Structure", attributes)
            if is_21:
                scribe.open("com:StructureUsage")
                scribe.leaf("Ref", attributes=ref_attributes(schema.flow.reference))
                scribe.close("com:StructureUsage")
            else:
                scribe.leaf("com:StructureUsage", urn)
            scribe.close("mes:Structure")

    write_header(header, scribe, more=structures)
    return _DECLARATION + scribe.text().encode()
