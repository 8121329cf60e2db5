"""How many immigrants each area has in all: the weight of a destination in coverage."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import resources

import pyarrow as pa
import pyarrow.csv

from hub.engine import session

_TYPES = {"area": pa.string(), "year": pa.int64(), "persons": pa.float64()}

_INTERPOLATE = """
WITH spans AS (
    SELECT area, year AS y1, persons AS v1,
           lead(year) OVER area_years AS y2, lead(persons) OVER area_years AS v2
    FROM published WINDOW area_years AS (PARTITION BY area ORDER BY year))
SELECT area, wanted.year,
       CASE WHEN wanted.year = y1 OR y2 IS NULL THEN v1
            ELSE v1 + (v2 - v1) * (wanted.year - y1) / (y2 - y1) END AS total
FROM spans JOIN wanted ON wanted.year >= y1 AND (y2 IS NULL OR wanted.year < y2)
ORDER BY area, wanted.year
"""


def published_years() -> tuple[int, ...]:
    """Return the years UN DESA published totals for, in order."""
    return tuple(sorted(set(_published()["year"].to_pylist())))


def immigrant_totals(years: Iterable[int]) -> pa.Table:
    """Return the immigrants of every area in the years asked for.

    Columns `area` (ISO 3166-1 alpha-3, or CHI), `year` (int64), `total` (persons, double), by area
    and year. Between two published years the total is interpolated linearly; after the last one
    it stays what it was (the last known); before the first one there is no row.
    """
    wanted = pa.table({"year": pa.array(sorted(set(years)), pa.int64())})
    with session() as connection:
        connection.register("published", _published())
        connection.register("wanted", wanted)
        return connection.sql(_INTERPOLATE).to_arrow_table()


@cache
def _published() -> pa.Table:
    source = resources.files(__package__).joinpath("undesa_immigrant_totals.csv")
    with source.open("rb") as file:
        options = pa.csv.ConvertOptions(column_types=_TYPES)
        return pa.csv.read_csv(file, convert_options=options)
