"""Emigrants of every origin, as their destinations count them (METHODS B.1)."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from federation.mirror.alignment import align
from federation.mirror.columns import MIRROR_SCHEMA
from federation.mirror.options import MirrorOptions
from federation.mirror.reports import read_reports
from federation.mirror.result import EmigrantsResult
from federation.mirror.totals import add_up
from federation.mirror.treatment import treat
from federation.mirror.vocabulary import define_vocabulary
from hub.engine import session
from hub.errors import Invalid

_EXPECTED = pa.schema(
    [
        pa.field("area", pa.string()),
        pa.field("year", pa.int64()),
        pa.field("total", pa.float64()),
    ]
)

_TABLE = """
WITH every AS (
    SELECT orig, dest, item, treat, sex, age, year, v, status, conf,
           NULL::BIGINT AS n, NULL::BIGINT AS n_expected, NULL::DOUBLE AS coverage, derivation,
           concat_ws('; ',
               CASE WHEN substituted THEN 'citizenship stands for country of birth' END,
               CASE WHEN treat = 'RED' THEN 'unknown origin shared out' END,
               CASE WHEN treat = 'DISS' THEN 'share of a former state included' END,
               CASE kind WHEN 'carried' THEN 'carried forward from ' || y1
                         WHEN 'interpolated' THEN 'interpolated between ' || y1 || ' and ' || y2
               END) AS comment
    FROM cell
    UNION ALL
    SELECT orig, grp, item, treat, sex, age, year, v,
           CASE WHEN estimated OR treat IN ('RED', 'DISS') THEN 'E'
                WHEN provisional THEN 'P' ELSE 'A' END,
           conf, n, n_expected,
           CASE WHEN expected > 0 THEN least(reporting / expected, 1) END, 'MIR', ''
    FROM total)
SELECT 'A' AS FREQ, orig AS ORIG_AREA, dest AS DEST_AREA, item AS MIRROR_ITEM,
       'VAL' AS MIRROR_STAT, 'RCV' AS REPORTED_BY, treat AS ORIGIN_TREAT, sex AS SEX, age AS AGE,
       'PS' AS UNIT_MEASURE, year::VARCHAR AS TIME_PERIOD, v AS OBS_VALUE, status AS OBS_STATUS,
       conf AS CONF_STATUS, '0' AS UNIT_MULT, '0' AS DECIMALS, n AS N_PARTNERS,
       n_expected AS N_PARTNERS_EXP, coverage AS COVERAGE_W, NULL::VARCHAR AS ASYM_CLASS,
       NULL::VARCHAR[] AS ASYM_REASON, $method AS METHOD_VERSION, derivation AS DERIVATION,
       nullif(comment, '') AS COMMENT_OBS
FROM every
ORDER BY orig, dest, item, treat, sex, age, year
"""

_COVERAGE = """
SELECT item AS MIRROR_ITEM, orig AS ORIG_AREA, grp AS DEST_AREA, sex AS SEX, age AS AGE,
       year::VARCHAR AS TIME_PERIOD, n AS N_REPORTING, n_confidential AS N_CONFIDENTIAL,
       n_expected AS N_EXPECTED,
       CASE WHEN n_expected > 0 THEN n / n_expected END AS C_N,
       CASE WHEN expected > 0 THEN least(reporting / expected, 1) END AS C_W,
       n_partners AS N_EXPECTED_PARTNERS,
       CASE WHEN n_partners > 0 THEN n / n_partners END AS C_N_PARTNERS,
       CASE WHEN partner_persons > 0 THEN least(reporting / partner_persons, 1) END
           AS C_W_PARTNERS
FROM total WHERE treat = CASE WHEN item = 'STK_BIRTH_CTZ' THEN 'SUBC' ELSE 'RPT' END
ORDER BY item, orig, grp, sex, age, year
"""

_INPUTS = """
SELECT made.item AS MIRROR_ITEM, made.treat AS ORIGIN_TREAT, made.orig AS ORIG_AREA,
       made.dest AS DEST_AREA, made.sex AS SEX, made.age AS AGE,
       made.year::VARCHAR AS TIME_PERIOD, role AS ROLE, basis AS BASIS,
       input_area AS COUNTERPART_AREA, kind AS KIND, factor AS FACTOR, value AS VALUE,
       v AS INPUT_VALUE, y1 AS YEAR_1, day1 AS DATE_1, t1 AS T_1, v1 AS VALUE_1,
       y2 AS YEAR_2, day2 AS DATE_2, t2 AS T_2, v2 AS VALUE_2
FROM contribution AS made
LEFT JOIN base ON base.item = made.item AND base.dest = made.dest AND base.orig = input_area
    AND base.sex = made.sex AND base.age = made.age AND base.year = made.year
ORDER BY made.item, made.treat, made.orig, made.dest, made.sex, made.age, made.year, role,
         input_area
"""


def derive_emigrants(
    stock_birth: pa.Table | None,
    stock_ctz: pa.Table | None,
    expected: pa.Table,
    options: MirrorOptions | None = None,
) -> EmigrantsResult:
    """Add up, for every origin, its people in every destination that reports them.

    `stock_birth` and `stock_ctz` hold MIG_STOCK observations by country of birth and by
    citizenship; other statuses, units and frequencies in them are left aside. `expected` holds
    `area`, `year`, `total`: the immigrants of every area that could report (`immigrant_totals`).
    Without citizens there are no items STK_CTZ and STK_BIRTH_CTZ. The result does not depend on
    the order of the rows. Raises Invalid for lacking columns and for cells given twice.
    """
    chosen = options or MirrorOptions()
    has_citizens = stock_ctz is not None and stock_ctz.num_rows > 0
    with session() as connection:
        define_vocabulary(connection)
        read_reports(connection, stock_birth, stock_ctz, chosen.reference_point)
        align(connection, chosen)
        treat(connection, has_citizens=has_citizens, whole=chosen.whole_persons)
        add_up(connection, _expected(expected), chosen.regions)
        return _collect(connection, chosen)


def _collect(connection: duckdb.DuckDBPyConnection, options: MirrorOptions) -> EmigrantsResult:
    method = {"method": options.method_version}
    return EmigrantsResult(
        table=connection.sql(_TABLE, params=method).to_arrow_table().cast(MIRROR_SCHEMA),
        coverage=connection.sql(_COVERAGE).to_arrow_table(),
        inputs=connection.sql(_INPUTS).to_arrow_table(),
        regions=options.regions,
    )


def _expected(table: pa.Table) -> pa.Table:
    missing = [name for name in _EXPECTED.names if name not in table.column_names]
    if missing:
        raise Invalid(f"the expected totals lack {', '.join(missing)}; they need area, year, total")
    return table.select(_EXPECTED.names).cast(_EXPECTED)
