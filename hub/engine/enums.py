"""ENUM types for coded columns of an index: small, ordered as text is, and cheap to compare."""

from __future__ import annotations

from collections.abc import Iterable

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
