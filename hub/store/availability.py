"""Availability: which values, series and observations a selection would find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hub.engine import identifier, identifiers, session
from hub.model import Availability, Schema, Selection
from hub.store.conditions import condition_of
from hub.store.facts import ReleaseFacts
from hub.store.reading import source_sql


def available(
    files: Sequence[Path],
    schema: Schema,
    selection: Selection,
    facts: ReleaseFacts,
    mode: str = "exact",
) -> Availability:
    """Answer an availability query (SDMX REST 2.2, "Availability").

    `exact`: the values in the data that the same data query returns. `available`: for each
    dimension the values that still give data, its own selection left aside.
    """
    if not selection.keys and not selection.filters:
        return _whole(schema, facts)
    periods = facts.values.get(schema.time.id, ()) if schema.time else ()
    dimensions = [column.id for column in schema.dimensions]
    source = source_sql(files, schema, [column.id for column in schema.columns])
    with session() as connection:

        def distinct(dimension: str, chosen: Selection) -> tuple[str, ...]:
            condition = condition_of(schema, chosen, periods)
            column = identifier(dimension)
            rows = connection.execute(
                f"SELECT DISTINCT {column} FROM {source} WHERE {condition.sql} ORDER BY 1",
                condition.values,
            ).fetchall()
            return tuple(row[0] for row in rows)

        values = {
            dimension: distinct(
                dimension,
                selection if mode == "exact" else _without(schema, selection, dimension),
            )
            for dimension in dimensions
        }
        condition = condition_of(schema, selection, periods)
        series = identifiers(column.id for column in schema.key)
        counted = connection.execute(
            f"SELECT count(*), count(DISTINCT ({series})) FROM {source} WHERE {condition.sql}",
            condition.values,
        ).fetchone()
    observations, series_count = counted or (0, 0)
    return _answer(schema, values, series_count, observations)


def _whole(schema: Schema, facts: ReleaseFacts) -> Availability:
    return _answer(schema, dict(facts.values), facts.series_count, facts.obs_count)


def _answer(
    schema: Schema, values: dict[str, tuple[str, ...]], series: int, observations: int
) -> Availability:
    periods = values.get(schema.time.id, ()) if schema.time else ()
    return Availability(
        values=values,
        series_count=series,
        obs_count=observations,
        start=periods[0] if periods else None,
        end=periods[-1] if periods else None,
    )


def _without(schema: Schema, selection: Selection, dimension: str) -> Selection:
    """The selection without what it says about one dimension."""
    position = next((i for i, column in enumerate(schema.key) if column.id == dimension), None)
    keys = selection.keys
    if position is not None:
        keys = tuple(
            tuple(() if index == position else wanted for index, wanted in enumerate(pattern))
            for pattern in keys
        )
    filters = tuple(f for f in selection.filters if f.component != dimension)
    return replace(selection, keys=keys, filters=filters)
