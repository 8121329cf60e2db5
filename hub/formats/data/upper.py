"""The attributes above the series, found in a table where each row repeats them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hub.formats.message import DataSet
from hub.model import Attachment, Column, Schema


def upper_columns(schema: Schema, chosen: Sequence[str] | None = None) -> tuple[str, ...]:
    """The columns that tell the attributes of data set and groups; () without such.

    `chosen` are the columns that are written, None means all.
    """
    attributes = [
        column
        for column in schema.attributes
        if (chosen is None or column.id in chosen)
        and column.attachment in (Attachment.DATASET, Attachment.GROUP)
    ]
    of_groups = {name for column in attributes if column.group for name in column.dimensions}
    dimensions = (column.id for column in schema.dimensions if column.id in of_groups)
    return (*dimensions, *(column.id for column in attributes)) if attributes else ()


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
    kept = table.select([*key, *names])
    if all(kept[name].null_count for name in names):
        kept = kept.filter(reduce(pc.or_, (pc.is_valid(kept[name]) for name in names)))
    return kept.slice(0, 1) if not key else kept.take(_firsts(kept, key))


def _firsts(table: pa.Table, key: Sequence[str]) -> pa.Array:
    """The place of the first row of each key, in order."""
    whole = np.zeros(len(table), np.int64)
    for name in key:
        column = table.column(name).combine_chunks()
        if not pa.types.is_dictionary(column.type):
            column = column.dictionary_encode()
        codes = column.indices.cast(pa.int64()).fill_null(-1).to_numpy() + 1
        # Numbered anew after each column, so that the product stays small.
        whole = np.unique(whole * (len(column.dictionary) + 1) + codes, return_inverse=True)[1]
    return pa.array(np.sort(np.unique(whole, return_index=True)[1]))
