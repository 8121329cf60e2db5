"""What changes along a series: jumps, and breaks that are marked or are not.

A step is the change from one figure of a series to the next, as the difference of inverse
hyperbolic sines: the logarithm of the ratio for large figures, defined for zero and for negative
ones. Divided by the years between, steps of a series are compared with their median; how far they
lie from it, with the median absolute deviation (MAD). Outliers are commonly told from 5.2 of these
(Iglewicz and Hoaglin 1993: 3.5 / 0.6745); migration swings more than that rule expects.
"""

from __future__ import annotations

from hub.publish.findings import Findings
from hub.publish.observations import Observations
from hub.publish.rules.rule import INFORMATION, WARNING, Rule, Thresholds
from hub.publish.rules.steps import COMMENT, FEWEST, STATUS, flag, steps_of
from hub.publish.rules.telling import Told, number, tell


def _look_jumps(observations: Observations, findings: Findings, thresholds: Thresholds) -> None:
    steps = steps_of(observations, thresholds)
    if steps is None:
        return
    periods = steps.periods
    measure = observations.schema.measures[0].id

    def say(before: float, figure: float, since: int, spread: float) -> Told:
        message = (
            f"{number(before)} in {periods[since]}, then {number(figure)}: {spread:.0f} median "
            f"deviations from the usual step of the series; check it, or mark a break with "
            f"{STATUS} B"
        )
        return Told(message=message, column=measure, value=f"{figure:.10g}", severity=WARNING)

    query = (
        "SELECT _row, _before, _figure, _since, abs(_pace - _median) / _mad AS _spread "
        f"FROM jump WHERE NOT _is_break AND NOT _changed AND _steps >= {FEWEST}"
    )
    tell(observations, findings, "jump", query, say)


def _look_breaks(observations: Observations, findings: Findings, thresholds: Thresholds) -> None:
    steps = steps_of(observations, thresholds)
    if steps is None or not steps.names:
        return
    names, periods = steps.names, steps.periods

    def say(before: float, figure: float, since: int, *changed: bool) -> Told:
        what = " and ".join(name for name, is_so in zip(names, changed, strict=True) if is_so)
        message = (
            f"{what} changed since {periods[since]}, and the figure jumped from {number(before)} "
            f"to {number(figure)}: mark the break with {STATUS} B"
        )
        return Told(message=message, column=STATUS, severity=WARNING, suggestion="B")

    flags = ", ".join(flag(name) for name in names)
    query = (
        f"SELECT _row, _before, _figure, _since, {flags} FROM jump WHERE NOT _is_break AND _changed"
    )
    tell(observations, findings, "unmarked-break", query, say)


def _look_marks(observations: Observations, findings: Findings, thresholds: Thresholds) -> None:
    """A break that is marked where nothing says what broke."""
    steps = steps_of(observations, thresholds)
    if steps is None or not steps.has_definitions:
        return
    periods = steps.periods

    def say(since: int) -> Told:
        message = (
            f"a break is marked, but source and definitions are those of {periods[since]}: say in "
            f"{COMMENT} what changed"
        )
        return Told(message=message, column=STATUS, value="B", severity=INFORMATION)

    query = (
        "SELECT _row, _since FROM step "
        "WHERE _row IS NOT NULL AND _is_break AND NOT _changed AND NOT _explained"
    )
    tell(observations, findings, "unexplained-break", query, say)


RULES = (
    Rule(
        id="unmarked-break",
        severities=(WARNING,),
        about="a jump where source, population concept, duration or coverage changed, without "
        "OBS_STATUS B",
        remedy="write B, and say in COMMENT_OBS what changed",
        look=_look_breaks,
    ),
    Rule(
        id="jump",
        severities=(WARNING,),
        about="a figure far from what its series lets expect (settings jump_mads, jump_ratio, "
        "jump_least), without a break; series of six figures or more",
        remedy="check the figure; where it is right, mark a break or leave it",
        look=_look_jumps,
    ),
    Rule(
        id="unexplained-break",
        severities=(INFORMATION,),
        about="OBS_STATUS B where neither source nor definitions changed and no comment says what "
        "did",
        remedy="say in COMMENT_OBS what changed, or take the mark away",
        look=_look_marks,
    ),
)
