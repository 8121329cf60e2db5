"""A national table from a database: one query that reads, in batches, through SQLAlchemy.

The password stands in an environment variable, never in a file, and is in no message. The session
only reads where the database can be told so, and what it did is rolled back in any case.
"""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import URL, Connection, CursorResult, Engine, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError, StatementError

from connectors.national.mapping import Query, Source
from connectors.national.table import SourceTable, plain, trimmed
from connectors.national.workbook import spell
from hub.errors import BadRequest, PartnerUnavailable, TooLarge
from hub.formats.limits import Limits

_BATCH = 10_000
_SQLITE_STEPS = 10_000
#: What the network may take beside the query, in seconds.
_GRACE = 30
_TEXT = pa.string()


def read_query(name: str, sql: Query, source: Source, limits: Limits) -> SourceTable:
    """Read the result of a query; `name` is what messages call the mapping file.

    Rows count from 1 in findings. Raises BadRequest for a URL or a query that cannot be, or a
    missing password; PartnerUnavailable where the database cannot be reached or does not answer in
    time; TooLarge beyond the rows of the mapping or the limits.
    """
    url, secret = _url(name, sql)
    try:
        with _connection(url, sql.seconds) as connection:
            asked = text(sql.query).execution_options(stream_results=True, max_row_buffer=_BATCH)
            result = connection.execute(asked, sql.parameters)
            if not result.returns_rows:
                raise BadRequest(f"{name}: [sql] query gives no table; write a SELECT")
            return _table(name, sql, source, result, limits)
    except SQLAlchemyError as error:
        raise _refused(name, url, secret, error) from None


def _url(name: str, sql: Query) -> tuple[URL, str | None]:
    """The URL with its password, and that password."""
    try:
        url = make_url(sql.url)
    except (ArgumentError, ValueError):
        raise BadRequest(
            f"{name}: [sql] url is none: write it like postgresql+pg8000://user@host/database or "
            "sqlite:///folder/file.sqlite"
        ) from None
    if sql.password is None:
        return url, None
    secret = os.environ.get(sql.password)
    if not secret:
        raise BadRequest(
            f"{name}: the environment variable {sql.password} is not set; it has to hold the "
            f"password for {url.render_as_string(hide_password=True)}"
        )
    return url.set(password=secret), secret


@contextmanager
def _connection(url: URL, seconds: int) -> Iterator[Connection]:
    """A connection that only reads, as far as the database can be told so."""
    options: dict[str, Any] = {}
    if url.get_backend_name() == "sqlite":
        options["creator"] = lambda: _sqlite(url, seconds)
    elif url.get_driver_name() == "pg8000":
        options["connect_args"] = {"timeout": seconds + _GRACE}  # of the socket
    engine = _engine(url, options)
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                connection.exec_driver_sql("SET TRANSACTION READ ONLY")
                connection.exec_driver_sql(f"SET LOCAL statement_timeout = {seconds * 1000:d}")
            elif engine.dialect.name in ("mysql", "mariadb"):
                connection.exec_driver_sql("SET TRANSACTION READ ONLY")
            try:
                yield connection
            finally:
                connection.rollback()
    finally:
        engine.dispose()


def _engine(url: URL, options: Mapping[str, Any]) -> Engine:
    try:
        return create_engine(url, hide_parameters=True, **options)
    except (ArgumentError, ImportError) as error:
        raise BadRequest(
            f"[sql] url: there is no driver for {url.drivername}: {error}; install one that "
            "SQLAlchemy knows, or name another (postgresql+pg8000, sqlite)"
        ) from None


def _sqlite(url: URL, seconds: int) -> sqlite3.Connection:
    """Open a file that is there, for reading; stop a query after some seconds."""
    if not url.database or url.database == ":memory:":
        raise BadRequest("[sql] url names no file: write it like sqlite:///folder/file.sqlite")
    path = Path(url.database)
    if not path.is_file():
        raise BadRequest(f"[sql] url: there is no database file {path}")
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    connection.execute("PRAGMA query_only = ON")
    until = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)
    connection.set_progress_handler(lambda: dt.datetime.now(dt.UTC) > until, _SQLITE_STEPS)
    return connection


def _table(
    name: str, sql: Query, source: Source, result: CursorResult[Any], limits: Limits
) -> SourceTable:
    names = tuple(plain(column) for column in result.keys())
    if len(names) > limits.columns:
        raise limits.refuse("columns", name, f"{len(names):,} columns")
    batches: list[list[pa.Array]] = [[pa.array([], _TEXT)] for _ in names]
    rows = 0
    for batch in result.partitions(_BATCH):
        rows += len(batch)
        if rows > sql.rows:
            raise TooLarge(
                f"{name}: the query gives more than {sql.rows:,} rows, the most that [sql] rows "
                "takes: let the database add the figures up, or raise it"
            )
        if rows * len(names) > limits.cells:
            raise limits.refuse("cells", name, f"{rows:,} rows or more of {len(names):,} columns")
        for column, values in zip(batches, zip(*batch, strict=True), strict=True):
            column.append(texts_of(values, source.decimal))
    columns = [trimmed(pa.chunked_array(column, _TEXT)) for column in batches]
    return SourceTable(
        file=name,
        headers=(names,),
        header_line=None,
        texts=pa.table(columns, names=[str(place) for place in range(len(columns))]),
        line=lambda row: row + 1,
    )


def texts_of(values: Sequence[Any], decimal: str) -> pa.Array:
    """The values of a column as texts; numbers with the decimal sign of the mapping."""
    kinds = {type(value) for value in values} - {type(None)}
    if kinds == {str}:
        return pa.array(values, _TEXT)
    if kinds == {int}:
        try:
            return pc.cast(pa.array(values, pa.int64()), _TEXT)
        except (OverflowError, pa.ArrowInvalid):
            pass  # beyond 64 bits: spelled one by one
    return pa.array([None if v is None else _spelled(v, decimal) for v in values], _TEXT)


def _spelled(value: Any, decimal: str) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", decimal)
    if isinstance(value, bytes | bytearray | memoryview):
        return f"({len(bytes(value))} bytes)"  # no component takes these
    return spell(value, decimal)


def _refused(
    name: str, url: URL, secret: str | None, error: SQLAlchemyError
) -> BadRequest | PartnerUnavailable:
    """What to say of a database that failed: its own words, without the password."""
    words = _words(getattr(error, "orig", None) or error)
    if secret:
        words = words.replace(secret, "…")
    where = url.render_as_string(hide_password=True)
    is_statement = isinstance(error, StatementError) and bool(error.statement)
    if is_statement and "interrupted" not in words and "timeout" not in words:
        return BadRequest(f"{name}: {where} does not take the [sql] query: {words}")
    return PartnerUnavailable(f"{name}: {where} does not answer: {words}")


def _words(error: BaseException) -> str:
    """What the database said; the driver of PostgreSQL says it in parts, of which M is for people.

    The first line only: what follows in a message of SQLAlchemy repeats the query.
    """
    told = error.args[0] if error.args else ""
    words = str(told.get("M", told) if isinstance(told, dict) else told or error)
    return " ".join(words.splitlines()[0].split())[:500] if words else type(error).__name__
