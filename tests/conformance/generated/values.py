"""What components are compared with: values that occur, near misses, and what is nowhere."""

from __future__ import annotations

from collections.abc import Sequence

from tests.conformance.agency.plan import Part, Row, Shape
from tests.conformance.agency.rows import PERIODS, TEXTS
from tests.conformance.agency.shapes import CODES
from tests.conformance.cases.filters import OPERATORS
from tests.conformance.cases.times import FORMS
from tests.conformance.generated.drawing import Draw
from tests.conformance.reference.evaluator import spelt
from tests.conformance.reference.periods import exists
from tests.conformance.reference.questions import Alternatives, Condition

_ON_TEXT = ("co", "nc", "sw", "ew")
_NOWHERE = ("MARTIAN", "f", "swe", "0", "A1", "~", "NaN", "null", "*")
_NUMBERS = (
    "0",
    "-3",
    "1e2",
    "100.50",
    "1.005e2",
    "+5",
    "1e+2",
    ".1",
    "1.",
    "NaN",
    "1e300",
    "-1e-9",
    "12",
)
#: Every period that occurs, and every form of one.
TIMES = (*dict.fromkeys((*FORMS, *(p for periods in PERIODS.values() for p in periods))),)
_YEARS = ("2017", "2018", "2019", "2020", "2021", "2019-Q3", "2020-Q2", "2019-07", "2020-06-30")


def draw_filters(
    draw: Draw, shape: Shape, rows: Sequence[Row], year_start: str
) -> list[tuple[str, Alternatives]]:
    """One or two filters on components of any kind; now and then both are on the same one."""
    parts = draw.some(shape.parts, 1, 3)
    if draw.chance(0.1):
        parts.append(parts[0])
    return [(part.id, draw_alternatives(draw, part, rows, year_start)) for part in parts]


def draw_alternatives(
    draw: Draw, part: Part, rows: Sequence[Row], year_start: str = "--01-01"
) -> Alternatives:
    """Conditions joined by OR and AND, the latter less often."""
    sizes = draw.pick(((1,), (1,), (1, 1), (2,), (1, 2), (2, 1, 1), (1, 1, 1, 1)))
    return tuple(
        tuple(_condition(draw, part, rows, year_start) for _ in range(size)) for size in sizes
    )


def draw_time(draw: Draw) -> str:
    """A time period, one that lies among those of the figures more often than not."""
    return draw.pick(_YEARS if draw.chance(0.6) else TIMES)


def _condition(draw: Draw, part: Part, rows: Sequence[Row], year_start: str) -> Condition:
    operator = draw.pick(OPERATORS) if draw.chance(0.7) else "eq"
    if part.role == "time" and operator not in _ON_TEXT:
        value = draw_time(draw)
        return operator, value if exists(value, year_start) else "2020"
    if part.is_number and operator not in _ON_TEXT:
        return operator, _number(draw, part, rows)
    value = _text(draw, part, rows)
    if operator in _ON_TEXT and len(value) > 1 and draw.chance(0.8):
        start = draw.number(0, len(value) - 1)
        value = value[start : draw.number(start + 1, len(value))]
    return operator, value


def _occurring(draw: Draw, part: Part, rows: Sequence[Row]) -> str:
    value = draw.pick(rows)[part.id]
    if part.many and value:
        return str(draw.pick(value))
    if part.languages and value:
        return str(draw.pick([*value.values()]))
    return spelt(value) if value not in (None, []) else "A"


def _text(draw: Draw, part: Part, rows: Sequence[Row]) -> str:
    if draw.chance(0.6):
        return _occurring(draw, part, rows)
    if part.codes:
        return draw.pick((*CODES[part.codes], *_NOWHERE))
    if part.kind == "text" and part.role != "dimension":
        return draw.pick([text for text in TEXTS if text.strip()])
    return draw.pick(_NOWHERE)


def _number(draw: Draw, part: Part, rows: Sequence[Row]) -> str:
    value = _occurring(draw, part, rows)
    if draw.chance(0.5) or value in ("A", "nan"):
        return draw.pick(_NUMBERS)
    return value
