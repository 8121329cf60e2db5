"""The attributes above the series, found in a table where each row repeats them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from hub.formats.message import DataSet
from hub.model import Attachment, Column


def with_upper_attributes(dataset: DataSet, table: pa.Table) -> DataSet:
    """The data set with `groups` and `dataset_attributes` filled from a table of its rows.

    The first row of a key that has any of the values speaks for it.
    """
    attributes = [c for c in dataset.schema.attributes if c.id in dataset.columns]
    whole = [c for c in attributes if c.attachment is Attachment.DATASET]
    groups = {
        group.id: _distinct(table, group.dimensions, held)
        for group in dataset.schema.structure.groups
        if (held := [c for c in attributes if c.group == group.id])
        and set(group.dimensions) <= set(table.column_names)
    }
    values = _distinct(table, (), whole) if whole else None
    if values is not None and not len(values):  # no row has any: they have their place all the same
        values = pa.table([pa.nulls(1, kind) for kind in values.schema.types], schema=values.schema)
    return replace(dataset, groups=groups, dataset_attributes=values)


def _distinct(table: pa.Table, key: Sequence[str], attributes: Sequence[Column]) -> pa.Table:
    names = [c.id for c in attributes]
    valued = reduce(pc.or_, (pc.is_valid(table[name]) for name in names))
    kept = table.select([*key, *names]).filter(valued)
    if not key:
        return kept.slice(0, 1)
    keys = pa.table({name: kept[name].cast(pa.string()) for name in key})
    rows = keys.append_column("row", pa.arange(0, len(kept)))
    firsts = rows.group_by(list(key)).aggregate([("row", "min")])["row_min"]
    return kept.take(firsts.combine_chunks().sort())
