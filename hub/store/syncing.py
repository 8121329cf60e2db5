"""Letting what was written survive a power cut, file by file or many at once."""

from __future__ import annotations

import ctypes
import os
import re
import sys
from functools import cache
from pathlib import Path

#: Since then Linux tells where writing failed (syncfs(2), "Bugs").
_TELLS_ERRORS = (5, 8)


def sync(path: Path) -> None:
    """Let what was written to a file, or the names in a folder, survive a power cut."""
    if os.name == "nt" and path.is_dir():
        return  # Windows cannot sync a folder, and does not need it after a rename
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        sync_handle(handle)
    finally:
        os.close(handle)


def sync_handle(handle: int) -> None:
    """The same for a file that is open."""
    os.fsync(handle)


def can_sync_all() -> bool:
    """True where the system can sync all of a file system, and tells where that failed."""
    return _libc() is not None


def sync_all(folder: Path) -> None:
    """Let everything in the file system of a folder survive a power cut, whoever wrote it.

    For hundreds of small files this takes as long as for a few. Only where `can_sync_all`.
    """
    libc = _libc()
    if libc is None:
        raise OSError(f"{folder}: this system cannot sync all of a file system")
    handle = os.open(folder, os.O_RDONLY)
    try:
        if libc.syncfs(handle) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(folder))
    finally:
        os.close(handle)


@cache
def _libc() -> ctypes.CDLL | None:
    """The system's library, where it has `syncfs`."""
    if sys.platform != "linux":
        return None
    release = re.match(r"(\d+)\.(\d+)", os.uname().release)
    if release is None or (int(release[1]), int(release[2])) < _TELLS_ERRORS:
        return None
    library = ctypes.CDLL(None, use_errno=True)
    return library if hasattr(library, "syncfs") else None
