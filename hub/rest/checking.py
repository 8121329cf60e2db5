"""A selection against the structure it is meant for: what is wrong is said before data is read."""

from __future__ import annotations

from dataclasses import replace

from hub.errors import BadRequest, Unprocessable
from hub.model import (
    EXACT_TEXT,
    FLOATS,
    INTEGERS,
    Column,
    ComponentFilter,
    Operator,
    Predicate,
    Role,
    Schema,
    Selection,
)
from hub.model.period import parse_period
from hub.model.representation import is_number
from hub.rest.filters import precise

_ON_TEXT = (
    Operator.CONTAINS,
    Operator.NOT_CONTAINS,
    Operator.STARTS_WITH,
    Operator.ENDS_WITH,
)
_NUMERIC = INTEGERS | FLOATS | EXACT_TEXT


def check_selection(selection: Selection, schema: Schema) -> Selection:
    """Check keys and filters against a schema, and return the selection with filters made precise.

    Raises Unprocessable for unknown components, for keys with too many positions and for periods
    that the reporting year does not have; BadRequest for values that are no period or number where
    one is compared. Codes that do not exist are no error: they find nothing.
    """
    for pattern in selection.keys:
        if len(pattern) > len(schema.key):
            given = ".".join("+".join(values) or "*" for values in pattern)
            raise Unprocessable(
                f"key '{given}' has {len(pattern)} positions; {schema.structure.reference} has "
                f"{len(schema.key)}: {'.'.join(column.id for column in schema.key)}"
            )
    start = selection.reporting_year_start
    return replace(
        selection, filters=tuple(_checked(wanted, schema, start) for wanted in selection.filters)
    )


def column_of(component: str, schema: Schema, where: str) -> Column:
    """Return the column of a component; raises Unprocessable, naming those there are."""
    column = schema.by_id.get(component)
    if column is None:
        raise Unprocessable(
            f"{where}: {schema.structure.reference} has no component {component}; "
            f"it has {', '.join(schema.by_id)}"
        )
    return column


def _checked(wanted: ComponentFilter, schema: Schema, year_start: str) -> ComponentFilter:
    column = column_of(wanted.component, schema, f"c[{wanted.component}]")
    separated = precise(wanted, column)
    for conjunction in separated.alternatives:
        for predicate in conjunction:
            _check_value(predicate, column, year_start)
    return separated


def _check_value(predicate: Predicate, column: Column, year_start: str) -> None:
    if predicate.operator in _ON_TEXT:
        return
    if column.role is Role.TIME:
        check_period(predicate.value, year_start)
    elif column.text_type in _NUMERIC and not column.is_coded and not is_number(predicate.value):
        raise BadRequest(
            f"c[{column.id}]: '{predicate.value}' is not a number; write it like 1234.5"
        )


def check_period(text: str, year_start: str) -> None:
    """Raise BadRequest for text that is no period, Unprocessable for one that year does not have.

    `year_start` is the day reporting years begin, as `--MM-DD`.
    """
    try:
        parse_period(text, year_start)
    except BadRequest as error:
        parse_period(text)  # what no year has is written wrong
        raise Unprocessable(
            f"{error.message} (its reporting year begins on {year_start}, reportingYearStartDay)"
        ) from error
