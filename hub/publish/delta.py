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

from hub.engine import arrow_schema, duckdb_type, identifier, identifiers, literals, session
from hub.formats.message import Action
from hub.model import DeltaCounts, Schema

CHANGE = "_CHANGE"
ADDED, REVISED, WITHDRAWN = "added", "revised", "withdrawn"
_SOURCE, _SLICE, _COMPLETE = "_source", "_slice", "_complete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """Checked observations of one source; `complete` slices lose what is not in `table`."""

    source: str
    table: pa.Table
    actions: pa.Array
    replaces: bool
    complete: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The new state of a slice, sorted by key, and what changed (None: all of it is new)."""

    source: str
    slice: str
    state: pa.Table
    delta: pa.Table | None
    counts: DeltaCounts


def touched_slices(schema: Schema, incoming: Incoming) -> set[str]:
    """The slices that a source's observations fall into, with those it declares complete."""
    if schema.slice_by is None:
        return {""}
    given = pc.unique(incoming.table.column(schema.slice_by)).to_pylist()
    return {value for value in given if value is not None} | set(incoming.complete)


def compute_changes(
    schema: Schema,
    incoming: Sequence[Incoming],
    base: Mapping[tuple[str, str], Path],
    memory_limit: str = "2GB",
) -> Iterator[Change]:
    """Compute the change of every slice that differs from its base.

    `base` gives the file of the newest version of each (slice, source) there is.
    """
    with session(memory_limit=memory_limit) as connection:
        _load_incoming(connection, schema, incoming)
        _load_base(connection, schema, incoming, base)
        _apply(connection, schema)
        yield from _changed_slices(connection, schema, base)


def _load_incoming(
    connection: duckdb.DuckDBPyConnection, schema: Schema, incoming: Sequence[Incoming]
) -> None:
    for index, part in enumerate(incoming):
        connection.register(f"part{index}", part.table.append_column("_action", part.actions))
    columns = identifiers(column.id for column in schema.columns)
    slice_ = identifier(schema.slice_by) if schema.slice_by else "''"
    selects = " UNION ALL ".join(
        f"SELECT {literals([part.source])} AS {_SOURCE}, {slice_} AS {_SLICE}, "
        f"{columns}, _action FROM part{index}"
        for index, part in enumerate(incoming)
    )
    connection.execute(f"CREATE TEMP TABLE incoming AS {selects}")
    complete = [
        (part.source, slice_)
        for part in incoming
        for slice_ in (touched_slices(schema, part) if part.replaces else set(part.complete))
    ]
    connection.execute("CREATE TEMP TABLE complete (source VARCHAR, slice VARCHAR)")
    if complete:
        connection.executemany("INSERT INTO complete VALUES (?, ?)", complete)


def _load_base(
    connection: duckdb.DuckDBPyConnection,
    schema: Schema,
    incoming: Sequence[Incoming],
    base: Mapping[tuple[str, str], Path],
) -> None:
    typed = ", ".join(f"{identifier(c.id)} {duckdb_type(c)}" for c in schema.columns)
    connection.execute(f"CREATE TEMP TABLE base ({_SOURCE} VARCHAR, {_SLICE} VARCHAR, {typed})")
    slice_ = identifier(schema.slice_by) if schema.slice_by else "''"
    for part in incoming:
        touched = touched_slices(schema, part)
        paths = [
            path.as_posix()
            for (name, source), path in base.items()
            if source == part.source and name in touched
        ]
        if paths:
            connection.execute(
                f"INSERT INTO base BY NAME SELECT {literals([part.source])} AS {_SOURCE}, "
                f"{slice_} AS {_SLICE}, * "
                f"FROM read_parquet([{literals(paths)}], union_by_name = true)"
            )


def _apply(connection: duckdb.DuckDBPyConnection, schema: Schema) -> None:
    """Make the tables `kept` (base rows that stay) and `state` (all rows afterwards)."""
    keys = [_SOURCE, *(column.id for column in schema.dimensions)]
    same = " AND ".join(f"i.{identifier(key)} = b.{identifier(key)}" for key in keys)
    wild = " AND ".join(
        f"(i.{identifier(c.id)} IS NULL OR i.{identifier(c.id)} = b.{identifier(c.id)})"
        for c in schema.dimensions
    )
    values = [column.id for column in (*schema.measures, *schema.attributes)]
    merged = ", ".join(f"coalesce(i.{identifier(v)}, b.{identifier(v)})" for v in values)
    given = ", ".join(f"i.{identifier(name)}" for name in (_SOURCE, _SLICE))
    dims = ", ".join(f"i.{identifier(column.id)}" for column in schema.dimensions)
    new = ", ".join(f"i.{identifier(v)}" for v in values)
    merge, delete = Action.MERGE.value, Action.DELETE.value
    connection.execute(
        f"CREATE TEMP TABLE state AS "
        f"SELECT {given}, {dims}, {new} FROM incoming i "
        f"WHERE _action NOT IN ('{merge}', '{delete}') "
        f"UNION ALL SELECT {given}, {dims}, {merged} FROM incoming i LEFT JOIN base b ON {same} "
        f"WHERE _action = '{merge}' "
        f"UNION ALL SELECT b.* FROM base b "
        f"WHERE NOT EXISTS (FROM complete c WHERE c.source = b.{_SOURCE} AND c.slice = b.{_SLICE}) "
        f"AND NOT EXISTS (FROM incoming i WHERE {same} AND _action <> '{delete}') "
        f"AND NOT EXISTS (FROM incoming i WHERE _action = '{delete}' "
        f"AND i.{_SOURCE} = b.{_SOURCE} AND {wild})"
    )


def _changed_slices(
    connection: duckdb.DuckDBPyConnection,
    schema: Schema,
    base: Mapping[tuple[str, str], Path],
) -> Iterator[Change]:
    delta = _delta(connection, schema)
    counted = connection.execute(
        f"SELECT {_SOURCE}, {_SLICE}, count(*) FILTER ({CHANGE} = '{ADDED}'), "
        f"count(*) FILTER ({CHANGE} = '{REVISED}'), count(*) FILTER ({CHANGE} = '{WITHDRAWN}') "
        f"FROM delta GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    order = identifiers([_SOURCE, _SLICE, *(column.id for column in schema.dimensions)])
    states = _cut(connection.sql(f"FROM state ORDER BY {order}").to_arrow_table())
    deltas = _cut(delta)
    arrow = arrow_schema(schema)
    for source, slice_, added, revised, withdrawn in counted:
        state = states.get((source, slice_))
        rows = state.select(arrow.names).cast(arrow) if state is not None else arrow.empty_table()
        changes = deltas[source, slice_].drop_columns([_SOURCE, _SLICE])
        yield Change(
            source=source,
            slice=slice_,
            state=rows.combine_chunks(),
            delta=changes.combine_chunks() if (slice_, source) in base else None,
            counts=DeltaCounts(added=added, revised=revised, withdrawn=withdrawn),
        )


def _delta(connection: duckdb.DuckDBPyConnection, schema: Schema) -> pa.Table:
    """Make the table `delta`: new rows with their new values, withdrawn ones with their last."""
    keys = [_SOURCE, _SLICE, *(column.id for column in schema.dimensions)]
    values = [column.id for column in (*schema.measures, *schema.attributes)]
    join = " AND ".join(f"s.{identifier(key)} = b.{identifier(key)}" for key in keys)
    differs = " OR ".join(f"s.{identifier(v)} IS DISTINCT FROM b.{identifier(v)}" for v in values)
    columns = ", ".join(
        f"CASE WHEN s.{_SOURCE} IS NULL THEN b.{identifier(name)} "
        f"ELSE s.{identifier(name)} END AS {identifier(name)}"
        for name in (*keys, *values)
    )
    connection.execute(
        f"CREATE TEMP TABLE delta AS SELECT {columns}, "
        f"CASE WHEN b.{_SOURCE} IS NULL THEN '{ADDED}' WHEN s.{_SOURCE} IS NULL "
        f"THEN '{WITHDRAWN}' ELSE '{REVISED}' END AS {CHANGE} "
        f"FROM state s FULL JOIN base b ON {join} "
        f"WHERE s.{_SOURCE} IS NULL OR b.{_SOURCE} IS NULL OR {differs or 'FALSE'}"
    )
    return connection.sql(f"FROM delta ORDER BY {identifiers(keys)}").to_arrow_table()


def _cut(table: pa.Table) -> dict[tuple[str, str], pa.Table]:
    """Cut a table sorted by source and slice into one for each."""
    if not table.num_rows:
        return {}
    pairs = pa.StructArray.from_arrays(
        [table.column(_SOURCE).combine_chunks(), table.column(_SLICE).combine_chunks()],
        [_SOURCE, _SLICE],
    )
    ends = pc.run_end_encode(pc.binary_join_element_wise(*pairs.flatten(), "\x00"))
    pieces: dict[tuple[str, str], pa.Table] = {}
    start = 0
    for end, name in zip(ends.run_ends.to_pylist(), ends.values.to_pylist(), strict=True):
        source, _, slice_ = name.partition("\x00")
        pieces[source, slice_] = table.slice(start, end - start)
        start = end
    return pieces
