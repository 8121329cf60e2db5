"""Availability: which values, series and observations a selection would find."""

from __future__ import annotations

from dataclasses import replace
from operator import attrgetter

import pyarrow.compute as pc

from hub.engine import identifier, identifiers
from hub.model import Availability, Schema, Selection, parse_period
from hub.store.conditions import condition_of
from hub.store.direct import wanted_of
from hub.store.history_reading import ChangeReading
from hub.store.source import Reading, Source


def available(
    reading: Reading | ChangeReading, selection: Selection, mode: str = "exact"
) -> Availability:
    """Answer an availability query (SDMX REST 2.2, "Availability").

    `exact`: the values in the data that the same data query returns. `available`: for each
    dimension the values that still give data, its own selection left aside. A whole flow is
    answered from the facts of its release, without reading it; changes are always read.
    """
    schema, facts = reading.schema, reading.facts
    if facts is not None and not selection.keys and not selection.filters:
        return _answer(schema, dict(facts.values), facts.series_count, facts.obs_count)
    values, series, observations = _found(reading, selection)
    if mode == "available":
        for column in schema.dimensions:
            wider = _without(schema, selection, column.id)
            if wider != selection:
                values[column.id] = _found(reading, wider)[0][column.id]
    return _answer(schema, values, series, observations)


def _found(
    reading: Reading | ChangeReading, selection: Selection
) -> tuple[dict[str, tuple[str, ...]], int, int]:
    """Distinct values of every dimension, how many series and how many observations there are."""
    found = _indexed(reading, selection) if isinstance(reading, Reading) else None
    if found is not None:
        return found
    with reading.source() as source:
        return _counted(source, reading, selection)


def _indexed(
    reading: Reading, selection: Selection
) -> tuple[dict[str, tuple[str, ...]], int, int] | None:
    """Let the index find them; None where it cannot."""
    index, time = reading.index, reading.schema.time
    wanted = None if index is None else wanted_of(reading, index, selection)
    if index is None or wanted is None:
        return None
    found = index.series.found(index.series.find(wanted.alternatives), wanted.periods)
    if found is None:
        return None
    values, periods, series, observations = found
    return (values | {time.id: periods} if time else values), series, observations


def _counted(
    source: Source, reading: Reading | ChangeReading, selection: Selection
) -> tuple[dict[str, tuple[str, ...]], int, int]:
    """Let the engine find them.

    The series are found first: they are few beside the observations, and hold all values but time.
    """
    schema = reading.schema
    condition = condition_of(schema, selection, reading.periods)
    grouped = f"GROUP BY {identifiers(c.id for c in schema.key)}" if schema.key else ""
    columns = [identifier(column.id) for column in schema.key]
    series = source.connection.sql(
        f"SELECT {', '.join([*columns, 'count(*) AS _observations'])} "
        f"FROM {source.relation} WHERE {condition.sql} {grouped}",
        params=condition.values,
    ).to_arrow_table()
    observations = pc.sum(series.column("_observations")).as_py() or 0
    values = {
        column.id: tuple(sorted(pc.unique(series.column(column.id)).to_pylist()))
        for column in schema.key
    }
    if schema.time is not None:
        values[schema.time.id] = _distinct(source, reading, selection, schema.time.id)
    return values, series.num_rows if observations else 0, observations


def _distinct(
    source: Source, reading: Reading | ChangeReading, selection: Selection, dimension: str
) -> tuple[str, ...]:
    condition = condition_of(reading.schema, selection, reading.periods)
    rows = source.connection.execute(
        f"SELECT DISTINCT {identifier(dimension)} FROM {source.relation} WHERE {condition.sql}",
        condition.values,
    ).fetchall()
    return tuple(sorted(value for (value,) in rows))


def _answer(
    schema: Schema, values: dict[str, tuple[str, ...]], series: int, observations: int
) -> Availability:
    periods = [parse_period(text) for text in values.get(schema.time.id, ())] if schema.time else []
    return Availability(
        values=values,
        series_count=series,
        obs_count=observations,
        start=min(periods, key=attrgetter("start")).text if periods else None,
        end=max(periods, key=attrgetter("end")).text if periods else None,
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
