"""What submissions change: the new state of each slice, and its delta against the one before.

One pass in the engine for all slices of all sources of a flow. Every column but the key is
compared; a null equals a null, and NaN equals NaN.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from hub.engine import arrow_schema, identifier, identifiers, session
from hub.model import Column, DeltaCounts, Schema
from hub.publish.state import SLICE, SOURCE, Incoming, load_state

CHANGE = "_CHANGE"
ADDED, REVISED, WITHDRAWN = "added", "revised", "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The new state of a slice, sorted by key, and what changed (None: all of it is new)."""

    source: str
    slice: str
    state: pa.Table
    delta: pa.Table | None
    counts: DeltaCounts


def compute_changes(
    schema: Schema,
    incoming: Sequence[Incoming],
    base: Mapping[tuple[str, str], Path],
    memory_limit: str = "2GB",
) -> Iterator[Change]:
    """Compute the change of every slice that differs from its base.

    `base` gives the file of the newest version of each (slice, source) there is. Raises Invalid
    where a merging row leaves something mandatory without a value.
    """
    with session(memory_limit=memory_limit) as connection:
        load_state(connection, schema, incoming, base)
        yield from _changed_slices(connection, schema, base)


def _changed_slices(
    connection: duckdb.DuckDBPyConnection,
    schema: Schema,
    base: Mapping[tuple[str, str], Path],
) -> Iterator[Change]:
    order = identifiers([SOURCE, SLICE, *(column.id for column in schema.dimensions)])
    states = _cut(connection.sql(f"FROM state ORDER BY {order}").to_arrow_table())
    known = sorted((source, slice_) for slice_, source in base)
    deltas = _cut(_delta(connection, schema, known, order)) if known else {}
    empty = arrow_schema(schema).empty_table()
    for source, slice_ in sorted({*states, *deltas}):
        state = states.get((source, slice_), empty).select(empty.column_names)
        delta = deltas.get((source, slice_))
        counts = DeltaCounts(added=state.num_rows)
        if (slice_, source) in base:
            if delta is None:
                continue
            counts = _counted(delta)
            delta = delta.drop_columns([SOURCE, SLICE]).combine_chunks()
        yield Change(
            source=source,
            slice=slice_,
            state=state.cast(empty.schema).combine_chunks(),
            delta=delta,
            counts=counts,
        )


def _counted(delta: pa.Table) -> DeltaCounts:
    found = {
        pair["values"]: pair["counts"] for pair in delta.column(CHANGE).value_counts().to_pylist()
    }
    return DeltaCounts(
        added=found.get(ADDED, 0),
        revised=found.get(REVISED, 0),
        withdrawn=found.get(WITHDRAWN, 0),
    )


def _delta(
    connection: duckdb.DuckDBPyConnection,
    schema: Schema,
    known: Sequence[tuple[str, str]],
    order: str,
) -> pa.Table:
    """What changed in the `known` slices: new rows with their new values, withdrawn with the last.

    In slices that were not there before everything is new; that needs no comparison.
    """
    columns = {SOURCE: [source for source, _ in known], SLICE: [slice_ for _, slice_ in known]}
    connection.register("known", pa.table(columns))
    keys = [identifier(name) for name in (SOURCE, SLICE, *(c.id for c in schema.dimensions))]
    values = (*schema.measures, *schema.attributes)
    join = " AND ".join(f"s.{key} = b.{key}" for key in keys)
    differs = " OR ".join(
        f"{_compared('s', column)} IS DISTINCT FROM {_compared('b', column)}" for column in values
    )
    selected = ", ".join(
        f"CASE WHEN s.{SOURCE} IS NULL THEN b.{name} ELSE s.{name} END AS {name}"
        for name in (*keys, *(identifier(column.id) for column in values))
    )
    return connection.sql(
        f"SELECT {selected}, "
        f"CASE WHEN b.{SOURCE} IS NULL THEN '{ADDED}' WHEN s.{SOURCE} IS NULL "
        f"THEN '{WITHDRAWN}' ELSE '{REVISED}' END AS {CHANGE} "
        f"FROM (FROM state SEMI JOIN known USING ({SOURCE}, {SLICE})) s FULL JOIN base b ON {join} "
        f"WHERE s.{SOURCE} IS NULL OR b.{SOURCE} IS NULL OR {differs or 'FALSE'} "
        f"ORDER BY {order}"
    ).to_arrow_table()


def _compared(table: str, column: Column) -> str:
    """A value as it is compared: the order of languages in a text means nothing."""
    name = f"{table}.{identifier(column.id)}"
    return f"list_sort(map_entries({name}))" if column.is_multilingual else name


def _cut(table: pa.Table) -> dict[tuple[str, str], pa.Table]:
    """Cut a table sorted by source and slice into one for each."""
    if not table.num_rows:
        return {}
    names = (table.column(name).combine_chunks() for name in (SOURCE, SLICE))
    ends = pc.run_end_encode(pc.binary_join_element_wise(*names, "\x00"))
    pieces: dict[tuple[str, str], pa.Table] = {}
    start = 0
    for end, name in zip(ends.run_ends.to_pylist(), ends.values.to_pylist(), strict=True):
        source, _, slice_ = name.partition("\x00")
        pieces[source, slice_] = table.slice(start, end - start)
        start = end
    return pieces
