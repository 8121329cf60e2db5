"""No key occurs twice."""

from __future__ import annotations

from hub.publish.findings import Findings
from hub.publish.observations import ROW, TABLE, Observations
from hub.publish.rules.rule import ERROR, Rule, Thresholds


def look(observations: Observations, findings: Findings, _thresholds: Thresholds) -> None:
    """Tell every row after the first with its key."""
    dimensions = [column.id for column in observations.schema.dimensions]
    keys = ", ".join(observations.varying(dimensions)) or "1"
    repeated = f"SELECT 1 FROM {TABLE} GROUP BY {keys} HAVING count(*) > 1 LIMIT 1"
    if not list(observations.answer(repeated)):
        return
    whole = " AND ".join(f"{observations.sql(name)} IS NOT NULL" for name in dimensions)
    query = (
        f"SELECT {ROW}, min({ROW}) OVER w AS earlier "
        f"FROM {TABLE} WHERE {whole} WINDOW w AS (PARTITION BY {keys}) "
        f"QUALIFY {ROW} > earlier ORDER BY {ROW}"
    )
    names = ".".join(dimensions)
    for row, first in observations.answer(query):
        if not findings.room:
            findings.add_unlisted(1)
            continue
        place = findings.place(first)
        message = f"the same key stands {place} already; a key ({names}) may occur once"
        key = ".".join(observations.typed.column(name)[row].as_py() for name in dimensions)
        findings.add("duplicate-key", message, row=row, value=key)


RULE = Rule(
    id="duplicate-key",
    severities=(ERROR,),
    about="the same key twice",
    remedy="remove one of the two rows, or correct the code that should differ",
    look=look,
    reads_values=False,
)
