"""A total against its parts, over sexes, ages and areas (design: structures, "Constraints").

For each cell whose dimension is the total `_T`, the parts are the cells that differ from it in
that dimension only. Parts above the total are an error. Parts below it are an error only where
the breakdown says it is complete: it carries `_O` or `_U`, or both sexes, or ages without a gap.
Elsewhere it is information, with the share covered. Rounding and suppression are allowed for.
Parts that may be negative (a net flow) are compared only where they are complete.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa

from hub.engine import duckdb_type, identifier
from hub.errors import Severity
from hub.model import FLOATS, INTEGERS, Column, Enumeration
from hub.publish.ages import is_complete, partition
from hub.publish.findings import Findings
from hub.publish.observations import ROW, TABLE, Observations

TOTAL = "_T"
_RESIDUAL = frozenset({"_O", "_U"})
#: Units whose figures add up; ratios and scores do not.
_ADDITIVE = ("PS", "DEC", "CROSS")
#: What adding up floating-point numbers may lose, as a share of the total.
_EPSILON = 1e-9
_UNIT = "UNIT_MEASURE"
_METHOD = "SDC_METHOD"
#: How far each method of disclosure control may move one cell.
_MOVED = {2: ("RR3",), 4: ("RR5", "CR"), 10: ("CKM",)}


@dataclass(frozen=True, slots=True)
class _Breakdown:
    """How a kind of list breaks a total down.

    `parts` reduces the codes present to those that add up, `complete` says whether they must.
    """

    parts: Callable[[Enumeration, Iterable[str]], frozenset[str]]
    complete: Callable[[frozenset[str]], bool]


def _sexes(_list: Enumeration, present: Iterable[str]) -> frozenset[str]:
    return frozenset(present) & {"F", "M", "_O", "_U", "_N"}


def _areas(list_: Enumeration, present: Iterable[str]) -> frozenset[str]:
    groups = {code.parent for code in list_.items if code.parent}
    return frozenset(present) - groups - {TOTAL}


def _ages(_list: Enumeration, present: Iterable[str]) -> frozenset[str]:
    return partition(present)


_BREAKDOWNS = {
    "CL_SEX": _Breakdown(_sexes, lambda parts: {"F", "M"} <= parts),
    "CL_AGE": _Breakdown(_ages, is_complete),
    "CL_AREA": _Breakdown(_areas, lambda _parts: False),
}


def check_totals(observations: Observations, findings: Findings) -> None:
    """Compare every total with its parts, in the first measure, where that is a number."""
    schema = observations.schema
    if _UNIT not in schema.by_id or not schema.measures or not _adds_up(schema.measures[0]):
        return
    for column in schema.key:
        breakdown = _breakdown_of(column)
        if breakdown is not None and _is_broken_down(observations, column):
            _number_breakdowns(observations, column)
            if _choose_parts(observations, column, breakdown):
                _compare(observations, column, findings)


def _adds_up(measure: Column) -> bool:
    is_number = measure.text_type in INTEGERS | FLOATS
    return is_number and not measure.is_coded and not measure.is_list


def _breakdown_of(column: Column) -> _Breakdown | None:
    if column.enumeration is None or TOTAL not in column.enumeration.by_id:
        return None
    name = column.enumeration.id
    return next((b for prefix, b in _BREAKDOWNS.items() if name.startswith(prefix)), None)


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
        f"WHERE {observations.sql(_UNIT)} IN ({observations.numbers(_UNIT, _ADDITIVE)}) "
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


def _choose_parts(observations: Observations, column: Column, breakdown: _Breakdown) -> bool:
    """Make the table `part`: which codes of each breakdown add up, and whether they must.

    False where there is none.
    """
    texts = observations.texts(column.id)
    if column.enumeration is None or texts is None:
        return False
    breakdowns: list[int] = []
    codes: list[int] = []
    musts: list[bool] = []
    for number, present in observations.answer("FROM breakdown ORDER BY 1"):
        parts = breakdown.parts(column.enumeration, [texts[code] for code in present])
        if parts <= _RESIDUAL:
            continue  # the unknown by themselves break nothing down
        complete = breakdown.complete(parts) or bool(parts & _RESIDUAL)
        breakdowns += [number] * len(parts)
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
    rows = observations.answer(
        f"SELECT _at, _total, _parts, _slack, _complete FROM ({_sums(observations, column)}) "
        "WHERE (_complete OR _lowest >= 0) "
        "AND (_parts > _total + _slack OR (_parts < _total - _slack AND _gaps = 0)) ORDER BY _at"
    )
    for row, total, parts, slack, complete in rows:
        message = f"the parts over {column.id} add up to {parts:,.10g}"
        severity = Severity.ERROR
        if parts > total + slack:
            message = f"{message}, more than the total {total:,.10g}"
        elif complete:
            message = f"{message}, less than the total {total:,.10g}, and they are complete"
        else:
            message = f"{message}, {parts / total:.1%} of the total {total:,.10g}"
            severity = Severity.INFORMATION
        findings.add(
            "total-against-parts",
            message,
            row=row,
            column=column.id,
            value=f"{total:.10g}",
            severity=severity,
        )


def _sums(observations: Observations, column: Column) -> str:
    """For each cell with parts: the row of its total, both sums, and what may lie between them.

    `gaps` are parts without a value, which may make up for what is missing.
    """
    name, measure = identifier(column.id), observations.schema.measures[0]
    value = f"CAST({observations.sql(measure.id)} AS {duckdb_type(measure)})"
    if measure.text_type in FLOATS:
        value = f"nullif({value}, 'NaN')"  # intentionally missing
    others = _others(observations, column)
    same = " AND ".join(f"o.{other} = c.{other}" for other in others) or "TRUE"
    grouped = _grouped([f"o.{other}" for other in others])
    is_total, is_part = _is_total(observations, column), "_code IS NOT NULL"
    return (
        f"SELECT min({ROW}) FILTER ({is_total}) AS _at, "
        f"CAST(any_value({value}) FILTER ({is_total}) AS DOUBLE) AS _total, "
        f"coalesce(CAST(sum({value}) FILTER ({is_part}) AS DOUBLE), 0) AS _parts, "
        f"{_rounding(observations)} * (count(*) FILTER ({is_part}) + 1) + abs(_total) * {_EPSILON} "
        f"AS _slack, "
        f"count(*) FILTER ({is_part} AND {value} IS NULL) AS _gaps, "
        f"bool_or(_must) AS _complete, "
        f"least(_total, min({value}) FILTER ({is_part})) AS _lowest "
        f"FROM {TABLE} o JOIN cell c ON {same} JOIN breakdown USING (_codes) "
        f"LEFT JOIN part ON part._breakdown = breakdown._breakdown AND _code = {name} "
        f"{grouped} HAVING _total IS NOT NULL AND bool_or({is_part})"
    )


def _rounding(observations: Observations) -> str:
    """How far rounding may move one cell: b-1 for rounding to base b (SDC_METHOD RRb)."""
    if _METHOD not in observations.schema.by_id:
        return "0"
    method = observations.sql(_METHOD)
    moved = " ".join(
        f"WHEN {method} IN ({observations.numbers(_METHOD, methods)}) THEN {most}"
        for most, methods in _MOVED.items()
    )
    return f"max(CASE {moved} ELSE 0 END)"
