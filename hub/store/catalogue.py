"""The catalogue: the SQL database that says what exists. One transaction makes a thing visible."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    create_engine,
    event,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from hub.errors import BadRequest, Conflict, Internal
from hub.store.json_text import as_json, from_json
from hub.store.tables import MICROSECOND, audit, clock

#: The migration this code expects; `hub.store.migrations` brings a catalogue there.
REVISION = "0013"
Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)


class Catalogue:
    """Transactions on the catalogue of one node.

    Reading transactions see one consistent state; writing ones are serialised, and each can stamp
    instants that only ever increase. Both raise Internal where the database cannot be reached.
    """

    def __init__(self, url: str, now: Clock = system_clock) -> None:
        self.url = url
        self.now = now
        self.engine = _engine(url)
        self._readers = self.engine
        if self.engine.dialect.name == "postgresql":  # SQLite reads one snapshot anyway
            self._readers = self.engine.execution_options(isolation_level="REPEATABLE READ")
        self._writers = self.engine.execution_options(corridor_writes=True)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads."""
        with _begun(self._readers) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes; it is committed when the block ends without an error."""
        with _begun(self._writers) as connection:
            yield connection

    def stamp(self, connection: Connection) -> datetime:
        """Take the next instant, inside a writing transaction.

        Later than every instant stamped before, even where the system clock stands or jumps back.
        From here on, other transactions that stamp wait for this one to end.
        """
        stamped = max(self.now(), self.hold(connection) + MICROSECOND)
        connection.execute(update(clock).values(last=stamped))
        return stamped

    def hold(self, connection: Connection) -> datetime:
        """Let all who would stamp wait for the end of this writing transaction.

        So nothing becomes visible meanwhile. Returns the last instant stamped; stamps none.
        """
        query = select(clock.c.last).with_for_update()  # SQLite has its lock since the beginning
        last: datetime | None = connection.execute(query).scalar_one_or_none()
        if last is None:
            raise Internal("the catalogue has no clock: run 'corridor upgrade'")
        return last

    def advance(self, connection: Connection, until: datetime) -> None:
        """Let every instant stamped from now on be later than one, inside a writing transaction."""
        if self.hold(connection) < until:
            connection.execute(update(clock).values(last=until))

    def last(self, connection: Connection) -> datetime:
        """The last instant stamped, as a transaction sees it: all before it has been committed."""
        last: datetime | None = connection.execute(select(clock.c.last)).scalar_one_or_none()
        if last is None:
            raise Internal("the catalogue has no clock: run 'corridor upgrade'")
        return last

    def present(self, connection: Connection) -> datetime:
        """The instant at which a reader stands: now, or the last one stamped if that is later.

        Where the system clock stands or jumped back, what was committed is visible all the same.
        """
        last: datetime | None = connection.execute(select(clock.c.last)).scalar_one_or_none()
        return self.now() if last is None else max(self.now(), last)

    def record(
        self, connection: Connection, at: datetime, action: str, subject: str, **detail: object
    ) -> None:
        """Write a line of the audit trail, in the transaction of what it tells."""
        row = {"at": at, "action": action, "subject": subject, "detail": detail}
        connection.execute(audit.insert().values(row))

    def check(self) -> None:
        """Raise Conflict unless the catalogue is of the revision this code expects."""
        found = self._revision()
        if found != REVISION:
            state = "has no tables yet" if found is None else f"is at revision {found}"
            raise Conflict(
                f"the catalogue {state}, this program needs revision {REVISION}: "
                "run 'corridor upgrade'"
            )

    def _revision(self) -> str | None:
        with self.reading() as connection:
            if "alembic_version" not in inspect(connection).get_table_names():
                return None
            query = text("SELECT version_num FROM alembic_version")
            found: str | None = connection.execute(query).scalar_one_or_none()
            return found


def _engine(url: str) -> Engine:
    try:
        engine = create_engine(
            url,
            pool_pre_ping=not url.startswith("sqlite"),
            json_serializer=as_json,
            json_deserializer=from_json,
        )
    except (ArgumentError, ImportError) as error:
        raise BadRequest(
            f"the setting catalogue is not a database URL this node can use: {error}; write it "
            "like postgresql+pg8000://user:password@host/database, or leave it out for SQLite"
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        engine.dialect.do_ping = partial(_ping, engine.dialect.do_ping)  # type: ignore[method-assign]
    return engine


def _ping(ping: Callable[[Any], bool], connection: Any) -> bool:
    """True where a connection from the pool still is one; else another is made.

    The driver lets errors of the socket through, which SQLAlchemy does not take for the end of a
    connection: a server that was restarted may have reset it.
    """
    try:
        return ping(connection)
    except OSError:
        return False


@contextmanager
def _begun(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction, which the end of the block commits."""
    where = engine.url.render_as_string(hide_password=True)
    with _lost(where), ExitStack() as stack:
        try:
            connection = stack.enter_context(engine.connect())
            stack.enter_context(connection.begin())
        except DBAPIError as error:
            raise Internal(
                f"the catalogue {where} cannot be opened: {error.orig}; is its server up, may "
                "this user write it, and does no other transaction hold it?"
            ) from error
        yield connection


@contextmanager
def _lost(where: str) -> Iterator[None]:
    """Tell of a database that fails in the middle of a transaction: its server, or its disk."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise Internal(
            f"the catalogue {where} was lost: {error.orig}; when it is back, run the command "
            "again: it does what is still to be done"
        ) from error


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
