"""One harvest at a time for one installation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hub.errors import Conflict
from hub.store import file_lock


@contextmanager
def harvest_lock(path: Path) -> Iterator[None]:
    """Hold the lock of a file while the work inside runs; the file stays.

    The operating system gives it back however the process ends, so whoever holds it knows that
    attempts found open are dead. Raises Conflict while another process holds it.
    """
    with file_lock(path) as is_held:
        if not is_held:
            raise Conflict(
                f"another harvest of this node is running (lock {path.name}); wait for its end"
            )
        yield
