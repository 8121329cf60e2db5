"""The state of slices after submissions, in the engine.

Deletions come first, of observations, then of single values; then what is given takes its place:
information and replacing rows whole, merging and appended ones with what they leave empty filled
from the observation there was. An attribute of a series, a group or the data set has one value: the
one given, else the one there was (SDMX 3.0, "Action": attributes above the observation are merged).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import duckdb
import pyarrow.compute as pc

from hub.engine import identifier, identifiers
from hub.model import Attachment, Column, Schema
from hub.publish.findings import Findings
from hub.publish.portions import (
    ACTION,
    CLEAR,
    DELETE,
    MERGE,
    PART,
    ROW,
    SOURCE,
    Portion,
    mark_of,
)

_IS_DELETION = f"{ACTION} IN ({DELETE}, {CLEAR})"
_IS_MERGE = f"{ACTION} = {MERGE}"


def load_state(connection: duckdb.DuckDBPyConnection, schema: Schema, portion: Portion) -> None:
    """Make the relations `incoming`, `base` and `state` of a portion.

    They have those columns that vary in it: SOURCE and the components.
    """
    connection.register("incoming", portion.given)
    connection.register("base", portion.base)
    connection.register("unclaimed", portion.remaining)
    actions = set(portion.given.column(ACTION).unique().to_pylist())
    _make_kept(connection, schema, portion, has_deletions=DELETE in actions)
    _make_remaining(connection, schema, portion, has_marks=CLEAR in actions)
    _make_rows(connection, schema, portion, actions)
    _make_state(connection, schema, portion)


def keys_of(schema: Schema, portion: Portion) -> list[str]:
    """What tells the observations of a portion apart: columns that vary in it, quoted."""
    names = (SOURCE, *(column.id for column in schema.dimensions))
    return [identifier(name) for name in portion.ranks.varying(names)]


def values_of(schema: Schema, portion: Portion) -> list[str]:
    """The measures and attributes that vary in a portion, quoted."""
    names = (column.id for column in (*schema.measures, *schema.attributes))
    return [identifier(name) for name in portion.ranks.varying(names)]


def matched(left: str, right: str, keys: Iterable[str]) -> str:
    """The condition that rows of two tables have the same key."""
    return " AND ".join(f"{left}.{key} = {right}.{key}" for key in keys) or "TRUE"


def _make_kept(
    connection: duckdb.DuckDBPyConnection, schema: Schema, portion: Portion, *, has_deletions: bool
) -> None:
    """Make `kept`: what there was, but for what is given completely or deleted."""
    if not has_deletions:
        connection.execute("CREATE TEMP VIEW kept AS FROM unclaimed")
        return
    found = _matching(connection, keys_of(schema, portion), f"{ACTION} = {DELETE}")
    connection.execute(
        f"CREATE TEMP TABLE kept AS FROM unclaimed b "
        f"WHERE {' AND '.join(f'NOT {one}' for one in found)}"
    )


def _make_remaining(
    connection: duckdb.DuckDBPyConnection, schema: Schema, portion: Portion, *, has_marks: bool
) -> None:
    """Make `remaining`: what is kept, without the single values that are deleted.

    Of an attribute above the observation all of the series, the group or the data set loses it.
    """
    if not has_marks:
        connection.execute("CREATE TEMP VIEW remaining AS FROM kept")
        return
    cleared = []
    for name in portion.marked:
        column, quoted = schema.by_id[name], identifier(name)
        is_marked = f"{ACTION} = {CLEAR} AND i.{identifier(mark_of(name))}"
        keys = keys_of(schema, portion)
        if column.attachment is not Attachment.OBSERVATION:
            over = _level_of(schema, column)
            keys = [identifier(key) for key in portion.ranks.varying(over)]
        found = _matching(connection, keys, is_marked) or ["FALSE"]
        cleared.append(f"CASE WHEN {' OR '.join(found)} THEN NULL ELSE {quoted} END AS {quoted}")
    connection.execute(
        f"CREATE TEMP TABLE remaining AS SELECT * REPLACE ({', '.join(cleared)}) FROM kept b"
    )


def _matching(connection: duckdb.DuckDBPyConnection, keys: Sequence[str], wanted: str) -> list[str]:
    """Conditions of which one holds for a row `b` that some rows of `incoming` mean.

    A dimension that these leave empty means any value. There is one condition for each set of
    dimensions given, so that every one can join by equality.
    """
    given = ", ".join(f"{key} IS NOT NULL" for key in keys) or "TRUE"
    patterns = connection.execute(
        f"SELECT DISTINCT {given} FROM incoming i WHERE {wanted} ORDER BY ALL"
    ).fetchall()
    found = []
    for pattern in patterns:
        same = [
            f"i.{key} = b.{key}" if is_given else f"i.{key} IS NULL"
            for key, is_given in zip(keys, pattern[: len(keys)], strict=True)
        ]
        found.append(f"EXISTS (FROM incoming i WHERE {' AND '.join((wanted, *same))})")
    return found


def _make_rows(
    connection: duckdb.DuckDBPyConnection, schema: Schema, portion: Portion, actions: set[int]
) -> None:
    """Make `rows`: what is given, and what remains beside it."""
    keys, values = keys_of(schema, portion), values_of(schema, portion)
    names = ", ".join((*keys, *values))
    same = matched("i", "b", keys)
    parts = [f"SELECT {names} FROM incoming WHERE {ACTION} NOT IN ({MERGE}, {DELETE}, {CLEAR})"]
    if MERGE in actions:
        merged = [*(f"i.{key}" for key in keys), *(f"coalesce(i.{v}, b.{v})" for v in values)]
        parts.append(
            f"SELECT {', '.join(merged)} FROM incoming i LEFT JOIN remaining b ON {same} "
            f"WHERE {_IS_MERGE}"
        )
    if portion.remaining.num_rows:
        parts.append(
            f"SELECT {names} FROM remaining b "
            f"WHERE NOT EXISTS (FROM incoming i WHERE {same} AND NOT ({_IS_DELETION}))"
        )
    connection.execute(f"CREATE TEMP VIEW rows AS {' UNION ALL '.join(parts)}")


def _make_state(connection: duckdb.DuckDBPyConnection, schema: Schema, portion: Portion) -> None:
    """Make `state`: rows in which a series, a group or the data set has one value of an attribute.

    Within a slice: what one slice is told does not change another.
    """
    joins: list[str] = []
    shared: list[str] = []
    for number, (keys, names) in enumerate(_upper_levels(schema, portion)):
        level = f"level{number}"
        if _make_level(connection, level, keys, names):
            joins.append(f"JOIN {level} ON {matched('rows', level, keys)}")
            shared += [f"coalesce({level}.{name}, rows.{name}) AS {name}" for name in names]
    if not joins:
        connection.execute("CREATE TEMP VIEW state AS FROM rows")
        return
    connection.execute(
        f"CREATE TEMP TABLE state AS "
        f"SELECT rows.* REPLACE ({', '.join(shared)}) FROM rows {' '.join(joins)}"
    )


def _upper_levels(schema: Schema, portion: Portion) -> list[tuple[list[str], list[str]]]:
    """For each set of dimensions that attributes attach to: what varies of both, quoted."""
    varying = portion.ranks.varying
    return [
        ([identifier(key) for key in varying(over)], [identifier(name) for name in varying(names)])
        for over, names in levels_of(schema).items()
        if varying(names)
    ]


def levels_of(schema: Schema) -> dict[tuple[str, ...], list[str]]:
    """The attributes above the observation, by the source and dimensions that share a value."""
    levels: dict[tuple[str, ...], list[str]] = {}
    for column in schema.attributes:
        if column.attachment is not Attachment.OBSERVATION:
            levels.setdefault(_level_of(schema, column), []).append(column.id)
    return levels


def _level_of(schema: Schema, column: Column) -> tuple[str, ...]:
    """What has one value of an attribute above the observation: slices never share one."""
    within = (SOURCE, schema.slice_by) if schema.slice_by else (SOURCE,)
    return tuple(dict.fromkeys((*within, *column.dimensions)))


def _make_level(
    connection: duckdb.DuckDBPyConnection, level: str, keys: Sequence[str], names: Sequence[str]
) -> bool:
    """Make a table of what attributes are above some dimensions: as given, else as there was.

    False where all rows agree, so that there is nothing to share.
    """
    columns = ", ".join((*keys, *names))
    first = ", ".join((*keys, *(f"arg_min({name}, _rank) AS {name}" for name in names)))
    differs = " OR ".join(
        f"count({name}) NOT IN (0, count(*)) OR count(DISTINCT {name}) > 1" for name in names
    )
    grouped = f"GROUP BY {', '.join(keys)}" if keys else ""
    connection.execute(
        f"CREATE TEMP TABLE {level} AS SELECT {first}, {differs} AS _differs FROM ("
        f"SELECT {columns}, 0 AS _rank FROM incoming WHERE NOT ({_IS_DELETION}) "
        f"UNION ALL SELECT {columns}, 1 FROM remaining) {grouped}"
    )
    found = connection.execute(f"SELECT bool_or(_differs) FROM {level}").fetchall()
    return found == [(True,)]


def check_merged(
    connection: duckdb.DuckDBPyConnection,
    schema: Schema,
    portion: Portion,
    findings: Sequence[Findings],
) -> None:
    """Tell merging rows whose observation lacks something mandatory even when merged.

    `findings` has one place for each submission.
    """
    if not pc.any(pc.equal(portion.given.column(ACTION), MERGE)).as_py():
        return
    same = matched("i", "state", keys_of(schema, portion))
    needed = [c.id for c in (*schema.measures, *schema.attributes) if c.is_mandatory]
    for name in needed:
        value = portion.ranks.sql(name)
        missing = f"state.{value} IS NULL" if portion.ranks.varying([name]) else f"{value} IS NULL"
        rows = connection.execute(
            f"SELECT {identifiers((f'{PART}', f'{ROW}'))} FROM incoming i JOIN state ON {same} "
            f"WHERE {_IS_MERGE} AND {missing} ORDER BY ALL"
        ).fetchall()
        for part, row in rows:
            message = (
                f"{name} is mandatory; it is neither given here nor there already, so this row "
                "cannot be merged: add it"
            )
            findings[part].add("incomplete-merge", message, row=row, column=name)
