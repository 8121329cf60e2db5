"""How the columns of a schema are typed in record batches and in SQL.

| declared type                         | record batch        |
|---------------------------------------|---------------------|
| every dimension; codes, text, time    | string              |
| Integer, Long, Short, Count           | int64               |
| Float, Double                         | float64             |
| Boolean                               | bool                |
| Decimal, BigInteger, Numeric          | string (exact)      |
| several values                        | list<string>        |
| several languages                     | map<string, string> |

A string column may come dictionary-encoded. Null means absent; NaN means intentionally missing
(SDMX 3.1).
"""

from __future__ import annotations

import pyarrow as pa

from hub.model import FLOATS, INTEGERS, Column, Role, Schema, TextType

_STRING = pa.string()
_LIST = pa.list_(pa.field("item", _STRING))
_TEXTS = pa.map_(_STRING, _STRING)


def storage_type(column: Column) -> pa.DataType:
    """The Arrow type that holds the values of a column."""
    if column.is_multilingual:
        return _TEXTS
    if column.is_list:
        return _LIST
    if column.is_coded or column.role is Role.DIMENSION:
        return _STRING
    if column.text_type in INTEGERS:
        return pa.int64()
    if column.text_type in FLOATS:
        return pa.float64()
    if column.text_type is TextType.BOOLEAN:
        return pa.bool_()
    return _STRING


def arrow_field(column: Column) -> pa.Field:
    """The Arrow field of a column."""
    return pa.field(column.id, storage_type(column))


def arrow_schema(schema: Schema) -> pa.Schema:
    """The Arrow schema of a dataflow's record batches, in the order of the structure."""
    return pa.schema([arrow_field(column) for column in schema.columns])


def repeated(one: pa.Array, rows: int, kind: pa.DataType) -> pa.Array:
    """An array of one element as so many rows of a type, which may be a dictionary."""
    if one.null_count:
        return pa.nulls(rows, kind)
    if pa.types.is_dictionary(kind):
        places = pa.repeat(pa.scalar(0, kind.index_type), rows)
        return pa.DictionaryArray.from_arrays(places, one.cast(kind.value_type))
    return pa.repeat(one[0], rows).cast(kind)


_DUCKDB = {
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
    _STRING: "VARCHAR",
    _LIST: "VARCHAR[]",
    _TEXTS: "MAP(VARCHAR, VARCHAR)",
}


def duckdb_type(column: Column) -> str:
    """The DuckDB type that holds the values of a column."""
    return _DUCKDB[storage_type(column)]
