"""Refusals of bulk files: each names the column where there is one."""

from __future__ import annotations

from hub.errors import Finding, Invalid


def refuse(
    file: str, message: str, column: str | None = None, *, row: int | None = None
) -> Invalid:
    """Make a refusal; `row` counts from 0 and is told from 1."""
    place = "" if row is None else f", row {row + 1}"
    where = "" if column is None else f", column {column}"
    finding = Finding(
        rule="bulk-damaged" if row is None else "bulk-value",
        message=f"{message}{place}",
        file=file,
        column=column,
    )
    return Invalid(f"{file}{where}{place}: {message}", [finding])
