"""Selections as SQL: which observations of a schema a query means.

Conditions go over the columns of the schema, values are always bound. Time filters compare
ranges, not strings (Technical Notes, "Time in query messages"): they are decided on the distinct
periods of the release and become a list of those that fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal

import pyarrow as pa

from hub.engine import identifier, storage_type
from hub.errors import BadRequest, Unprocessable
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
from hub.model.reporting_year import CALENDAR_YEAR
from hub.model.representation import EXACT_TEXT, TextType, is_number

_COMPARISON = {
    Operator.EQ: "=",
    Operator.LT: "<",
    Operator.LE: "<=",
    Operator.GT: ">",
    Operator.GE: ">=",
}
_NUMERIC = INTEGERS | FLOATS | EXACT_TEXT
_WHOLE = INTEGERS | {TextType.BIG_INTEGER}
#: What `ne` and `nc` are the opposite of.
_NEGATED = {Operator.NE: Operator.EQ, Operator.NOT_CONTAINS: Operator.CONTAINS}
_TEXT = {
    Operator.CONTAINS: "contains({0}, ?)",
    Operator.STARTS_WITH: "starts_with({0}, ?)",
    Operator.ENDS_WITH: "ends_with({0}, ?)",
}
#: The most digits of a DECIMAL, and how many of them stand after the point where any do.
_MOST_DIGITS, _DECIMALS = 38, 12
_DIGITS = Context(prec=_MOST_DIGITS)


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


def slices_of(schema: Schema, selection: Selection) -> frozenset[str] | None:
    """The slices that can hold what a selection means; None where any can.

    Told by keys and filters that name values of the slicing dimension, so that the files of other
    slices need not be opened.
    """
    column = next((c for c in schema.key if c.id == schema.slice_by), None)
    if column is None:
        return None
    place = schema.key.index(column)
    named = [_named(pattern[place] if place < len(pattern) else ()) for pattern in selection.keys]
    choices = [_either(named)] if named else []
    for wanted in selection.filters:
        if wanted.component == column.id:
            equal = (
                [p.value for p in predicates if p.operator is Operator.EQ]
                for predicates in wanted.alternatives
            )
            choices.append(_either([_named(values) for values in equal]))
    known = [choice for choice in choices if choice is not None]
    return frozenset.intersection(*known) if known else None


def _named(values: Sequence[str]) -> frozenset[str] | None:
    return frozenset(values) if values else None


def _either(choices: Sequence[frozenset[str] | None]) -> frozenset[str] | None:
    """What any of several choices allows."""
    known = [choice for choice in choices if choice is not None]
    return frozenset().union(*known) if len(known) == len(choices) else None


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
        fits = fitting_periods(wanted, periods, year_start)
        return f"list_contains(?, {identifier(column.id)})", [fits]
    alternatives: list[str] = []
    values: list[object] = []
    for predicates in wanted.alternatives:
        condition = Condition()
        for predicate in predicates:
            condition.add(*_predicate(column, predicate))
        alternatives.append(condition.sql)
        values.extend(condition.values)
    return " OR ".join(alternatives), values


def fitting_periods(wanted: ComponentFilter, periods: Sequence[str], year_start: str) -> list[str]:
    """Those of some periods that fit a filter on time."""
    return [
        text
        for text in periods
        if any(
            all(_fits(text, predicate, year_start) for predicate in predicates)
            for predicates in wanted.alternatives
        )
    ]


def _fits(text: str, predicate: Predicate, year_start: str) -> bool:
    """Whether the period of an observation meets a condition.

    A week or day that the reporting year does not have, counted from that start, lies nowhere, but
    what it is written as can be searched.
    """
    if predicate.operator in _TEXT or _NEGATED.get(predicate.operator) in _TEXT:
        year_start = CALENDAR_YEAR
    try:
        period = parse_period(text, year_start)
    except BadRequest:
        return predicate.operator is Operator.NE
    return matches(period, predicate.operator, predicate.value, year_start)


def _predicate(column: Column, predicate: Predicate) -> tuple[str, list[object]]:
    """A value that is absent meets `ne` and `nc` only."""
    name = identifier(column.id)
    negated = _NEGATED.get(predicate.operator)
    if negated is not None:
        sql, values = _predicate(column, Predicate(negated, predicate.value))
        return f"({sql}) IS NOT TRUE", values
    if not column.is_list and not column.is_multilingual:
        return _one(name, column, predicate)
    # Of several values, one must meet the condition.
    items = f"map_values({name})" if column.is_multilingual else name
    sql, values = _one("x", column, predicate)
    return f"list_bool_or(list_transform({items}, lambda x: {sql}))", values


def _one(value: str, column: Column, predicate: Predicate) -> tuple[str, list[object]]:
    is_number = column.text_type in _NUMERIC and not column.is_coded
    if is_number and predicate.operator in _COMPARISON:
        return _number(value, column, predicate)
    stored = storage_type(column)
    if stored in (pa.int64(), pa.float64(), pa.bool_()):
        value = f"CAST({value} AS VARCHAR)"
    if stored == pa.float64():  # written without a trailing .0, so searched without it
        value = f"regexp_replace({value}, '[.]0$', '')"
    if predicate.operator in _TEXT:
        return _TEXT[predicate.operator].format(value), [predicate.value]
    return f"{value} {_COMPARISON[predicate.operator]} CAST(? AS VARCHAR)", [predicate.value]


def _number(value: str, column: Column, predicate: Predicate) -> tuple[str, list[object]]:
    """Compare as numbers: exactly up to 38 digits, 12 of them decimals if any; else as Double.

    NaN, an intentionally missing value, equals itself and compares to no number.
    """
    wanted = _parse(column, predicate.value)
    sign = _COMPARISON[predicate.operator]
    double = f"TRY_CAST({value} AS DOUBLE)"
    if wanted.is_nan():
        return (f"isnan({double})" if "=" in sign else "FALSE"), []
    as_double = f"({double} {sign} CAST(? AS DOUBLE) AND NOT isnan({double}))"
    is_whole = column.text_type in _WHOLE and wanted == wanted.to_integral_value()
    decimals = 0 if is_whole else _DECIMALS
    if column.text_type in FLOATS or wanted.adjusted() >= _MOST_DIGITS - decimals:
        return as_double, [float(wanted)]
    type_ = f"DECIMAL({_MOST_DIGITS}, {decimals})"
    exact = f"TRY_CAST({value} AS {type_}) {sign} CAST(? AS {type_})"
    digits = format(_DIGITS.quantize(wanted, Decimal(1).scaleb(-decimals)), "f")
    return f"coalesce({exact}, {as_double})", [digits, float(wanted)]


def _parse(column: Column, text: str) -> Decimal:
    if not is_number(text):
        raise Unprocessable(f"{column.id} holds numbers, '{text}' is not one: write it like 1234.5")
    return Decimal(text)
