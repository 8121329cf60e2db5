"""When two rows say different things: a null equals a null, and NaN equals NaN."""

from __future__ import annotations

from collections.abc import Iterable

from hub.engine.sql import identifier
from hub.model import Column


def differs(columns: Iterable[Column], one: str, other: str) -> str:
    """A condition that holds where two tables differ in some column; FALSE without columns."""
    compared = (
        f"{_value(one, column)} IS DISTINCT FROM {_value(other, column)}" for column in columns
    )
    return " OR ".join(compared) or "FALSE"


def _value(table: str, column: Column) -> str:
    """A value as it is compared: the order of languages in a text means nothing."""
    name = f"{table}.{identifier(column.id)}"
    return f"list_sort(map_entries({name}))" if column.is_multilingual else name
