"""Sums over destinations, and how much of the world they cover (METHODS B.1.1 and 2).

`cell` holds one value for each item, treatment, origin, destination, sex, age and year; `mass` the
immigrants M_d that weigh a destination; `total` the sums over the groups of `membership`: `_T` and
the regions.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

_CELLS = """
CREATE TEMP TABLE cell AS
SELECT item, treat, orig, dest, sex, age, year, v, kind, estimated, status, conf, derivation,
       y1, y2, treat = 'SUBC' AS substituted
FROM base WHERE orig <> '_T'
"""

# A treated figure is an estimate, as strict as the strictest figure in it.
_TREATED = """
INSERT INTO cell
SELECT item, treat, orig, dest, sex, age, year,
       greatest(sum(value ORDER BY role, input_area), 0), 'treated', true, 'E',
       arg_max(conf, strictness(conf)), 'EST', NULL, NULL,
       (item, dest, year) IN (SELECT DISTINCT (item, dest, year) FROM base WHERE treat = 'SUBC')
FROM contribution WHERE treat IN ('RED', 'DISS')
GROUP BY item, treat, orig, dest, sex, age, year
"""

# M_d: own total by birth, by citizenship; the published one; own total aligned; own cells.
_MASS = """
CREATE TEMP TABLE mass AS
WITH candidate AS (
    SELECT dest AS area, year, v AS persons,
           CASE WHEN kind <> 'exact' THEN 4 WHEN basis = 'BIRTH' THEN 1 ELSE 2 END AS place
    FROM aligned WHERE orig = '_T' AND sex = '_T' AND age = '_T'
    UNION ALL
    SELECT area, year::INTEGER, total, 3 FROM expected
    WHERE is_area(area) AND total IS NOT NULL AND NOT isnan(total)
    UNION ALL
    SELECT dest, year, coalesce(sum(v ORDER BY orig) FILTER (sex = '_T' AND age = '_T'), 0),
           CASE WHEN basis = 'BIRTH' THEN 5 ELSE 6 END
    FROM aligned WHERE orig <> '_T' GROUP BY basis, dest, year)
SELECT area, year, arg_min(persons, place) AS persons,
       area IN (SELECT dest FROM reports) AS is_partner
FROM candidate SEMI JOIN target USING (year) GROUP BY ALL
"""

_MEMBERSHIP = """
CREATE TEMP TABLE membership AS
SELECT '_T' AS grp, area FROM (SELECT DISTINCT area FROM mass)
UNION ALL SELECT region, area FROM region_area
"""

_WEIGHTS = """
CREATE TEMP TABLE weights AS
SELECT grp, year, count(*) AS n, sum(persons ORDER BY area) AS persons,
       count(*) FILTER (is_partner) AS n_partners,
       coalesce(sum(persons ORDER BY area) FILTER (is_partner), 0) AS partner_persons
FROM mass JOIN membership USING (area) GROUP BY ALL
"""

# A treated series takes the treated cell where there is one and the plain cell elsewhere.
_SERIES = """
CREATE TEMP TABLE series AS
SELECT CASE WHEN item = 'STK_BIRTH_CTZ' THEN 'SUBC' ELSE 'RPT' END AS series,
       false AS treated, * EXCLUDE (treat, kind)
FROM cell WHERE treat IN ('RPT', 'SUBC')
UNION ALL
SELECT treat, true, * EXCLUDE (treat, kind) FROM cell WHERE treat IN ('RED', 'DISS')
UNION ALL
SELECT other.treat, false, plain.* EXCLUDE (treat, kind)
FROM cell AS plain
JOIN (SELECT DISTINCT item, treat, orig, sex, age, year FROM cell
      WHERE treat IN ('RED', 'DISS')) AS other USING (item, orig, sex, age, year)
ANTI JOIN (SELECT * FROM cell WHERE treat IN ('RED', 'DISS')) AS made
    ON made.item = plain.item AND made.treat = other.treat AND made.orig = plain.orig
    AND made.dest = plain.dest AND made.sex = plain.sex AND made.age = plain.age
    AND made.year = plain.year
WHERE plain.treat IN ('RPT', 'SUBC')
"""

_TOTALS = """
CREATE TEMP TABLE total AS
WITH summed AS (
    SELECT item, series AS treat, orig, grp, sex, age, year,
           sum(v ORDER BY dest) AS v, count(*) AS n, sum(mass.persons ORDER BY dest) AS persons,
           bool_or(estimated) AS estimated, bool_or(status = 'P') AS provisional,
           arg_max(conf, strictness(conf)) AS conf,
           count(*) FILTER (conf <> 'F') AS n_confidential
    FROM series JOIN membership ON membership.area = dest
    JOIN mass USING (area, year)
    GROUP BY item, series, orig, grp, sex, age, year
    HAVING series IN ('RPT', 'SUBC') OR bool_or(treated))
SELECT summed.* EXCLUDE (persons), summed.persons AS reporting,
       weights.n - (own.area IS NOT NULL)::INTEGER AS n_expected,
       weights.persons - coalesce(own.persons, 0) AS expected,
       weights.n_partners - coalesce(own.is_partner, false)::INTEGER AS n_partners,
       weights.partner_persons
           - CASE WHEN own.is_partner THEN own.persons ELSE 0 END AS partner_persons
FROM summed JOIN weights USING (grp, year)
LEFT JOIN (SELECT grp, mass.* FROM mass JOIN membership USING (area)) AS own
    ON own.grp = summed.grp AND own.area = summed.orig AND own.year = summed.year
"""


def add_up(
    connection: duckdb.DuckDBPyConnection,
    expected: pa.Table,
    regions: tuple[tuple[str, str], ...],
) -> None:
    """Make `cell`, `mass` and `total` in the session from `base` and `contribution`."""
    connection.register("expected", expected)
    region = pa.array([region for region, _ in regions], pa.string())
    area = pa.array([area for _, area in regions], pa.string())
    connection.register("region_area", pa.table({"region": region, "area": area}))
    for statement in (_CELLS, _TREATED, _MASS, _MEMBERSHIP, _WEIGHTS, _SERIES, _TOTALS):
        connection.execute(statement)
