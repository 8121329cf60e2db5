"""A child whose nth file operation, or nth statement to the catalogue, fails."""

from __future__ import annotations

import builtins
import errno
import io
import json
import os
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

#: What is counted, and how it fails: a full disk, or one that cannot be read or written.
_FULL, _BROKEN = errno.ENOSPC, errno.EIO
OPERATIONS: dict[str, tuple[Any, str, int]] = {
    "open": (builtins, "open", _BROKEN),
    "os.open": (os, "open", _BROKEN),
    "fsync": (os, "fsync", _BROKEN),
    "replace": (os, "replace", _FULL),
    "rename": (os, "rename", _FULL),
    "unlink": (os, "unlink", _BROKEN),
    "utime": (os, "utime", _BROKEN),
    "stat": (os, "stat", _BROKEN),
    "mkdir": (os, "mkdir", _FULL),
    "copyfile": (shutil, "copyfile", _FULL),
    "parquet": (pq.ParquetWriter, "write_table", _FULL),
    "parquet close": (pq.ParquetWriter, "close", _FULL),
    "catalogue": (None, "", 0),
}


def count(told: Path, home: str) -> None:
    """Let this process count its operations on a folder, and tell of them when it ends."""
    counts: Counter[str] = Counter()

    def tell() -> None:
        told.write_text(json.dumps(counts))

    def noticed(name: str) -> None:
        counts[name] += 1

    _watch(noticed, home)
    import atexit
    from multiprocessing import util

    atexit.register(tell)
    util.Finalize(None, tell, exitpriority=0)


def fail(operation: str, nth: int, home: str) -> None:
    """Let the nth of some operations on a folder fail; only that one."""
    calls: Counter[str] = Counter()

    def noticed(name: str) -> None:
        calls[name] += 1
        if (name, calls[name]) != (operation, nth):
            return
        if name == "catalogue":
            raise OperationalError("", {}, sqlite3.OperationalError("disk I/O error"))
        number = OPERATIONS[name][2]
        raise OSError(number, os.strerror(number), home)

    _watch(noticed, home)


def _watch(noticed: Callable[[str], None], home: str) -> None:
    """Tell of each operation before it is done."""
    for name, (owner, attribute, _) in OPERATIONS.items():
        if owner is not None:
            _wrap(noticed, home, name, owner, attribute)
    io.open = builtins.open  # type: ignore[misc]
    event.listen(Engine, "before_cursor_execute", lambda *_: noticed("catalogue"))


def _wrap(noticed: Callable[[str], None], home: str, name: str, owner: Any, attribute: str) -> None:
    original = getattr(owner, attribute)

    @wraps(original)
    def watched(*args: Any, **kwargs: Any) -> Any:
        if name.startswith("parquet") or _is_about(args, home):
            noticed(name)
        return original(*args, **kwargs)

    setattr(owner, attribute, watched)


def _is_about(args: tuple[Any, ...], home: str) -> bool:
    """True for what is done with a file of the folder, by name or by handle."""
    if not args:
        return False
    if isinstance(args[0], int):
        return True
    try:
        return os.fspath(args[0]).startswith(home)
    except TypeError:
        return False
