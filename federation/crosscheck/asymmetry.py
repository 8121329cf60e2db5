"""Flows as both countries count them, and how well they agree (METHODS B.2)."""

from __future__ import annotations

import pyarrow as pa

from federation.crosscheck.measures import define_measures, measure_pairs
from federation.crosscheck.options import CrossCheckOptions
from federation.crosscheck.pairs import match_pairs
from federation.crosscheck.reasons import explain_pairs
from federation.crosscheck.summary import AsymmetryResult
from federation.mirror import MIRROR_SCHEMA, define_vocabulary
from hub.engine import session

_PAIRS = """
SELECT freq AS FREQ, orig AS ORIG_AREA, dest AS DEST_AREA, sex AS SEX, age AS AGE,
       unit AS UNIT_MEASURE, period AS TIME_PERIOD, e AS SENT, i AS RECEIVED,
       difference AS DIFFERENCE, srd AS SRD, class AS ASYM_CLASS, reasons AS ASYM_REASON,
       CASE WHEN strictness(rcv.conf) > strictness(snd.conf) THEN rcv.conf
            ELSE coalesce(snd.conf, rcv.conf) END AS CONF_STATUS,
       r_snd AS R_SENT, r_rcv AS R_RECEIVED, srd_corrected AS SRD_CORRECTED
FROM explained ORDER BY freq, orig, dest, sex, age, unit, period
"""

# A class on a free figure would bracket the other side's confidential one, so it is withheld.
_TABLE = """
WITH judged AS (
    SELECT explained.*,
           CASE WHEN strictness(rcv.conf) > strictness(snd.conf) THEN rcv.conf
                ELSE coalesce(snd.conf, rcv.conf) END AS conf,
           CASE WHEN is_estimate(snd.status, snd.derivation)
                     OR is_estimate(rcv.status, rcv.derivation) THEN 'E'
                WHEN snd.status = 'P' OR rcv.status = 'P' THEN 'P' ELSE 'A' END AS status,
           i IS NOT NULL AND e IS NOT NULL AND strictness(snd.conf) = 1
               AND strictness(rcv.conf) > 1 AS is_withheld_snd,
           i IS NOT NULL AND e IS NOT NULL AND strictness(rcv.conf) = 1
               AND strictness(snd.conf) > 1 AS is_withheld_rcv
    FROM explained),
two_sided AS (SELECT * FROM judged WHERE i IS NOT NULL AND e IS NOT NULL),
every AS (
    SELECT freq, orig, dest, sex, age, period, 'VAL' AS stat, 'SND' AS side, unit, e AS v,
           snd.status AS status, snd.conf AS conf, snd.derivation AS derivation, '0' AS decimals,
           CASE WHEN NOT is_withheld_snd THEN class END AS class,
           CASE WHEN NOT is_withheld_snd THEN reasons END AS reasons,
           CASE WHEN is_withheld_snd THEN $withheld ELSE comment END AS comment
    FROM judged WHERE e IS NOT NULL
    UNION ALL
    SELECT freq, orig, dest, sex, age, period, 'VAL', 'RCV', unit, i,
           rcv.status, rcv.conf, rcv.derivation, '0',
           CASE WHEN NOT is_withheld_rcv THEN class END,
           CASE WHEN NOT is_withheld_rcv THEN reasons END,
           CASE WHEN is_withheld_rcv THEN $withheld ELSE comment END
    FROM judged WHERE i IS NOT NULL
    UNION ALL
    SELECT freq, orig, dest, sex, age, period, stat.id, '_Z', coalesce(stat.unit, two_sided.unit),
           CASE stat.id WHEN 'ABS' THEN difference
                        WHEN 'REL_SND' THEN CASE WHEN e > 0 THEN 100 * (i - e) / e END
                        WHEN 'REL_RCV' THEN CASE WHEN i > 0 THEN 100 * (e - i) / i END
                        WHEN 'SRD' THEN srd
                        WHEN 'IDX' THEN CASE WHEN i + e > 0 THEN abs(i - e) / (i + e) END
                        WHEN 'LOG' THEN log_ratio(i, e) END AS value,
           status, conf, 'AGG', stat.decimals, NULL, NULL,
           CASE WHEN stat.id = 'LOG' AND (i = 0 OR e = 0) THEN $halves
                WHEN stat.id = 'SRD' THEN comment END
    FROM two_sided CROSS JOIN (VALUES ('ABS', NULL, '0'), ('REL_SND', 'PT', '1'),
                                 ('REL_RCV', 'PT', '1'), ('SRD', 'PT', '1'),
                                 ('IDX', 'RATIO', '3'), ('LOG', 'LN', '3'))
        AS stat(id, unit, decimals)
    WHERE value IS NOT NULL)
SELECT freq AS FREQ, orig AS ORIG_AREA, dest AS DEST_AREA, 'FLOW' AS MIRROR_ITEM,
       stat AS MIRROR_STAT, side AS REPORTED_BY, 'RPT' AS ORIGIN_TREAT, sex AS SEX, age AS AGE,
       unit AS UNIT_MEASURE, period AS TIME_PERIOD, v AS OBS_VALUE, status AS OBS_STATUS,
       conf AS CONF_STATUS, '0' AS UNIT_MULT, decimals AS DECIMALS,
       NULL::BIGINT AS N_PARTNERS, NULL::BIGINT AS N_PARTNERS_EXP, NULL::DOUBLE AS COVERAGE_W,
       class AS ASYM_CLASS, reasons AS ASYM_REASON, $method AS METHOD_VERSION,
       derivation AS DERIVATION, comment AS COMMENT_OBS
FROM every
ORDER BY freq, orig, dest, stat, side, sex, age, unit, period
"""

_WITHHELD = "class withheld: the other side's figure is not free for publication"
_HALVES = "ln((I + 0.5) / (E + 0.5)), as one figure is zero"


def derive_asymmetry(
    flow_res: pa.Table, options: CrossCheckOptions | None = None
) -> AsymmetryResult:
    """Compare every flow between two areas as its receiver and its sender count it.

    `flow_res` holds MIG_FLOW observations by previous and next residence; other bases, citizenship
    groups and units in it are left aside. A pair enters where one side has a figure; measures are
    made where both have. The result does not depend on the order of the rows. Raises Invalid for
    lacking columns and for figures given twice.
    """
    chosen = options or CrossCheckOptions()
    texts = {"withheld": _WITHHELD, "halves": _HALVES, "method": chosen.method_version}
    with session() as connection:
        define_vocabulary(connection)
        define_measures(connection)
        match_pairs(connection, flow_res)
        measure_pairs(connection, chosen)
        explain_pairs(connection, chosen)
        return AsymmetryResult(
            table=connection.sql(_TABLE, params=texts).to_arrow_table().cast(MIRROR_SCHEMA),
            pairs=connection.sql(_PAIRS).to_arrow_table(),
        )
