"""Availability queries on both APIs, in both modes, with what they refer to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tests.conformance.agency.plan import Shape
from tests.conformance.cases.availability import WORDS, AvailabilityCase
from tests.conformance.generated.data import (
    Pairs,
    filters_of,
    key_v1,
    keys_v2,
    listed,
    status_of,
    tail,
)
from tests.conformance.generated.drawing import Draw
from tests.conformance.generated.forms import structure_form
from tests.conformance.generated.places import ONE_FLOW, Place, draw_place, of_one_flow
from tests.conformance.generated.questions import applies, draw_selection, without_open_ends
from tests.conformance.generated.spelling import IN_QUERY, Hand, hand


@dataclass(frozen=True)
class AvailabilityUrl:
    """A spelling of an availability query, and the type its answer must have."""

    case: AvailabilityCase
    content_type: str
    status: int | None = None


def draw_availability(draw: Draw) -> list[AvailabilityUrl]:
    """One availability query on each API that has words for it."""
    place = of_one_flow(draw, draw.pick(ONE_FLOW))
    while draw.chance(0.25) or not place.sources or place.v2[0] == "*":
        place = draw_place(draw)
    source = draw.pick(place.sources)
    dimensions = source.flow.shape.dimensions
    case = AvailabilityCase(
        "generated",
        "",
        place.sources,
        draw_selection(draw, source),
        mode=draw.pick(("exact", "available")),
        components=draw.pick((None, None, tuple(draw.some(dimensions, 1, 3)))),
        references=draw.pick(((), (), tuple(draw.pick(WORDS).split(",")))),
    )
    if len(place.sources) > 1:
        case = replace(case, asks=without_open_ends(case.asks))
    urls = [_on(draw, place, case, "2")]
    has_v1_words = case.references in ((), (*case.references[:1],)) and (
        "valuelist" not in case.references
    )
    asks = case.asks
    is_plain = not asks.filters and asks.year_start == "--01-01" and len(asks.keys) < 2
    if place.v1 is not None and is_plain and has_v1_words:
        urls.append(_on(draw, place, case, "1"))
    return urls


def _on(draw: Draw, place: Place, case: AvailabilityCase, api: str) -> AvailabilityUrl:
    has_drafts = any("-draft" in source.about for source in place.sources)
    form = structure_form(draw, api, only_3x=has_drafts)
    fitting = tuple(s for s in place.sources if _applies(case, s.flow.shape))
    target = (_on_v2 if api == "2" else _on_v1)(hand(draw), place, case)
    case = replace(case, target=target, accept=form.accept, sources=fitting)
    status = status_of(place, place.sources, fitting)
    return AvailabilityUrl(case, form.content_type, status)


def _applies(case: AvailabilityCase, shape: Shape) -> bool:
    return applies(case.asks, shape) and {*(case.components or ())} <= {*shape.dimensions}


def _on_v2(writer: Hand, place: Place, case: AvailabilityCase) -> str:
    question = case.asks
    keys = [spelt for pattern in question.keys for spelt in keys_v2(writer, pattern)]
    components = writer.separator(",").join(case.components or ())
    path = [*(listed(writer, words) for words in place.v2), ",".join(keys), components]
    pairs = [*_pairs(writer, case), *filters_of(writer, place, question)]
    if question.year_start != "--01-01":
        pairs.append(("reportingYearStartDay", question.year_start))
    return "/v2/availability/" + tail(writer.draw, path, ["*"] * 6) + writer.query(pairs)


def _on_v1(writer: Hand, place: Place, case: AvailabilityCase) -> str:
    assert place.v1 is not None
    question = case.asks
    key = "".join(key_v1(writer, pattern) for pattern in question.keys)
    components = writer.separator("+").join(case.components or ())
    pairs = _pairs(writer, case)
    for name, value in (("startPeriod", question.start), ("endPeriod", question.end)):
        if value is not None:
            pairs.append((name, writer.write(value, IN_QUERY)))
    provider = "" if place.v1[1] == "all" else listed(writer, place.v1[1])
    path = [listed(writer, place.v1[0]), key, provider, components]
    return "/v1/availableconstraint/" + tail(writer.draw, path, ["all"] * 4) + writer.query(pairs)


def _pairs(writer: Hand, case: AvailabilityCase) -> Pairs:
    pairs = []
    if case.mode != "exact" or writer.draw.chance(0.3):
        pairs.append(("mode", case.mode))
    if case.references:
        pairs.append(("references", writer.separator(",").join(case.references)))
    return pairs
