"""An index that is open: its parts, for any number of threads."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pyarrow as pa

from hub.engine import storage_type
from hub.model import Column, Schema
from hub.store.index.files import IndexFiles
from hub.store.index.rows import RowFile
from hub.store.index.series import SeriesDirectory


class OpenIndex:
    """The parts of an index.

    `rows` and `series` are open from the start; the engine starts when something needs it. `fixed`
    holds the columns with one value, or none, in the whole release, as arrays of one element;
    `upper` the different rows above the series, without such columns, in order, None where they
    are too many to be kept.
    """

    def __init__(self, folder: Path, schema: Schema, memory_limit: str) -> None:
        """Open an index.

        Raises OSError, ValueError, KeyError, pa.ArrowException or duckdb.Error if it is damaged.
        """
        files = IndexFiles(folder)
        fixed = json.loads(files.fixed.read_text("utf-8"))
        self.rows = RowFile(files.rows)
        self.series = SeriesDirectory(schema, _table(files.series), fixed)
        self.fixed: Mapping[str, pa.Array] = {
            name: _one(schema.by_id[name], value) for name, value in fixed.items()
        }
        self.upper = _table(files.upper) if files.upper.exists() else None
        self._database = files.database
        self._memory_limit = memory_limit
        self._lock = threading.Lock()
        self._connection: duckdb.DuckDBPyConnection | None = None

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor on the database, for one thread; raises duckdb.Error if that is damaged."""
        with self._lock:
            if self._connection is None:
                self._connection = duckdb.connect(
                    self._database.as_posix(),
                    read_only=True,
                    config={
                        "memory_limit": self._memory_limit,
                        "autoinstall_known_extensions": "false",
                        "autoload_known_extensions": "false",
                    },
                )
            return self._connection.cursor()

    def close(self) -> None:
        """Close the database; rows that are being read stay readable."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None


def _table(file: Path) -> pa.Table:
    with pa.memory_map(file.as_posix()) as source:
        return pa.ipc.open_file(source).read_all()


def _one(column: Column, value: object) -> pa.Array:
    return pa.nulls(1) if value is None else pa.array([value], storage_type(column))
