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

    Raises Unprocessable for unknown components and for keys with too many positions, BadRequest
    for values that are no period or number where one is compared. Codes that do not exist are no
    error: they find nothing.
    """
    for pattern in selection.keys:
        if len(pattern) > len(schema.key):
            given = ".".join("+".join(values) or "*" for values in pattern)
            raise Unprocessable(
                f"key '{given}' has {len(pattern)} positions; {schema.structure.reference} has "
                f"{len(schema.key)}: {'.'.join(column.id for column in schema.key)}"
            )
    return replace(
        selection, filters=tuple(_checked(wanted, schema) for wanted in selection.filters)
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


def _checked(wanted: ComponentFilter, schema: Schema) -> ComponentFilter:
    column = column_of(wanted.component, schema, f"c[{wanted.component}]")
    separated = precise(wanted, column)
    for conjunction in separated.alternatives:
        for predicate in conjunction:
            _check_value(predicate, column)
    return separated


def _check_value(predicate: Predicate, column: Column) -> None:
    if predicate.operator in _ON_TEXT:
        return
    if column.role is Role.TIME:
        parse_period(predicate.value)
    elif column.text_type in _NUMERIC and not column.is_coded and not is_number(predicate.value):
        raise BadRequest(
            f"c[{column.id}]: '{predicate.value}' is not a number; write it like 1234.5"
        )
