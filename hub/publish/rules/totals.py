"""A total against its parts, over sexes, ages, areas and the like.

For each cell whose dimension is the total `_T`, the parts are the cells that differ from it in
that dimension only. Parts above the total are an error. Parts below it are an error only where
the breakdown says it is complete: it carries `_O` or `_U`, or both sexes, or ages without a gap.
Elsewhere it is information, with the share covered. Rounding and suppression are allowed for.
Parts that may be negative (a net flow) are compared only where they are complete.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from hub.engine import identifier
from hub.model import Column
from hub.publish.findings import Findings
from hub.publish.observations import ROW, TABLE, Observations
from hub.publish.rules.breakdowns import RESIDUAL, TOTAL, Breakdown, breakdown_of
from hub.publish.rules.figures import COUNTS, EPSILON, UNIT, Figures, has_figures
from hub.publish.rules.rule import ERROR, INFORMATION, Rule, Thresholds
from hub.publish.rules.telling import Told, number, tell

#: How many partners a derived figure is the sum of.
PARTNERS = "N_PARTNERS"


def look(observations: Observations, findings: Findings, _thresholds: Thresholds) -> None:
    """Compare every total with its parts, in the first measure, where that is a number."""
    if not has_figures(observations):
        return
    for column in observations.schema.key:
        breakdown = breakdown_of(column)
        if breakdown is not None and _is_broken_down(observations, column):
            _number_breakdowns(observations, column)
            if _choose_parts(observations, column, breakdown):
                _compare(observations, column, findings)


def _is_broken_down(observations: Observations, column: Column) -> bool:
    """True where there are both totals and something else."""
    present = observations.texts(column.id) or []
    return len(present) > 1 and TOTAL in present


def _others(observations: Observations, column: Column) -> list[str]:
    """The other dimensions that vary, quoted."""
    others = (other.id for other in observations.schema.dimensions if other.id != column.id)
    return observations.varying(others)


def _number_breakdowns(observations: Observations, column: Column) -> None:
    """Make the tables `cell` and `breakdown`.

    A cell is what the other dimensions say; cells that have the same codes have the same breakdown.
    """
    name = identifier(column.id)
    others = _others(observations, column)
    selected = ", ".join((*others, f"list_sort(list({name})) AS _codes"))
    execute = observations.connection.execute
    execute(
        f"CREATE OR REPLACE TEMP TABLE cell AS SELECT {selected} FROM {TABLE} "
        f"WHERE {observations.sql(UNIT)} IN ({observations.numbers(UNIT, COUNTS)}) "
        f"{_grouped(others)} HAVING bool_or({_is_total(observations, column)}) AND count(*) > 1"
    )
    execute(
        "CREATE OR REPLACE TEMP TABLE breakdown AS SELECT row_number() OVER () AS _breakdown, "
        "_codes FROM (SELECT DISTINCT _codes FROM cell)"
    )


def _is_total(observations: Observations, column: Column) -> str:
    return f"{identifier(column.id)} IN ({observations.numbers(column.id, [TOTAL])})"


def _grouped(columns: Sequence[str]) -> str:
    return f"GROUP BY {', '.join(columns)}" if columns else ""


def _choose_parts(observations: Observations, column: Column, breakdown: Breakdown) -> bool:
    """Make the table `part`: which codes of each breakdown add up, and whether they must.

    False where there is none.
    """
    texts = observations.texts(column.id)
    if column.enumeration is None or texts is None:
        return False
    breakdowns: list[int] = []
    codes: list[int] = []
    musts: list[bool] = []
    for place, present in observations.answer("FROM breakdown ORDER BY 1"):
        parts = breakdown.parts(column.enumeration, [texts[code] for code in present])
        if parts <= RESIDUAL:
            continue  # the unknown by themselves break nothing down
        complete = breakdown.complete(parts) or bool(parts & RESIDUAL)
        breakdowns += [place] * len(parts)
        codes += observations.ranks.numbers(column.id, parts)
        musts += [complete] * len(parts)
    chosen = {
        "_breakdown": pa.array(breakdowns, pa.int64()),
        "_code": pa.array(codes, pa.int32()),
        "_must": pa.array(musts, pa.bool_()),
    }
    observations.connection.register("part", pa.table(chosen))
    return bool(breakdowns)


def _compare(observations: Observations, column: Column, findings: Findings) -> None:
    """Tell what does not add up: errors first, then what is only to be known."""

    def say(given: float, total: float, parts: float, is_more: bool, complete: bool) -> Told:
        message = f"the parts over {column.id} add up to {number(parts)}"
        severity = ERROR
        if is_more:
            message = f"{message}, more than the total {number(total)}"
        elif complete:
            message = f"{message}, less than the total {number(total)}, and they are complete"
        else:
            message = f"{message}, {parts / total:.1%} of the total {number(total)}"
            severity = INFORMATION
        value = f"{given:.10g}"
        return Told(message=message, column=column.id, value=value, severity=severity)

    observations.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE unequal AS SELECT *, _parts > _total + _slack AS _more "
        f"FROM ({_sums(observations, column)}) WHERE (_complete OR _lowest >= 0) "
        "AND (_more OR (_parts < _total - _slack AND _gaps = 0))"
    )
    selected = "SELECT _at, _given, _total, _parts, _more, _complete FROM unequal WHERE"
    for which in ("(_more OR _complete)", "NOT (_more OR _complete)"):
        tell(observations, findings, "total-against-parts", f"{selected} {which}", say)


def _sums(observations: Observations, column: Column) -> str:
    """For each cell with parts: the row of its total, both sums, and what may lie between them.

    `gaps` are parts without a value, which may make up for what is missing.
    """
    name, figures = identifier(column.id), Figures(observations)
    size, given = figures.size, figures.given
    others = _others(observations, column)
    same = " AND ".join(f"o.{other} = c.{other}" for other in others) or "TRUE"
    grouped = _grouped([f"o.{other}" for other in others])
    is_total, is_part = _is_total(observations, column), "_code IS NOT NULL"
    return (
        f"SELECT min({ROW}) FILTER ({is_total}) AS _at, "
        f"CAST(any_value({given}) FILTER ({is_total}) AS DOUBLE) AS _given, "
        f"CAST(any_value({size}) FILTER ({is_total}) AS DOUBLE) AS _total, "
        f"coalesce(CAST(sum({size}) FILTER ({is_part}) AS DOUBLE), 0) AS _parts, "
        f"max({figures.slack}) * (count(*) FILTER ({is_part}) + 1) + abs(_total) * {EPSILON} "
        f"AS _slack, "
        f"count(*) FILTER ({is_part} AND {given} IS NULL) AS _gaps, "
        f"bool_or(_must){_of_the_same(observations)} AS _complete, "
        f"least(_total, min({size}) FILTER ({is_part})) AS _lowest "
        f"FROM {TABLE} o JOIN cell c ON {same} JOIN breakdown USING (_codes) "
        f"LEFT JOIN part ON part._breakdown = breakdown._breakdown AND _code = {name} "
        f"{grouped} HAVING _total IS NOT NULL AND bool_or({is_part})"
    )


def _of_the_same(observations: Observations) -> str:
    """Sums over partners are complete only where as many are in the parts as in the total.

    Some partners tell men from women, others do not (`N_PARTNERS`, derived structures).
    """
    if PARTNERS not in observations.schema.by_id:
        return ""
    partners = observations.sql(PARTNERS)
    return f" AND (min({partners}) = max({partners})) IS NOT FALSE"


RULE = Rule(
    id="total-against-parts",
    severities=(ERROR, INFORMATION),
    about="parts that add up to more than their total, or to less where they are complete; "
    "information where they are not",
    remedy="correct the total or the part that is wrong; give what is not shown as _O or _U",
    look=look,
)
