"""The catalogue: the SQL database that says what exists. One transaction makes a thing visible."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import (
    Connection,
    Engine,
    case,
    create_engine,
    event,
    inspect,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from hub.errors import Conflict, Internal
from hub.store.tables import Instant, audit, clock, to_microseconds

#: The migration this code expects; `hub.store.migrations` brings a catalogue there.
REVISION = "0001"
Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)


class Catalogue:
    """Transactions on the catalogue of one node.

    Reading transactions see one consistent state; writing ones are serialised, and each can stamp
    instants that only ever increase.
    """

    def __init__(self, url: str, now: Clock = system_clock) -> None:
        self.url = url
        self.now = now
        self.engine = _engine(url)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes; it is committed when the block ends without an error."""
        options = self.engine.execution_options(corridor_writes=True)
        with options.connect() as connection, connection.begin():
            yield connection

    def stamp(self, connection: Connection) -> datetime:
        """Take the next instant, inside a writing transaction.

        Later than every instant stamped before, even where the system clock stands or jumps back.
        """
        now = literal(self.now(), Instant)
        tick = text(str(to_microseconds(self.now())))
        later = case((clock.c.last < now, tick), else_=text("last + 1"))
        connection.execute(update(clock).values(last=later))
        stamped: datetime | None = connection.execute(select(clock.c.last)).scalar_one_or_none()
        if stamped is None:
            raise Internal("the catalogue has no clock: run 'corridor upgrade'")
        return stamped

    def record(
        self, connection: Connection, at: datetime, action: str, subject: str, **detail: object
    ) -> None:
        """Write a line of the audit trail, in the transaction of what it tells."""
        row = {"at": at, "action": action, "subject": subject, "detail": detail}
        connection.execute(audit.insert().values(row))

    def check(self) -> None:
        """Raise Conflict unless the catalogue is of the revision this code expects."""
        with self.reading() as connection:
            found: str | None = None
            if "alembic_version" in inspect(connection).get_table_names():
                query = text("SELECT version_num FROM alembic_version")
                found = connection.execute(query).scalar_one_or_none()
        if found != REVISION:
            raise Conflict(
                f"the catalogue is at revision {found}, this program needs {REVISION}: "
                "run 'corridor upgrade'"
            )


def _engine(url: str) -> Engine:
    engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "busy_timeout = 30000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that turns to writing fails when another wrote meanwhile; one that
    # says so from the start waits instead.
    writes = connection.get_execution_options().get("corridor_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def is_unique_violation(error: DBAPIError) -> bool:
    """True where a statement failed because a row with that key exists."""
    return "unique" in str(error.orig).lower()
