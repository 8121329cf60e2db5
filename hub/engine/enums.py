"""ENUM types for coded columns of an index: small, ordered as text is, and cheap to compare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import duckdb
import pyarrow as pa

from hub.engine.columns import duckdb_type
from hub.engine.sql import identifier, literals
from hub.model import Column


def enum_name(column: Column) -> str:
    """The name of the type of a column, quoted."""
    return identifier(f"E_{column.id}")


def takes_enum(column: Column) -> bool:
    """True where the values of a column can be an ENUM: single codes, or periods."""
    return duckdb_type(column) == "VARCHAR" and (column.is_coded or column.role.value == "time")


def create_enum(column: Column, values: Iterable[str]) -> str:
    """SQL that creates the type of a column.

    The values are sorted, so that the order of the type is that of the text.
    """
    return f"CREATE TYPE {enum_name(column)} AS ENUM ({literals(sorted(set(values)))})"


def select_as_enums(
    connection: duckdb.DuckDBPyConnection,
    columns: Sequence[Column],
    table: pa.Table,
    further: Mapping[str, Iterable[str]] | None = None,
) -> str:
    """What to select from a table so that codes become ENUM; creates the types.

    A type has the values that occur in the (dictionary-encoded) column and those of `further`.
    """
    selected = []
    for column in columns:
        name = identifier(column.id)
        values = table.column(column.id)
        if takes_enum(column) and pa.types.is_dictionary(values.type):
            used = {value for chunk in values.chunks for value in chunk.dictionary.to_pylist()}
            used.update((further or {}).get(column.id, ()))
            connection.execute(create_enum(column, used or {""}))
            selected.append(f"CAST({name} AS {enum_name(column)}) AS {name}")
        else:
            selected.append(name)
    return ", ".join(selected)
