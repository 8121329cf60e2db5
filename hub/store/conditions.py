"""Selections as SQL: which observations of a schema a query means.

Conditions go over the columns of the schema, values are always bound. Time filters compare
ranges, not strings (Technical Notes, "Time in query messages"): they are decided on the distinct
periods of the release and become a list of those that fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hub.engine import duckdb_type, identifier
from hub.errors import Unprocessable
from hub.model import (
    FLOATS,
    INTEGERS,
    Column,
    ComponentFilter,
    KeyPattern,
    Operator,
    Predicate,
    Role,
    Schema,
    Selection,
)
from hub.model.period import matches, parse_period
from hub.model.representation import EXACT_TEXT

_COMPARISON = {
    Operator.EQ: "=",
    Operator.LT: "<",
    Operator.LE: "<=",
    Operator.GT: ">",
    Operator.GE: ">=",
}
_NUMERIC = INTEGERS | FLOATS | EXACT_TEXT
_TEXT = {
    Operator.CONTAINS: "contains({0}, ?)",
    Operator.NOT_CONTAINS: "NOT contains({0}, ?)",
    Operator.STARTS_WITH: "starts_with({0}, ?)",
    Operator.ENDS_WITH: "ends_with({0}, ?)",
}


@dataclass
class Condition:
    """A condition under construction: SQL with `?` and the values for them, in order."""

    parts: list[str] = field(default_factory=list)
    values: list[object] = field(default_factory=list)

    def add(self, sql: str, values: Sequence[object] = ()) -> None:
        """Demand one thing more."""
        self.parts.append(f"({sql})")
        self.values.extend(values)

    @property
    def sql(self) -> str:
        """The conjunction of all demands; TRUE when there are none."""
        return " AND ".join(self.parts) or "TRUE"


def condition_of(schema: Schema, selection: Selection, periods: Sequence[str]) -> Condition:
    """The condition a selection puts on observations; `periods` are those of the release.

    Raises Unprocessable for a component the structure does not have.
    """
    condition = Condition()
    if selection.keys:
        alternatives = [_key(schema, pattern) for pattern in selection.keys]
        condition.add(
            " OR ".join(sql for sql, _ in alternatives),
            [value for _, values in alternatives for value in values],
        )
    for wanted in selection.filters:
        sql, values = _filter(schema, wanted, periods, selection.reporting_year_start)
        condition.add(sql, values)
    return condition


def _key(schema: Schema, pattern: KeyPattern) -> tuple[str, list[object]]:
    if len(pattern) > len(schema.key):
        raise Unprocessable(
            f"the key has {len(pattern)} positions, {schema.structure.reference} has "
            f"{len(schema.key)}: {'.'.join(column.id for column in schema.key)}"
        )
    condition = Condition()
    for column, wanted in zip(schema.key, pattern, strict=False):
        if wanted:
            marks = ", ".join("?" * len(wanted))
            condition.add(f"{identifier(column.id)} IN ({marks})", wanted)
    return condition.sql, condition.values


def _filter(
    schema: Schema, wanted: ComponentFilter, periods: Sequence[str], year_start: str
) -> tuple[str, list[object]]:
    column = schema.by_id.get(wanted.component)
    if column is None:
        known = ", ".join(schema.by_id)
        raise Unprocessable(
            f"{schema.structure.reference} has no component {wanted.component}; it has {known}"
        )
    if column.role is Role.TIME:
        return _periods(column, wanted, periods, year_start)
    alternatives: list[str] = []
    values: list[object] = []
    for predicates in wanted.alternatives:
        condition = Condition()
        for predicate in predicates:
            condition.add(*_predicate(column, predicate))
        alternatives.append(condition.sql)
        values.extend(condition.values)
    return " OR ".join(alternatives), values


def _periods(
    column: Column, wanted: ComponentFilter, periods: Sequence[str], year_start: str
) -> tuple[str, list[object]]:
    fits = [
        text
        for text in periods
        if any(
            all(
                matches(parse_period(text, year_start), p.operator, p.value, year_start)
                for p in predicates
            )
            for predicates in wanted.alternatives
        )
    ]
    return f"list_contains(?, {identifier(column.id)})", [fits]


def _predicate(column: Column, predicate: Predicate) -> tuple[str, list[object]]:
    name = identifier(column.id)
    if column.is_list or column.is_multilingual:
        return _any_item(f"map_values({name})" if column.is_multilingual else name, predicate)
    if column.text_type in _NUMERIC and not column.is_coded and predicate.operator not in _TEXT:
        return _number(name, column, predicate)
    if duckdb_type(column) != "VARCHAR":
        name = f"CAST({name} AS VARCHAR)"
    return _scalar(name, "VARCHAR", predicate.operator), [predicate.value]


def _any_item(items: str, predicate: Predicate) -> tuple[str, list[object]]:
    """A value of several meets a condition when one of them does; `ne` and `nc` when none does."""
    positive = {Operator.NE: Operator.EQ, Operator.NOT_CONTAINS: Operator.CONTAINS}
    negated = predicate.operator in positive
    sql = _scalar("x", "VARCHAR", positive.get(predicate.operator, predicate.operator))
    found = f"coalesce(list_bool_or(list_transform({items}, lambda x: {sql})), FALSE)"
    return (f"NOT {found}" if negated else found), [predicate.value]


def _scalar(name: str, type_: str, operator: Operator) -> str:
    if operator is Operator.NE:
        return f"{name} IS DISTINCT FROM CAST(? AS {type_})"
    if operator in _COMPARISON:
        return f"{name} {_COMPARISON[operator]} CAST(? AS {type_})"
    return _TEXT[operator].format(name)


def _number(name: str, column: Column, predicate: Predicate) -> tuple[str, list[object]]:
    try:
        value = float(predicate.value)
    except ValueError as error:
        raise Unprocessable(
            f"{column.id} holds numbers, '{predicate.value}' is not one: write it like 1234.5"
        ) from error
    cast = f"TRY_CAST({name} AS DOUBLE)" if column.text_type in EXACT_TEXT else name
    return _scalar(cast, "DOUBLE", predicate.operator), [value]
