"""The reference evaluator: the rows a question means, found by looking at each of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.conformance.agency.plan import Part, Row, Shape
from tests.conformance.reference import periods
from tests.conformance.reference.questions import Pattern, Question


def answer(question: Question, shape: Shape, rows: Sequence[Row]) -> list[Row]:
    """The rows a question means, in their order, each with the components asked for."""
    found = [row for row in rows if _is_wanted(row, question, shape)]
    found.sort(key=lambda row: [row[name] for name in shape.dimensions])
    if question.sort and shape.time:  # then the time of those that are equal decides as well
        found.sort(key=lambda r: ([r[name] for name in shape.key], in_time(r["TIME_PERIOD"])))
    names = columns(question, shape)
    if is_about_series(question, shape):
        found = _one_of_each_series(found, shape)
    else:
        found = _first_and_last(found, question, shape)
    for name, ascending in reversed(sort_of(question, shape)):
        _sort(found, shape.part(name), ascending)
    stop = None if question.limit is None else question.offset + question.limit
    return [{name: row[name] for name in names} for row in found[question.offset : stop]]


def columns(question: Question, shape: Shape) -> list[str]:
    """The components in the answer, in the order of the structure."""
    attributes = [name for name in shape.attributes if _has_attribute(name, question, shape)]
    measures = [
        name for name in shape.measures if "all" in question.measures or name in question.measures
    ]
    dimensions = shape.key if is_about_series(question, shape) else shape.dimensions
    wanted = {*dimensions, *measures, *attributes}
    return [part.id for part in shape.parts if part.id in wanted]


def is_about_series(question: Question, shape: Shape) -> bool:
    """True where nothing of an observation is asked for: then series are counted and returned."""
    of_observation = any(
        _has_attribute(name, question, shape) and shape.level(name) == "obs"
        for name in shape.attributes
    )
    return question.measures == ("none",) and not of_observation


def _has_attribute(name: str, question: Question, shape: Shape) -> bool:
    return bool({"dsd", "all", name, shape.level(name)} & {*question.attributes})


def _is_wanted(row: Row, question: Question, shape: Shape) -> bool:
    if question.keys and not any(_fits(row, key, shape) for key in question.keys):
        return False
    if question.where is not None and not question.where(row):
        return False
    bounds = [("ge", question.start), ("le", question.end)]
    for operator, value in bounds:
        if value is not None and not periods.holds(
            operator, row["TIME_PERIOD"], value, question.year_start
        ):
            return False
    return all(
        any(
            all(
                meets(row[name], shape.part(name), *condition, question.year_start)
                for condition in all_
            )
            for all_ in alternatives
        )
        for name, alternatives in question.filters
    )


def _fits(row: Row, key: Pattern, shape: Shape) -> bool:
    return all(
        not values or row[name] in values for name, values in zip(shape.key, key, strict=False)
    )


def meets(value: Any, part: Part, operator: str, wanted: str, year_start: str = "--01-01") -> bool:
    """Whether a value meets a condition; of several values, one must. No value meets `ne`, `nc`."""
    if operator == "ne" and part.role != "time":
        return not meets(value, part, "eq", wanted)
    if operator == "nc" and part.role != "time":
        return not meets(value, part, "co", wanted)
    if value is None:
        return False
    if part.role == "time":
        return periods.holds(operator, value, wanted, year_start)
    if part.many:
        return any(_compare(one, operator, wanted) for one in value)
    if part.languages:
        return any(_compare(text, operator, wanted) for text in value.values())
    if part.is_number and operator not in ("co", "sw", "ew"):
        return _compare_numbers(float(value), operator, float(wanted))
    return _compare(spelt(value), operator, wanted)


def _compare(value: Any, operator: str, wanted: Any) -> bool:
    if operator in ("co", "sw", "ew"):
        return {
            "co": wanted in value,
            "sw": value.startswith(wanted),
            "ew": value.endswith(wanted),
        }[operator]
    return {
        "eq": value == wanted,
        "lt": value < wanted,
        "le": value <= wanted,
        "gt": value > wanted,
        "ge": value >= wanted,
    }[operator]


def _compare_numbers(value: float, operator: str, wanted: float) -> bool:
    if value != value or wanted != wanted:  # NaN equals itself and compares to no number
        return operator in ("eq", "le", "ge") and value != value and wanted != wanted
    return _compare(value, operator, wanted)


def spelt(value: Any) -> str:
    """A single value as text."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value).removesuffix(".0")


def _one_of_each_series(rows: Sequence[Row], shape: Shape) -> list[Row]:
    series: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        series.setdefault(tuple(row[name] for name in shape.key), row)
    return list(series.values())


def _first_and_last(rows: list[Row], question: Question, shape: Shape) -> list[Row]:
    if shape.time is None or (question.first is None and question.last is None):
        return rows
    kept = []
    for row in rows:
        series = [other for other in rows if all(other[d] == row[d] for d in shape.key)]
        series.sort(key=lambda other: in_time(other["TIME_PERIOD"]))
        place = series.index(row)
        from_start = question.first is not None and place < question.first
        from_end = question.last is not None and place >= len(series) - question.last
        if from_start or from_end:
            kept.append(row)
    return kept


def in_time(period: str) -> tuple[int, int, str]:
    """What periods are sorted by: which begins first, then which ends first."""
    return (*periods.range_of(period), period)


def sort_of(question: Question, shape: Shape) -> list[tuple[str, bool]]:
    """The components that decide the order, keywords replaced."""
    found: dict[str, bool] = {}
    at = question.at or shape.time
    for word, ascending in question.sort:
        names = [word]
        if word == "*":
            names = shape.dimensions
        elif word == "series_key":
            names = [d for d in shape.dimensions if d != at]
            names = shape.key if at == "AllDimensions" else names
        for name in names:
            found.setdefault(name, ascending)
    return list(found.items())


def _sort(rows: list[Row], part: Part, ascending: bool) -> None:
    """Sort in place, keeping the order of equals; what has no value comes last either way."""

    def rank(row: Row) -> Any:
        value = row[part.id]
        if value is None:
            return ()
        if part.role == "time":
            return in_time(value)
        if part.is_number:
            return (value != value, float(value) if value == value else 0.0)  # NaN is the greatest
        return (value,)

    rows.sort(key=rank, reverse=not ascending)
    rows.sort(key=lambda row: row[part.id] is None)
