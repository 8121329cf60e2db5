"""Parquet files of a lake: as one relation, or one by one in memory.

The file of a slice version has a column for each component. That of a delta has one more, which
says what became of the observation: new and revised ones stand in it with their new values,
withdrawn ones with their last.
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
    read = partial(_read_file, expected=expected)
    if len(files) < _MANY:
        tables = list(map(read, files))
    else:
        with ThreadPoolExecutor(_READERS) as pool:
            tables = list(pool.map(read, files))
    rows = tuple(table.num_rows for table in tables)
    if len(tables) == 1:
        return Together(tables[0], rows)
    whole = pa.concat_tables(tables) if tables else expected.empty_table()
    if whole.num_rows <= _FEW:
        whole = whole.unify_dictionaries().combine_chunks()
    return Together(whole, rows)


def _encoded_schema(schema: Schema) -> pa.Schema:
    return pa.schema(
        [
            field.with_type(_CODES) if pa.types.is_string(field.type) else field
            for field in map(arrow_field, schema.columns)
        ]
    )


def _read_file(path: Path, expected: pa.Schema) -> pa.Table:
    texts = [field.name for field in expected if field.type == _CODES]
    try:
        try:
            file = pq.ParquetFile(path, read_dictionary=texts)
        except KeyError:  # it lacks some of them
            metadata = pq.read_metadata(path)
            there = {column.name for column in metadata.schema.to_arrow_schema()}
            file = pq.ParquetFile(
                path, metadata=metadata, read_dictionary=[name for name in texts if name in there]
            )
    except FileNotFoundError:
        raise NotFound(f"the lake has no file {path.name}: restore it from a backup") from None
    with file:
        names = [name for name in file.schema_arrow.names if name in expected.names]
        found = file.read(names, use_threads=False)
    if found.schema.equals(expected):
        return found
    columns = [
        found.column(field.name).cast(field.type)
        if field.name in names
        else pa.nulls(found.num_rows, field.type)
        for field in expected
    ]
    return pa.table(columns, schema=expected)
