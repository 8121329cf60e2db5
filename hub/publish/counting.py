"""How many observations increments lead to, counted by key before anything is validated."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import duckdb
import pyarrow as pa

from hub.engine import identifier, literal, session
from hub.engine.encoded import whole
from hub.formats.message import Action, RawData
from hub.model import Schema, SliceVersion
from hub.publish.actions import actions_of, asks_for
from hub.store import Store

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
        for one in store.newest(schema.context)
        if one.source in given and one.slice in within.get(one.source, (one.slice,))
    ]
    counts = dict.fromkeys(given, 0)
    for one in held:
        counts[one.source] += one.rows
    files = [one for one in held if store.lake.data_path(one.digest).is_file()]
    if not given:
        return {}
    with session(memory_limit=store.settings.memory_limit) as connection:
        connection.register("given", pa.concat_tables([_keys(*one, keys) for one in given.items()]))
        _make_held(connection, store, files, keys)
        matched = " AND ".join(f"g.{identifier(k)} = h.{identifier(k)}" for k in (_SOURCE, *keys))
        known = f"h.{_SOURCE} IS NOT NULL"
        query = (
            f"SELECT g.{_SOURCE}, count(*) FILTER (NOT g.{_DELETES} AND NOT {known}), "
            f"count(*) FILTER (g.{_DELETES} AND {known}) "
            f"FROM given g LEFT JOIN held h ON {matched} GROUP BY ALL"
        )
        for source, added, withdrawn in connection.execute(query).fetchall():
            counts[source] += added - withdrawn
    return counts


def _has_keys(raw: RawData, keys: list[str]) -> bool:
    there = [raw.table.column(key).type for key in keys if key in raw.table.column_names]
    plain = (pa.types.is_string(kind) or pa.types.is_dictionary(kind) for kind in there)
    return len(there) == len(keys) and all(plain)


def _keys(source: str, raw: RawData, keys: list[str]) -> pa.Table:
    rows = raw.table.num_rows
    columns = {key: whole(raw.table.column(key)).cast(pa.string()) for key in keys}
    deletes = asks_for(actions_of(raw), Action.DELETE)
    return pa.table({_SOURCE: pa.repeat(source, rows), _DELETES: deletes, **columns})


def _make_held(
    connection: duckdb.DuckDBPyConnection, store: Store, files: list[SliceVersion], keys: list[str]
) -> None:
    """The relation `held`: the keys of files, each with its source."""
    named = ", ".join(identifier(key) for key in keys)
    parts = [
        f"SELECT {literal(one.source)} AS {_SOURCE}, {named} "
        f"FROM read_parquet({literal(store.lake.data_path(one.digest).as_posix())})"
        for one in files
    ]
    empty = ", ".join(f"NULL::VARCHAR AS {identifier(key)}" for key in (_SOURCE, *keys))
    connection.execute(
        f"CREATE TEMP TABLE held AS {' UNION ALL '.join(parts) or f'SELECT {empty} LIMIT 0'}"
    )
