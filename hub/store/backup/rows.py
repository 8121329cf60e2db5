"""The catalogue as lines of JSON: every row of every table, whichever database it is in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, MetaData, Table, func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from hub.errors import Invalid
from hub.store.tables import metadata, to_microseconds

#: Rows in one statement; a server bounds how many values one may have.
_AT_ONCE = 500
_LONGEST_LINE = 1 << 30


def write_rows(connection: Connection, path: Path) -> dict[str, int]:
    """Write all rows a transaction sees; returns how many there are of each table."""
    counts: dict[str, int] = {}
    encoder = msgspec.json.Encoder()
    with path.open("wb") as file:
        for table in metadata.sorted_tables:
            order = list(table.primary_key.columns)
            rows = connection.execution_options(yield_per=_AT_ONCE).execute(
                select(table).order_by(*order)
            )
            counts[table.name] = 0
            for row in rows.mappings():
                values = {str(name): _plain(value) for name, value in row.items()}
                file.write(encoder.encode([str(table.name), values]) + b"\n")
                counts[table.name] += 1
    return counts


def read_rows(connection: Connection, path: Path) -> dict[str, int]:
    """Let tables of the same revision hold the rows of a file; returns their numbers.

    Raises Invalid for a line that is no row of theirs.
    """
    known = MetaData()
    known.reflect(connection)
    counts: dict[str, int] = {}
    for name, lines in groupby(_lines(path), key=lambda line: line[0]):
        if name not in known.tables or name in counts:
            raise Invalid(f"{path}: rows of {name!r} have no place in the catalogue there")
        rows = (values for _, values in lines)
        try:
            counts[name] = _insert(connection, known.tables[name], rows)
        except SQLAlchemyError as error:
            raise Invalid(f"{path}: rows of {name!r} do not fit the catalogue: {error}") from error
    return counts


def _insert(connection: Connection, table: Table, rows: Iterator[dict[str, Any]]) -> int:
    connection.execute(table.delete())  # what a migration had put there
    count = 0
    while batch := list(islice(rows, _AT_ONCE)):
        connection.execute(table.insert(), batch)
        count += len(batch)
    _count_on(connection, table)
    return count


def _plain(value: Any) -> Any:
    return to_microseconds(value) if isinstance(value, datetime) else value


def _lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    decoder = msgspec.json.Decoder(tuple[str, dict[str, Any]])
    with path.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(_LONGEST_LINE), b""), 1):
            try:
                yield decoder.decode(line)
            except msgspec.DecodeError as error:
                raise Invalid(f"{path}:{number} is no row of a catalogue: {error}") from error


def _count_on(connection: Connection, table: Table) -> None:
    """Let a server number new rows after those that were inserted with their numbers."""
    if connection.dialect.name != "postgresql":
        return
    for column in inspect(connection).get_columns(table.name):
        if "nextval" in str(column.get("default")):
            last = connection.execute(select(func.max(table.c[column["name"]]))).scalar_one()
            connection.execute(
                text("SELECT setval(pg_get_serial_sequence(:of, :column), :last)"),
                {"of": table.name, "column": column["name"], "last": last},
            )
