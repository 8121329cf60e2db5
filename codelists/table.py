"""Read a CSV file of the room into rows that know their line, with every fault of its form.

The form is RFC 4180, UTF-8 without a byte order mark, lines ended by LF, one header line.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from hub.errors import Finding

#: The languages of names, in the order of the name columns.
LANGUAGES = ("en", "fr", "es", "ru", "zh", "ar")
LIST_COLUMNS = (
    "id",
    "parent",
    *(f"name_{language}" for language in LANGUAGES),
    "description",
    "valid_from",
    "valid_to",
)
AREA_COLUMNS = (*LIST_COLUMNS, "kind", "m49", "iso2", "estat", "oecd")
SPELLING_COLUMNS = ("spelling", "code", "source", "note")


@dataclass(frozen=True, slots=True)
class Row:
    """One record; `line` is the line of the file it ends on, the header being line 1."""

    line: int
    values: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values[column]


@dataclass(frozen=True, slots=True)
class Table:
    """The records of a file with the right number of fields, and what is wrong with the rest."""

    file: str
    rows: tuple[Row, ...] = ()
    findings: tuple[Finding, ...] = ()

    def finding(self, rule: str, message: str, row: Row, column: str) -> Finding:
        """Make a finding about one field of this file."""
        value = row.values.get(column)
        return Finding(
            rule=rule, message=message, file=self.file, line=row.line, column=column, value=value
        )


def read_table(source: Traversable, columns: Sequence[str]) -> Table:
    """Read a file that must have exactly these columns, in this order."""
    name = source.name
    try:
        raw = source.read_bytes()
    except FileNotFoundError:
        return _unreadable(name, "file-missing", "the file is missing; add it or remove its entry")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return _unreadable(name, "not-utf-8", "not UTF-8; save the file as UTF-8", line)
    if text.startswith("\N{BYTE ORDER MARK}"):
        return _unreadable(name, "byte-order-mark", "save the file without a byte order mark", 1)
    if "\r" in text:
        line = text.count("\n", 0, text.index("\r")) + 1
        return _unreadable(name, "line-ends", "end lines with LF alone, not with CR or CR LF", line)
    return _parse(name, text, tuple(columns))


def _parse(name: str, text: str, columns: tuple[str, ...]) -> Table:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    findings: list[Finding] = []
    try:
        header = next(reader, [])
        if tuple(header) != columns:
            wanted = ",".join(columns)
            return _unreadable(name, "header", f"the header must be: {wanted}", 1)
        for fields in reader:
            if len(fields) == len(columns):
                pairs = zip(columns, fields, strict=True)
                rows.append(Row(reader.line_num, dict(pairs)))
            else:
                message = f"{len(fields)} fields; write {len(columns)}, quoting commas in texts"
                findings.append(_fault(name, "field-count", message, reader.line_num))
    except csv.Error as error:
        message = f"not a CSV record ({error}); close every quotation mark"
        findings.append(_fault(name, "quoting", message, reader.line_num))
    return Table(name, tuple(rows), tuple(findings))


def _unreadable(name: str, rule: str, message: str, line: int | None = None) -> Table:
    return Table(name, (), (_fault(name, rule, message, line),))


def _fault(name: str, rule: str, message: str, line: int | None) -> Finding:
    return Finding(rule=rule, message=message, file=name, line=line)
