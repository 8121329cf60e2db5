"""What data there is, by the reference evaluator: one look at each row for each dimension."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tests.conformance.agency.plan import Row, Shape
from tests.conformance.agency.shapes import CODES
from tests.conformance.reference.evaluator import answer, in_time
from tests.conformance.reference.questions import Question


@dataclass(frozen=True)
class Region:
    """The values of each dimension, how many series and observations, and the time they cover."""

    values: dict[str, set[str]]
    series: int
    observations: int
    start: str | None
    end: str | None


def available(
    question: Question, shape: Shape, rows: Sequence[Row], mode: str = "exact"
) -> Region | None:
    """What a question would find; None where that is nothing.

    In mode `available` a dimension's own selection does not restrict its values.
    """
    found = answer(question, shape, rows)
    if not found:
        return None
    values = {name: {row[name] for row in found} for name in shape.dimensions}
    if mode == "available":
        for name in shape.dimensions:
            wider = answer(_without(question, name, shape), shape, rows)
            values[name] = {row[name] for row in wider}
    periods = sorted(values.get("TIME_PERIOD", ()), key=in_time)
    return Region(
        values=values,
        series=len({tuple(row[name] for name in shape.key) for row in found}),
        observations=len(found),
        start=periods[0] if periods else None,
        end=max(periods, key=lambda p: in_time(p)[1]) if periods else None,
    )


def together(one: Region, other: Region) -> Region:
    """What two flows of one structure have."""
    periods = [p for p in (one.start, other.start, one.end, other.end) if p is not None]
    return Region(
        values={name: one.values[name] | other.values[name] for name in one.values},
        series=one.series + other.series,
        observations=one.observations + other.observations,
        start=min(periods, key=in_time, default=None),
        end=max(periods, key=lambda p: in_time(p)[1], default=None),
    )


def _without(question: Question, name: str, shape: Shape) -> Question:
    """The question without what it says about one dimension."""
    keys = tuple(
        tuple(() if d == name else values for d, values in zip(shape.key, key, strict=False))
        for key in question.keys
    )
    bounds = {"start": None, "end": None} if name == "TIME_PERIOD" else {}
    filters = tuple(one for one in question.filters if one[0] != name)
    return replace(question, keys=keys, filters=filters, **bounds)


def with_parents(id_: str, codes: set[str]) -> set[str]:
    """Codes of a list with all that is above them."""
    found = set(codes)
    for code in codes:
        parent = CODES[id_][code]
        while parent is not None:
            found.add(parent)
            parent = CODES[id_][parent]
    return found
