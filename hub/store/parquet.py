"""Parquet files of a release: as one relation, or one by one in memory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from hub.engine import arrow_field, duckdb_type, identifier, literals
from hub.errors import NotFound
from hub.model import Schema

_CODES = pa.dictionary(pa.int32(), pa.string())


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
