"""Whether the catalogue changed: asked before every answer, so it is cheap, and never late.

SQLite counts for each connection the commits that others made (`PRAGMA data_version`), whichever
process they ran in; that is told in microseconds. Over a server the last stamped instant is read:
one row, with nothing kept back in between, because every transaction that changes what readers see
stamps one. Either way, what was committed before the question is in the answer.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from hub.errors import Internal
from hub.store.catalogue import Catalogue
from hub.store.tables import clock


class Watch(Protocol):
    """Tells a version of the catalogue. Calls may come from several threads."""

    waits: bool
    """True where an answer comes over a network."""

    def version(self) -> object:
        """Another value after each change of what readers see; raises Internal if unreachable."""

    def close(self) -> None:
        """Close the connection."""


def watch_of(catalogue: Catalogue) -> Watch:
    """The watch of a catalogue."""
    database = catalogue.engine.url.database
    if catalogue.engine.dialect.name == "sqlite" and database:
        return _FileWatch(Path(database))
    return _ServerWatch(catalogue)


class _FileWatch:
    """A connection to a SQLite file, kept open: its count is its own."""

    waits = False

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(
            path, timeout=1, isolation_level=None, check_same_thread=False
        )

    def version(self) -> object:
        try:
            with self._lock:
                return self._connection.execute("PRAGMA data_version").fetchone()[0]
        except sqlite3.Error as error:
            raise Internal(f"the catalogue does not tell whether it changed: {error}") from error

    def close(self) -> None:
        self._connection.close()


#: What a connection that was cut fails with; the driver lets errors of the socket through.
_CUT = (SQLAlchemyError, OSError)


class _ServerWatch:
    """A connection to a database server, kept open, on which each question stands for itself."""

    waits = True
    _ASKED = select(clock.c.last)

    def __init__(self, catalogue: Catalogue) -> None:
        self._lock = threading.Lock()
        self._engine = catalogue.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._connection: Connection | None = None

    def version(self) -> object:
        with self._lock:
            if self._connection is not None:
                try:
                    return self._ask(self._connection)
                except _CUT:  # the server was restarted: once more, on a new connection
                    self._give_up()
            try:
                self._connection = self._engine.connect()
                return self._ask(self._connection)
            except _CUT as error:
                self._give_up()
                raise Internal(
                    f"the catalogue does not tell whether it changed: {error}"
                ) from error

    def close(self) -> None:
        with self._lock:
            self._give_up()

    def _ask(self, connection: Connection) -> object:
        return connection.execute(self._ASKED).scalar_one()

    def _give_up(self) -> None:
        if self._connection is not None:
            with suppress(*_CUT):
                self._connection.invalidate()
                self._connection.close()
        self._connection = None
