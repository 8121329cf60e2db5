"""Indexes: read-only DuckDB files, one for each release, for fast answers.

An index holds the observations of a release sorted by key, codes as ENUM. It is disposable: made
from the Parquet files when it is missing, under a name that changes with the release, its structure
and the version of DuckDB. It is written aside and renamed, so it is whole or absent; nobody opens
it for writing afterwards. While it is being made, and for small releases, the Parquet is read.
"""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import duckdb

from hub.engine import duckdb_type, identifier, identifiers, session
from hub.engine.enums import create_enum, enum_name, takes_enum
from hub.model import Column, Release, Schema
from hub.store.facts import ReleaseFacts
from hub.store.parquet import relation_of

log = logging.getLogger("corridor.index")

TABLE = "obs"
_SUFFIX = ".duckdb"
#: Opened indexes a process keeps.
_KEPT_OPEN = 16
#: Index files of one flow that stay: the newest, and one that requests under way may still open.
_KEPT_FILES = 2

_Files = Sequence[Path]


class Indexes:
    """The indexes of one node, in one process."""

    def __init__(self, folder: Path, *, least_rows: int, memory_limit: str) -> None:
        self.folder = folder
        self._least_rows = least_rows
        self._memory_limit = memory_limit
        self._open: OrderedDict[Path, duckdb.DuckDBPyConnection] = OrderedDict()
        self._building: set[Path] = set()
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
        columns = [(column.id, duckdb_type(column)) for column in schema.columns]
        made_of = repr((release.id, duckdb.__version__, columns))
        digest = hashlib.sha256(made_of.encode()).hexdigest()[:32]
        return self.folder / f"{release.flow.agency}-{release.flow.id}-{digest}{_SUFFIX}"

    @contextmanager
    def cursor(
        self, release: Release, schema: Schema, facts: ReleaseFacts, files: Callable[[], _Files]
    ) -> Iterator[duckdb.DuckDBPyConnection | None]:
        """A cursor on the index of a release; None where there is none yet.

        Asking for it lets a missing one be made in the background, of `files`.
        """
        path = self.path(release, schema)
        connection = self._connection(path)
        if connection is None:
            if release.rows >= self._least_rows:
                self._build_later(path, schema, facts, files())
            yield None
            return
        cursor = connection.cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    def build(self, release: Release, schema: Schema, facts: ReleaseFacts, files: _Files) -> Path:
        """Make the index of a release now, if it is missing."""
        path = self.path(release, schema)
        if not path.exists():
            build_index(path, schema, facts, files, self._memory_limit)
        return path

    def _connection(self, path: Path) -> duckdb.DuckDBPyConnection | None:
        with self._lock:
            found = self._open.get(path)
            if found is not None:
                self._open.move_to_end(path)
                return found
            if not path.exists():
                return None
            try:
                found = duckdb.connect(
                    path.as_posix(),
                    read_only=True,
                    config={
                        "memory_limit": self._memory_limit,
                        "autoinstall_known_extensions": "false",
                        "autoload_known_extensions": "false",
                    },
                )
            except duckdb.Error as error:
                log.warning("index %s cannot be opened (%s); it will be made anew", path, error)
                path.unlink(missing_ok=True)
                return None
            self._open[path] = found
            while len(self._open) > _KEPT_OPEN:
                self._open.popitem(last=False)  # closed when its last cursor is
            return found

    def _build_later(self, path: Path, schema: Schema, facts: ReleaseFacts, files: _Files) -> None:
        with self._lock:
            if path in self._building:
                return
            self._building.add(path)
            if self._builder is None:
                self._builder = ThreadPoolExecutor(1, thread_name_prefix="index")
            self._builder.submit(self._build_quietly, path, schema, facts, files)

    def _build_quietly(
        self, path: Path, schema: Schema, facts: ReleaseFacts, files: _Files
    ) -> None:
        try:
            build_index(path, schema, facts, files, self._memory_limit)
        except (duckdb.Error, OSError):
            log.exception("index %s could not be made; the Parquet files answer", path)
            return  # it stays among those under construction, so it is not tried again and again
        with self._lock:
            self._building.discard(path)


def build_index(
    path: Path, schema: Schema, facts: ReleaseFacts, files: _Files, memory_limit: str
) -> None:
    """Write the index of a release; several processes may do so at once, one file results."""
    path.parent.mkdir(parents=True, exist_ok=True)
    work = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}.work")
    try:
        _write(work, schema, facts, files, memory_limit)
        work.replace(path)
    finally:
        work.unlink(missing_ok=True)
        work.with_name(f"{work.name}.wal").unlink(missing_ok=True)
    _remove_older(path)


def _write(
    work: Path, schema: Schema, facts: ReleaseFacts, files: _Files, memory_limit: str
) -> None:
    order = identifiers(column.id for column in schema.dimensions)
    with session(memory_limit=memory_limit, database=work) as connection:
        columns = []
        for column in schema.columns:
            name, type_ = identifier(column.id), duckdb_type(column)
            if takes_enum(column):
                connection.execute(create_enum(column, _values(column, facts)))
                type_ = enum_name(column)
            columns.append(f"CAST({name} AS {type_}) AS {name}")
        source = relation_of(files, schema)
        selected = ", ".join(columns)
        connection.execute(
            f"CREATE TABLE {TABLE} AS SELECT {selected} FROM {source} ORDER BY {order}"
        )
        connection.execute("CHECKPOINT")


def _values(column: Column, facts: ReleaseFacts) -> set[str]:
    """Every value a column can have: of its list, and those that are there."""
    listed = column.enumeration.by_id if column.enumeration is not None else {}
    return {*listed, *facts.values.get(column.id, ())}


def _remove_older(path: Path) -> None:
    flow = path.name.rpartition("-")[0]
    same = sorted(
        (found for found in path.parent.glob(f"{flow}-*{_SUFFIX}") if found != path),
        key=lambda found: found.stat().st_mtime,
    )
    for old in same[: max(0, len(same) - (_KEPT_FILES - 1))]:
        old.unlink(missing_ok=True)
