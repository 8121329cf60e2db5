"""Parquet files of a lake: as one relation, or one by one in memory.

The file of a slice version has a column for each component. That of a delta has one more, which
says what became of the observation: new and revised ones stand in it with their new values,
withdrawn ones with their last.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from hub.engine import arrow_field, duckdb_type, identifier, literals
from hub.errors import NotFound
from hub.model import Schema

_CODES = pa.dictionary(pa.int32(), pa.string())

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


def read_encoded(path: Path, schema: Schema) -> pa.Table:
    """Read a file with every column of a schema, texts dictionary-encoded; what it lacks is null.

    Raises NotFound where the lake has lost the file.
    """
    expected = pa.schema(
        [
            field.with_type(_CODES) if pa.types.is_string(field.type) else field
            for field in map(arrow_field, schema.columns)
        ]
    )
    try:
        metadata = pq.read_metadata(path)
    except FileNotFoundError:
        raise NotFound(f"the lake has no file {path.name}: restore it from a backup") from None
    names = {field.name for field in metadata.schema.to_arrow_schema()} & set(expected.names)
    texts = [name for name in names if expected.field(name).type == _CODES]
    with pq.ParquetFile(path, metadata=metadata, read_dictionary=texts) as file:
        found = file.read(list(names), use_threads=False)
    columns = [
        found.column(field.name).cast(field.type)
        if field.name in names
        else pa.nulls(metadata.num_rows, field.type)
        for field in expected
    ]
    return pa.table(columns, schema=expected)
