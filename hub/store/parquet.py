"""Parquet files of a release as one relation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hub.engine import duckdb_type, identifier, literals
from hub.model import Schema


def relation_of(files: Sequence[Path], schema: Schema) -> str:
    """A relation over Parquet files with every column of a schema; what files lack is null."""
    columns = ", ".join(
        f"CAST(NULL AS {duckdb_type(column)}) AS {identifier(column.id)}"
        for column in schema.columns
    )
    empty = f"SELECT {columns} WHERE FALSE"
    if not files:
        return f"({empty})"
    paths = literals(path.as_posix() for path in files)
    return f"({empty} UNION ALL BY NAME FROM read_parquet([{paths}], union_by_name = true))"
