"""Parquet files of a lake: as one relation, or one by one in memory.

The file of a slice version has a column for each component that has a value in it. That of a delta
has one more, which says what became of the observation: new and revised ones stand in it with their
new values, withdrawn ones with their last.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hub.engine import arrow_field, duckdb_type, identifier, literal, literals
from hub.engine.encoded import repeated, whole
from hub.errors import NotFound
from hub.model import Schema
from hub.store.parts import Part

_CODES = pa.dictionary(pa.int32(), pa.string())
#: From so many files on, several are read at a time.
_MANY, _READERS = 8, 2
#: Up to so many rows are put together in one piece, so that many small files are one.
_FEW = 1 << 18

#: The column of a delta, and what it holds.
CHANGE = "_CHANGE"
ADDED, REVISED, WITHDRAWN = "added", "revised", "withdrawn"
#: The column that names the file of a row, where it is asked for.
FILE = "_file"


def relation_of(parts: Sequence[Part], schema: Schema, *, with_file: bool = False) -> str:
    """A relation over parts of files with every column of a schema; what they lack is null.

    `with_file` adds the path of the file; columns that the schema lacks stand last.
    """
    types = {column.id: duckdb_type(column) for column in schema.columns}
    if with_file:
        types[FILE] = "VARCHAR"
    columns = ", ".join(
        f"CAST(NULL AS {type_}) AS {identifier(name)}" for name, type_ in types.items()
    )
    options = f", filename = '{FILE}'" if with_file else ""
    read = [f"(SELECT {columns} WHERE FALSE)"]
    own = [part.path for part in parts if part.column is None]
    if own:
        paths = literals(path.as_posix() for path in own)
        read.append(f"FROM read_parquet([{paths}], union_by_name = true{options})")
    for (path, column), slices in _shared(parts).items():
        of_slices = f"WHERE {identifier(column)} IN ({literals(slices)})"
        read.append(f"FROM read_parquet({literal(path.as_posix())}{options}) {of_slices}")
    return f"({' UNION ALL BY NAME '.join(read)})"


def _shared(parts: Sequence[Part]) -> dict[tuple[Path, str], list[str]]:
    """The slices wanted of each shared file, and the column that names them."""
    found: dict[tuple[Path, str], list[str]] = {}
    for part in parts:
        if part.column is not None:
            found.setdefault((part.path, part.column), []).append(part.slice)
    return found


@dataclass(frozen=True, slots=True)
class Together:
    """What some files hold, in their order, as one table; and how many rows are of each."""

    table: pa.Table
    rows: tuple[int, ...]

    def told(self, texts: Sequence[str]) -> pa.DictionaryArray:
        """A column that says of each row what is said of its file."""
        return repeated(texts, self.rows)


def read_plain(part: Part) -> pa.Table:
    """Read a part of a file as it is, with the columns it has.

    Raises NotFound where the lake has lost the file.
    """
    try:
        table = pq.read_table(part.path)
    except FileNotFoundError:
        raise _lost(part.path) from None
    if part.column is None:
        return table
    return table.filter(pc.equal(table.column(part.column), part.slice))


def read_encoded(parts: Sequence[Part], schema: Schema) -> Together:
    """Read parts of files with every column of a schema, texts dictionary-encoded.

    What they lack is null. Raises NotFound where the lake has lost a file.
    """
    expected = _encoded_schema(schema)
    if not parts:
        return Together(expected.empty_table(), ())
    files = tuple(dict.fromkeys(part.path for part in parts))
    # Files of a flow mostly have the same columns: what is in the first one is tried first.
    few = len(files) < _MANY
    texts = _texts_in(files[0], expected)
    read = partial(_read_file, expected=expected, texts=texts, use_threads=few)
    if few:
        found = dict(zip(files, map(read, files), strict=True))
    else:
        with ThreadPoolExecutor(_READERS) as pool:
            found = dict(zip(files, pool.map(read, files), strict=True))
    bounds = {where: _bounds(found[where[0]], where[1]) for where in _shared(parts)}
    tables: list[pa.Table] = []
    rows: list[int] = []
    last: tuple[Path, int, int] | None = None
    for part in parts:
        table = found[part.path]
        start, end = 0, table.num_rows
        if part.column is not None:
            start, end = bounds[part.path, part.column].get(part.slice, (0, 0))
        rows.append(end - start)
        if last is not None and last[0] == part.path and last[2] == start:
            start = last[1]  # it goes on from the one before
            tables.pop()
        tables.append(table.slice(start, end - start))
        last = part.path, start, end
    return Together(_as_one(tables, expected), tuple(rows))


def _bounds(table: pa.Table, slice_by: str) -> dict[str, tuple[int, int]]:
    """Where the rows of each slice begin and end in a shared file, which is sorted by slice."""
    column = whole(table.column(slice_by))
    ends = pc.run_end_encode(column.indices)
    bounds: dict[str, tuple[int, int]] = {}
    start = 0
    for end, number in zip(ends.run_ends.to_pylist(), ends.values.to_pylist(), strict=True):
        bounds[column.dictionary[number].as_py()] = start, end
        start = end
    return bounds


def _as_one(tables: list[pa.Table], expected: pa.Schema) -> pa.Table:
    found = tables[0]
    if len(tables) > 1:
        found = pa.concat_tables(tables, promote_options="default")
        if found.num_rows <= _FEW:
            found = found.unify_dictionaries().combine_chunks()
    there = set(found.column_names)
    columns = [
        found.column(field.name) if field.name in there else pa.nulls(found.num_rows, field.type)
        for field in expected
    ]
    return pa.table(columns, schema=expected)


def _encoded_schema(schema: Schema) -> pa.Schema:
    return pa.schema(
        [
            field.with_type(_CODES) if pa.types.is_string(field.type) else field
            for field in map(arrow_field, schema.columns)
        ]
    )


def _texts_in(path: Path, expected: pa.Schema) -> list[str]:
    """The columns of texts that a file has."""
    try:
        names = pq.read_schema(path).names
    except FileNotFoundError:
        raise _lost(path) from None
    return [
        name for name in names if name in expected.names and expected.field(name).type == _CODES
    ]


def _read_file(path: Path, expected: pa.Schema, texts: list[str], *, use_threads: bool) -> pa.Table:
    """The columns of a schema that a file has; `texts` are those of texts that it should have."""
    try:
        file = pq.ParquetFile(path, read_dictionary=texts)
    except KeyError:  # it lacks some of them
        file = pq.ParquetFile(path, read_dictionary=_texts_in(path, expected))
    except FileNotFoundError:
        raise _lost(path) from None
    with file:
        found = file.read(use_threads=use_threads)
    columns = {
        name: _as(column, expected.field(name).type)
        for name, column in zip(found.column_names, found.columns, strict=True)
        if name in expected.names
    }
    # without a column, it keeps the number of rows all the same
    return pa.table(columns) if columns else found.select([])


def _as(column: pa.ChunkedArray, type_: pa.DataType) -> pa.ChunkedArray:
    if column.type == type_:
        return column
    return (column.dictionary_encode() if type_ == _CODES else column).cast(type_)


def _lost(path: Path) -> NotFound:
    return NotFound(f"the lake has no file {path.name}: restore it from a backup")
