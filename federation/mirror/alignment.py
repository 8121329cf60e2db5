"""Partners' stocks brought to the same years (METHODS B.1.3).

`aligned` holds, for each basis, destination, origin, sex, age and target year, the figure as
reported; or interpolated between the destination's tables before and after the year; or carried
from its last table. Only a year without any table is filled, and only for cells that the tables
next to it hold, so that a filled table adds up as its neighbours do.
"""

from __future__ import annotations

import duckdb

from federation.mirror.options import Interpolation, MirrorOptions

INTERPOLATED = """
CREATE TEMP MACRO interpolated(geometric, t, t1, v1, t2, v2) AS
    CASE WHEN t2 <= t1 OR t <= t1 THEN v1
         WHEN t >= t2 THEN v2
         WHEN geometric AND v1 > 0 AND v2 > 0 THEN v1 * pow(v2 / v1, (t - t1) / (t2 - t1))
         ELSE v1 + (v2 - v1) * (t - t1) / (t2 - t1) END;
"""

_EXACT = """
CREATE TEMP TABLE aligned AS
SELECT basis, dest, orig, sex, age, year, v, 'exact' AS kind,
       is_estimate(status, derivation) AS estimated, status, conf, derivation,
       year AS y1, day AS day1, t AS t1, v AS v1,
       NULL::INTEGER AS y2, NULL::DATE AS day2, NULL::DOUBLE AS t2, NULL::DOUBLE AS v2
FROM reports SEMI JOIN target USING (year) WHERE v IS NOT NULL
"""

_GAPS = """
CREATE TEMP TABLE gaps AS
SELECT gap.basis, gap.dest, gap.year, past.year AS past, future.year AS future
FROM (SELECT basis, dest, year
      FROM (SELECT DISTINCT basis, dest FROM tables) CROSS JOIN target
      ANTI JOIN tables USING (basis, dest, year)) AS gap
ASOF JOIN tables AS past
    ON gap.basis = past.basis AND gap.dest = past.dest AND gap.year > past.year
ASOF LEFT JOIN tables AS future
    ON gap.basis = future.basis AND gap.dest = future.dest AND gap.year < future.year
"""

_INTERPOLATED_CELLS = """
INSERT INTO aligned
SELECT one.basis, one.dest, one.orig, one.sex, one.age, gaps.year,
       interpolated($geometric, gaps.year + $reference_point, one.t, one.v, two.t, two.v),
       'interpolated', true, 'E',
       CASE WHEN strictness(two.conf) > strictness(one.conf) THEN two.conf ELSE one.conf END,
       'INT', one.year, one.day, one.t, one.v, two.year, two.day, two.t, two.v
FROM gaps
JOIN reports AS one ON one.basis = gaps.basis AND one.dest = gaps.dest AND one.year = gaps.past
JOIN reports AS two ON two.basis = gaps.basis AND two.dest = gaps.dest AND two.year = gaps.future
    AND two.orig = one.orig AND two.sex = one.sex AND two.age = one.age
WHERE one.v IS NOT NULL AND two.v IS NOT NULL
"""

_CARRIED_CELLS = """
INSERT INTO aligned
SELECT one.basis, one.dest, one.orig, one.sex, one.age, gaps.year, one.v,
       'carried', true, 'E', one.conf, 'INT',
       one.year, one.day, one.t, one.v, NULL, NULL, NULL, NULL
FROM gaps
JOIN reports AS one ON one.basis = gaps.basis AND one.dest = gaps.dest AND one.year = gaps.past
WHERE one.v IS NOT NULL AND gaps.future IS NULL AND gaps.year - gaps.past <= $carry_years
"""

# A year without a table may still have a reported total; what was reported stands.
_REPORTED_STANDS = """
DELETE FROM aligned WHERE kind <> 'exact' AND orig = '_T'
AND (basis, dest, sex, age, year) IN
    (SELECT (basis, dest, sex, age, year) FROM aligned WHERE kind = 'exact' AND orig = '_T')
"""


def align(connection: duckdb.DuckDBPyConnection, options: MirrorOptions) -> None:
    """Make `aligned` in the session from `reports`, `tables` and `target`."""
    connection.execute(INTERPOLATED)
    connection.execute(_EXACT)
    connection.execute(_GAPS)
    connection.execute(
        _INTERPOLATED_CELLS,
        {
            "geometric": options.interpolation is Interpolation.GEOMETRIC,
            "reference_point": options.reference_point,
        },
    )
    connection.execute(_CARRIED_CELLS, {"carry_years": options.carry_years})
    connection.execute(_REPORTED_STANDS)
