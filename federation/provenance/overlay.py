"""Putting what changed over what there was, as rows: the state a partner's increments lead to."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from hub.errors import NotSupported
from hub.formats.message import Action
from hub.model import Schema
from hub.publish.actions import MERGING, asks_for

_PLACE = "_place"


def overlaid(
    base: pa.Table, given: pa.Table, actions: pa.DictionaryArray, schema: Schema
) -> pa.Table:
    """`base` without the observations that `given` names, and those that it does not delete.

    Both have the columns of `schema`. A deletion that leaves dimensions empty means any value of
    them. Raises NotSupported for a row that changes a part of an observation.
    """
    keys = [column.id for column in schema.dimensions]
    if asks_for(actions, *MERGING).true_count:
        raise NotSupported("a merge into observations cannot be followed here")
    is_open = pa.array([False] * given.num_rows)
    for name in keys:
        is_open = pc.or_(is_open, given.column(name).combine_chunks().is_null())
    base = _without_parts(base, given.filter(is_open), keys)
    actions, given = actions.filter(pc.invert(is_open)), given.filter(pc.invert(is_open))
    kept = base.take(_absent(_keys(base, keys), _keys(given, keys)))
    new = given.filter(pc.invert(asks_for(actions, Action.DELETE)))
    return pa.concat_tables([kept, new.cast(kept.schema)])


def _without_parts(base: pa.Table, deletions: pa.Table, keys: list[str]) -> pa.Table:
    """The rows of `base` that no deletion of a part of the flow means."""
    for deletion in deletions.select(keys).to_pylist():
        told = {name: value for name, value in deletion.items() if value is not None}
        meant = pa.array([True] * base.num_rows)
        for name, value in told.items():
            meant = pc.and_(meant, pc.equal(base.column(name).combine_chunks(), value))
        base = base.filter(pc.invert(pc.fill_null(meant, False)))
    return base


def _keys(table: pa.Table, names: list[str]) -> pa.Table:
    columns = {name: table.column(name).cast(pa.string()) for name in names}
    return pa.table({**columns, _PLACE: pa.arange(0, table.num_rows)})


def _absent(base: pa.Table, given: pa.Table) -> pa.Array:
    """The places of the rows of `base` whose key is not in `given`, in order."""
    names = [name for name in base.column_names if name != _PLACE]
    left = base.join(given.select(names), keys=names, join_type="left anti")
    return left.column(_PLACE).combine_chunks().sort()
