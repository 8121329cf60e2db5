"""Findings from the rows a query finds: those there is room for, and how many more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hub.errors import Severity
from hub.publish.findings import Findings
from hub.publish.observations import Observations


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told of one row."""

    message: str
    column: str | None = None
    value: str | None = None
    severity: Severity = Severity.ERROR
    suggestion: str | None = None


def tell(
    observations: Observations,
    findings: Findings,
    rule: str,
    query: str,
    say: Callable[..., Told],
) -> None:
    """Tell what a query finds: the row first, then what `say` takes, in the order of the rows.

    A finding costs a Python object, so there are as many as are listed. The others are counted in
    the engine, with the severity of the last.
    """
    ordered = f"SELECT *, count(*) OVER () FROM ({query}) ORDER BY 1 LIMIT {findings.room or 1}"
    count, told = 0, None
    for row, *given, all_ in observations.answer(ordered):
        told = say(*given)
        if findings.room:
            findings.add(rule, row=row, **_fields(told))
            count += 1
        rest = all_ - count
    if told is not None and rest:
        findings.add_unlisted(rest, told.severity)


def _fields(told: Told) -> dict[str, Any]:
    return {
        "message": told.message,
        "column": told.column,
        "value": told.value,
        "severity": told.severity,
        "suggestion": told.suggestion,
    }


def number(value: float) -> str:
    """A figure as messages show it."""
    return f"{value:,.10g}"
