"""DuckDB sessions: a place of its own in an engine for one piece of work, gone when that is done.

Starting an engine takes ten times as long as a small piece of work in it. So an engine that was
used for a short while waits for the next piece of work; each finds it empty.
"""

from __future__ import annotations

import atexit
import os
import re
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

_PREFIX = "corridor-"
#: How many engines may wait, each with its threads.
_MOST_WAITING = 2
#: One that worked longer, in seconds, may hold much memory: it is given back whole.
_SHORT = 0.1


@contextmanager
def session(
    *,
    memory_limit: str = "2GB",
    threads: int | None = None,
    database: Path | None = None,
    spill: Path | None = None,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a place of its own in an engine that works on nothing else meanwhile.

    It shares nothing with other sessions, loads no extension and reads no configuration file.
    `memory_limit` bounds what it may hold before it spills, to a folder of its own in `spill` (the
    system's folder for temporary files, if None). It works in memory, or on the database file
    given.
    """
    folder = spill or Path(tempfile.gettempdir())
    if database is not None:
        with _start(database.as_posix(), memory_limit, threads, folder).connection as connection:
            yield _set(connection)
        return
    kind = (memory_limit, threads, folder)
    engine = _waiting.take(kind) or _start(":memory:", *kind)
    started = time.monotonic()
    is_sound = False
    try:
        with engine.place() as connection:
            yield _set(connection)
        is_sound = time.monotonic() - started < _SHORT and not engine.spilt.exists()
    finally:
        if is_sound:
            _waiting.give(kind, engine)
        else:
            engine.connection.close()


def spilled() -> Iterator[Path]:
    """Folders that sessions spilled to, of dead processes too, where this user may remove them."""
    for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        is_ours = re.fullmatch(r"[0-9a-f]{32}", path.name.removeprefix(_PREFIX))
        if is_ours and os.access(path, os.W_OK | os.X_OK):
            yield path


def _set(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    return connection.execute("SET TimeZone = 'UTC'")


@dataclass(frozen=True, slots=True)
class _Engine:
    """An engine; `spilt` is the folder it would spill to."""

    connection: duckdb.DuckDBPyConnection
    spilt: Path

    @contextmanager
    def place(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """An empty database in memory, and a connection to it; both are gone afterwards."""
        self.connection.execute("ATTACH ':memory:' AS work")
        with self.connection.cursor() as cursor:
            yield cursor.execute("USE work")
        self.connection.execute("DETACH work")


def _start(database: str, memory_limit: str, threads: int | None, folder: Path) -> _Engine:
    spilt = folder / f"{_PREFIX}{uuid.uuid4().hex}"  # made when needed
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "memory_limit": memory_limit,
        "preserve_insertion_order": "true",
        "temp_directory": spilt.as_posix(),
    }
    if threads is not None:
        config["threads"] = str(threads)
    return _Engine(duckdb.connect(database, config=config), spilt)


_Kind = tuple[str, int | None, Path]


class _Waiting:
    """Engines that wait for work, by what they were started with; the newest are kept."""

    def __init__(self) -> None:
        self._engines: list[tuple[_Kind, _Engine]] = []
        self._left: list[tuple[_Kind, _Engine]] = []  # kept, for closing them would wait for ever
        self._lock = threading.Lock()

    def take(self, kind: _Kind) -> _Engine | None:
        """One that was started like this; None where none waits."""
        with self._lock:
            for place, (other, engine) in enumerate(self._engines):
                if other == kind:
                    del self._engines[place]
                    return engine
        return None

    def give(self, kind: _Kind, engine: _Engine) -> None:
        """Let one wait, in place of the oldest if there are too many."""
        with self._lock:
            self._engines.append((kind, engine))
            dropped = self._engines[:-_MOST_WAITING]
            del self._engines[:-_MOST_WAITING]
        for _, old in dropped:
            old.connection.close()

    def close(self) -> None:
        """Give back all."""
        with self._lock:
            engines, self._engines = self._engines, []
        for _, engine in engines:
            engine.connection.close()

    def leave(self) -> None:
        """Begin anew in a forked process: engines stay with the process that has their threads."""
        self._left, self._engines = self._engines, []
        self._lock = threading.Lock()


_waiting = _Waiting()
atexit.register(_waiting.close)
if hasattr(os, "register_at_fork"):  # nothing forks on Windows
    os.register_at_fork(after_in_child=_waiting.leave)
