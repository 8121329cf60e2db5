"""What the metadata of a bulk file says of its rows, or columns of SDMX-CSV kept in it."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from hub.errors import BadRequest, Invalid
from hub.formats.bulk.fault import refuse
from hub.formats.bulk.sheet import PREFIX
from hub.formats.components import CONTEXTS, OBS_VALUE
from hub.formats.csv.identity import actions_of_rows, structure_of_rows
from hub.formats.message import Action
from hub.model import Reference, parse_urn


def measures_of_sheet(schema: pa.Schema) -> set[str]:
    """The columns that are measures: by their metadata, else by the standard's own name."""
    role = (PREFIX + "role").encode()
    told = {field.name for field in schema if (field.metadata or {}).get(role) == b"measure"}
    return told or {OBS_VALUE}


def _fact(schema: pa.Schema, name: str) -> str:
    told: bytes = (schema.metadata or {}).get((PREFIX + name).encode(), b"")
    return told.decode("utf-8", "replace")


def structure_of_sheet(
    schema: pa.Schema, columns: Mapping[str, pa.ChunkedArray], file: str, rows: int
) -> Reference | None:
    """What the file says it is data of."""
    urn = _fact(schema, "context")
    if urn:
        try:
            found = parse_urn(urn)
        except BadRequest as error:
            raise refuse(file, f"the metadata {PREFIX}context: {error.message}") from None
        if isinstance(found, Reference) and found.artefact_class in CONTEXTS:
            return found
        message = f"the metadata {PREFIX}context is '{urn[:200]}', which has no data"
        raise refuse(file, message)
    for column, types in (("STRUCTURE_ID", columns.get("STRUCTURE")), ("DATAFLOW", None)):
        if column in columns and rows:
            return structure_of_rows(column, columns[column], types, file, _no_line)
    return None


def actions_of_sheet(
    schema: pa.Schema, letters: pa.ChunkedArray | None, file: str, rows: int
) -> pa.ChunkedArray | None:
    """The action of every row: its own, else that of the file."""
    if letters is not None:
        actions, findings = actions_of_rows(letters, file, _no_line)
        if findings:
            raise Invalid(f"{file}, column ACTION: {findings[0].message}", findings)
        return actions
    word = _fact(schema, "action")
    if not word:
        return None
    if word not in list(Action):
        message = f"the metadata {PREFIX}action is '{word[:80]}'; there are {', '.join(Action)}"
        raise refuse(file, message)
    index = pa.repeat(pa.scalar(0, pa.int32()), rows)
    return pa.chunked_array([pa.DictionaryArray.from_arrays(index, pa.array([word]))])


def _no_line(_row: int) -> None:
    return None
