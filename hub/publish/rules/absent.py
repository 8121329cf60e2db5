"""A figure where OBS_STATUS says that there is none."""

from __future__ import annotations

from hub.publish.findings import Findings
from hub.publish.observations import ROW, TABLE, Observations
from hub.publish.rules.figures import Figures, has_figures
from hub.publish.rules.rule import ERROR, WARNING, Rule, Thresholds
from hub.publish.rules.telling import Told, tell

_STATUS = "OBS_STATUS"
#: How the names of such codes begin in CL_OBS_STATUS of SDMX, and a word in that of Q.
_MISSING, _SUPPRESSED = "Missing value", "suppressed"


def _look(observations: Observations, findings: Findings, _thresholds: Thresholds) -> None:
    texts, column = observations.texts(_STATUS), observations.schema.by_id.get(_STATUS)
    if texts is None or column is None or not has_figures(observations):
        return
    missing = {
        code.id: name
        for code in (column.enumeration.items if column.enumeration else ())
        if (name := code.name.best()).startswith(_MISSING)
    }

    def say(status: int) -> Told:
        code = texts[status]
        message = f"{_STATUS} {code} says '{missing[code]}', and there is a figure"
        severity = ERROR if _SUPPRESSED in missing[code] else WARNING
        return Told(message=message, column=_STATUS, value=code, severity=severity)

    figures = Figures(observations)
    query = (
        f"SELECT {ROW}, {observations.sql(_STATUS)} FROM {TABLE} "
        f"WHERE {figures.is_in(_STATUS, tuple(missing))} AND {figures.given} IS NOT NULL"
    )
    tell(observations, findings, "missing-with-figure", query, say)


RULE = Rule(
    id="missing-with-figure",
    severities=(ERROR, WARNING),
    about="an OBS_STATUS whose name says that the value is missing (H, L, M, O, Q), and a figure "
    "nevertheless; an error where it is said to be suppressed (Q)",
    remedy="take the figure out, or correct the status",
    look=_look,
)
