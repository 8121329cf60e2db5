"""How far apart two figures are: measures, classes and the correction for duration.

I is the receiver's figure, E the sender's. SRD = 100 (I - E) / ((I + E) / 2), from -200 to 200.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from federation.crosscheck.options import CrossCheckOptions

_MACROS = """
CREATE TEMP MACRO srd(i, e) AS CASE WHEN i + e > 0 THEN 200 * (i - e) / (i + e) END;
CREATE TEMP MACRO log_ratio(i, e) AS
    CASE WHEN i > 0 AND e > 0 THEN ln(i / e) ELSE ln((i + 0.5) / (e + 0.5)) END;
CREATE TEMP MACRO size_class(magnitude, limits) AS
    CASE WHEN magnitude <= limits[1] THEN 'A' WHEN magnitude <= limits[2] THEN 'B'
         WHEN magnitude <= limits[3] THEN 'C' WHEN magnitude <= limits[4] THEN 'D' ELSE 'E' END;
CREATE TEMP MACRO asymmetry_class(i, e, limits, min_cell) AS
    CASE WHEN i IS NULL AND e IS NULL THEN 'MISSING_BOTH'
         WHEN e IS NULL THEN 'MISSING_SENDER' WHEN i IS NULL THEN 'MISSING_RECEIVER'
         WHEN i = 0 AND e = 0 THEN 'ZZ' WHEN greatest(i, e) < min_cell THEN 'N'
         ELSE size_class(abs(srd(i, e)), limits) END;
"""

_MEASURED = """
CREATE TEMP TABLE measured AS
SELECT pair.*, i - e AS difference, srd(i, e) AS srd,
       asymmetry_class(i, e, $limits, $min_cell) AS class,
       rate_snd.r AS r_snd, rate_rcv.r AS r_rcv,
       srd(i * rate_rcv.r, e * rate_snd.r) AS srd_corrected,
       size_class(abs(srd(i * rate_rcv.r, e * rate_snd.r)), $limits) AS class_corrected
FROM pair
LEFT JOIN duration_coefficient AS rate_snd ON rate_snd.criterion = pair.snd.duration
LEFT JOIN duration_coefficient AS rate_rcv ON rate_rcv.criterion = pair.rcv.duration
"""

_CRITERIA = ("M0", "M1", "M3", "M6", "M6P", "M12", "PERM")


def define_measures(connection: duckdb.DuckDBPyConnection) -> None:
    """Define the macros of this module in a session."""
    connection.execute(_MACROS)


def measure_pairs(connection: duckdb.DuckDBPyConnection, options: CrossCheckOptions) -> None:
    """Make `measured` in the session from `pair`: difference, SRD, class, and after correction."""
    rates = [options.coefficients.of(criterion) for criterion in _CRITERIA]
    connection.register("duration_coefficient", pa.table({"criterion": _CRITERIA, "r": rates}))
    connection.execute(
        _MEASURED, {"limits": list(options.class_limits), "min_cell": options.min_cell}
    )
