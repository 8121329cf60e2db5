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
from pathlib import Path

import duckdb

from hub.engine.sql import literal

_PREFIX = "corridor-"
#: How many engines may wait, each with its threads.
_MOST_WAITING = 2
#: One that worked longer, in seconds, may hold much memory: it is given back whole.
_SHORT = 0.3


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
    spilt = (spill or Path(tempfile.gettempdir())) / f"{_PREFIX}{uuid.uuid4().hex}"
    if database is not None:
        with _start(database.as_posix(), memory_limit, threads) as connection:
            yield _set(connection, spilt)
        return
    kind = (memory_limit, threads)
    engine = _waiting.take(kind) or _start(":memory:", *kind)
    started = time.monotonic()
    is_sound = False
    try:
        engine.execute("ATTACH ':memory:' AS work")
        with engine.cursor() as connection:
            yield _set(connection.execute("USE work"), spilt)
        engine.execute("DETACH work")
        is_sound = time.monotonic() - started < _SHORT and not spilt.exists()
    finally:
        if is_sound:
            _waiting.give(kind, engine)
        else:
            engine.close()


def spilled() -> Iterator[Path]:
    """Folders that sessions spilled to, of dead processes too, where this user may remove them."""
    for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        is_ours = re.fullmatch(r"[0-9a-f]{32}", path.name.removeprefix(_PREFIX))
        if is_ours and os.access(path, os.W_OK | os.X_OK):
            yield path


def _start(database: str, memory_limit: str, threads: int | None) -> duckdb.DuckDBPyConnection:
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "memory_limit": memory_limit,
        "preserve_insertion_order": "true",
    }
    if threads is not None:
        config["threads"] = str(threads)
    return duckdb.connect(database, config=config)


def _set(connection: duckdb.DuckDBPyConnection, spilt: Path) -> duckdb.DuckDBPyConnection:
    """Say where to spill, which is a folder that is made when needed, and what time it is."""
    connection.execute(f"SET temp_directory = {literal(spilt.as_posix())}")
    return connection.execute("SET TimeZone = 'UTC'")


_Kind = tuple[str, int | None]
_Engine = duckdb.DuckDBPyConnection


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
            old.close()

    def close(self) -> None:
        """Give back all."""
        with self._lock:
            engines, self._engines = self._engines, []
        for _, engine in engines:
            engine.close()

    def leave(self) -> None:
        """Begin anew in a forked process: engines stay with the process that has their threads."""
        self._left, self._engines = self._engines, []
        self._lock = threading.Lock()


_waiting = _Waiting()
atexit.register(_waiting.close)
if hasattr(os, "register_at_fork"):  # nothing forks on Windows
    os.register_at_fork(after_in_child=_waiting.leave)
