"""Reading a national table through its mapping file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa

from connectors.national.codes import check_targets, code_map
from connectors.national.delimited import read_delimited
from connectors.national.mapping import TableMap, suggest
from connectors.national.shape import ROW, constant, shape, unused
from connectors.national.table import SourceTable
from connectors.national.values import Line, drop_missing, mark_missing, read_numbers
from connectors.national.workbook import read_workbook
from hub.errors import Finding, Invalid
from hub.formats.bounds import within
from hub.formats.limits import Limits
from hub.formats.message import RawData
from hub.formats.sniff import Kind, sniff
from hub.model import (
    EXACT_TEXT,
    FLOATS,
    INTEGERS,
    Schema,
    Structures,
    resolve,
)

_NUMBERS = FLOATS | INTEGERS | EXACT_TEXT
_TEXT_KINDS = (Kind.CSV, Kind.SDMX_CSV)


def read_table(
    path: Path, mapping: TableMap, structures: Structures, *, limits: Limits | None = None
) -> RawData:
    """Read a CSV file or XLSX workbook into the columns of the mapping's dataflow.

    Every row of the result has the line (in a workbook: the row) it came from; one line gives
    several rows where columns are unpivoted. Raises Invalid with every finding: columns that are
    not in the file, components that are not in the structure, spellings without a code, numbers
    in doubt; NotFound for a dataflow or a shared scheme that is not there; TooLarge beyond the
    limits.
    """
    limits = limits or Limits()
    schema = resolve(mapping.flow, structures)
    _refuse(
        mapping.name,
        [*_check_components(mapping, schema), *check_targets(mapping, schema.by_id)],
    )
    source = _read_source(path, mapping, limits)
    table, findings = shape(source, mapping)
    _refuse(path.name, findings)
    measures = [column.id for column in schema.measures]
    table = drop_missing(table, measures, mapping)
    line = _Lines(source, table[ROW].combine_chunks())
    table, wrong_codes = _coded(table.drop_columns([ROW]), mapping, path.name, line)
    for component, value in mapping.constants.items():
        table = table.append_column(component, constant(str(value), table.num_rows))
    table = mark_missing(table, measures, mapping)
    table, wrong_numbers = _numbers(table, mapping, schema, path.name, line)
    _refuse(path.name, [*wrong_codes, *wrong_numbers])
    raw = RawData(
        source=path.name,
        table=table.unify_dictionaries(),
        structure=schema.context,
        line=line,
        ignored=unused(source, mapping),
    )
    return within(raw, limits)


def _coded(
    table: pa.Table, mapping: TableMap, file: str, line: Line
) -> tuple[pa.Table, list[Finding]]:
    """Turn spellings into codes; what header rows said has been turned already."""
    findings: list[Finding] = []
    turned = mapping.unpivot.components if mapping.unpivot else ()
    for place, component in enumerate(table.column_names):
        codes = None if component in turned else code_map(mapping, component)
        if codes is not None:
            values, wrong = codes.apply(table[component], file, line)
            table = table.set_column(place, component, values)
            findings += wrong
    return table, findings


def _numbers(
    table: pa.Table, mapping: TableMap, schema: Schema, file: str, line: Line
) -> tuple[pa.Table, list[Finding]]:
    """Spell the numbers of measures and attributes as the standard does."""
    findings: list[Finding] = []
    for place, component in enumerate(table.column_names):
        column = schema.by_id[component]
        is_number = not column.is_coded and column.text_type in _NUMBERS
        if is_number and component not in mapping.constants and component not in mapping.codes:
            values, wrong = read_numbers(table[component], mapping.source, file, component, line)
            table = table.set_column(place, component, values)
            findings += wrong
    return table, findings


class _Lines:
    """The line of the source that every row came from."""

    def __init__(self, source: SourceTable, rows: pa.Array) -> None:
        self._source = source
        self._rows = rows

    def __call__(self, row: int) -> int:
        return self._source.line(self._rows[row].as_py())


def _refuse(file: str, findings: Iterable[Finding]) -> None:
    listed = list(findings)
    if listed:
        raise Invalid(f"{file}: {listed[0].message}", listed)


def _check_components(mapping: TableMap, schema: Schema) -> list[Finding]:
    """Every component the mapping names that the structure does not have."""
    named: Mapping[str, Iterable[str]] = {
        "columns": mapping.columns,
        "constants": mapping.constants,
        "codes": mapping.codes,
        "unpivot": [*mapping.unpivot.components, mapping.unpivot.value] if mapping.unpivot else (),
        "missing": [
            attribute
            for meaning in mapping.missing.values()
            if isinstance(meaning, dict)
            for attribute in meaning
        ],
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


def _read_source(path: Path, mapping: TableMap, limits: Limits) -> SourceTable:
    limits.check_size(path)
    kind, declared = sniff(path), mapping.source.kind
    is_text = kind in _TEXT_KINDS or (
        kind is Kind.UTF16 and mapping.source.encoding.lower().startswith("utf-16")
    )
    if declared != "csv" and kind is Kind.XLSX:
        return read_workbook(path, mapping.source, limits)
    if declared != "xlsx" and is_text:
        return read_delimited(path, mapping.source, limits)
    wanted = {"csv": "a CSV file", "xlsx": "an XLSX workbook"}
    asked = wanted[declared] if declared else "a CSV file or an XLSX workbook"
    message = f"this is {kind.title}, where the mapping {mapping.name} is for {asked}"
    finding = Finding(rule="map-source", message=message, file=path.name)
    raise Invalid(f"{path.name}: {message}", [finding])
