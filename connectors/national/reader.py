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
from connectors.national.values import read_missing, read_numbers
from connectors.national.workbook import read_workbook
from hub.errors import Finding, Invalid, TooLarge
from hub.formats.message import Limits, RawData
from hub.formats.sniff import Kind, sniff
from hub.model import (
    EXACT_TEXT,
    FLOATS,
    INTEGERS,
    Column,
    Role,
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
    _refuse(mapping.name, [*_check_components(mapping, schema), *_check_codes(mapping, schema)])
    source = _read_source(path, mapping, limits)
    table, findings = shape(source, mapping)
    _refuse(path.name, findings)
    for measure in schema.measures:
        table = read_missing(table, measure.id, mapping)
    rows = table[ROW].combine_chunks()
    line = _Lines(source, rows)
    turned = mapping.unpivot.components if mapping.unpivot else ()
    columns: dict[str, pa.ChunkedArray | pa.Array] = {}
    for component in table.column_names[1:]:
        values = table[component]
        wrong: list[Finding] = []
        codes = None if component in turned else code_map(mapping, component)
        if codes is not None and component in (*mapping.columns, _value(mapping)):
            values, wrong = codes.apply(values, path.name, line)
        elif _is_number(schema.by_id[component]):
            values, wrong = read_numbers(values, mapping.source, path.name, component, line)
        columns[component] = values
        findings += wrong
    _refuse(path.name, findings)
    for component, value in mapping.constants.items():
        columns[component] = constant(str(value), table.num_rows)
    return RawData(
        source=path.name,
        table=pa.table(columns).unify_dictionaries(),
        structure=schema.context,
        line=line,
        ignored=unused(source, mapping),
    )


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


def _value(mapping: TableMap) -> str | None:
    return mapping.unpivot.value if mapping.unpivot else None


def _is_number(column: Column) -> bool:
    return column.role in (Role.MEASURE, Role.ATTRIBUTE) and (
        not column.is_coded and column.text_type in _NUMBERS
    )


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


def _check_codes(mapping: TableMap, schema: Schema) -> list[Finding]:
    return check_targets(mapping, schema.by_id)


def _read_source(path: Path, mapping: TableMap, limits: Limits) -> SourceTable:
    size = path.stat().st_size
    if size > limits.bytes:
        raise TooLarge(
            f"{path.name}: {size:,} bytes, larger than {limits.bytes:,}, the limit of this node"
        )
    kind, declared = sniff(path), mapping.source.kind
    is_text = kind in _TEXT_KINDS or (
        kind is Kind.UTF16 and mapping.source.encoding.lower().startswith("utf-16")
    )
    if declared != "csv" and kind is Kind.XLSX:
        return read_workbook(path, mapping.source, limits)
    if declared != "xlsx" and is_text:
        return read_delimited(path, mapping.source, limits)
    wanted = {"csv": "a CSV file", "xlsx": "an XLSX workbook"}.get(
        declared or "", "a CSV file or an XLSX workbook"
    )
    message = f"this is {kind.title}, where the mapping {mapping.name} is for {wanted}"
    _refuse(
        path.name,
        [Finding(rule="map-source", message=message, file=path.name)],
    )
    raise AssertionError  # _refuse has raised
