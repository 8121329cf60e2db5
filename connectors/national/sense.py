"""What a mapping file says although it has no meaning: values of the right type that cannot be."""

from __future__ import annotations

import re
from collections.abc import Iterator

from connectors.national.mapping import Query, Source, TableMap
from hub.errors import BadRequest

#: Rule, message, key.
_Found = tuple[str, str, str]
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_READS = re.compile(r"\s*(?:--[^\n]*\n\s*|/\*.*?\*/\s*)*(?:select|with|values)\b", re.I | re.DOTALL)
_SECRET = re.compile(r"://[^/@]*:[^/@]*@|[?&;](?:password|passwd|pwd)=", re.I)
MOST_ROWS = 10_000_000


def senseless(mapping: TableMap) -> Iterator[_Found]:
    """Every value of a mapping that has no meaning."""
    try:
        _ = mapping.flow
    except BadRequest as error:
        yield "mapping-dataflow", error.message, "dataflow"
    yield from _senseless_source(mapping.source)
    yield from _senseless_components(mapping)
    yield from _senseless_notes(mapping)
    if mapping.sql is not None:
        yield from _senseless_query(mapping.sql)
        yield from _beside_a_query(mapping.source)
    if mapping.unpivot is not None:
        rows, components = len(mapping.source.header_rows), mapping.unpivot.components
        if len(components) != rows:
            message = (
                f"[unpivot] names {len(components)} components for {rows} header rows; "
                "each row says the value of one"
            )
            yield "mapping-unpivot", message, "unpivot.components"


def _senseless_components(mapping: TableMap) -> Iterator[_Found]:
    filled = mapping.filled
    for component in dict.fromkeys(filled):
        if filled.count(component) > 1 or component in mapping.constants:
            yield "mapping-twice", f"{component} is filled in more than one way", component
    for component in mapping.codes:
        if component not in filled:
            message = f"[codes.{component}]: no column of the table holds {component}"
            yield "mapping-codes", message, f"codes.{component}"


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
    if not source.sheets or len(set(source.sheets)) < len(source.sheets):
        message = "[source] sheet: name at least one sheet, and each of them once"
        yield "mapping-sheet", message, "source.sheet"
    if not all(text.strip() for text in source.stop_texts):
        yield "mapping-stop", "[source] stop: an empty text stops nothing", "source.stop"
    try:
        "".encode(source.encoding)
    except LookupError:
        message = f"[source] encoding: '{source.encoding}' is not known; write utf-8, cp1252 …"
        yield "mapping-encoding", message, "source.encoding"


def _senseless_notes(mapping: TableMap) -> Iterator[_Found]:
    if mapping.source.marked and not mapping.notes:
        message = "[source] marked: there are no [notes] that say what the marks mean"
        yield "mapping-notes", message, "source.marked"
    for mark in mapping.notes:
        bare = mark.strip()
        # "1 234 123" could be a number of thousands; "7" and "12" after a space could not.
        if re.fullmatch(r"[-+.,0-9\s]*", bare) and not re.fullmatch(r"[0-9]{1,2}", bare):
            message = f"[notes] '{mark}' cannot be told from a part of the number it stands beside"
            yield "mapping-notes", message, f"notes.{mark}"


def _senseless_query(sql: Query) -> Iterator[_Found]:
    if _SECRET.search(sql.url):
        message = (
            "[sql] url holds a password: take it out, put it into an environment variable and "
            'name that as password = "NAME"'
        )
        yield "mapping-password", message, "sql.url"
    if sql.password is not None and not _VARIABLE.fullmatch(sql.password):
        message = "[sql] password is the name of an environment variable, such as REGISTER_PASSWORD"
        yield "mapping-password", message, "sql.password"
    if not _READS.match(sql.query):
        message = "[sql] query only reads: begin it with SELECT (or WITH)"
        yield "mapping-query", message, "sql.query"
    if not 1 <= sql.rows <= MOST_ROWS:
        message = f"[sql] rows: write a number from 1 to {MOST_ROWS:,}"
        yield "mapping-query", message, "sql.rows"
    if not 1 <= sql.seconds <= 86_400:
        yield "mapping-query", "[sql] seconds: write a number from 1 to 86,400", "sql.seconds"


def _beside_a_query(source: Source) -> Iterator[_Found]:
    """What is said of a file where the table comes from a database."""
    plain = Source()
    for key in ("kind", "sheet", "sheet_is", "header", "stop", "blank_ends", "separator"):
        if getattr(source, key) != getattr(plain, key):
            yield "mapping-query", f"[source] {key} means nothing beside [sql]", f"source.{key}"
