"""A total against its parts, over sexes, ages and areas (design: structures, "Constraints").

For each cell whose dimension is the total `_T`, the parts are the cells that differ from it in
that dimension only. Parts above the total are an error. Parts below it are an error only where
the breakdown says it is complete: it carries `_O` or `_U`, or both sexes, or ages without a gap.
Elsewhere it is information, with the share covered. Rounding and suppression are allowed for.
Parts that may be negative (a net flow) are compared only where they are complete.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from hub.engine import identifier, identifiers, literals
from hub.errors import Severity
from hub.model import FLOATS, INTEGERS, Codelist, Column, Schema, ValueList
from hub.publish.ages import is_complete, partition
from hub.publish.findings import Findings
from hub.publish.rules import TABLE

TOTAL = "_T"
_RESIDUAL = frozenset({"_O", "_U"})
#: Units whose figures add up; ratios and scores do not.
_ADDITIVE = ("PS", "DEC", "CROSS")
#: What adding up floating-point numbers may lose, as a share of the total.
_EPSILON = 1e-9
_UNIT = "UNIT_MEASURE"
_METHOD = "SDC_METHOD"


@dataclass(frozen=True, slots=True)
class _Breakdown:
    """How a kind of list breaks a total down.

    `parts` reduces the codes present to those that add up, `complete` says whether they must.
    """

    parts: Callable[[Codelist | ValueList, Iterable[str]], frozenset[str]]
    complete: Callable[[frozenset[str]], bool]


def _sexes(_list: Codelist | ValueList, present: Iterable[str]) -> frozenset[str]:
    return frozenset(present) & {"F", "M", "_O", "_U", "_N"}


def _areas(list_: Codelist | ValueList, present: Iterable[str]) -> frozenset[str]:
    groups = {code.parent for code in list_.items if code.parent}
    return frozenset(present) - groups - {TOTAL}


def _ages(_list: Codelist | ValueList, present: Iterable[str]) -> frozenset[str]:
    return partition(present)


_BREAKDOWNS = {
    "CL_SEX": _Breakdown(_sexes, lambda parts: {"F", "M"} <= parts),
    "CL_AGE": _Breakdown(_ages, is_complete),
    "CL_AREA": _Breakdown(_areas, lambda _parts: False),
}


def check_totals(connection: duckdb.DuckDBPyConnection, schema: Schema, findings: Findings) -> None:
    """Compare every total with its parts, in the first measure, where that is a number."""
    if _UNIT not in schema.by_id or not schema.measures or not _adds_up(schema.measures[0]):
        return
    if len(schema.dimensions) < 2:
        return
    for column in schema.key:
        breakdown = _breakdown_of(column)
        if breakdown is not None and _is_broken_down(connection, column):
            _number_breakdowns(connection, schema, column)
            if _choose_parts(connection, column, breakdown):
                _compare(connection, schema, column, findings)


def _adds_up(measure: Column) -> bool:
    is_number = measure.text_type in INTEGERS | FLOATS
    return is_number and not measure.is_coded and not measure.is_list


def _breakdown_of(column: Column) -> _Breakdown | None:
    if column.enumeration is None or TOTAL not in column.enumeration.by_id:
        return None
    name = column.enumeration.id
    return next((b for prefix, b in _BREAKDOWNS.items() if name.startswith(prefix)), None)


def _is_broken_down(connection: duckdb.DuckDBPyConnection, column: Column) -> bool:
    """True where there are both totals and something else."""
    name = identifier(column.id)
    present = connection.execute(f"SELECT DISTINCT {name} FROM {TABLE}").fetchall()
    return len(present) > 1 and (TOTAL,) in present


def _others(schema: Schema, column: Column) -> str:
    return identifiers(other.id for other in schema.dimensions if other.id != column.id)


def _number_breakdowns(
    connection: duckdb.DuckDBPyConnection, schema: Schema, column: Column
) -> None:
    """Make the tables `cell` and `breakdown`.

    A cell is what the other dimensions say; cells that have the same codes have the same breakdown.
    """
    name, others = identifier(column.id), _others(schema, column)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE cell AS "
        f"SELECT {others}, list_sort(list({name})) AS _codes FROM {TABLE} "
        f"WHERE {identifier(_UNIT)} IN ({literals(_ADDITIVE)}) "
        f"GROUP BY {others} HAVING bool_or({name} = '{TOTAL}') AND count(*) > 1"
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE breakdown AS SELECT row_number() OVER () AS _breakdown, "
        "_codes FROM (SELECT DISTINCT _codes FROM cell)"
    )


def _choose_parts(
    connection: duckdb.DuckDBPyConnection, column: Column, breakdown: _Breakdown
) -> bool:
    """Make the table `part`: which codes of each breakdown add up, and whether they must.

    False where there is none.
    """
    if column.enumeration is None:
        return False
    numbers: list[int] = []
    codes: list[str] = []
    musts: list[bool] = []
    for number, present in connection.execute("FROM breakdown ORDER BY 1").fetchall():
        parts = breakdown.parts(column.enumeration, present)
        if parts <= _RESIDUAL:
            continue  # the unknown by themselves break nothing down
        complete = breakdown.complete(parts) or bool(parts & _RESIDUAL)
        numbers += [number] * len(parts)
        codes += sorted(parts)
        musts += [complete] * len(parts)
    chosen = {
        "_breakdown": pa.array(numbers, pa.int64()),
        "_code": pa.array(codes, pa.string()),
        "_must": pa.array(musts, pa.bool_()),
    }
    connection.register("part", pa.table(chosen))
    return bool(numbers)


def _compare(
    connection: duckdb.DuckDBPyConnection, schema: Schema, column: Column, findings: Findings
) -> None:
    rows = connection.execute(
        f"SELECT _at, _total, _parts, _slack, _complete FROM ({_sums(schema, column)}) "
        "WHERE (_complete OR _lowest >= 0) "
        "AND (_parts > _total + _slack OR (_parts < _total - _slack AND _gaps = 0)) ORDER BY _at"
    ).fetchall()
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


def _sums(schema: Schema, column: Column) -> str:
    """For each cell with parts: the row of its total, both sums, and what may lie between them.

    `gaps` are parts without a value, which may make up for what is missing.
    """
    name, measure = identifier(column.id), schema.measures[0]
    value = identifier(measure.id)
    if measure.text_type in FLOATS:
        value = f"nullif({value}, 'NaN')"  # intentionally missing
    others = _others(schema, column)
    is_total, is_part = f"{name} = '{TOTAL}'", "_code IS NOT NULL"
    return (
        f"SELECT min(_row) FILTER ({is_total}) AS _at, "
        f"CAST(any_value({value}) FILTER ({is_total}) AS DOUBLE) AS _total, "
        f"coalesce(CAST(sum({value}) FILTER ({is_part}) AS DOUBLE), 0) AS _parts, "
        f"{_rounding(schema)} * (count(*) FILTER ({is_part}) + 1) + abs(_total) * {_EPSILON} "
        f"AS _slack, "
        f"count(*) FILTER ({is_part} AND {value} IS NULL) AS _gaps, "
        f"bool_or(_must) AS _complete, "
        f"least(_total, min({value}) FILTER ({is_part})) AS _lowest "
        f"FROM {TABLE} JOIN cell USING ({others}) JOIN breakdown USING (_codes) "
        f"LEFT JOIN part ON part._breakdown = breakdown._breakdown AND _code = {name} "
        f"GROUP BY {others} HAVING _total IS NOT NULL AND bool_or({is_part})"
    )


def _rounding(schema: Schema) -> str:
    """How far rounding may move one cell: b-1 for rounding to base b (SDC_METHOD RRb)."""
    if _METHOD not in schema.by_id:
        return "0"
    return (
        f"max(CASE {identifier(_METHOD)} WHEN 'RR3' THEN 2 WHEN 'RR5' THEN 4 WHEN 'CR' THEN 4 "
        "WHEN 'CKM' THEN 10 ELSE 0 END)"
    )
