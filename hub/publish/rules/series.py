"""What changes along a series: jumps, and breaks that are marked or are not.

A step is the change from one figure of a series to the next, as the difference of inverse
hyperbolic sines: the logarithm of the ratio for large figures, defined for zero and for negative
ones. Divided by the years between, steps of a series are compared with their median; how far they
lie from it, with the median absolute deviation (MAD). Outliers are commonly told from 5.2 of these
(Iglewicz and Hoaglin 1993: 3.5 / 0.6745); migration swings more than that rule expects.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from hub.engine import identifier
from hub.model import Attachment
from hub.publish.findings import Findings
from hub.publish.observations import ROW, TABLE, Observations
from hub.publish.rules.figures import Figures, has_figures
from hub.publish.rules.periods import make_spans
from hub.publish.rules.rule import INFORMATION, WARNING, Rule, Thresholds
from hub.publish.rules.telling import Told, number, tell

#: Components that say what a figure is; when one changes, the series breaks.
_DEFINITIONS = (
    "SOURCE_TYPE",
    "POP_CONCEPT",
    "DURATION_CRIT",
    "DURATION_BASIS",
    "REFUGEE_INCL",
    "COV_CTZ",
)
_STATUS, _COMMENT = "OBS_STATUS", "COMMENT_OBS"
#: Fewer steps have no median worth the name.
_FEWEST = 5
#: The least that counts as usual deviation, a year: an interpolated series has none of its own.
_LEAST_MAD = 0.05


def _look_jumps(observations: Observations, findings: Findings, thresholds: Thresholds) -> None:
    if not _has_series(observations):
        return
    _make_steps(observations, thresholds)
    periods = _periods(observations)
    measure = observations.schema.measures[0].id

    def say(before: float, figure: float, since: int, spread: float) -> Told:
        message = (
            f"{number(before)} in {periods[since]}, then {number(figure)}: {spread:.0f} median "
            f"deviations from the usual step of the series; check it, or mark a break with "
            f"{_STATUS} B"
        )
        return Told(message=message, column=measure, value=f"{figure:.10g}", severity=WARNING)

    query = (
        "SELECT _row, _before, _figure, _since, abs(_pace - _median) / _mad AS _spread "
        f"FROM jump WHERE NOT _is_break AND NOT _changed AND _steps >= {_FEWEST}"
    )
    tell(observations, findings, "jump", query, say)


def _look_breaks(observations: Observations, findings: Findings, thresholds: Thresholds) -> None:
    names = _changing(observations)
    if not _has_series(observations) or not names:
        return
    _make_steps(observations, thresholds)
    periods = _periods(observations)

    def say(before: float, figure: float, since: int, *changed: bool) -> Told:
        what = " and ".join(name for name, is_so in zip(names, changed, strict=True) if is_so)
        message = (
            f"{what} changed since {periods[since]}, and the figure jumped from {number(before)} "
            f"to {number(figure)}: mark the break with {_STATUS} B"
        )
        return Told(message=message, column=_STATUS, severity=WARNING, suggestion="B")

    flags = ", ".join(_flag(name) for name in names)
    query = (
        f"SELECT _row, _before, _figure, _since, {flags} FROM jump WHERE NOT _is_break AND _changed"
    )
    tell(observations, findings, "unmarked-break", query, say)


def _look_marks(observations: Observations, findings: Findings, thresholds: Thresholds) -> None:
    """A break that is marked where nothing says what broke."""
    if not _has_series(observations) or not _definitions(observations):
        return
    _make_steps(observations, thresholds)
    periods = _periods(observations)

    def say(since: int) -> Told:
        message = (
            f"a break is marked, but source and definitions are those of {periods[since]}: say in "
            f"{_COMMENT} what changed"
        )
        return Told(message=message, column=_STATUS, value="B", severity=INFORMATION)

    query = "SELECT _row, _since FROM step WHERE _is_break AND NOT _changed AND NOT _explained"
    tell(observations, findings, "unexplained-break", query, say)


def _has_series(observations: Observations) -> bool:
    schema = observations.schema
    has_status = _STATUS in schema.by_id
    time = schema.time
    varies = time is not None and bool(observations.varying([time.id]))
    return has_figures(schema) and has_status and varies


def _periods(observations: Observations) -> list[str]:
    time = observations.schema.time
    return (observations.texts(time.id) or []) if time is not None else []


def _definitions(observations: Observations) -> list[str]:
    """The components that say what a figure is and can change along a series."""
    by_id = observations.schema.by_id
    return [
        name
        for name in _DEFINITIONS
        if name in by_id and by_id[name].attachment is Attachment.OBSERVATION
    ]


def _changing(observations: Observations) -> list[str]:
    """Those of them that differ somewhere."""
    return observations.ranks.varying(_definitions(observations))


def _flag(name: str) -> str:
    return identifier(f"_{name}_changed")


def _make_steps(observations: Observations, thresholds: Thresholds) -> None:
    """Make the tables `step`, of all steps, and `jump`, of those that are large; once."""
    execute = observations.connection.execute
    if execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'jump'").fetchone():
        return
    make_spans(observations)
    keys = observations.varying(column.id for column in observations.schema.key)
    execute(f"CREATE TEMP TABLE step AS {_steps(observations, keys)}")
    large = (
        f"abs(_step) >= {math.log(thresholds.jump_ratio)!r} "
        f"AND abs(_figure - _before) >= {float(thresholds.jump_least)!r}"
    )
    same = " AND ".join(f"s.{key} = t.{key}" for key in keys) or "TRUE"
    named = ", ".join(keys)
    execute(
        "CREATE TEMP TABLE jump AS "
        f"WITH large AS (FROM step WHERE {large} AND NOT _is_break), typical AS ("
        f"SELECT {f'{named}, ' if keys else ''}median(_pace) AS _median, "
        f"greatest(mad(_pace), {_LEAST_MAD}) AS _mad, "
        f"count(*) AS _steps FROM step s WHERE EXISTS (FROM large t WHERE {same}) "
        f"{f'GROUP BY {named}' if keys else ''}) "
        f"SELECT t.*, _median, _mad, _steps FROM large t JOIN typical s ON {same} "
        f"WHERE _steps < {_FEWEST} "
        f"OR abs(_pace - _median) > {float(thresholds.jump_mads)!r} * _mad"
    )


def _steps(observations: Observations, keys: Sequence[str]) -> str:
    """Every figure that has one before it in its series, with what changed since."""
    time = observations.schema.time
    period = observations.sql(time.id) if time is not None else "NULL"
    figures = Figures(observations)
    names = _changing(observations)
    comment = _COMMENT in observations.schema.by_id
    flags = [
        f"coalesce({observations.sql(name)} <> lag({observations.sql(name)}) OVER w, FALSE) "
        f"AS {_flag(name)}"
        for name in names
    ]
    selected = [
        ROW,
        *keys,
        f"{figures.size} AS _figure",
        f"lag({figures.size}) OVER w AS _before",
        f"lag({period}) OVER w AS _since",
        "_middle - lag(_middle) OVER w AS _years",
        f"{figures.is_in(_STATUS, ('B',))} AS _is_break",
        f"{f'{observations.sql(_COMMENT)} IS NOT NULL' if comment else 'FALSE'} AS _explained",
        *flags,
    ]
    series = f"PARTITION BY {', '.join(keys)} " if keys else ""
    changed = " OR ".join(_flag(name) for name in names) or "FALSE"
    return (
        "SELECT *, asinh(_figure) - asinh(_before) AS _step, "
        f"_step / nullif(_years, 0) AS _pace, {changed} AS _changed FROM ("
        f"SELECT {', '.join(selected)} FROM {TABLE} JOIN span ON _period = {period} "
        f"WHERE {figures.given} IS NOT NULL AND {figures.counts} "
        f"WINDOW w AS ({series}ORDER BY _middle)) WHERE _before IS NOT NULL"
    )


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
