"""Observations to measure with, written as SDMX-CSV 2.0 by DuckDB; the same bytes every time.

Migrant stocks: 230 reporters, for each its origins and their total, by sex, age and year. Every
total is the sum of its parts, so that the validator has all of its work to do and finds nothing.
The size of a flow is the number of origins a reporter has; its series have the same length at any
size. The plain structure grows the same way, by PARTNER.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from benchmarks import plain
from codelists import reporting_areas
from hub.engine import literal, literals, session
from hub.model import ArtefactClass, Reference

STOCKS = Reference(ArtefactClass.DATAFLOW, "MIGX", "DF_STOCK_BIRTH", "1.0.0")
REPORTERS = reporting_areas()[:230]
YEARS = tuple(str(year) for year in range(2005, 2021))
SEXES = ("F", "M")
AGES = ("Y0T14", "Y15T64", "Y_GE65")
_SOURCES = ("CEN_T", "CEN_R", "CEN_C", "POPREG", "LFS")
#: Observations of one reporter and origin: sexes and ages with their totals, years.
ROWS_OF_A_CORRIDOR = (len(SEXES) + 1) * (len(AGES) + 1) * len(YEARS)
#: One corridor in a hundred differs in a revision; so does every total above it.
_REVISED = 100
_COPY = """
COPY (SELECT 'dataflow' AS STRUCTURE, {flow} AS STRUCTURE_ID, 'I' AS ACTION, * FROM ({query}))
TO {file} (FORMAT csv, HEADER true)
"""


@dataclass(frozen=True, slots=True)
class Data:
    """A generated file: SDMX-CSV of a dataflow with so many observations."""

    flow: Reference
    file: Path
    rows: int


def origin(reporter: int, rank: int) -> str:
    """The code of the origin of a rank from 1, for a reporter by its place in REPORTERS."""
    return REPORTERS[(reporter + rank) % len(REPORTERS)]


def origins(rows: int, reporter: int) -> int:
    """How many origins a reporter has, without the total, in data of about so many rows."""
    reporters = _reporters(rows)
    if reporter >= reporters:
        return 0
    whole, rest = divmod(_corridors(rows), reporters)
    return whole - 1 + (reporter < rest)


def _reporters(rows: int) -> int:
    """How many reporters there are: all, unless some would have less than an origin and a total."""
    return max(1, min(len(REPORTERS), _corridors(rows) // 2))


def _corridors(rows: int) -> int:
    """How many pairs of a reporter and an origin, or the total of origins, make so many rows."""
    return max(2, rows // ROWS_OF_A_CORRIDOR)


def write_stocks(file: Path, rows: int, *, revised: bool = False) -> Data:
    """Write about so many stocks of migrants (within 192 of it), or a revision of them."""
    sizes = [origins(rows, reporter) for reporter in range(_reporters(rows))]
    corridors = pa.table(
        {
            "r": [reporter for reporter, size in enumerate(sizes) for _ in range(size)],
            "k": [rank for size in sizes for rank in range(1, size + 1)],
            "origin": [
                origin(r, rank) for r, size in enumerate(sizes) for rank in range(1, size + 1)
            ],
        }
    )
    with session(memory_limit="8GB") as connection:
        connection.register("corridor", corridors)
        connection.register("reporter", _numbered(REPORTERS))
        connection.register("sex", _numbered(SEXES))
        connection.register("age", _numbered(AGES))
        connection.register("year", _numbered(YEARS))
        connection.execute(_STOCKS.format(revised=int(revised), every=_REVISED))
        query = _STOCK_ROWS.format(
            last_year=YEARS[-1], sources=literals(_SOURCES), count=len(_SOURCES)
        )
        return _copy(connection, STOCKS, file, query)


def write_plain(file: Path, rows: int, *, revised: bool = False) -> Data:
    """Write so many observations of the plain structure (whole thousands), or a revision."""
    pairs = max(1, rows // plain.ROWS_OF_A_PAIR)
    with session(memory_limit="8GB") as connection:
        for name, count in plain.CODES.items():
            codes = [plain.code(name, number) for number in range(count)]
            connection.register(name.lower(), _numbered(codes))
        connection.register("year", _numbered(plain.YEARS))
        connection.register("status", _numbered(plain.STATUSES))
        query = _PLAIN_ROWS.format(
            pairs=pairs, areas=plain.CODES["AREA"], revised=int(revised), every=_REVISED
        )
        return _copy(connection, plain.FLOW, file, query)


def _numbered(codes: Sequence[str]) -> pa.Table:
    return pa.table({"n": range(len(codes)), "code": list(codes)})


def _copy(connection: duckdb.DuckDBPyConnection, flow: Reference, file: Path, query: str) -> Data:
    copy = _COPY.format(flow=literal(str(flow)), query=query, file=literal(str(file)))
    copied = connection.execute(copy).fetchone()
    return Data(flow, file, copied[0] if copied else 0)


_STOCKS = """
CREATE TEMP TABLE stock AS
WITH cell AS (
    SELECT r, origin, s.code AS sex, a.code AS age, y.n AS year,
        CAST(((r * 131 + k * 197) % 997 + 1) ** 2 AS BIGINT) * (s.n + 5) * (a.n * 2 + 3) // 60
        + y.n * ((r + k) % 7)
        + CASE WHEN (r * 7 + k) % {every} = 1 THEN {revised} ELSE 0 END AS persons
    FROM corridor, sex s, age a, year y
)
SELECT r, year, coalesce(origin, '_T') AS origin, coalesce(sex, '_T') AS sex,
    coalesce(age, '_T') AS age, CAST(sum(persons) AS BIGINT) AS persons
FROM cell GROUP BY r, year, CUBE (origin, sex, age)
"""

_STOCK_ROWS = """
SELECT 'A' AS FREQ, p.code AS REF_AREA, 'FB' AS MIGRANT_STATUS, 'BIRTH' AS COUNTERPART_BASIS,
    origin AS COUNTERPART_AREA, sex AS SEX, age AS AGE, 'PS' AS UNIT_MEASURE,
    y.code AS TIME_PERIOD, persons AS OBS_VALUE,
    CASE WHEN (r + year) % 11 = 0 THEN 'E' WHEN y.code = '{last_year}' THEN 'P' ELSE 'A' END
        AS OBS_STATUS,
    'F' AS CONF_STATUS,
    [{sources}][1 + (r + year // 5) % {count}] AS SOURCE_TYPE,
    'UR12' AS POP_CONCEPT, 'M12' AS DURATION_CRIT, 'ACT' AS DURATION_BASIS,
    y.code || '-01-01' AS REF_DATE, 0 AS UNIT_MULT, 0 AS DECIMALS,
    'National Statistics, ' || p.code AS DATA_PROVIDER, 'CC BY 4.0' AS LICENCE
FROM stock JOIN reporter p ON p.n = r JOIN year y ON y.n = year
ORDER BY r, origin, sex, age, year
"""

_PLAIN_ROWS = """
SELECT freq.code AS FREQ, area.code AS AREA, partner.code AS PARTNER, item.code AS ITEM,
    grade.code AS GRADE, unit.code AS UNIT, year.code AS TIME_PERIOD,
    ((area.n * 131 + partner.n * 197 + item.n * 31 + grade.n * 17) % 9973 + 1)
        * (year.n + 20) / 8
        + CASE WHEN (area.n * 7 + partner.n) % {every} = 0 THEN {revised} ELSE 0 END AS OBS_VALUE,
    status.code AS OBS_STATUS
FROM range({pairs}) AS pair(number)
    JOIN area ON area.n = number % {areas} JOIN partner ON partner.n = number // {areas}
    JOIN status ON status.n = number % 3, freq, item, grade, unit, year
ORDER BY area.n, partner.n, item.n, grade.n, year.n
"""
