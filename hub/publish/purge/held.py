"""What a purge takes of what partners sent and a person was to look at first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from hub.errors import NotFound
from hub.model import Schema
from hub.publish.purge.files import Cell
from hub.store import Store
from hub.store.review import raw_behind
from hub.store.waiting import Waiting


def holds(
    store: Store, schema: Schema, cells: Sequence[Cell] = (), raw: Collection[str] = ()
) -> Callable[[Waiting], bool]:
    """Says of what is held whether it has something in some cells, or came from some raw bytes."""

    def is_to_go(one: Waiting) -> bool:
        return not set(raw).isdisjoint(raw_behind(one)) or _is_in(store, one, schema, cells)

    return is_to_go


def _is_in(store: Store, one: Waiting, schema: Schema, cells: Sequence[Cell]) -> bool:
    if not cells:
        return False
    try:
        table = store.lake.waiting(one.content["digest"])
    except NotFound:
        return True  # what cannot be looked at is not kept
    return any(_has(table, schema, cell) for cell in cells)


def _has(table: pa.Table, schema: Schema, cell: Cell) -> bool:
    """True where a row as it came fits a cell; what it leaves open fits anything."""
    fits = pa.chunked_array([pa.repeat(pa.scalar(True), table.num_rows)])
    for column, value in zip(schema.dimensions, cell, strict=True):
        if value is not None and column.id in table.column_names:
            texts = table.column(column.id).cast(pa.string())
            fits = pc.and_(fits, pc.equal(texts, value).fill_null(True))
    return bool(pc.any(fits).as_py())
