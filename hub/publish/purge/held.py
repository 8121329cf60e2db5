"""What a purge takes of what partners sent and a person was to look at first."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection

from hub.errors import NotFound
from hub.model import Schema
from hub.publish.purge.files import Cell
from hub.store import Store, flow_name
from hub.store.purges import HeldGone
from hub.store.retention import raw_digests
from hub.store.review import held_in, raw_behind
from hub.store.waiting import State, Waiting

#: Whoever turned these down, or sent something else since: nobody will release them any more.
_OVER = (State.REJECTED, State.SUPERSEDED, State.PURGED)


def held_with(
    store: Store,
    connection: Connection,
    schema: Schema,
    cells: Sequence[Cell] = (),
    raw: Collection[str] = (),
) -> HeldGone:
    """What is held of a flow and has something in some cells, or came from some raw bytes.

    With it goes what is left of all that was held and is over.
    """
    found = HeldGone()
    flow = flow_name(schema.context)
    for one in held_in(connection, flow=flow):
        if not set(raw).isdisjoint(raw_behind(one)) or _is_in(store, one, schema, cells):
            found.ids.append(one.id)
            _take(one, found)
    for one in held_in(connection, flow=flow, states=_OVER):
        _take(one, found)
    found.raw.difference_update(raw_digests(connection))
    return found


def _take(one: Waiting, found: HeldGone) -> None:
    found.raw.update(raw_behind(one))
    found.files.update(one.content.get("aside", ()))


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
