"""Reading a national table through its mapping file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from connectors.national.codes import check_targets
from connectors.national.delimited import read_delimited
from connectors.national.kind import check_kind, with_defaults
from connectors.national.mapping import TableMap, suggest
from connectors.national.part import Part, read_part
from connectors.national.persons import refuse_ones
from connectors.national.query import read_query
from connectors.national.shape import unused
from connectors.national.table import SourceTable
from connectors.national.workbook import read_workbook
from connectors.templates import Template, template
from hub.errors import BadRequest, Finding, Invalid
from hub.formats.bounds import within
from hub.formats.limits import Limits
from hub.formats.message import RawData
from hub.formats.sniff import Kind, sniff
from hub.model import Schema, Structures, resolve

_TEXT_KINDS = (Kind.CSV, Kind.SDMX_CSV)


def read_table(
    path: Path | None, mapping: TableMap, structures: Structures, *, limits: Limits | None = None
) -> RawData:
    """Read a CSV file, an XLSX workbook or the result of a query into a dataflow's columns.

    `path` is None where the mapping has a query. Every row of the result has the line (in a
    workbook: the row) it came from; one line gives several rows where columns are unpivoted. What
    the checks of the mapping's template find is among the findings of the result. Raises Invalid
    with every finding: columns that are not in the file, components that are not in the structure,
    spellings without a code, numbers in doubt, a table of persons; NotFound for a dataflow, a
    template or a shared scheme that is not there; TooLarge beyond the limits; PartnerUnavailable
    for a database that cannot be reached.
    """
    limits = limits or Limits()
    schema = resolve(mapping.flow, structures)
    kind = None if mapping.template is None else template(mapping.template)
    mapping = mapping if kind is None else with_defaults(mapping, kind, schema)
    _refuse(
        mapping.name,
        [*_check_components(mapping, schema), *check_targets(mapping, schema.by_id)],
    )
    sources = _read_sources(path, mapping, limits)
    parts = [read_part(source, mapping, schema) for source in sources]
    file = mapping.name if path is None else path.name
    _refuse(file, [finding for part in parts for finding in part.findings])
    raw = _together(file, parts, mapping, schema)
    for measure in schema.measures:
        if measure.id in raw.table.column_names:
            refuse_ones(file, raw.table[measure.id])
    return within(_checked(raw, parts, mapping, kind, schema), limits)


def _checked(
    raw: RawData, parts: Sequence[Part], mapping: TableMap, kind: Template | None, schema: Schema
) -> RawData:
    if kind is None:
        return raw
    asked = [part.interviews for part in parts if part.interviews is not None]
    chunks = [chunk for one in asked for chunk in one.cast(pa.string()).chunks]
    interviews = pa.chunked_array(chunks, pa.string()) if asked else None
    findings = check_kind(kind, raw, mapping, schema, interviews)
    return replace(raw, findings=(*raw.findings, *findings))


def _together(file: str, parts: Sequence[Part], mapping: TableMap, schema: Schema) -> RawData:
    """The observations of every part, in their order."""
    places = _Places(parts)
    return RawData(
        source=file,
        table=pa.concat_tables([part.table for part in parts]).unify_dictionaries(),
        structure=schema.context,
        line=places.line,
        place=places.place,
        ignored=tuple(
            dict.fromkeys(name for part in parts for name in unused(part.source, mapping))
        ),
    )


class _Places:
    """The line and the sheet of the source that every row came from."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts

    def line(self, row: int) -> int | None:
        part, row = self._find(row)
        return part.line(row)

    def place(self, row: int) -> str | None:
        return self._find(row)[0].source.place

    def _find(self, row: int) -> tuple[Part, int]:
        for part in self._parts:
            if row < part.table.num_rows:
                return part, row
            row -= part.table.num_rows
        raise IndexError(row)


def _refuse(file: str, findings: Iterable[Finding]) -> None:
    listed = list(findings)
    if listed:
        raise Invalid(f"{file}: {listed[0].message}", listed)


def _check_components(mapping: TableMap, schema: Schema) -> list[Finding]:
    """Every component the mapping names that the structure does not have."""
    meanings = [meaning for meaning in mapping.missing.values() if isinstance(meaning, dict)]
    sheet = mapping.source.sheet_is
    named: Mapping[str, Iterable[str]] = {
        "columns": mapping.columns,
        "constants": mapping.constants,
        "codes": mapping.codes,
        "source": () if sheet is None else [sheet],
        "unpivot": [*mapping.unpivot.components, mapping.unpivot.value] if mapping.unpivot else (),
        "missing": [attribute for meaning in meanings for attribute in meaning],
        "notes": [attribute for meaning in mapping.notes.values() for attribute in meaning],
    }
    return [
        Finding(
            rule="map-component",
            message=f"[{key}] {schema.context} has no component "
            f"'{component}'{suggest(component, schema.by_id)}",
            file=mapping.name,
            column=component,
        )
        for key, components in named.items()
        for component in dict.fromkeys(components)
        if component not in schema.by_id
    ]


def _read_sources(path: Path | None, mapping: TableMap, limits: Limits) -> list[SourceTable]:
    if path is None:
        if mapping.sql is None:
            raise BadRequest(f"no file to read: name one, or a query in [sql] of {mapping.name}")
        return [read_query(mapping.name, mapping.sql, mapping.source, limits)]
    if mapping.sql is not None:
        raise BadRequest(
            f"{mapping.name} reads the table by its [sql] query: leave {path.name} out"
        )
    limits.check_size(path)
    kind, declared = sniff(path), mapping.source.kind
    is_text = kind in _TEXT_KINDS or (
        kind is Kind.UTF16 and mapping.source.encoding.lower().startswith("utf-16")
    )
    if declared != "csv" and kind is Kind.XLSX:
        return read_workbook(path, mapping.source, limits)
    if declared != "xlsx" and is_text:
        return [read_delimited(path, mapping.source, limits)]
    wanted = {"csv": "a CSV file", "xlsx": "an XLSX workbook"}
    asked = wanted[declared] if declared else "a CSV file or an XLSX workbook"
    message = f"this is {kind.title}, where the mapping {mapping.name} is for {asked}"
    finding = Finding(rule="map-source", message=message, file=path.name)
    raise Invalid(f"{path.name}: {message}", [finding])
