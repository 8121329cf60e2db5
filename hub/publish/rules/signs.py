"""Counts are not below zero, shares lie between 0 and 100, answers are yes or no."""

from __future__ import annotations

from hub.publish.findings import Findings
from hub.publish.observations import ROW, TABLE, Observations
from hub.publish.rules.figures import COUNTS, UNIT, Figures, has_figures
from hub.publish.rules.rule import ERROR, WARNING, Rule, Thresholds
from hub.publish.rules.telling import Told, tell

#: What may be negative by its nature: differences, corrections.
_SIGNED = {
    "FLOW_TYPE": ("NET", "ADJ"),
    "ACCOUNT_ITEM": ("NET", "ADJ", "RESID"),
    "MIRROR_STAT": ("ABS", "REL_SND", "REL_RCV", "SRD", "IDX", "LOG"),
}
_SHARES = ("PT_POP", "PT_MIG")
#: The list whose codes mean what is said here; in another list they might mean something else.
_UNITS = "CL_MIG_UNIT"


def _look_below(observations: Observations, findings: Findings, _thresholds: Thresholds) -> None:
    if not has_figures(observations):
        return
    figures = Figures(observations)
    shares = f"({figures.counts} OR {figures.is_in(UNIT, _SHARES)})"
    severity = ERROR if _is_shared(observations) else WARNING
    measure = observations.schema.measures[0].id

    def say(value: float) -> Told:
        message = f"{measure} is {value:.10g}; what is counted is not below zero"
        return Told(message=message, column=measure, value=f"{value:.10g}", severity=severity)

    query = (
        f"SELECT {ROW}, {figures.given} FROM {TABLE} "
        f"WHERE {figures.given} < 0 AND {shares} AND NOT {_is_signed(figures)}"
    )
    tell(observations, findings, "below-zero", query, say)


def _look_range(observations: Observations, findings: Findings, _thresholds: Thresholds) -> None:
    if not has_figures(observations) or not _is_shared(observations):
        return
    figures, measure = Figures(observations), observations.schema.measures[0].id
    size = figures.size
    ranges = [
        (figures.is_in(UNIT, _SHARES), f"{size} > 100", "a percentage of a whole is at most 100"),
        (figures.is_in(UNIT, ("YN",)), f"{size} NOT IN (0, 1)", "write 1 for yes, 0 for no"),
    ]
    if "CAP_COMPONENT" in observations.schema.by_id:
        outside = f"{size} NOT IN (0, 1, 2, 3, 4)"
        ranges.append((figures.is_in(UNIT, ("SCORE",)), outside, "a score is 0, 1, 2, 3 or 4"))
    for unit, outside, right in ranges:

        def say(value: float, right: str = right) -> Told:
            message = f"{measure} is {value:.10g}; {right}"
            return Told(message=message, column=measure, value=f"{value:.10g}")

        query = (
            f"SELECT {ROW}, {figures.given} FROM {TABLE} "
            f"WHERE {unit} AND {outside} AND NOT {_is_signed(figures)}"
        )
        tell(observations, findings, "outside-range", query, say)


def _is_shared(observations: Observations) -> bool:
    units = observations.schema.by_id[UNIT].enumeration
    return units is not None and units.id == _UNITS


def _is_signed(figures: Figures) -> str:
    schema = figures.observations.schema
    signed = [figures.is_in(name, codes) for name, codes in _SIGNED.items() if name in schema.by_id]
    return f"({' OR '.join(signed)})" if signed else "FALSE"


RULES = (
    Rule(
        id="below-zero",
        severities=(ERROR, WARNING),
        about=f"a negative figure in {', '.join(COUNTS)} or a percentage of a whole, other than a "
        "net figure, a correction or a residual; a warning where the units are not CL_MIG_UNIT",
        remedy="correct the figure; a difference belongs under NET, ADJ or RESID",
        look=_look_below,
    ),
    Rule(
        id="outside-range",
        severities=(ERROR,),
        about="PT_POP or PT_MIG above 100, YN other than 0 and 1, SCORE of an assessment other "
        "than 0 to 4",
        remedy="correct the figure, or the unit",
        look=_look_range,
    ),
)
