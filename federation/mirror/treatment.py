"""What is done about citizenship, unknown origins and former states (METHODS B.1.4 to 6).

`base` holds the aligned cells of each item. `contribution` holds what every treated cell is made
of: figures of `base` (item, dest, input_area, sex, age, year), each times a factor; the value of
a cell is the sum of its contributions. So the same table is the arithmetic and its explanation.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from federation.figures import load_successors

_BASE = """
CREATE TEMP TABLE base AS
SELECT 'STK_BIRTH' AS item, 'RPT' AS treat, * FROM aligned WHERE basis = 'BIRTH'
"""

_WITH_CITIZENSHIP = """
INSERT INTO base SELECT 'STK_CTZ', 'RPT', * FROM aligned WHERE basis = 'CTZ';
INSERT INTO base SELECT 'STK_BIRTH_CTZ', 'RPT', * FROM aligned WHERE basis = 'BIRTH';
-- A destination is substituted whole: a cell it does not give by birth may be in its remainder.
INSERT INTO base SELECT 'STK_BIRTH_CTZ', 'SUBC', citizens.* FROM aligned AS citizens
ANTI JOIN (SELECT DISTINCT dest, year FROM aligned WHERE basis = 'BIRTH' AND orig <> '_T')
    USING (dest, year)
WHERE basis = 'CTZ';
"""

_AS_REPORTED = """
CREATE TEMP TABLE contribution AS
SELECT item, treat, orig, dest, sex, age, year,
       CASE WHEN treat = 'SUBC' THEN 'substitute' ELSE 'cell' END AS role,
       orig AS input_area, 1.0::DOUBLE AS factor, v AS value, conf
FROM base WHERE orig <> '_T'
"""

# The known part is T - U; where the cells are more than that (rounding), it is the cells.
# conf_known is the strictest status of the figures in that ratio, conf_all that of every figure.
_UNKNOWN = """
CREATE TEMP TABLE unknown AS
WITH sums AS (
    SELECT item, dest, sex, age, year,
           any_value(v) FILTER (orig = '_T') AS total, any_value(v) FILTER (orig = '_U') AS unknown,
           sum(v ORDER BY orig) FILTER (orig <> '_T') AS cells,
           sum(v ORDER BY orig) FILTER (is_area(orig)) AS named,
           arg_max(conf, strictness(conf)) FILTER (orig IN ('_T', '_U')) AS conf_margins,
           arg_max(conf, strictness(conf)) AS conf_all
    FROM base GROUP BY ALL)
SELECT item, dest, sex, age, year, unknown, named, conf_all,
       greatest(coalesce(total, cells) - unknown, named) AS known,
       CASE WHEN total - unknown >= named THEN conf_margins ELSE conf_all END AS conf_known
FROM sums WHERE unknown IS NOT NULL AND named > 0
"""

_REDISTRIBUTED = """
INSERT INTO contribution
SELECT item, 'RED', orig, dest, sex, age, year, 'cell', orig, 1.0, v, conf
FROM base JOIN unknown USING (item, dest, sex, age, year) WHERE is_area(orig);
INSERT INTO contribution
SELECT item, 'RED', orig, dest, sex, age, year, 'unknown', '_U', v / known, unknown * v / known,
       conf_known
FROM base JOIN unknown USING (item, dest, sex, age, year) WHERE is_area(orig);
-- What would fall to origins without a name stays unknown, so that no person is lost.
INSERT INTO contribution
SELECT item, 'RED', '_U', dest, sex, age, year, 'cell', '_U',
       1 - named / known, unknown - unknown * named / known, conf_all
FROM unknown;
"""

# Largest remainder (Hamilton): everyone gets the whole part, then the largest fractions one each.
_WHOLE_PERSONS = """
INSERT INTO contribution
WITH cells AS (
    SELECT item, orig, dest, sex, age, year, sum(value ORDER BY role) AS exact,
           floor(sum(value ORDER BY role) + 1e-9) AS whole,
           arg_max(conf, strictness(conf)) AS conf
    FROM contribution WHERE treat = 'RED' GROUP BY ALL),
ranked AS (
    SELECT *, round(sum(exact) OVER parts) - sum(whole) OVER parts AS left_over,
           row_number() OVER (PARTITION BY item, dest, sex, age, year
                              ORDER BY exact - whole DESC, orig) AS place
    FROM cells
    WINDOW parts AS (PARTITION BY item, dest, sex, age, year ORDER BY orig
                     ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING))
SELECT item, 'RED', orig, dest, sex, age, year, 'rounding', NULL, NULL,
       whole + CASE WHEN place <= left_over THEN 1 ELSE 0 END - exact, conf
FROM ranked
"""

_SUCCESSORS = """
CREATE TEMP TABLE succession AS
SELECT former, successor, population, target.year,
       former IN (SELECT s.former FROM successors AS s
                  WHERE s.successor IN (SELECT former FROM successors)) AS is_late
FROM successors CROSS JOIN target
WHERE dissolved <= make_date(target.year, 12, 31)
  AND make_date(target.year, 12, 31) BETWEEN valid_from AND coalesce(valid_to, DATE '9999-12-31');
"""

_SHARED_OUT = """
INSERT INTO contribution
WITH stock AS (
    SELECT item, dest, orig, sex, age, year, v, conf FROM base WHERE is_area(orig)
    UNION ALL
    SELECT item, dest, orig, sex, age, year, value, conf FROM contribution
    WHERE treat = 'DISS' AND role = 'former'),
held AS (
    SELECT item, dest, orig, sex, age, year, sum(v ORDER BY v) AS v,
           arg_max(conf, strictness(conf)) AS conf
    FROM stock GROUP BY ALL),
claims AS (
    SELECT old.item, old.dest, former, successor, old.sex, old.age, old.year, old.v,
           coalesce(own.v, 0) AS own, population, old.conf, own.conf AS conf_own
    FROM base AS old
    JOIN succession ON succession.former = old.orig AND succession.year = old.year
    LEFT JOIN held AS own ON own.item = old.item AND own.dest = old.dest
        AND own.orig = successor AND own.sex = old.sex AND own.age = old.age
        AND own.year = old.year
    WHERE successor <> old.dest AND is_late = $is_late),
shares AS (
    SELECT *, CASE WHEN sum(own) OVER parts > 0 THEN own / sum(own) OVER parts
                   ELSE population / sum(population) OVER parts END AS factor,
           arg_max(conf_own, strictness(conf_own)) OVER parts AS conf_parts
    FROM claims
    WINDOW parts AS (PARTITION BY item, dest, former, sex, age, year ORDER BY successor
                     ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING))
SELECT item, 'DISS', successor, dest, sex, age, year, 'former', former, factor, v * factor,
       CASE WHEN strictness(conf_parts) > strictness(conf) THEN conf_parts ELSE conf END
FROM shares WHERE factor > 0
"""

_SUCCESSORS_OWN = """
INSERT INTO contribution
SELECT item, 'DISS', orig, dest, sex, age, year, 'cell', orig, 1.0, v, conf
FROM base SEMI JOIN (SELECT * FROM contribution WHERE treat = 'DISS')
    USING (item, orig, dest, sex, age, year)
"""


def treat(connection: duckdb.DuckDBPyConnection, *, has_citizens: bool, whole: bool) -> None:
    """Make `base` and `contribution` in the session from `aligned`.

    `has_citizens` tells whether stocks by citizenship came in; `whole` rounds redistributed
    figures to whole persons.
    """
    connection.execute(_BASE)
    if has_citizens:
        connection.execute(_WITH_CITIZENSHIP)
    connection.execute(_AS_REPORTED)
    connection.execute(_UNKNOWN)
    connection.execute(_REDISTRIBUTED)
    if whole:
        connection.execute(_WHOLE_PERSONS)
    _allocate_former_states(connection, load_successors())


def _allocate_former_states(connection: duckdb.DuckDBPyConnection, successors: pa.Table) -> None:
    connection.register("successors", successors)
    connection.execute(_SUCCESSORS)
    # Yugoslavia comes last: Serbia and Montenegro, itself shared out, belongs to its successors.
    for is_late in (False, True):
        connection.execute(_SHARED_OUT, {"is_late": is_late})
    connection.execute(_SUCCESSORS_OWN)
