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
    if column.enumeration is None:
        return
    for codes, cells in _breakdowns_present(connection, schema, column):
        parts = breakdown.parts(column.enumeration, codes)
        if not parts:
            continue
        complete = breakdown.complete(parts) or bool(parts & _RESIDUAL)
        for row, total, summed, allowance, gaps in _sums(connection, schema, column, parts, cells):
            slack = allowance + abs(total) * _EPSILON
            if summed > total + slack:
                message = f"the parts over {column.id} add up to {summed:,.10g}, above the total"
                severity = Severity.ERROR
            elif summed < total - slack and not gaps:
                share = f"{summed / total:.1%}"
                message = f"the parts over {column.id} add up to {summed:,.10g}, {share} of it"
                severity = Severity.ERROR if complete else Severity.INFORMATION
            else:
                continue
            findings.add(
                "total-against-parts",
                message,
                row=row,
                column=column.id,
                value=f"{total:.10g}",
                severity=severity,
            )


def _others(schema: Schema, column: Column) -> list[str]:
    return [other.id for other in schema.dimensions if other.id != column.id]


def _breakdowns_present(
    connection: duckdb.DuckDBPyConnection, schema: Schema, column: Column
) -> list[tuple[frozenset[str], str]]:
    """Number the cells, and say which codes each distinct breakdown has.

    Makes the table `cell` (the other dimensions, `codes`) and returns each set of codes with the
    SQL condition that finds its cells.
    """
    name, others = identifier(column.id), identifiers(_others(schema, column))
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE cell AS "
        f"SELECT {others}, list_sort(list(DISTINCT {name})) AS codes FROM {TABLE} "
        f"WHERE UNIT_MEASURE IN ({literals(_ADDITIVE)}) "
        f"GROUP BY {others} HAVING bool_or({name} = '{TOTAL}') AND count(*) > 1"
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE breakdown AS SELECT row_number() OVER () AS id, codes "
        "FROM (SELECT DISTINCT codes FROM cell)"
    )
    found = connection.execute("SELECT id, codes FROM breakdown ORDER BY id").fetchall()
    return [(frozenset(codes), f"breakdown.id = {int(id_)}") for id_, codes in found]


def _sums(
    connection: duckdb.DuckDBPyConnection,
    schema: Schema,
    column: Column,
    parts: frozenset[str],
    cells: str,
) -> list[tuple[int, float, float, float, int]]:
    name, value = identifier(column.id), identifier(schema.measures[0].id)
    others = identifiers(_others(schema, column))
    part = f"{name} IN ({literals(sorted(parts))})"
    rounding = _rounding(schema)
    query = (
        f"SELECT min(_row) FILTER ({name} = '{TOTAL}'), "
        f"any_value({value}) FILTER ({name} = '{TOTAL}') AS total, "
        f"coalesce(sum({value}) FILTER ({part}), 0), "
        f"{rounding} * (count(*) FILTER ({part}) + 1), "
        f"count(*) FILTER ({part} AND {value} IS NULL) "
        f"FROM {TABLE} JOIN cell USING ({others}) JOIN breakdown USING (codes) "
        f"WHERE {cells} GROUP BY {others} HAVING total IS NOT NULL ORDER BY 1"
    )
    return connection.execute(query).fetchall()


def _rounding(schema: Schema) -> str:
    """How far rounding may move one cell: b-1 for rounding to base b (SDC_METHOD RRb)."""
    if "SDC_METHOD" not in schema.by_id:
        return "0"
    return (
        "max(CASE SDC_METHOD WHEN 'RR3' THEN 2 WHEN 'RR5' THEN 4 WHEN 'CR' THEN 4 "
        "WHEN 'CKM' THEN 10 ELSE 0 END)"
    )
