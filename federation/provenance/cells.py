"""Observations by their keys: which are asked for, and what a release holds of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from hub.engine import identifier, session
from hub.errors import BadRequest, NotFound, Unprocessable
from hub.model import ComponentFilter, Operator, Predicate, Release, Schema, Selection
from hub.publish.purge import parse_cell
from hub.store import Store

#: What rows to read: for each component named, the values it may have. More may come.
Filters = Mapping[str, Collection[str]]
#: Reads rows with some columns, each time anew.
Rows = Callable[[Filters, Sequence[str]], pa.RecordBatchReader]


@dataclass(frozen=True, slots=True)
class Cell:
    """One observation: its key with the period, as text, and its values by dimension."""

    key: str
    at: Mapping[str, str]


def cell_of(text: str, schema: Schema) -> Cell:
    """Read the key of one observation: a value for each dimension, dots between, time last.

    Raises Unprocessable for too few or too many values, BadRequest where one is left open.
    """
    names = [column.id for column in schema.dimensions]
    given = text.count(".") + 1
    if given != len(names):
        raise Unprocessable(
            f"the key '{text[:200]}' has {given} values, {schema.context} has {len(names)} "
            f"dimensions: write {'.'.join(names)}"
        )
    values = parse_cell(text, schema)
    found = {name: value for name, value in zip(names, values, strict=True) if value is not None}
    if len(found) < len(names):
        left = ", ".join(name for name in names if name not in found)
        raise BadRequest(
            f"the key '{text[:200]}' leaves {left} open: one observation is explained, so name a "
            f"value for each of {'.'.join(names)}"
        )
    return Cell(".".join(found.values()), found)


def key_of(schema: Schema, values: Mapping[str, str]) -> str:
    """The key of an observation from its values by dimension."""
    return ".".join(values[column.id] for column in schema.dimensions)


def keys_sql(schema: Schema) -> str:
    """The key of a row as an SQL expression."""
    names = ", ".join(identifier(column.id) for column in schema.dimensions)
    return f"concat_ws('.', {names})"


def rows_of(store: Store, release: Release, schema: Schema) -> Rows:
    """Reads a release."""

    def read(filters: Filters, columns: Sequence[str]) -> pa.RecordBatchReader:
        return store.read(release, schema, Selection(filters=_filters(filters)), columns)

    return read


def _filters(filters: Filters) -> tuple[ComponentFilter, ...]:
    return tuple(
        ComponentFilter(
            name, tuple((Predicate(Operator.EQ, value),) for value in sorted(set(values)))
        )
        for name, values in filters.items()
    )


def filters_for(cells: Iterable[Cell], names: Iterable[str]) -> dict[str, set[str]]:
    """The values that cells have in some dimensions."""
    found: dict[str, set[str]] = {name: set() for name in names}
    for cell in cells:
        for name in found:
            found[name].add(cell.at[name])
    return found


def find_cells(rows: Rows, schema: Schema, cells: Sequence[Cell]) -> dict[str, dict[str, Any]]:
    """The observations that cells name, by key; those that are not there are left out."""
    names = [column.id for column in schema.columns]
    filters = filters_for(cells, [column.id for column in schema.dimensions])
    return pick(rows(filters, names), schema, cells)


def pick(
    rows: pa.RecordBatchReader | pa.Table, schema: Schema, cells: Sequence[Cell]
) -> dict[str, dict[str, Any]]:
    """Those of some rows that cells name, by key."""
    with session() as connection:
        connection.register("rows", rows)
        connection.register("wanted", pa.table({"key": [cell.key for cell in cells]}))
        query = f"SELECT * FROM (SELECT {keys_sql(schema)} AS _key, * FROM rows) "
        found = connection.sql(f"{query} SEMI JOIN wanted ON _key = wanted.key")
        return {row.pop("_key"): row for row in found.to_arrow_table().to_pylist()}


def require_cells(found: Collection[str], cells: Sequence[Cell], schema: Schema) -> None:
    """Raise NotFound unless every cell was found."""
    missing = [cell.key for cell in cells if cell.key not in found]
    if missing:
        names = ".".join(column.id for column in schema.dimensions)
        raise NotFound(
            f"{schema.context} has no observation {missing[0]} that readers see; the key is {names}"
        )
