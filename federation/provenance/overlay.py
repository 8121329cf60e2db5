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

    Both have the columns of `schema`. Raises NotSupported for a row that deletes a part of the
    flow, or changes a part of an observation: increments of nodes have neither.
    """
    keys = [column.id for column in schema.dimensions]
    if any(given.column(name).null_count for name in keys):
        raise NotSupported("a deletion of a part of the flow cannot be followed here")
    if asks_for(actions, *MERGING).true_count:
        raise NotSupported("a merge into observations cannot be followed here")
    kept = base.take(_absent(_keys(base, keys), _keys(given, keys)))
    new = given.filter(pc.invert(asks_for(actions, Action.DELETE)))
    return pa.concat_tables([kept, new.cast(kept.schema)])


def _keys(table: pa.Table, names: list[str]) -> pa.Table:
    columns = {name: table.column(name).cast(pa.string()) for name in names}
    return pa.table({**columns, _PLACE: pa.arange(0, table.num_rows)})


def _absent(base: pa.Table, given: pa.Table) -> pa.Array:
    """The places of the rows of `base` whose key is not in `given`, in order."""
    names = [name for name in base.column_names if name != _PLACE]
    left = base.join(given.select(names), keys=names, join_type="left anti")
    return left.column(_PLACE).combine_chunks().sort()
