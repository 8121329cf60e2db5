"""DuckDB sessions: an in-memory engine per piece of work, closed when the work is done."""

from __future__ import annotations

import os
import re
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

_PREFIX = "corridor-"


@contextmanager
def session(
    *,
    memory_limit: str = "2GB",
    threads: int | None = None,
    database: Path | None = None,
    spill: Path | None = None,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an engine of its own for one piece of work.

    It shares nothing with other sessions, loads no extension and reads no configuration file.
    `memory_limit` bounds what it may hold before it spills, to a folder of its own in `spill` (the
    system's folder for temporary files, if None). It works in memory, or on the database file
    given.
    """
    folder = spill or Path(tempfile.gettempdir())
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
    connection = duckdb.connect(
        ":memory:" if database is None else database.as_posix(), config=config
    )
    try:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection
    finally:
        connection.close()


def spilled() -> Iterator[Path]:
    """Folders that sessions spilled to, of dead processes too, where this user may remove them."""
    for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        is_ours = re.fullmatch(r"[0-9a-f]{32}", path.name.removeprefix(_PREFIX))
        if is_ours and os.access(path, os.W_OK | os.X_OK):
            yield path
