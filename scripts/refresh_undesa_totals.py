"""Make federation/figures/undesa_immigrant_totals.csv from the bilateral table of UN DESA.

    python scripts/refresh_undesa_totals.py BILATERAL.parquet

BILATERAL holds International Migrant Stock 2024 (United Nations, DESA, Population Division,
CC BY 3.0 IGO) as DEST, ORIG, SEX, TIME_PERIOD, OBS_VALUE, destinations as ISO 3166-1 alpha-3 or
CHI, origins complete (their sum is the published total of the destination).
"""

from __future__ import annotations

import sys
from pathlib import Path

from hub.engine import session

TARGET = Path(__file__).parents[1] / "federation" / "figures" / "undesa_immigrant_totals.csv"

_TOTALS = """
SELECT DEST, TIME_PERIOD, sum(OBS_VALUE)::BIGINT
FROM read_parquet($source) WHERE SEX = '_T' AND OBS_VALUE IS NOT NULL
GROUP BY ALL ORDER BY ALL
"""


def main(source: str) -> None:
    """Write one line for each destination and published year."""
    with session() as connection:
        rows = connection.execute(_TOTALS, {"source": source}).fetchall()
    lines = [f"{area},{year},{persons}" for area, year, persons in rows]
    TARGET.write_text("\n".join(["area,year,persons", *lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
