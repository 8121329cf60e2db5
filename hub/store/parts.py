"""Where the observations of a slice version are: a file of its own, or a part of a shared one.

    state    every observation of the version
    delta    what it changed; none where all of it is new

Files are named by their hash. A shared one holds a version of each of many slices, in their order,
so that a harvest of two hundred countries leaves two files and not four hundred. So a small version
has a digest of its own, that of its observations, whatever file they are in: equal content has an
equal one. That of a large version, which shares with nobody, is the hash of its file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.csv

from hub.engine import arrow_schema
from hub.model import Schema
from hub.store.lake import Lake

#: A small version has no more observations.
SMALL = 2_048


class Stored(Protocol):
    """A slice version, made or about to be."""

    @property
    def slice(self) -> str:
        """The slice."""

    @property
    def digest(self) -> str:
        """The digest of the observations, and of a file of their own."""

    @property
    def delta(self) -> str | None:
        """The digest of the file with what it changed."""

    @property
    def file(self) -> str | None:
        """The digest of the file with its observations, where that is another."""

    @property
    def cut_by(self) -> str | None:
        """Where it shares its files, their column that names the slice of a row."""


@dataclass(frozen=True, slots=True)
class Part:
    """The observations in a Parquet file: those that name a slice in a column, or all (None)."""

    path: Path
    column: str | None = None
    slice: str = ""

    @property
    def order(self) -> tuple[str, str]:
        """What parts are sorted by."""
        return self.path.name, self.slice


def state_of(lake: Lake, version: Stored) -> Part:
    """Where every observation of a version is."""
    if version.file is None:
        return Part(lake.data_path(version.digest))
    return _part(lake, version.file, version)


def delta_of(lake: Lake, version: Stored) -> Part | None:
    """Where what a version changed is; None where all of it is new."""
    if version.delta is None:
        return None
    return _part(lake, version.delta, version)


def _part(lake: Lake, file: str, version: Stored) -> Part:
    path = lake.data_path(file)
    return Part(path) if version.cut_by is None else Part(path, version.cut_by, version.slice)


def files_of(version: Stored) -> Iterator[str]:
    """The digests of the files in which a version is."""
    yield version.file or version.digest
    if version.delta is not None:
        yield version.delta


def is_small(table: pa.Table, schema: Schema) -> bool:
    """True where a version of these observations may share a file: few, none with several parts.

    Of a flow that is not cut into slices there is nothing to share with.
    """
    has_parts = any(map(pa.types.is_nested, table.schema.types))
    return schema.slice_by is not None and table.num_rows <= SMALL and not has_parts


def digest_of(table: pa.Table, fields: pa.Schema) -> str:
    """The SHA-256 of the observations of a small version: of them as comma-separated text.

    `fields` are those of its flow (`arrow_schema`), whose order they have.
    """
    if not table.schema.equals(fields):
        there = set(table.column_names)
        wanted = pa.schema([field for field in fields if field.name in there])
        table = as_fields(table.select(wanted.names), wanted)
    return _digest(filled(table))


def digests_of(table: pa.Table, fields: pa.Schema, counts: Sequence[int]) -> Iterator[str]:
    """What `digest_of` says of parts of a table that follow one another, of so many rows each."""
    known = filled(table)
    unsure = [name for name in known.column_names if known.column(name).null_count]
    start = 0
    for rows in counts:
        part = known.slice(start, rows)
        start += rows
        empty = [name for name in unsure if part.column(name).null_count == rows]
        yield _digest(part.drop_columns(empty)) if rows else digest_of(table.slice(0, 0), fields)


def _digest(table: pa.Table) -> str:
    sink = pa.BufferOutputStream()
    pa.csv.write_csv(table, sink)
    return hashlib.sha256(sink.getvalue()).hexdigest()


def put_state(lake: Lake, table: pa.Table, schema: Schema) -> tuple[str, str | None]:
    """Write the observations of a version into a file of their own: its digest, and its file."""
    file = lake.put_table(filled(table))
    if not is_small(table, schema):
        return file, None
    return digest_of(table, arrow_schema(schema)), file


def filled(table: pa.Table) -> pa.Table:
    """The columns of a table that hold anything: a file needs no others."""
    rows = table.num_rows
    kept = [
        name
        for name, column in zip(table.column_names, table.columns, strict=True)
        if column.null_count < rows or not rows
    ]
    return table.select(kept)


def as_fields(table: pa.Table, fields: pa.Schema) -> pa.Table:
    """A table with columns of these types."""
    return table if table.schema.equals(fields) else table.cast(fields)
