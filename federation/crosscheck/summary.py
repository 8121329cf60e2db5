"""What a cross-check gives: figures, pairs, and the agreement of countries and of the world."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from hub.engine import session

_BY_COUNTRY = """
WITH role AS (
    SELECT 'SND' AS ROLE, ORIG_AREA AS AREA, DEST_AREA AS OTHER, pairs.* FROM pairs
    UNION ALL SELECT 'RCV', DEST_AREA, ORIG_AREA, pairs.* FROM pairs)
SELECT ROLE, AREA, FREQ, SEX, AGE, TIME_PERIOD, count(*) AS N_PAIRS,
       count(*) FILTER (CONF_STATUS <> 'F') AS N_CONFIDENTIAL,
       sum(SENT ORDER BY OTHER) AS SENT, sum(RECEIVED ORDER BY OTHER) AS RECEIVED,
       sum(abs(DIFFERENCE) ORDER BY OTHER)
           / nullif(sum(SENT + RECEIVED ORDER BY OTHER), 0) AS ASYMMETRY,
       sum(DIFFERENCE ORDER BY OTHER)
           / nullif(sum(SENT + RECEIVED ORDER BY OTHER), 0) AS BIAS
FROM role WHERE DIFFERENCE IS NOT NULL
GROUP BY ROLE, AREA, FREQ, SEX, AGE, TIME_PERIOD ORDER BY ALL
"""

_WORLD = """
SELECT FREQ, SEX, AGE, TIME_PERIOD, count(*) AS N_PAIRS,
       count(*) FILTER (DIFFERENCE IS NULL) AS N_ONE_SIDED,
       sum(SENT ORDER BY ORIG_AREA, DEST_AREA) FILTER (DIFFERENCE IS NOT NULL) AS SENT,
       sum(RECEIVED ORDER BY ORIG_AREA, DEST_AREA) FILTER (DIFFERENCE IS NOT NULL) AS RECEIVED,
       sum(abs(DIFFERENCE) ORDER BY ORIG_AREA, DEST_AREA)
           / nullif(sum(SENT + RECEIVED ORDER BY ORIG_AREA, DEST_AREA), 0) AS ASYMMETRY,
       sum(DIFFERENCE ORDER BY ORIG_AREA, DEST_AREA)
           / nullif(sum(SENT + RECEIVED ORDER BY ORIG_AREA, DEST_AREA), 0) AS BIAS
FROM pairs GROUP BY FREQ, SEX, AGE, TIME_PERIOD ORDER BY ALL
"""

_RANKED = """
SELECT pairs.*, abs(DIFFERENCE) / nullif(sum(SENT + RECEIVED ORDER BY ORIG_AREA, DEST_AREA)
       OVER cut, 0) AS CONTRIBUTION
FROM pairs
WHERE DIFFERENCE IS NOT NULL AND TIME_PERIOD = $period AND SEX = $sex AND AGE = $age
WINDOW cut AS (PARTITION BY FREQ)
"""

_BY_DIFFERENCE = "SELECT * FROM ranked ORDER BY abs(DIFFERENCE) DESC, ORIG_AREA, DEST_AREA"
_BY_SRD = """
SELECT * FROM ranked WHERE greatest(SENT, RECEIVED) >= $min_cell
ORDER BY abs(SRD) DESC NULLS LAST, ORIG_AREA, DEST_AREA
"""

_FLOW_RATIO = """
WITH role AS (
    SELECT 'SND' AS ROLE, ORIG_AREA AS AREA, DEST_AREA AS OTHER, SENT * coalesce(R_SENT, 1) AS own,
           RECEIVED * coalesce(R_RECEIVED, 1) AS theirs, pairs.* FROM pairs
    UNION ALL
    SELECT 'RCV', DEST_AREA, ORIG_AREA, RECEIVED * coalesce(R_RECEIVED, 1),
           SENT * coalesce(R_SENT, 1), pairs.* FROM pairs)
SELECT ROLE, AREA, FREQ, SEX, AGE, TIME_PERIOD, count(*) AS N_PAIRS,
       sum(own ORDER BY OTHER) / nullif(sum(theirs ORDER BY OTHER), 0) AS RATIO
FROM role SEMI JOIN reference ON reference.area = OTHER
WHERE DIFFERENCE IS NOT NULL
GROUP BY ROLE, AREA, FREQ, SEX, AGE, TIME_PERIOD ORDER BY ALL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AsymmetryResult:
    """Both figures of every flow and their measures in the columns of MIG_MIRROR; and summaries.

    table: sorted by key. ASYM_CLASS and ASYM_REASON stand on the figures (MIRROR_STAT=VAL).
    pairs: one row for each flow, SENT and RECEIVED side by side. Here nothing is withheld:
        CONF_STATUS is the stricter of both sides', and what is not `F` must not be shown. The
        same holds for summaries; they count confidential pairs.
    """

    table: pa.Table
    pairs: pa.Table

    def country_level(self) -> pa.Table:
        """Return, for every area as sender and receiver, the asymmetry of its two-sided flows.

        ASYMMETRY is the sum of |I - E| over the sum of I + E, BIAS that of I - E.
        """
        return self._ask(_BY_COUNTRY)

    def world(self) -> pa.Table:
        """Return the asymmetry and bias of all two-sided flows, by period, sex and age."""
        return self._ask(_WORLD)

    def rank_by_difference(self, period: str, *, sex: str = "_T", age: str = "_T") -> pa.Table:
        """Return the two-sided pairs of a period, largest |I - E| first: the size for policy.

        CONTRIBUTION, |I - E| over the world's sum of I + E, ranks alike within one period and
        adds up to the world's asymmetry.
        """
        return self._rank(_BY_DIFFERENCE, period, sex, age)

    def rank_by_srd(
        self, period: str, *, min_cell: float = 100.0, sex: str = "_T", age: str = "_T"
    ) -> pa.Table:
        """Return the pairs of a period whose larger figure is `min_cell` or more, by |SRD|."""
        return self._rank(_BY_SRD, period, sex, age, {"min_cell": min_cell})

    def rank_by_contribution(self, period: str, *, sex: str = "_T", age: str = "_T") -> pa.Table:
        """Return the two-sided pairs of a period by their part of the world's asymmetry."""
        return self._rank(_BY_DIFFERENCE, period, sex, age)

    def flow_ratio(self, reference: Iterable[str]) -> pa.Table:
        """Return each area's flows against what the reference areas count of them.

        RATIO = sum of own figures x R over sum of the reference areas' figures x R (Dańko's
        bilateral flow ratio); below 1 the area counts less than its reference partners. An unknown
        duration counts as twelve months (R = 1).
        """
        areas = pa.array(sorted(set(reference)), pa.string())
        with session() as connection:
            connection.register("pairs", self.pairs)
            connection.register("reference", pa.table({"area": areas}))
            return connection.sql(_FLOW_RATIO).to_arrow_table()

    def _ask(self, query: str) -> pa.Table:
        with session() as connection:
            connection.register("pairs", self.pairs)
            return connection.sql(query).to_arrow_table()

    def _rank(
        self,
        order: str,
        period: str,
        sex: str,
        age: str,
        bound: Mapping[str, float] | None = None,
    ) -> pa.Table:
        with session() as connection:
            connection.register("pairs", self.pairs)
            cut = {"period": period, "sex": sex, "age": age}
            ranked = connection.sql(_RANKED, params=cut).to_arrow_table()
            connection.register("ranked", ranked)
            return connection.sql(order, params=dict(bound or {})).to_arrow_table()
