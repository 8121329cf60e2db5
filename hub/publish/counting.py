"""How many observations increments lead to, counted by key before anything is validated."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from hub.engine.encoded import joined, occurring, together
from hub.formats.message import Action, RawData
from hub.model import Schema, SliceVersion
from hub.publish.actions import actions_of, asks_for
from hub.store import Store
from hub.store.parquet import Together
from hub.store.parts import state_of
from hub.store.recent import newest_recent, read_recent

_SOURCE, _DELETES = "_source", "_deletes"


def rows_after(
    store: Store,
    schema: Schema,
    increments: Mapping[str, RawData],
    areas: Mapping[str, Collection[str]] | None = None,
) -> dict[str, int]:
    """The observations each source would have of a flow once its increment was applied.

    Of a source that `areas` names, those of these slices alone are counted. Keys are compared as
    they are spelt. A source whose rows lack a dimension, or have several values of it, is left out.
    """
    keys = [column.id for column in schema.dimensions]
    given = {name: raw for name, raw in increments.items() if _has_keys(raw, keys)}
    within = areas or {}
    held = [
        one
        for one in newest_recent(store, schema.context)
        if one.source in given and one.slice in within.get(one.source, (one.slice,))
    ]
    counts = dict.fromkeys(given, 0)
    for one in held:
        counts[one.source] += one.rows
    if not given:
        return {}
    told = _told(given, keys)
    deleted = told.column(_DELETES)
    added = told.filter(pc.invert(deleted)).select([_SOURCE, *keys])
    _count(counts, added.group_by(added.column_names).aggregate([]), 1)
    there = [one for one in held if state_of(store.lake, one).path.is_file()]
    before = _held(store, schema, there, keys)
    # What is there is not added, and what is deleted was there.
    _count(counts, before.take(occurring(before, told.select([_SOURCE, *keys]))), -1)
    return counts


def _count(counts: dict[str, int], rows: pa.Table, each: int) -> None:
    """Add so much for each row to what is counted of its source."""
    for source, found in zip(*rows.column(_SOURCE).value_counts().flatten(), strict=True):
        counts[source.as_py()] += each * found.as_py()


def _has_keys(raw: RawData, keys: list[str]) -> bool:
    kinds = {field.name: field.type for field in raw.table.schema}
    return all(
        key in kinds and (pa.types.is_string(kinds[key]) or pa.types.is_dictionary(kinds[key]))
        for key in keys
    )


def _told(given: Mapping[str, RawData], keys: list[str]) -> pa.Table:
    """The keys that increments give, each with its source and whether it is deleted."""
    tables = joined([raw.table.select(keys) for raw in given.values()])
    spelt = [pa.table([c.cast(pa.string()) for c in t.columns], keys) for t in tables]
    rows = tuple(raw.table.num_rows for raw in given.values())
    sources = Together(pa.concat_tables(spelt), rows)
    deletes = asks_for(together(map(actions_of, given.values())), Action.DELETE)
    return sources.table.append_column(_SOURCE, sources.told(list(given))).append_column(
        _DELETES, deletes
    )


def _held(store: Store, schema: Schema, versions: list[SliceVersion], keys: list[str]) -> pa.Table:
    """The keys of slice versions, each with its source."""
    parts = [(state_of(store.lake, one), one.source) for one in versions]
    parts.sort(key=lambda one: (one[0].order, one[1]))
    found = read_recent([part for part, _ in parts], schema)
    sources = found.told([source for _, source in parts])
    return found.table.select(keys).append_column(_SOURCE, sources)
