"""Reading an SDMX-CSV data message, version 1.0, 2.0 or 2.1, into columns."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pyarrow as pa

from hub.errors import Finding, Invalid, Severity
from hub.formats.bounds import within
from hub.formats.csv.cells import take_apart
from hub.formats.csv.header import CsvColumn, CsvHeader, parse_header
from hub.formats.csv.identity import actions_of_rows, structure_of_rows
from hub.formats.csv.lines import RecordLines
from hub.formats.csv.places import locate
from hub.formats.csv.rows import read_rows
from hub.formats.csv.text import GuardedText
from hub.formats.limits import Limits
from hub.formats.message import RawData
from hub.formats.sniff import HEAD, Kind, sniff
from hub.model import Reference, Role, Schema, Structures, resolve

_OTHER_SEPARATOR = re.compile(
    rb'(?:\xef\xbb\xbf)?\s*"?(?:STRUCTURE(?:\[.\])?+|DATAFLOW)[^",;\t|]{0,200}+"?([;\t|])'
)
#: The standard's measure where there is one; nearly every value is different.
_MEASURE = "OBS_VALUE"
_Line = Callable[[int], int]


def read_csv(
    path: Path, structures: Structures | None = None, *, limits: Limits | None = None
) -> RawData:
    """Read an SDMX-CSV message of one structure.

    `structures` are only asked which columns are coded, where cells read `code: name`; without
    them, it is guessed from the cells. A file with a header only is a message without
    observations; a finding of severity information says so.

    Raises Invalid with every finding, each with its line; TooLarge beyond the limits.
    """
    limits = limits or Limits()
    refuse_unreadable(path, limits)
    line = RecordLines(partial(GuardedText, path, limits))
    with GuardedText(path, limits) as text:
        header = parse_header(text.read_record(), path.name, text.record_line, limits)
        plain = [column.index for column in header.columns if column.id == _MEASURE]
        table = read_rows(text, header.width, plain=plain, line=line)
    structure = _structure(table, header, path.name, line)
    schema = _schema(structure, structures)
    actions: pa.ChunkedArray | None = None
    findings: list[Finding] = []
    if header.action is not None:
        actions, findings = actions_of_rows(table[str(header.action)], path.name, line)
    components: dict[str, pa.ChunkedArray] = {}
    for column in header.columns:
        cells = table[str(column.index)]
        values, wrong = take_apart(cells, column, header.separator, _is_coded(column, schema))
        components[column.id] = values
        findings += locate(
            cells, wrong, rule="csv-languages", file=path.name, column=column.id, line=line
        )
    if findings:
        raise Invalid(f"{path.name}: {findings[0].message}", findings)
    raw = RawData(
        source=path.name,
        # without a component, it keeps the number of rows all the same
        table=pa.table(components) if components else table.select([]),
        structure=structure,
        actions=actions,
        line=line,
        ignored=header.ignored,
        findings=(*header.notes, *_notes(table, path.name)),
    )
    return within(raw, limits)


def refuse_unreadable(path: Path, limits: Limits) -> None:
    """Refuse what is no comma-separated text, by its first bytes: Invalid, or TooLarge by size."""
    limits.check_size(path)
    kind = sniff(path)
    if kind not in (Kind.SDMX_CSV, Kind.CSV):
        message = f"this is {kind.title}, not an SDMX-CSV file; {kind.remedy}"
        raise _invalid("csv-kind", message, path.name)
    with path.open("rb") as file:
        other = _OTHER_SEPARATOR.match(file.read(HEAD))
    if other is not None:
        sign = {b"\t": "tabs"}.get(other[1], f"'{other[1].decode()}'")
        message = (
            f"the columns are separated by {sign}, not by commas; save it with commas and decimal "
            "points, or describe it in a mapping file with its separator (--map)"
        )
        raise _invalid("csv-separator", message, path.name, 1)


def _invalid(rule: str, message: str, file: str, line: int | None = None) -> Invalid:
    finding = Finding(rule=rule, message=message, file=file, line=line)
    return Invalid(f"{file}: {message}", [finding])


def _structure(table: pa.Table, header: CsvHeader, file: str, line: _Line) -> Reference | None:
    """What the message says it is data of; None where it has no rows."""
    if not table.num_rows:
        return None
    named = table[str(header.structure)]
    if header.structure_type is None:
        return structure_of_rows("DATAFLOW", named, None, file, line)
    return structure_of_rows("STRUCTURE_ID", named, table[str(header.structure_type)], file, line)


def _schema(structure: Reference | None, structures: Structures | None) -> Schema | None:
    if structure is None or structures is None or structure not in structures:
        return None
    return resolve(structure, structures)


def _is_coded(column: CsvColumn, schema: Schema | None) -> bool | None:
    known = schema.by_id.get(column.id) if schema is not None else None
    # Periods are written `2014-01: 2014-01` by some, and never hold ": " themselves.
    return None if known is None else known.is_coded or known.role is Role.TIME


def _notes(table: pa.Table, file: str) -> tuple[Finding, ...]:
    if table.num_rows:
        return ()
    message = "the file has a header and no rows: no observations"
    return (Finding(rule="csv-no-rows", message=message, severity=Severity.INFORMATION, file=file),)
