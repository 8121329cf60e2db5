"""Keeping the folder of rendered answers within its bound: the least recently used go first."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

#: The folder below the cache in which bodies are written.
FILLING = "filling"
#: Seconds after which a body that nobody wrote to is taken for what a killed process left.
_STALE = 900


def sweep(folder: Path, most_bytes: int, *, dry_run: bool = False) -> list[int]:
    """Remove files, those used longest ago first, until so many bytes are left.

    Bodies being written count, but stay. Processes may sweep at the same time: they agree on the
    order, and removing twice does no harm. Returns the bytes that each file removed had taken, or,
    on a dry run, takes.
    """
    now = time.time()
    total, settled = 0, []
    removed: list[int] = []
    for entry in _files(folder):
        with suppress(OSError):  # removed or renamed meanwhile
            facts = entry.stat()
            size = max(facts.st_size, getattr(facts, "st_blocks", 0) * 512)
            if Path(entry.path).parent.name != FILLING:
                settled.append((facts.st_mtime_ns, size, entry.path))
            elif now - facts.st_mtime > _STALE:
                _remove(entry.path, dry_run)
                removed.append(size)
                continue
            total += size
    for _, size, path in sorted(settled):
        if total <= most_bytes:
            break
        with suppress(OSError):  # where it cannot be removed, the next must go
            _remove(path, dry_run)
            removed.append(size)
            total -= size
    return removed


def _remove(path: str, dry_run: bool) -> None:
    if not dry_run:
        os.unlink(path)


def _files(folder: Path) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as below:
        folders = [entry.path for entry in below if entry.is_dir(follow_symlinks=False)]
    for path in folders:
        with suppress(FileNotFoundError), os.scandir(path) as files:
            yield from files
