"""The mapping file: how the columns of a national table become components of a structure.

It is written once, in TOML, by who knows the table; `docs/mapping.md` explains it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from rapidfuzz import process

from hub.errors import BadRequest, Finding, Invalid
from hub.model import ArtefactClass, Reference, parse_reference

Word = str | int
DROP = "drop"


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of a mapping file; keys it does not know are refused."""


class Source(_Table, frozen=True):
    """What the file is and where in it the table stands.

    Rows and sheets count from 1. `header` are the rows of the column names, from the top; `stop`
    are texts with which the first row after the table begins; `blank_ends` says that a blank row
    of a workbook ends it. `separator` and `encoding` are of text files only. `decimal` and
    `thousands` are the signs in numbers; a space stands for any space.
    """

    kind: Literal["csv", "xlsx"] | None = None
    sheet: str | int = 1
    header: int | list[int] = 1
    stop: str | list[str] = ()  # type: ignore[assignment]
    blank_ends: bool = False
    separator: str = ","
    encoding: str = "utf-8"
    decimal: str = "."
    thousands: str | None = None

    @property
    def header_rows(self) -> tuple[int, ...]:
        """The rows of the column names, from the top."""
        return (self.header,) if isinstance(self.header, int) else tuple(self.header)

    @property
    def stop_texts(self) -> tuple[str, ...]:
        """The texts with which the first row after the table begins."""
        return (self.stop,) if isinstance(self.stop, str) else tuple(self.stop)


class Rows(_Table, frozen=True):
    """Which rows count, by source column.

    Only rows with one of the texts in `keep`, without those in `skip`, not blank in `need`.
    """

    keep: dict[str, list[str]] = {}
    skip: dict[str, list[str]] = {}
    need: list[str] = []


class Unpivot(_Table, frozen=True):
    """Columns that are values of components: each cell of them becomes an observation.

    `columns` are their names or patterns (`20??`); what the header rows say, from the top, are
    values of `components`. The cells hold `value`.
    """

    components: list[str]
    columns: list[str]
    value: str = "OBS_VALUE"


class TableMap(_Table, frozen=True, kw_only=True):
    """A mapping file.

    `columns` is component → source column, `constants` component → value, `codes` component →
    source spelling → code (with `*` for any other spelling, `scheme` for a shared map), `missing`
    mark → what it means: `drop`, or attributes of an observation without a value.
    """

    name: str = "mapping"
    dataflow: str
    source: Source = Source()
    columns: dict[str, str] = {}
    constants: dict[str, Word] = {}
    codes: dict[str, dict[str, Word]] = {}
    rows: Rows = Rows()
    unpivot: Unpivot | None = None
    missing: dict[str, Literal["drop"] | dict[str, Word]] = {}

    @property
    def flow(self) -> Reference:
        """The dataflow the table is data of; without a version, the newest."""
        return parse_reference(self.dataflow, ArtefactClass.DATAFLOW, default_version="~")


def read_mapping(path: Path) -> TableMap:
    """Read a mapping file.

    Raises Invalid with every finding, each naming the file and the key, and OSError where the
    file cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refuse(path.name, "mapping-encoding", f"not UTF-8 at offset {error.start}") from None
    return parse_mapping(text, path.name)


def parse_mapping(text: str, name: str) -> TableMap:
    """Parse the text of a mapping file; `name` is what errors call it."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _refuse(name, "mapping-toml", f"not TOML: {error}") from error
    findings = [_finding(name, *found) for found in _unknown(content, TableMap, "")]
    if findings:
        raise Invalid(f"{name}: {findings[0].message}", findings)
    try:
        mapping = msgspec.convert(content | {"name": name}, TableMap)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at ")
        key = place.strip("`").removeprefix("$").removeprefix(".") or "the file"
        raise _refuse(name, "mapping-type", f"{key}: {message}", key) from error
    findings = [_finding(name, *found) for found in _senseless(mapping)]
    if findings:
        raise Invalid(f"{name}: {findings[0].message}", findings)
    return mapping


def suggest(word: str, known: Iterable[str]) -> str:
    """`; did you mean …?` where something near is known, else nothing."""
    # Near in any case of letters, but told as it is written.
    near = process.extractOne(word, list(known), processor=str.casefold, score_cutoff=60)
    return f"; did you mean '{near[0]}'?" if near else ""


_Found = tuple[str, str, str]


def _unknown(content: Mapping[str, Any], type_: type, place: str) -> Iterator[_Found]:
    """Every key that no table of the mapping has."""
    hints = {key: hint for key, hint in get_type_hints(type_).items() if not key.startswith("_")}
    known = [key for key in hints if (type_, key) != (TableMap, "name")]
    for key, value in content.items():
        if key not in known:
            where = f"in [{place}]" if place else "here"
            message = f"'{key}' means nothing {where}{suggest(key, known)} ({', '.join(known)})"
            yield "mapping-key", message, f"{place}.{key}".strip(".")
            continue
        table = _table_type(hints[key])
        if table is not None and isinstance(value, dict):
            yield from _unknown(value, table, f"{place}.{key}".strip("."))


def _table_type(hint: Any) -> type | None:
    options = get_args(hint) if get_origin(hint) is UnionType else (hint,)
    return next((o for o in options if isinstance(o, type) and issubclass(o, _Table)), None)


def _senseless(mapping: TableMap) -> Iterator[_Found]:
    """Every value of the right type that has no meaning."""
    try:
        _ = mapping.flow
    except BadRequest as error:
        yield "mapping-dataflow", error.message, "dataflow"
    yield from _senseless_source(mapping.source)
    filled = [*mapping.columns, *(mapping.unpivot.components if mapping.unpivot else ())]
    filled += [mapping.unpivot.value] if mapping.unpivot else []
    for component in dict.fromkeys(filled):
        if filled.count(component) > 1 or component in mapping.constants:
            yield "mapping-twice", f"{component} is filled in more than one way", component
    for component in mapping.codes:
        if component not in filled:
            message = f"[codes.{component}]: no column of the table holds {component}"
            yield "mapping-codes", message, f"codes.{component}"
    if mapping.unpivot is not None:
        rows, components = len(mapping.source.header_rows), mapping.unpivot.components
        if len(components) != rows:
            message = (
                f"[unpivot] names {len(components)} components for {rows} header rows; "
                "each row says the value of one"
            )
            yield "mapping-unpivot", message, "unpivot.components"


def _senseless_source(source: Source) -> Iterator[_Found]:
    for key in ("separator", "decimal", "thousands"):
        sign = getattr(source, key)
        if sign is not None and (len(sign) != 1 or sign.isalnum() or sign in '"\r\n'):
            yield "mapping-sign", f"[source] {key} is '{sign}': one sign is wanted", f"source.{key}"
    if source.decimal == source.thousands:
        message = "[source] decimal and thousands are the same sign"
        yield "mapping-sign", message, "source.thousands"
    rows = source.header_rows
    if not rows or rows[0] < 1 or list(rows) != sorted(set(rows)):
        message = "[source] header: write the numbers of the header rows, from 1, from the top"
        yield "mapping-header", message, "source.header"
    if not all(text.strip() for text in source.stop_texts):
        yield "mapping-stop", "[source] stop: an empty text stops nothing", "source.stop"
    try:
        "".encode(source.encoding)
    except LookupError:
        message = f"[source] encoding: '{source.encoding}' is not known; write utf-8, cp1252 …"
        yield "mapping-encoding", message, "source.encoding"


def _finding(file: str, rule: str, message: str, key: str) -> Finding:
    return Finding(rule=rule, message=message, file=file, column=key)


def _refuse(file: str, rule: str, message: str, key: str | None = None) -> Invalid:
    finding = Finding(rule=rule, message=message, file=file, column=key)
    return Invalid(f"{file}: {message}", [finding])
