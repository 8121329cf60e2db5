"""One harvest at a time for one installation: a lock that ends with the process that holds it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hub.errors import Conflict


@contextmanager
def harvest_lock(path: Path) -> Iterator[None]:
    """Hold the lock of a file while the work inside runs; the file stays.

    The operating system gives it back however the process ends, so whoever holds it knows that
    attempts found open are dead. Raises Conflict while another process holds it.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            _lock(handle)
        except OSError as error:
            raise Conflict(
                f"another harvest of this node is running (lock {path.name}); wait for its end"
            ) from error
        yield
    finally:
        os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
