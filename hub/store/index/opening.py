"""The indexes of a node in one process: opened when asked for, made in the background."""

from __future__ import annotations

import logging
import os
import shutil
import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pyarrow as pa

from hub.model import Release, Schema
from hub.store.facts import ReleaseFacts
from hub.store.index.build import WORK, build_index
from hub.store.index.files import index_name
from hub.store.index.opened import OpenIndex
from hub.store.lock import file_lock
from hub.store.parts import Part

log = logging.getLogger("corridor.index")

#: Opened indexes a process keeps.
_KEPT_OPEN = 16
#: Indexes of one flow that stay: the newest, and one that requests under way may still open.
_KEPT = 2

_Files = Sequence[Part]


class Indexes:
    """The indexes of one node, in one process."""

    def __init__(self, folder: Path, *, least_rows: int, memory_limit: str) -> None:
        self.folder = folder
        self._least_rows = least_rows
        self._memory_limit = memory_limit
        self._open: OrderedDict[Path, OpenIndex] = OrderedDict()
        self._building: set[Path] = set()
        self._wanted: dict[str, Path] = {}  # by flow: what was asked for last
        self._lock = threading.Lock()
        self._builder: ThreadPoolExecutor | None = None

    def close(self) -> None:
        """Close what is open; an index under construction is finished first."""
        with self._lock:
            builder, self._builder = self._builder, None
        if builder is not None:
            builder.shutdown(cancel_futures=True)
        with self._lock:
            while self._open:
                self._open.popitem()[1].close()

    def path(self, release: Release, schema: Schema) -> Path:
        """Where the index of a release is, or will be."""
        return self.folder / index_name(release, schema)

    def build(self, path: Path, schema: Schema, facts: ReleaseFacts, files: _Files) -> Path:
        """Make an index now, if it is missing."""
        if not path.exists():
            build_index(path, schema, facts, files, self._memory_limit)
            _remove_older(path)
        return path

    def get(self, path: Path, schema: Schema) -> OpenIndex | None:
        """The index at a path; None where there is none yet."""
        with self._lock:
            found = self._open.get(path)
            if found is not None:
                self._open.move_to_end(path)
                return found
            if not path.exists():
                return None
            try:
                found = OpenIndex(path, schema, self._memory_limit)
            except (duckdb.Error, pa.ArrowException, OSError, ValueError, KeyError) as error:
                _discard(path, error)
                return None
            self._open[path] = found
            self._let_go()
            return found

    def discard(self, path: Path, error: Exception) -> None:
        """Remove an index that turned out to be damaged; it will be made anew."""
        with self._lock:
            self._open.pop(path, None)
        _discard(path, error)

    def _let_go(self) -> None:
        """Let go of indexes that were removed, whose space is free then, and of too many.

        One is closed when its last reader is done.
        """
        for path in [path for path in self._open if not path.exists()]:
            del self._open[path]
        while len(self._open) > _KEPT_OPEN:
            self._open.popitem(last=False)

    def build_later(
        self, path: Path, release: Release, schema: Schema, facts: ReleaseFacts, files: _Files
    ) -> None:
        """Let the index of a release be made in the background, if it is large enough for one."""
        with self._lock:
            self._wanted[_flow_of(path)] = path
            if release.rows < self._least_rows or path in self._building:
                return
            self._building.add(path)
            if self._builder is None:
                self._builder = ThreadPoolExecutor(1, thread_name_prefix="index")
            self._builder.submit(self._build_quietly, path, schema, facts, files)

    def _build_quietly(
        self, path: Path, schema: Schema, facts: ReleaseFacts, files: _Files
    ) -> None:
        """Make an index, unless another process is about it or another release has come since.

        Who asks for it next lets that be tried again.
        """
        try:
            with file_lock(self.folder.with_suffix(".lock")) as is_alone:
                if is_alone and self._wanted[_flow_of(path)] == path:
                    self.build(path, schema, facts, files)
        except (duckdb.Error, pa.ArrowException, OSError):
            log.exception("index %s could not be made; the Parquet files answer", path)
            return  # it stays among those under construction, so it is not tried again and again
        with self._lock:
            self._building.discard(path)


def _discard(path: Path, error: Exception) -> None:
    if path.exists():  # else another process just removed it
        log.warning("index %s cannot be opened (%s); it will be made anew", path, error)
        remove_index(path)


def remove_index(path: Path) -> None:
    """Remove an index whole, so that nobody opens a part of it; what is open stays readable."""
    aside = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}{WORK}")
    try:
        path.rename(aside)
    except OSError:  # gone already; or open, where that keeps it (Windows)
        return
    if aside.is_dir():
        shutil.rmtree(aside, ignore_errors=True)
    else:
        aside.unlink(missing_ok=True)


def _remove_older(path: Path) -> None:
    flow = _flow_of(path)
    same = [
        found
        for found in path.parent.iterdir()
        if found != path and found.suffix != WORK and _flow_of(found) == flow
    ]
    for old in sorted(same, key=_modified)[: max(0, len(same) - (_KEPT - 1))]:
        remove_index(old)


def _flow_of(path: Path) -> str:
    """What the names of all indexes of a flow begin with."""
    return path.name.rpartition("-")[0]


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # another process has removed it
        return 0
