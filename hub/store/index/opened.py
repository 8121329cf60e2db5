"""An index that is open: its parts, for any number of threads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from hub.engine import storage_type
from hub.model import Column, Schema
from hub.store.index.files import TABLE, IndexFiles
from hub.store.index.rows import RowFile
from hub.store.index.series import SeriesDirectory

__all__ = ["TABLE", "OpenIndex", "open_index"]


@dataclass(frozen=True, slots=True)
class OpenIndex:
    """The parts of an index.

    `fixed` holds the columns with one value, or none, in the whole release, as arrays of one
    element; `upper` the different rows above the series, without such columns, None where they are
    too many to be kept.
    """

    connection: duckdb.DuckDBPyConnection
    rows: RowFile
    series: SeriesDirectory
    fixed: Mapping[str, pa.Array]
    upper: pa.Table | None


def open_index(folder: Path, schema: Schema, memory_limit: str) -> OpenIndex:
    """Open an index; raises OSError, ValueError, pa.ArrowInvalid or duckdb.Error if damaged."""
    files = IndexFiles(folder)
    fixed = json.loads(files.fixed.read_text("utf-8"))
    connection = duckdb.connect(
        files.database.as_posix(),
        read_only=True,
        config={
            "memory_limit": memory_limit,
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        },
    )
    return OpenIndex(
        connection,
        RowFile(files.rows),
        SeriesDirectory(schema, _table(files.series), fixed),
        {name: _one(schema.by_id[name], value) for name, value in fixed.items()},
        _table(files.upper) if files.upper.exists() else None,
    )


def _table(file: Path) -> pa.Table:
    with pa.memory_map(file.as_posix()) as source:
        return pa.ipc.open_file(source).read_all()


def _one(column: Column, value: object) -> pa.Array:
    return pa.nulls(1) if value is None else pa.array([value], storage_type(column))
