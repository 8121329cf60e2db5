"""What must hold within one code list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from codelists.catalogue import AREA_LIST
from codelists.table import Row, Table
from hub.errors import Finding

ID = re.compile(r"[A-Za-z0-9_@$-]+")
#: SDMX-ML 3.0 types the parent of a code as an NCName; a leading `_` is left to generic codes.
PARENT_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
M49 = re.compile(r"\d{3}")
KINDS = ("country", "area", "former", "aggregate", "generic")
#: The kinds of area that may report, that is, stand in REF_AREA.
REPORTING_KINDS = ("country", "area", "former")


def check_list(list_id: str, table: Table) -> list[Finding]:
    """Return everything wrong with a list, in the order of its lines."""
    findings = [*table.findings, *_ids(table), *_parents(table), *_names(table), *_dates(table)]
    if list_id == AREA_LIST:
        findings += _areas(table)
    if not table.rows and not table.findings:
        message = "the list has no codes; write one line for each"
        findings.append(Finding(rule="empty", message=message, file=table.file))
    return sorted(findings, key=lambda finding: finding.line or 0)


def _ids(table: Table) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for row in table.rows:
        id_ = row["id"]
        if not ID.fullmatch(id_):
            message = f"'{id_}' is not an SDMX id; use letters, digits, _ @ $ and -"
            yield table.finding("ill-formed-id", message, row, "id")
        if id_ in first:
            message = f"{id_} is already on line {first[id_]}; remove one of the two"
            yield table.finding("duplicate-id", message, row, "id")
        first.setdefault(id_, row.line)


def _parents(table: Table) -> Iterator[Finding]:
    parents = {row["id"]: row["parent"] for row in table.rows}
    for row in table.rows:
        parent = row["parent"]
        if not parent:
            continue
        if not PARENT_ID.fullmatch(parent):
            message = f"{parent} cannot be a parent; a parent id begins with a letter (SDMX-ML 3.0)"
            yield table.finding("parent-id", message, row, "parent")
        if parent not in parents:
            message = f"there is no code {parent}; add it or correct the parent"
            yield table.finding("unknown-parent", message, row, "parent")
        elif row["id"] in (way := _ancestors(parent, parents)):
            message = f"{row['id']} is its own ancestor: {' < '.join([row['id'], *way])}"
            yield table.finding("cycle", f"{message}; correct a parent", row, "parent")


def _ancestors(start: str, parents: dict[str, str]) -> list[str]:
    way: list[str] = []
    code = start
    while code and code not in way:
        way.append(code)
        code = parents.get(code, "")
    return way


def _names(table: Table) -> Iterator[Finding]:
    for row in table.rows:
        if not row["name_en"].strip():
            message = f"{row['id']} has no English name; every code needs one"
            yield table.finding("no-english-name", message, row, "name_en")


def _dates(table: Table) -> Iterator[Finding]:
    for row in table.rows:
        first = _date(row["valid_from"])
        last = _date(row["valid_to"])
        for column in ("valid_from", "valid_to"):
            if row[column] and _date(row[column]) is None:
                message = f"'{row[column]}' is not a day; write YYYY-MM-DD"
                yield table.finding("ill-formed-date", message, row, column)
        if first and last and last < first:
            message = f"{row['id']} ends before it begins ({first}); exchange or correct the dates"
            yield table.finding("reversed-dates", message, row, "valid_to")


def _date(text: str) -> date | None:
    if not ISO_DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _areas(table: Table) -> Iterator[Finding]:
    for row in table.rows:
        if row["kind"] not in KINDS:
            message = f"kind must be one of {', '.join(KINDS)}"
            yield table.finding("unknown-kind", message, row, "kind")
        if row["m49"] and not M49.fullmatch(row["m49"]):
            message = f"'{row['m49']}' is not an M49 number; write three digits, as in 004"
            yield table.finding("ill-formed-m49", message, row, "m49")
        if _lacks_validity(row):
            message = f"{row['id']} is a former state; give its last day"
            yield table.finding("former-without-end", message, row, "valid_to")


def _lacks_validity(row: Row) -> bool:
    return row["kind"] == "former" and not row["valid_to"]
