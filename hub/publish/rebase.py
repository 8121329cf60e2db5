"""What is held back, applied again on top of what was published publicly meanwhile.

Three states of a slice decide: the one the held-back version was made against (`old`), that version
(`held`), and the one that takes the place of `old` (`new`). What the held-back version added,
revised or withdrew counts; all else is as it is in `new`. That is told value by value: a correction
of one attribute outlasts a revision of another in the same observation. An attribute of a series, a
group or the data set is told for all of it at once.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pyarrow as pa

from hub.engine import arrow_schema, differs, identifier, identifiers, session
from hub.model import Attachment, Column, Schema
from hub.store.parquet import relation_of
from hub.store.parts import Part

_STATES = ("old", "held", "new")


def applied_again(
    schema: Schema, old: Part | None, held: Part, new: Part, memory_limit: str = "2GB"
) -> pa.Table:
    """The observations of a slice where a held-back version comes after a new state, unsorted.

    `old` is None where the held-back version was the first of its slice.
    """
    with session(memory_limit=memory_limit) as connection:
        for name, part in zip(_STATES, (old, held, new), strict=True):
            parts = [] if part is None else [part]
            connection.execute(f"CREATE TEMP VIEW {name} AS FROM {relation_of(parts, schema)}")
        found = connection.sql(_query(connection, schema)).to_arrow_table()
    return found.cast(arrow_schema(schema))


def _query(connection: duckdb.DuckDBPyConnection, schema: Schema) -> str:
    own = [c for c in (*schema.measures, *schema.attributes) if not _is_shared(c)]
    shared = [column for column in schema.attributes if _is_shared(column)]
    keys = [identifier(column.id) for column in schema.dimensions]
    first = keys[0]
    key = [f"coalesce(h.{name}, n.{name})" for name in keys]
    values = [f"{_value(first, column)} AS {identifier(column.id)}" for column in own]
    is_same = " AND ".join(f"h.{name} = n.{name}" for name in keys)
    was_there = " AND ".join(f"o.{name} = {given}" for name, given in zip(keys, key, strict=True))
    named = [f"{given} AS {name}" for name, given in zip(keys, key, strict=True)]
    connection.execute(
        f"CREATE TEMP TABLE found AS SELECT {', '.join((*named, *values))} "
        f"FROM held h FULL JOIN new n ON {is_same} LEFT JOIN old o ON {was_there} "
        f"WHERE CASE WHEN o.{first} IS NULL THEN TRUE WHEN h.{first} IS NULL THEN FALSE "
        f"ELSE n.{first} IS NOT NULL OR {differs(own, 'h', 'o')} END"
    )
    joins, levels = [], []
    for number, column in enumerate(shared):
        connection.execute(f"CREATE TEMP TABLE level{number} AS {_level(column)}")
        names = _over(column)
        on = " AND ".join(f"level{number}.{name} = found.{name}" for name in names) or "TRUE"
        joins.append(f"LEFT JOIN level{number} ON {on}")
        levels.append(f"level{number}.{identifier(column.id)}")
    chosen = dict(zip((column.id for column in shared), levels, strict=True))
    columns = (chosen.get(c.id, f"found.{identifier(c.id)}") for c in schema.columns)
    return f"SELECT {', '.join(columns)} FROM found {' '.join(joins)}"


def _value(first: str, column: Column) -> str:
    """A value of an observation that is in `held`, in `new`, or in both."""
    name = identifier(column.id)
    return (
        f"CASE WHEN h.{first} IS NULL THEN n.{name} "
        f"WHEN n.{first} IS NULL OR o.{first} IS NULL OR {differs([column], 'h', 'o')} "
        f"THEN h.{name} ELSE n.{name} END"
    )


def _level(column: Column) -> str:
    """What an attribute above the observation is, for each of what it stands for."""
    name, over = identifier(column.id), _over(column)
    parts = dict(_parts(column))
    was = " AND ".join(f"o.{one} = coalesce(h.{one}, n.{one})" for one in over) or "TRUE"
    joined = " AND ".join(f"h.{one} = n.{one}" for one in over) or "TRUE"
    keys = "".join(f"coalesce(h.{one}, n.{one}) AS {one}, " for one in over)
    return (
        f"SELECT {keys}CASE WHEN h._is IS NULL THEN n.{name} "
        f"WHEN n._is IS NULL THEN h.{name} WHEN o._is IS NULL THEN coalesce(h.{name}, n.{name}) "
        f"WHEN {differs([column], 'h', 'o')} THEN h.{name} ELSE n.{name} END AS {name} "
        f"FROM ({parts['held']}) h FULL JOIN ({parts['new']}) n ON {joined} "
        f"LEFT JOIN ({parts['old']}) o ON {was}"
    )


def _parts(column: Column) -> Iterator[tuple[str, str]]:
    """What each state says of an attribute, once for each of what it stands for."""
    name, over = identifier(column.id), identifiers(column.dimensions)
    keys = f"{over}, " if over else ""
    for state in _STATES:
        grouped = f"GROUP BY {over}" if over else "HAVING count(*) > 0"
        yield state, f"SELECT {keys}any_value({name}) AS {name}, TRUE AS _is FROM {state} {grouped}"


def _over(column: Column) -> list[str]:
    return [identifier(name) for name in column.dimensions]


def _is_shared(column: Column) -> bool:
    return column.attachment is not Attachment.OBSERVATION
