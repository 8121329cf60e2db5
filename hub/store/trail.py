"""Reading the audit trail: what was done at this node, when, and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select

from hub.store.catalogue import Catalogue
from hub.store.tables import audit


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: an instant in UTC, what was done, with what, and the details."""

    id: int
    at: datetime
    action: str
    subject: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which lines; what is empty does not limit.

    `action` is a whole action or its first word. `subject` and `by` are found anywhere: `by` among
    the details, in who handed something in, who decided on it, and whose key it was.
    """

    action: str = ""
    subject: str = ""
    by: str = ""
    since: datetime | None = None
    until: datetime | None = None
    most: int = 100


#: The details that name somebody.
_WHO = ("by", "approved_by", "decided_by", "key")


def lines(catalogue: Catalogue, wanted: Wanted) -> list[Line]:
    """The newest lines that fit, the newest first."""
    query = select(audit).order_by(audit.c.id.desc()).where(*_conditions(wanted))
    found: list[Line] = []
    with catalogue.reading() as connection:
        rows = connection.execution_options(yield_per=500).execute(query)
        for row in rows:
            line = _line(row)
            if _names(line, wanted.by):
                found.append(line)
            if len(found) >= wanted.most:
                break
    return found


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.action:
        is_first_word = audit.c.action.startswith(f"{wanted.action} ", autoescape=True)
        conditions.append((audit.c.action == wanted.action) | is_first_word)
    if wanted.subject:
        conditions.append(audit.c.subject.contains(wanted.subject, autoescape=True))
    if wanted.since is not None:
        conditions.append(audit.c.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(audit.c.at <= wanted.until)
    return conditions


def _names(line: Line, who: str) -> bool:
    return not who or any(who in str(line.detail.get(name, "")) for name in _WHO)


def _line(row: Row[Any]) -> Line:
    return Line(id=row.id, at=row.at, action=row.action, subject=row.subject, detail=row.detail)
