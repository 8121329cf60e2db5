"""A total against its parts, over sexes, ages and areas (design: structures, "Constraints").

For each cell whose dimension is the total `_T`, the parts are the cells that differ from it in
that dimension only. Parts above the total are an error. Parts below it are an error only where
the breakdown says it is complete: it carries `_O` or `_U`, or both sexes, or ages without a gap.
Elsewhere it is information, with the share covered. Rounding and suppression are allowed for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from hub.engine import identifier, identifiers, literals
from hub.errors import Severity
from hub.model import Codelist, Column, Schema, ValueList
from hub.publish.ages import is_complete, partition
from hub.publish.findings import Findings
from hub.publish.rules import TABLE

TOTAL = "_T"
_RESIDUAL = frozenset({"_O", "_U"})
#: Units whose figures add up; ratios and scores do not.
_ADDITIVE = ("PS", "DEC", "CROSS")
_EPSILON = 1e-9


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
    "CL_AREA": _Breakdown(_areas, lambda parts: bool(parts & _RESIDUAL)),
}


def check_totals(connection: duckdb.DuckDBPyConnection, schema: Schema, findings: Findings) -> None:
    """Compare every total with its parts."""
    if not schema.measures or "UNIT_MEASURE" not in schema.by_id:
        return
    for column in schema.key:
        breakdown = _breakdown_of(column)
        if breakdown is not None:
            _check_dimension(connection, schema, column, breakdown, findings)


def _breakdown_of(column: Column) -> _Breakdown | None:
    if column.enumeration is None or TOTAL not in column.enumeration.by_id:
        return None
    name = column.enumeration.id
    return next((b for prefix, b in _BREAKDOWNS.items() if name.startswith(prefix)), None)


def _check_dimension(
    connection: duckdb.DuckDBPyConnection,
    schema: Schema,
    column: Column,
    breakdown: _Breakdown,
    findings: Findings,
) -> None:
    _define_parts(connection, schema, column, breakdown)
    for row, total, summed, complete in _deviations(connection, schema, column):
        if summed > total:
            message = f"the parts over {column.id} add up to {summed:,.10g}, above the total"
        else:
            share = f"{summed / total:.1%}"
            message = f"the parts over {column.id} add up to {summed:,.10g}, {share} of it"
        is_error = summed > total or complete
        findings.add(
            "total-against-parts",
            message,
            row=row,
            column=column.id,
            value=f"{total:.10g}",
            severity=Severity.ERROR if is_error else Severity.INFORMATION,
        )


def _define_parts(
    connection: duckdb.DuckDBPyConnection,
    schema: Schema,
    column: Column,
    breakdown: _Breakdown,
) -> None:
    """Make the tables `cell` and `part`.

    `cell` has the codes present for each combination of the other dimensions; `part`, for each
    set of codes that occurs, those that add up to the total and whether they must.
    """
    name, others = identifier(column.id), identifiers(_others(schema, column))
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE cell AS "
        f"SELECT {others}, list_sort(list(DISTINCT {name})) AS codes FROM {TABLE} "
        f"WHERE UNIT_MEASURE IN ({literals(_ADDITIVE)}) "
        f"GROUP BY {others} HAVING bool_or({name} = '{TOTAL}') AND count(*) > 1"
    )
    present = connection.execute("SELECT DISTINCT codes FROM cell").fetchall()
    found: list[tuple[list[str], str, bool]] = []
    for (codes,) in present:
        parts = breakdown.parts(column.enumeration, codes) if column.enumeration else frozenset()
        complete = breakdown.complete(parts) or bool(parts & _RESIDUAL)
        found.extend((codes, part, complete) for part in sorted(parts))
    table = pa.table(
        {
            "codes": pa.array([codes for codes, _, _ in found], pa.list_(pa.string())),
            "part": pa.array([part for _, part, _ in found], pa.string()),
            "complete": pa.array([complete for _, _, complete in found], pa.bool_()),
        }
    )
    connection.register("part", table)


def _others(schema: Schema, column: Column) -> list[str]:
    return [other.id for other in schema.dimensions if other.id != column.id]


def _deviations(
    connection: duckdb.DuckDBPyConnection, schema: Schema, column: Column
) -> list[tuple[int, float, float, bool]]:
    """The totals that differ from the sum of their parts by more than rounding explains.

    A part without a value (suppressed) explains why the parts fall short.
    """
    name, value = identifier(column.id), identifier(schema.measures[0].id)
    others = identifiers(_others(schema, column))
    query = (
        f"WITH total AS (SELECT {others}, _row, {value} AS total, {_rounding(schema)} AS rounding "
        f"FROM {TABLE} WHERE {name} = '{TOTAL}' AND {value} IS NOT NULL), "
        f"parts AS (SELECT {others}, sum({value}) AS summed, count(*) AS n, "
        f"count(*) - count({value}) AS gaps, max({_rounding(schema)}) AS rounding, "
        f"bool_or(complete) AS complete "
        f"FROM {TABLE} JOIN cell USING ({others}) JOIN part USING (codes) "
        f"WHERE {name} = part.part GROUP BY {others}) "
        f"SELECT _row, total, coalesce(summed, 0) AS summed, complete "
        f"FROM total JOIN parts USING ({others}) "
        f"WHERE abs(summed - total) > "
        f"greatest(total.rounding, parts.rounding) * (n + 1) + abs(total) * {_EPSILON} "
        f"AND (summed > total OR gaps = 0) ORDER BY _row"
    )
    return connection.execute(query).fetchall()


def _rounding(schema: Schema) -> str:
    """How far rounding may move one cell: b-1 for rounding to base b (SDC_METHOD RRb)."""
    if "SDC_METHOD" not in schema.by_id:
        return "0"
    return (
        "CASE SDC_METHOD WHEN 'RR3' THEN 2 WHEN 'RR5' THEN 4 WHEN 'CR' THEN 4 "
        "WHEN 'CKM' THEN 10 ELSE 0 END"
    )
