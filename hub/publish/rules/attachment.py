"""An attribute of a data set, group or series has one value in it."""

from __future__ import annotations

from hub.engine import identifier
from hub.model import Attachment, Column
from hub.publish.findings import Findings
from hub.publish.observations import ROW, TABLE, Observations
from hub.publish.rules.rule import ERROR, Rule, Thresholds


def look(observations: Observations, findings: Findings, _thresholds: Thresholds) -> None:
    """Tell every row that says otherwise than the first of its series, group or data set."""
    for column in observations.schema.attributes:
        if column.attachment is Attachment.OBSERVATION or not _differs(observations, column):
            continue
        name = identifier(column.id)
        over = ", ".join(observations.varying(column.dimensions)) or "1"
        texts = observations.texts(column.id)
        shown = name if texts is not None else f"CAST({name} AS VARCHAR)"
        rows = observations.answer(
            f"SELECT {ROW}, {shown}, first_value({shown}) OVER w FROM {TABLE} "
            f"WHERE {name} IS NOT NULL "
            f"WINDOW w AS (PARTITION BY {over} ORDER BY {ROW}) "
            f"QUALIFY {name} IS DISTINCT FROM first_value({name}) OVER w ORDER BY {ROW}"
        )
        within = ", ".join(column.dimensions) if column.dimensions else "the whole data set"
        for row, *found in rows:
            value, other = found if texts is None else [texts[number] for number in found]
            message = (
                f"{column.id} has one value for {within}, but here it is '{value}' and "
                f"earlier '{other}'"
            )
            findings.add("attachment", message, row=row, column=column.id, value=value)


def _differs(observations: Observations, column: Column) -> bool:
    """True where an attribute has more than one value for the same dimensions."""
    if not observations.varying([column.id]):
        return False
    name = identifier(column.id)
    over = ", ".join(observations.varying(column.dimensions)) or "1"
    differing = (
        f"SELECT 1 FROM {TABLE} GROUP BY {over} "
        f"HAVING min({name}) IS DISTINCT FROM max({name}) LIMIT 1"
    )
    return bool(list(observations.answer(differing)))


RULE = Rule(
    id="attachment",
    severities=(ERROR,),
    about="an attribute of a series, a group or the data set with two values in it",
    remedy="give it the same value in all rows of the series or group",
    look=look,
    reads_values=False,
)
