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

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from hub.engine import arrow_field, duckdb_type, identifier, literals
from hub.errors import NotFound
from hub.model import Schema

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


def relation_of(files: Sequence[Path], schema: Schema, *, with_file: bool = False) -> str:
    """A relation over Parquet files with every column of a schema; what files lack is null.

    `with_file` adds the path of the file; columns that the schema lacks stand last.
    """
    types = {column.id: duckdb_type(column) for column in schema.columns}
    if with_file:
        types[FILE] = "VARCHAR"
    columns = ", ".join(
        f"CAST(NULL AS {type_}) AS {identifier(name)}" for name, type_ in types.items()
    )
    empty = f"SELECT {columns} WHERE FALSE"
    if not files:
        return f"({empty})"
    paths = literals(path.as_posix() for path in files)
    options = f", filename = '{FILE}'" if with_file else ""
    read = f"FROM read_parquet([{paths}], union_by_name = true{options})"
    return f"({empty} UNION ALL BY NAME {read})"


@dataclass(frozen=True, slots=True)
class Together:
    """What some files hold, in their order, as one table; and how many rows are of each."""

    table: pa.Table
    rows: tuple[int, ...]

    def told(self, texts: Sequence[str]) -> pa.DictionaryArray:
        """A column that says of each row what is said of its file."""
        names = sorted(set(texts))
        numbers = {text: number for number, text in enumerate(names)}
        of_files = np.array([numbers[text] for text in texts], np.int32)
        return pa.DictionaryArray.from_arrays(
            pa.array(np.repeat(of_files, self.rows)), pa.array(names, pa.string())
        )


def read_encoded(files: Sequence[Path], schema: Schema) -> Together:
    """Read files with every column of a schema, texts dictionary-encoded; what they lack is null.

    Raises NotFound where the lake has lost a file.
    """
    expected = _encoded_schema(schema)
    if not files:
        return Together(expected.empty_table(), ())
    # Files of a flow mostly have the same columns: what is in the first one is tried first.
    read = partial(_read_file, expected=expected, texts=_texts_in(files[0], expected))
    if len(files) < _MANY:
        tables = list(map(read, files))
    else:
        with ThreadPoolExecutor(_READERS) as pool:
            tables = list(pool.map(read, files))
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
    return Together(pa.table(columns, schema=expected), tuple(table.num_rows for table in tables))


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


def _read_file(path: Path, expected: pa.Schema, texts: list[str]) -> pa.Table:
    """The columns of a schema that a file has; `texts` are those of texts that it should have."""
    try:
        file = pq.ParquetFile(path, read_dictionary=texts)
    except KeyError:  # it lacks some of them
        file = pq.ParquetFile(path, read_dictionary=_texts_in(path, expected))
    except FileNotFoundError:
        raise _lost(path) from None
    with file:
        found = file.read(use_threads=False)
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
