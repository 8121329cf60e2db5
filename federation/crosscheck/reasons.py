"""Why two figures may differ: reason codes by rule from what both sides say (METHODS B.2).

A rule fires only where both sides state something and the figures differ. UNR and COR cannot be
told from attributes, CONC cannot occur where both sides count by residence: people add them.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from federation.crosscheck.options import CrossCheckOptions
from federation.figures import load_successors

_KINDS_OF_SOURCE = """
CREATE TEMP MACRO is_survey(source) AS source IN ('LFS', 'HHS', 'PAXSURV');
CREATE TEMP MACRO is_register(source) AS
    source IN ('POPREG', 'FORREG', 'RESPERM', 'VISA', 'WORKPERM', 'STUDREG', 'ASYREG', 'CONSREG',
               'BORDER', 'CEN_R');
"""

_FORMER = """
CREATE TEMP TABLE former AS SELECT former AS area, min(dissolved) AS dissolved
FROM successors GROUP BY former
"""

# DUR: the correction for duration brings the pair to a better class. TER: a state is named in a
# year it no longer existed in. SDC also stands for a figure that the other side suppressed.
_RULES = """
CREATE TEMP TABLE explained AS
WITH judged AS (
    SELECT measured.*, coalesce(i <> e, false) AS differs,
           class IN ('B', 'C', 'D', 'E') AND snd.duration <> rcv.duration
               AND class_corrected < class AS is_duration,
           coalesce(noise_snd.bound, 0) + coalesce(noise_rcv.bound, 0) AS noise,
           least(old_orig.dissolved, old_dest.dissolved)
               < make_date(left(period, 4)::INTEGER, 1, 1) AS is_gone
    FROM measured
    LEFT JOIN noise_bound AS noise_snd ON noise_snd.method = snd.protection
    LEFT JOIN noise_bound AS noise_rcv ON noise_rcv.method = rcv.protection
    LEFT JOIN former AS old_orig ON old_orig.area = orig
    LEFT JOIN former AS old_dest ON old_dest.area = dest),
found AS (
    SELECT *, list_filter([
        CASE WHEN differs AND is_duration THEN 'DUR' END,
        CASE WHEN differs AND snd.basis <> rcv.basis THEN 'DURB' END,
        CASE WHEN differs AND snd.population <> rcv.population THEN 'POP' END,
        CASE WHEN differs AND snd.coverage <> rcv.coverage THEN 'CIT' END,
        CASE WHEN differs AND snd.refugees <> rcv.refugees THEN 'ASY' END,
        CASE WHEN differs AND ((is_survey(snd.source) AND is_register(rcv.source))
                               OR (is_register(snd.source) AND is_survey(rcv.source)))
             THEN 'SRC' END,
        CASE WHEN differs AND (snd.collected <> rcv.collected OR snd.day <> rcv.day)
             THEN 'TIM' END,
        CASE WHEN (differs AND abs(difference) <= noise)
                  OR (e IS NULL AND snd.status = 'Q') OR (i IS NULL AND rcv.status = 'Q')
             THEN 'SDC' END,
        CASE WHEN is_gone AND (differs OR e IS NULL OR i IS NULL) THEN 'TER' END,
        CASE WHEN e IS NULL OR i IS NULL THEN 'MIS' END], lambda code: code IS NOT NULL) AS codes
    FROM judged)
SELECT * EXCLUDE (codes),
       CASE WHEN len(codes) > 0 THEN codes
            WHEN class IN ('C', 'D', 'E') THEN ['UNX'] END AS reasons,
       CASE WHEN differs AND is_duration THEN format(
            'SRD {:.1f} (class {}) as counted, {:.1f} (class {}) after correction for duration',
            srd, class, srd_corrected, class_corrected) END AS comment
FROM found
"""


def explain_pairs(connection: duckdb.DuckDBPyConnection, options: CrossCheckOptions) -> None:
    """Make `explained` in the session from `measured`: reasons, and the comment on duration."""
    methods = [method for method, _ in options.noise_bounds]
    bounds = pa.array([bound for _, bound in options.noise_bounds], pa.float64())
    connection.register(
        "noise_bound", pa.table({"method": pa.array(methods, pa.string()), "bound": bounds})
    )
    connection.register("successors", load_successors())
    for statement in (_KINDS_OF_SOURCE, _FORMER, _RULES):
        connection.execute(statement)
