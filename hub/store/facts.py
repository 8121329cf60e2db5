"""Small facts of a slice version, computed once, so that availability need not scan.

    {"values": {dimension: [distinct values]}, "series": n, "obs": n}

Slices of a flow never share a key, so the facts of a release are those of its slices together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from hub.model import Schema


@dataclass(frozen=True, kw_only=True)
class ReleaseFacts:
    """Distinct values per dimension (sorted), and how many series and observations there are."""

    values: Mapping[str, tuple[str, ...]]
    series_count: int
    obs_count: int


def facts_of_table(schema: Schema, table: pa.Table) -> dict[str, Any]:
    """The facts of the observations of one slice."""
    values = {
        column.id: sorted(pc.unique(table.column(column.id)).to_pylist())
        for column in schema.dimensions
    }
    keys = [column.id for column in schema.key]
    series = min(1, table.num_rows)  # without a key, all observations are one series
    if keys:
        series = table.select(keys).group_by(keys).aggregate([]).num_rows
    return {"values": values, "series": series, "obs": table.num_rows}


def facts_by_slice(schema: Schema, table: pa.Table) -> dict[str, dict[str, Any]]:
    """The facts of every slice in a table, by slice; of a flow that is cut."""
    slice_by = schema.slice_by
    if slice_by is None:
        raise ValueError(f"{schema.context} is not cut into slices")
    others = [column.id for column in schema.dimensions if column.id != slice_by]
    by_slice = table.group_by(slice_by)
    found = by_slice.aggregate([*((name, "distinct") for name in others), ([], "count_all")])
    keys = [column.id for column in schema.key]
    series = table.select(keys).group_by(keys).aggregate([])
    counted = series.group_by(slice_by).aggregate([([], "count_all")])
    of_slice = {row[slice_by]: row["count_all"] for row in counted.to_pylist()}
    return {
        row[slice_by]: {
            "values": {
                column.id: sorted(row[f"{column.id}_distinct"])
                if column.id != slice_by
                else [row[slice_by]]
                for column in schema.dimensions
            },
            "series": of_slice[row[slice_by]],
            "obs": row["count_all"],
        }
        for row in found.to_pylist()
    }


def combine(schema: Schema, facts: Iterable[Mapping[str, Any]]) -> ReleaseFacts:
    """The facts of a release from those of its slices."""
    values: dict[str, set[str]] = {column.id: set() for column in schema.dimensions}
    series = observations = 0
    for slice_facts in facts:
        series += slice_facts["series"]
        observations += slice_facts["obs"]
        for dimension, found in slice_facts["values"].items():
            if dimension in values:
                values[dimension].update(found)
    return ReleaseFacts(
        values={dimension: tuple(sorted(found)) for dimension, found in values.items()},
        series_count=series,
        obs_count=observations,
    )
