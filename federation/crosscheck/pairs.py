"""The two figures of each flow, side by side (METHODS B.2).

The receiver's figure I is immigration by previous residence, the sender's E emigration by next
residence; both of all citizenships, for the same period, sex and age.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from federation.mirror.columns import take_columns
from hub.errors import Finding, Invalid

FLOW_DIMENSIONS = (
    "FREQ",
    "REF_AREA",
    "FLOW_TYPE",
    "COUNTERPART_BASIS",
    "COUNTERPART_AREA",
    "CTZ_GROUP",
    "SEX",
    "AGE",
    "UNIT_MEASURE",
    "TIME_PERIOD",
)
FLOW_ATTRIBUTES = (
    "OBS_STATUS",
    "CONF_STATUS",
    "UNIT_MULT",
    "DERIVATION",
    "SOURCE_TYPE",
    "POP_CONCEPT",
    "DURATION_CRIT",
    "DURATION_BASIS",
    "REFUGEE_INCL",
    "COV_CTZ",
    "REF_DATE",
    "SDC_METHOD",
    "TIME_PER_COLLECT",
)

# Unknown is no statement: `_U` becomes NULL, and no rule fires on NULL.
_SIDES = """
CREATE TEMP TABLE side AS
SELECT FLOW_TYPE = 'IMM' AS receives, FREQ AS freq,
       CASE FLOW_TYPE WHEN 'IMM' THEN COUNTERPART_AREA ELSE REF_AREA END AS orig,
       CASE FLOW_TYPE WHEN 'IMM' THEN REF_AREA ELSE COUNTERPART_AREA END AS dest,
       SEX AS sex, AGE AS age, UNIT_MEASURE AS unit, TIME_PERIOD AS period,
       reported(OBS_VALUE, OBS_STATUS, UNIT_MULT) AS v,
       coalesce(OBS_STATUS, 'A') AS status, coalesce(CONF_STATUS, 'F') AS conf,
       coalesce(DERIVATION, 'O') AS derivation,
       nullif(SOURCE_TYPE, '_U') AS source, nullif(POP_CONCEPT, '_U') AS population,
       nullif(DURATION_CRIT, '_U') AS duration, nullif(DURATION_BASIS, '_U') AS basis,
       nullif(REFUGEE_INCL, '_U') AS refugees, nullif(COV_CTZ, '_U') AS coverage,
       nullif(SDC_METHOD, '_U') AS protection,
       try_cast(left(REF_DATE, 10) AS DATE) AS day,
       nullif(TIME_PER_COLLECT, '_U') AS collected
FROM flow_res
WHERE UNIT_MEASURE = 'PS' AND CTZ_GROUP = '_T' AND COUNTERPART_AREA <> REF_AREA
  AND is_area(REF_AREA) AND is_area(COUNTERPART_AREA)
  AND ((FLOW_TYPE = 'IMM' AND COUNTERPART_BASIS = 'PREV_RES')
       OR (FLOW_TYPE = 'EMI' AND COUNTERPART_BASIS = 'NEXT_RES'))
"""

_TWICE = """
SELECT CASE WHEN receives THEN 'IMM' ELSE 'EMI' END, freq, orig, dest, sex, age, period
FROM side GROUP BY receives, freq, orig, dest, sex, age, unit, period
HAVING count(*) > 1 ORDER BY ALL LIMIT 100
"""

_PAIRS = """
CREATE TEMP TABLE pair AS
SELECT freq, orig, dest, sex, age, unit, period, snd.v AS e, rcv.v AS i, snd, rcv
FROM (SELECT * FROM side WHERE NOT receives) AS snd
FULL JOIN (SELECT * FROM side WHERE receives) AS rcv
    USING (freq, orig, dest, sex, age, unit, period)
WHERE snd.v IS NOT NULL OR rcv.v IS NOT NULL
"""


def match_pairs(connection: duckdb.DuckDBPyConnection, flow_res: pa.Table) -> None:
    """Make `pair` in the session: e and i with all that both sides say about them.

    Raises Invalid for a lacking column and for a figure given twice.
    """
    columns = take_columns(flow_res, FLOW_DIMENSIONS, FLOW_ATTRIBUTES, "flow table")
    connection.register("flow_res", columns)
    connection.execute(_SIDES)
    twice = connection.execute(_TWICE).fetchall()
    if twice:
        findings = [
            Finding(rule="duplicate", message="given more than once", value=".".join(cell))
            for cell in twice
        ]
        raise Invalid(
            f"a flow is given more than once, first {findings[0].value} (type, frequency, origin, "
            "destination, sex, age, period); one active source for each area is right",
            findings,
        )
    connection.execute(_PAIRS)
