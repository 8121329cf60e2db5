"""Steps along series: every figure with the one before it, and what changed in between.

Where a few periods are handed in, the series go on from what the same source has published: a new
year is compared with the years there are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from hub.engine import identifier
from hub.model import Attachment
from hub.publish.observations import ROW, TABLE, Observations
from hub.publish.rules.figures import Figures, has_figures
from hub.publish.rules.held import HELD, make_held
from hub.publish.rules.periods import make_spans
from hub.publish.rules.rule import Thresholds

STATUS, COMMENT = "OBS_STATUS", "COMMENT_OBS"
#: Fewer steps have no median worth the name.
FEWEST = 5
#: The least that counts as usual deviation, a year: an interpolated series has none of its own.
_LEAST_MAD = 0.05
#: Components that say what a figure is; when one changes, the series breaks.
_DEFINITIONS = (
    "SOURCE_TYPE",
    "POP_CONCEPT",
    "DURATION_CRIT",
    "DURATION_BASIS",
    "REFUGEE_INCL",
    "COV_CTZ",
)


@dataclass(frozen=True, slots=True)
class Steps:
    """What the tables `step`, of all steps, and `jump`, of the large ones, are about.

    `periods` are texts by the numbers in the tables; `names` the components that say what a figure
    is and differ somewhere, `has_definitions` whether there are any such components. The row of a
    step that was published before is null.
    """

    periods: Sequence[str]
    names: Sequence[str]
    has_definitions: bool


def flag(name: str) -> str:
    """The column that says whether a component changed with a step."""
    return identifier(f"_{name}_changed")


def steps_of(observations: Observations, thresholds: Thresholds) -> Steps | None:
    """Make the tables `step` and `jump`, once; None where there are no series."""
    if "steps" not in observations.made:
        observations.made["steps"] = _make_steps(observations, thresholds)
    steps: Steps | None = observations.made["steps"]
    return steps


def _make_steps(observations: Observations, thresholds: Thresholds) -> Steps | None:
    schema = observations.schema
    if schema.time is None or STATUS not in schema.by_id or not has_figures(observations):
        return None
    submitted = observations.texts(schema.time.id) or []
    goes_on = bool(observations.held) and 0 < len(submitted) <= FEWEST
    if not (goes_on or observations.varying([schema.time.id])):
        return None
    definitions = _definitions(observations)
    names = definitions if goes_on else observations.ranks.varying(definitions)
    keys = [column.id for column in schema.key]
    make_spans(observations)
    periods = make_held(observations, keys, names) if goes_on else submitted
    rows = _submitted(observations, names)
    if goes_on:
        rows = f"{rows} UNION ALL BY NAME FROM {HELD}"
    _make(observations, rows, observations.varying(keys), names, thresholds)
    return Steps(periods, names, bool(definitions))


def _definitions(observations: Observations) -> list[str]:
    """The components that say what a figure is and can change along a series."""
    by_id = observations.schema.by_id
    return [
        name
        for name in _DEFINITIONS
        if observations.texts(name) is not None and by_id[name].attachment is Attachment.OBSERVATION
    ]


def _submitted(observations: Observations, names: Sequence[str]) -> str:
    """The figures of the submission, as the tables of steps take them."""
    schema, figures = observations.schema, Figures(observations)
    period = observations.sql(schema.time.id) if schema.time is not None else "NULL"
    comment = "FALSE"
    if COMMENT in schema.by_id:
        comment = f"{observations.sql(COMMENT)} IS NOT NULL"
    selected = [
        ROW,
        *observations.varying(column.id for column in schema.key),
        f"CAST({figures.size} AS DOUBLE) AS _figure",
        f"{period} AS _period",
        "_begin",
        f"{figures.is_in(STATUS, ('B',))} AS _is_break",
        f"{comment} AS _explained",
        *(f"{observations.sql(name)} AS {identifier(name)}" for name in names),
    ]
    return (
        f"SELECT {', '.join(selected)} FROM {TABLE} JOIN span ON span._period = {period} "
        f"WHERE {figures.given} IS NOT NULL AND {figures.counts}"
    )


def _make(
    observations: Observations,
    rows: str,
    keys: Sequence[str],
    names: Sequence[str],
    thresholds: Thresholds,
) -> None:
    execute = observations.connection.execute
    execute(f"CREATE TEMP TABLE step AS {_steps(rows, keys, names)}")
    large = (
        f"abs(_step) >= {math.log(thresholds.jump_ratio)!r} "
        f"AND abs(_figure - _before) >= {float(thresholds.jump_least)!r}"
    )
    same = " AND ".join(f"s.{key} = t.{key}" for key in keys) or "TRUE"
    named = ", ".join(keys)
    execute(
        "CREATE TEMP TABLE jump AS "
        f"WITH large AS (FROM step WHERE {ROW} IS NOT NULL AND {large} AND NOT _is_break), "
        f"typical AS (SELECT {f'{named}, ' if keys else ''}median(_pace) AS _median, "
        f"greatest(mad(_pace), {_LEAST_MAD}) AS _mad, "
        f"count(*) AS _steps FROM step s WHERE EXISTS (FROM large t WHERE {same}) "
        f"{f'GROUP BY {named}' if keys else ''}) "
        f"SELECT t.*, _median, _mad, _steps FROM large t JOIN typical s ON {same} "
        f"WHERE _steps < {FEWEST} "
        f"OR abs(_pace - _median) > {float(thresholds.jump_mads)!r} * _mad"
    )


def _steps(rows: str, keys: Sequence[str], names: Sequence[str]) -> str:
    """Every figure that has one before it in its series, with what changed since."""
    flags = [
        f"coalesce({identifier(name)} <> lag({identifier(name)}) OVER w, FALSE) AS {flag(name)}"
        for name in names
    ]
    selected = [
        ROW,
        *keys,
        "_figure",
        "lag(_figure) OVER w AS _before",
        "lag(_period) OVER w AS _since",
        "_begin - lag(_begin) OVER w AS _years",
        "_is_break",
        "_explained",
        *flags,
    ]
    series = f"PARTITION BY {', '.join(keys)} " if keys else ""
    changed = " OR ".join(flag(name) for name in names) or "FALSE"
    return (
        "SELECT *, asinh(_figure) - asinh(_before) AS _step, "
        f"_step / nullif(_years, 0) AS _pace, {changed} AS _changed FROM ("
        f"SELECT {', '.join(selected)} FROM ({rows}) "
        f"WINDOW w AS ({series}ORDER BY _begin)) WHERE _before IS NOT NULL"
    )
