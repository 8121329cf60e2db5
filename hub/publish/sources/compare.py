"""The same figures from several sources side by side: what each covers, and how far they differ.

All flows are compared with the first one, cell by cell; a cell is a whole key with its unit and
period, so nothing is added up over units, or over totals and their parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from hub.engine import identifier, literal, session
from hub.errors import BadRequest, NotFound, Unprocessable
from hub.model import FLOATS, INTEGERS, Reference, Schema
from hub.store import Store

MOST_FLOWS = 12
_UNIT = "UNIT_MEASURE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What one flow has: its release, observations and series; the share of all cells, from 0 to 1.

    `first` and `last` are periods; `values` are the observations that have a value.
    """

    flow: str
    release: str
    observations: int
    values: int
    series: int
    first: str | None
    last: str | None
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """How one flow compares with the first in a year and a unit.

    Cells that `both` have a value for, that `first_only` or `other_only` has, and that are `equal`
    in both; `median` and `largest` are relative differences by size, of the first's value.
    """

    year: str
    unit: str
    flow: str
    both: int
    first_only: int
    other_only: int
    equal: int
    median: float | None
    largest: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Several flows compared.

    `cells` has the dimensions, then for each flow `value_i` and for each but the first
    `difference_i` (to the first) and `relative_i` (of the first's value); the largest relative
    differences first. Of `found` cells it holds those asked for.
    """

    flows: tuple[Reference, ...]
    dimensions: tuple[str, ...]
    coverage: tuple[Coverage, ...]
    years: tuple[Year, ...]
    cells: pa.Table
    found: int


def compare(store: Store, flows: Sequence[Reference], most: int) -> Comparison:
    """Compare what readers get of two flows or more, on the same structure; at most so many cells.

    Raises BadRequest for fewer than two or too many flows, NotFound where nothing is published,
    Unprocessable where the structures differ or the figures are no numbers.
    """
    if not 2 <= len(set(flows)) <= MOST_FLOWS or len(set(flows)) < len(flows):
        raise BadRequest(f"name from two to {MOST_FLOWS} dataflows to compare, each of them once")
    schemas = [store.schema(flow) for flow in flows]
    _refuse_unlike(schemas)
    dimensions = tuple(column.id for column in schemas[0].dimensions)
    with session(
        memory_limit=store.settings.memory_limit, spill=store.lake.work_folder()
    ) as connection:
        releases = [
            _load(store, connection, number, flow, schema)
            for number, (flow, schema) in enumerate(zip(flows, schemas, strict=True))
        ]
        _make_cells(connection, dimensions, len(flows))
        (found,) = connection.execute("SELECT count(*) FROM cell").fetchone() or (0,)
        return Comparison(
            flows=tuple(flows),
            dimensions=dimensions,
            coverage=tuple(
                _coverage(connection, number, str(flow), releases[number], schemas[0], found)
                for number, flow in enumerate(flows)
            ),
            years=tuple(_years(connection, flows, schemas[0])),
            cells=connection.sql(
                f"SELECT * FROM cell ORDER BY greatest({_sizes(len(flows))}) DESC NULLS LAST, "
                f"{_listed(dimensions)} LIMIT {most:d}"
            ).to_arrow_table(),
            found=found,
        )


def _refuse_unlike(schemas: Sequence[Schema]) -> None:
    first = schemas[0]
    for schema in schemas:
        one, other = first.structure.reference, schema.structure.reference
        if (one.agency, one.id) != (other.agency, other.id):
            raise Unprocessable(
                f"{first.context} is data of {one}, {schema.context} of {other}: only flows of the "
                "same structure can be compared"
            )
        if not schema.measures or schema.measures[0].text_type not in FLOATS | INTEGERS:
            raise Unprocessable(f"the figures of {schema.context} are no numbers")


def _load(
    store: Store, connection: duckdb.DuckDBPyConnection, number: int, flow: Reference,
    schema: Schema,
) -> str:  # fmt: skip
    """Put what readers get of a flow into a table of the engine; returns the id of its release."""
    release = store.release(flow)
    if release is None:
        raise NotFound(f"{flow}: nothing is published yet, so there is nothing to compare")
    dimensions, measure = [column.id for column in schema.dimensions], schema.measures[0].id
    reader = store.read(release, schema, columns=[*dimensions, measure])
    keys = ", ".join(f"CAST({identifier(d)} AS VARCHAR) AS {identifier(d)}" for d in dimensions)
    value = f"nullif(CAST({identifier(measure)} AS DOUBLE), 'NaN')"
    connection.register("given", reader)
    connection.execute(
        f"CREATE TEMP TABLE flow_{number:d} AS SELECT {keys}, {value} AS value FROM given"
    )
    connection.unregister("given")
    return release.id


def _make_cells(
    connection: duckdb.DuckDBPyConnection, dimensions: Sequence[str], count: int
) -> None:
    """Make the table `cell`: every key of any flow with the values of all."""
    keys = _listed(dimensions)
    every = " UNION ALL ".join(
        f"SELECT {keys}, {number:d} AS flow, value FROM flow_{number:d}" for number in range(count)
    )
    values = ", ".join(
        f"max(value) FILTER (flow = {number:d}) AS value_{number:d}" for number in range(count)
    )
    differences = ", ".join(
        f"value_{n:d} - value_0 AS difference_{n:d}, "
        f"(value_{n:d} - value_0) / nullif(abs(value_0), 0) AS relative_{n:d}"
        for n in range(1, count)
    )
    connection.execute(
        f"CREATE TEMP TABLE cell AS SELECT *, {differences} FROM "
        f"(SELECT {keys}, {values} FROM ({every}) GROUP BY {keys})"
    )


def _sizes(count: int) -> str:
    return ", ".join(f"abs(relative_{n:d})" for n in range(1, count)) + ", NULL"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(identifier(name) for name in names)


def _coverage(
    connection: duckdb.DuckDBPyConnection,
    number: int,
    flow: str,
    release: str,
    schema: Schema,
    found: int,
) -> Coverage:
    time = identifier(schema.time.id) if schema.time is not None else "NULL"
    series = _listed([column.id for column in schema.key])
    row = connection.execute(
        f"SELECT count(*), count(value), count(DISTINCT ({series},)), min({time}), max({time}) "
        f"FROM flow_{number:d}"
    ).fetchone()
    observations, values, count, first, last = row or (0, 0, 0, None, None)
    return Coverage(
        flow=flow,
        release=release,
        observations=observations,
        values=values,
        series=count,
        first=first,
        last=last,
        share=observations / found if found else 0.0,
    )


def _years(
    connection: duckdb.DuckDBPyConnection, flows: Sequence[Reference], schema: Schema
) -> list[Year]:
    """The summary of every year and unit, for each flow but the first."""
    year = f"left({identifier(schema.time.id)}, 4)" if schema.time is not None else "''"
    unit = identifier(_UNIT) if _UNIT in schema.by_id else "''"
    years: list[Year] = []
    for number, flow in list(enumerate(flows))[1:]:
        other, relative = f"value_{number:d}", f"abs(relative_{number:d})"
        rows = connection.execute(
            f"SELECT {year}, {unit}, {literal(str(flow))}, "
            f"count(*) FILTER (value_0 IS NOT NULL AND {other} IS NOT NULL), "
            f"count(*) FILTER (value_0 IS NOT NULL AND {other} IS NULL), "
            f"count(*) FILTER (value_0 IS NULL AND {other} IS NOT NULL), "
            f"count(*) FILTER (value_0 = {other}), median({relative}), max({relative}) "
            f"FROM cell GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        names = ("year", "unit", "flow", "both", "first_only", "other_only", "equal", "median")
        years += [Year(**dict(zip((*names, "largest"), row, strict=True))) for row in rows]
    return years
