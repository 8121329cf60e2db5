"""What is asked: questions drawn at random, with the features that each API has words for."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tests.conformance.agency.plan import Shape
from tests.conformance.agency.shapes import CODES
from tests.conformance.cases.data_case import Source
from tests.conformance.generated.drawing import Draw
from tests.conformance.generated.places import Place
from tests.conformance.generated.values import draw_filters, draw_time
from tests.conformance.judging.answers import rows_of
from tests.conformance.reference.evaluator import is_about_series
from tests.conformance.reference.questions import Pattern, Question

#: The `detail` of 1.x, and the same in the words of 2.x.
DETAILS: dict[tuple[tuple[str, ...], tuple[str, ...]], str] = {
    (("dsd",), ("all",)): "full",
    (("none",), ("all",)): "dataonly",
    (("none",), ("none",)): "serieskeysonly",
    (("dataset", "series"), ("none",)): "nodata",
}
#: Everything was published at noon of 1 March 2026, and no time has passed since.
BEFORE = ("2026-02-28T23:59:59Z", "2026", "2026-03-01T12:59:59+01:00", "2026-03-01T11:59:59")
AFTER = ("2026-03-01T12:00:01Z", "2026-03-01T13:00:01+01:00", "2030-01-01", "2027")


@dataclass(frozen=True)
class Asked:
    """A question with what is said of time past: when it is about, since when, with all history."""

    question: Question
    as_of: str = ""
    updated_after: str = ""
    include_history: bool = False

    @property
    def finds_nothing(self) -> bool:
        """True where nothing had been published then, or nothing has been since."""
        return self.as_of in BEFORE or self.updated_after in AFTER

    @property
    def is_about_changes(self) -> bool:
        return bool(self.updated_after) or self.include_history


def draw_question(draw: Draw, place: Place) -> Asked:
    """A question about a place. Of several sources, less is asked."""
    if len(place.sources) != 1:
        return Asked(_about_several(draw, place))
    source = place.sources[0]
    question = draw_selection(draw, source)
    shape = source.flow.shape
    if draw.chance(0.2):
        first, last = draw.pick(((1, None), (2, None), (None, 1), (None, 3), (1, 1), (2, 1)))
        question = replace(question, first=first, last=last)
    if draw.chance(0.3):
        question = _with_content(draw, question, shape)
    if draw.chance(0.25):
        question = replace(question, at=draw.pick([*shape.dimensions, "AllDimensions"]))
    if draw.chance(0.06):
        return _about_the_past(draw, question)
    if question.at in (None, shape.time, "AllDimensions"):
        question = _with_pages_and_order(draw, question, shape)
    return Asked(question)


def draw_selection(draw: Draw, source: Source) -> Question:
    """Keys, filters and bounds of one source."""
    shape, rows = source.flow.shape, rows_of(source)
    year_start = "--01-01"
    question = Question()
    if draw.chance(0.5):
        keys = [_pattern(draw, shape, source) for _ in range(draw.pick((1, 1, 1, 2, 3)))]
        question = replace(question, keys=tuple(keys))
    if shape.time and draw.chance(0.3):
        start, end = sorted((draw_time(draw), draw_time(draw)))
        start, end = draw.pick(((start, end), (start, None), (None, end)))
        question = replace(question, start=start, end=end)
    elif draw.chance(0.15):
        year_start = draw.pick(("--07-01", "--04-01", "--10-01", "--02-15"))
        question = replace(question, year_start=year_start)
    if draw.chance(0.45):
        filters = draw_filters(draw, shape, rows, year_start)
        question = replace(question, filters=tuple(filters))
    return question


def _pattern(draw: Draw, shape: Shape, source: Source) -> Pattern:
    """A key near one that is there: positions open, with alternatives, or of codes unheard of."""
    row = draw.pick(rows_of(source))
    positions: list[tuple[str, ...]] = []
    for part in shape.of("dimension"):
        known = [*CODES.get(part.codes, ()), "a-1", "c"] if draw.chance(0.3) else [row[part.id]]
        wanted = [row[part.id], *draw.some(known, 0, 2)]
        if draw.chance(0.05):
            wanted = ["ATLANTIS"]
        positions.append(() if draw.chance(0.4) else tuple(dict.fromkeys(wanted)))
    return tuple(positions)


def _with_content(draw: Draw, question: Question, shape: Shape) -> Question:
    attributes, measures = draw.pick([*DETAILS])
    if draw.chance(0.6):
        words = ["dataset", "series", "obs", "msd", *shape.attributes]
        attributes = draw.pick((("none",), ("all",), ("dsd",), tuple(draw.some(words, 1, 3))))
        measures = draw.pick((("all",), ("none",), tuple(draw.some(shape.measures, 1, 2))))
    return replace(question, attributes=attributes, measures=measures)


def _with_pages_and_order(draw: Draw, question: Question, shape: Shape) -> Question:
    if draw.chance(0.15):
        limit, offset = draw.pick((None, 1, 3, 10, 1000)), draw.pick((0, 0, 1, 4, 30, 10**6))
        question = replace(question, limit=limit, offset=offset)
    if draw.chance(0.15):
        of_series = [name for name in shape.attributes if shape.level(name) != "obs"]
        is_short = is_about_series(question, shape)
        names = [*shape.key, *of_series] if is_short else [part.id for part in shape.parts]
        plain = [
            name for name in names if not (shape.part(name).many or shape.part(name).languages)
        ]
        words = plain if is_short else [*plain, "*", "series_key"]
        sort = [(word, draw.chance(0.6)) for word in draw.some(words, 1, 3)]
        question = replace(question, sort=tuple(sort))
    return question


def _about_the_past(draw: Draw, question: Question) -> Asked:
    kind = draw.number(0, 3)
    if kind == 0:
        return Asked(question, as_of=draw.pick((*BEFORE, *AFTER)))
    plain = replace(question, attributes=("dsd",), measures=("all",), first=None, last=None)
    return Asked(
        plain,
        updated_after=draw.pick((*BEFORE, *AFTER)) if kind < 3 else "",
        include_history=kind > 1,
    )


def _about_several(draw: Draw, place: Place) -> Question:
    """What can be asked of structures of different shapes."""
    if not place.sources:
        return Question()
    source = draw.pick(place.sources)
    question = Question()
    if draw.chance(0.3):
        question = replace(question, keys=(_pattern(draw, source.flow.shape, source),))
        question = without_open_ends(question)
    if draw.chance(0.3):
        filters = draw_filters(draw, source.flow.shape, rows_of(source), "--01-01")
        question = replace(question, filters=tuple(filters))
    if draw.chance(0.2):
        question = replace(question, start=draw.pick(("2018", "2020", "2020-Q1")))
    if draw.chance(0.2):
        question = replace(question, last=1)
    if draw.chance(0.3):
        question = _with_content(draw, question, source.flow.shape)
    return question


def without_open_ends(question: Question) -> Question:
    """Keys without the open positions at their end, so that shorter ones may have them too."""
    keys = []
    for key in question.keys:
        while key and not key[-1]:
            key = key[:-1]
        keys.append(key)
    return replace(question, keys=tuple(keys) if all(keys) else ())


def applies(question: Question, shape: Shape) -> bool:
    """Whether a structure has all that a question names; of several, others are passed over."""
    words = {"dsd", "all", "none", "dataset", "series", "obs", "msd"}
    named = [name for name, _ in question.filters]
    return (
        all(len(key) <= len(shape.key) for key in question.keys)
        and {*named} <= {part.id for part in shape.parts}
        and {*question.attributes} - words <= {*shape.attributes}
        and {*question.measures} - words <= {*shape.measures}
        and (shape.time is not None or question.start is question.end is None)
    )
