"""Partners' figures as they were given, and the years and tables they make.

From the inputs come `reports` (every figure given), `tables` (the years a destination has a table
in: at least one origin's figure, or its being withheld) and `target` (the years some destination
reports, for which emigrants are derived).
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from federation.mirror.columns import (
    STOCK_ATTRIBUTES,
    STOCK_DIMENSIONS,
    no_rows,
    take_columns,
)
from federation.mirror.vocabulary import define_vocabulary
from hub.engine import session
from hub.errors import Finding, Invalid

_DECIMAL_YEAR = """
CREATE TEMP MACRO decimal_year(day) AS
    year(day) + (dayofyear(day) - 1) / dayofyear(make_date(year(day), 12, 31));
"""

_REPORTS = """
CREATE TEMP TABLE reports AS
SELECT COUNTERPART_BASIS AS basis, REF_AREA AS dest, COUNTERPART_AREA AS orig,
       SEX AS sex, AGE AS age, TIME_PERIOD::INTEGER AS year,
       reported(OBS_VALUE, OBS_STATUS, UNIT_MULT) AS v,
       is_silent(reported(OBS_VALUE, OBS_STATUS, UNIT_MULT), OBS_STATUS) AS silent,
       try_cast(left(REF_DATE, 10) AS DATE) AS day,
       coalesce(decimal_year(try_cast(left(REF_DATE, 10) AS DATE)),
                TIME_PERIOD::INTEGER + $reference_point) AS t,
       coalesce(OBS_STATUS, 'A') AS status, coalesce(CONF_STATUS, 'F') AS conf,
       coalesce(DERIVATION, 'O') AS derivation
FROM (SELECT * FROM stock_birth WHERE COUNTERPART_BASIS = 'BIRTH' AND MIGRANT_STATUS = 'FB'
      UNION ALL
      SELECT * FROM stock_ctz WHERE COUNTERPART_BASIS = 'CTZ' AND MIGRANT_STATUS = 'FC')
WHERE FREQ = 'A' AND UNIT_MEASURE = 'PS' AND regexp_full_match(TIME_PERIOD, '[0-9]{4}')
  AND is_area(REF_AREA) AND COUNTERPART_AREA <> REF_AREA
  AND (is_origin(COUNTERPART_AREA) OR COUNTERPART_AREA = '_T')
"""

_TWICE = """
SELECT basis, dest, orig, sex, age, year FROM reports
GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL LIMIT 100
"""

_TABLES = """
CREATE TEMP TABLE tables AS
SELECT DISTINCT basis, dest, year FROM reports WHERE orig <> '_T' AND NOT silent;
CREATE TEMP TABLE target AS
SELECT DISTINCT year FROM reports WHERE orig <> '_T' AND v IS NOT NULL;
"""


def read_reports(
    connection: duckdb.DuckDBPyConnection,
    stock_birth: pa.Table | None,
    stock_ctz: pa.Table | None,
    reference_point: float,
) -> None:
    """Make `reports`, `tables` and `target` in the session, from MIG_STOCK observations.

    Only annual counts of persons are read: the foreign-born by country of birth, foreign citizens
    by citizenship. Raises Invalid for a lacking column and for a cell that is given twice.
    """
    connection.execute(_DECIMAL_YEAR)
    for name, table in (("stock_birth", stock_birth), ("stock_ctz", stock_ctz)):
        given = table if table is not None else no_rows(STOCK_DIMENSIONS)
        connection.register(name, take_columns(given, STOCK_DIMENSIONS, STOCK_ATTRIBUTES, name))
    connection.execute(_REPORTS, {"reference_point": reference_point})
    _refuse_twice(connection)
    connection.execute(_TABLES)


def target_years(stock_birth: pa.Table | None, stock_ctz: pa.Table | None) -> tuple[int, ...]:
    """Return the years some destination reports an origin in either table.

    These are the years emigrants are derived for, so the years to ask `immigrant_totals` for.
    """
    with session() as connection:
        define_vocabulary(connection)
        read_reports(connection, stock_birth, stock_ctz, reference_point=0.5)
        rows = connection.execute("SELECT year FROM target ORDER BY year").fetchall()
    return tuple(year for (year,) in rows)


def _refuse_twice(connection: duckdb.DuckDBPyConnection) -> None:
    cells = connection.execute(_TWICE).fetchall()
    if not cells:
        return
    findings = [
        Finding(rule="duplicate", message="given more than once", value=".".join(map(str, cell)))
        for cell in cells
    ]
    raise Invalid(
        f"a stock is given more than once, first {findings[0].value} (basis, destination, "
        "origin, sex, age, year); one active source for each area is right",
        findings,
    )
