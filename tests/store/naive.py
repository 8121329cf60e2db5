"""A naive reader: plain Python rows, one after another, no cleverness."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from hub.model import (
    FLOATS,
    INTEGERS,
    Column,
    Operator,
    Predicate,
    Role,
    Schema,
    Selection,
    TextType,
)
from hub.model.period import matches, parse_period

Row = dict[str, Any]
_NUMBERS = INTEGERS | FLOATS | {TextType.DECIMAL, TextType.BIG_INTEGER}


def select(rows: Iterable[Row], schema: Schema, selection: Selection) -> list[Row]:
    """The rows a selection means, in the order it asks for."""
    found = [row for row in rows if _matches(row, schema, selection)]
    found = _first_and_last(found, schema, selection)
    for name in reversed([column.id for column in schema.dimensions]):
        found.sort(key=lambda row: row[name])
    for name, ascending in reversed(selection.sort):
        in_time = schema.by_id[name].role is Role.TIME
        rank = _in_time if in_time else _rank
        found.sort(key=lambda row: rank(row[name]), reverse=not ascending)
        found.sort(key=lambda row: row[name] is None)  # what is absent comes last, either way
    stop = None if selection.limit is None else selection.offset + selection.limit
    return found[selection.offset : stop]


def _in_time(period: str) -> tuple[Any, ...]:
    """What begins first is first, then what ends first."""
    parsed = parse_period(period)
    return parsed.start, parsed.end, period


def _rank(value: Any) -> tuple[Any, ...]:
    """NaN is above every number."""
    if value is None:
        return ()
    return (True,) if value != value else (False, value)


def _matches(row: Row, schema: Schema, selection: Selection) -> bool:
    if selection.keys and not any(
        all(
            not wanted or row[column.id] in wanted
            for column, wanted in zip(schema.key, pattern, strict=False)
        )
        for pattern in selection.keys
    ):
        return False
    return all(
        any(
            all(_meets(row[wanted.component], schema.by_id[wanted.component], p) for p in group)
            for group in wanted.alternatives
        )
        for wanted in selection.filters
    )


def _meets(value: Any, column: Column, predicate: Predicate) -> bool:
    operator, wanted = predicate.operator, predicate.value
    if column.role is Role.TIME:
        return matches(parse_period(value), operator, wanted)
    if operator is Operator.NE:
        return not _meets(value, column, Predicate(Operator.EQ, wanted))
    if operator is Operator.NOT_CONTAINS:
        return not _meets(value, column, Predicate(Operator.CONTAINS, wanted))
    if value is None:
        return False
    if column.is_list:
        return any(_compare(item, wanted, operator) for item in value)
    if column.is_multilingual:
        return any(_compare(text, wanted, operator) for _, text in value)
    text_operators = (Operator.CONTAINS, Operator.STARTS_WITH, Operator.ENDS_WITH)
    if column.text_type in _NUMBERS and not column.is_coded and operator not in text_operators:
        return _compare_numbers(value, wanted, operator)
    return _compare(_as_text(value), wanted, operator)


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _compare_numbers(value: Any, wanted: str, operator: Operator) -> bool:
    if wanted == "NaN" or (isinstance(value, float) and math.isnan(value)) or value == "NaN":
        return wanted == "NaN" and str(value).lower() == "nan"
    if isinstance(value, float):
        return _compare(value, float(wanted), operator)
    return _compare(Decimal(value), Decimal(wanted), operator)


def _compare(value: Any, wanted: Any, operator: Operator) -> bool:
    return {
        Operator.EQ: lambda: value == wanted,
        Operator.LT: lambda: value < wanted,
        Operator.LE: lambda: value <= wanted,
        Operator.GT: lambda: value > wanted,
        Operator.GE: lambda: value >= wanted,
        Operator.CONTAINS: lambda: wanted in value,
        Operator.STARTS_WITH: lambda: value.startswith(wanted),
        Operator.ENDS_WITH: lambda: value.endswith(wanted),
    }[operator]()


def _first_and_last(rows: list[Row], schema: Schema, selection: Selection) -> list[Row]:
    first, last = selection.first_n, selection.last_n
    if schema.time is None or (first is None and last is None):
        return rows
    series: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        series.setdefault(tuple(row[column.id] for column in schema.key), []).append(row)
    kept: list[Row] = []
    for of_one in series.values():
        of_one.sort(key=lambda row: _in_time(row["TIME_PERIOD"]))
        for position, row in enumerate(of_one):
            if (first is not None and position < first) or (
                last is not None and position >= len(of_one) - last
            ):
                kept.append(row)
    return kept


def distinct(rows: Sequence[Row], name: str) -> tuple[Any, ...]:
    """The values of a component, in ascending order."""
    return tuple(sorted({row[name] for row in rows}))
