"""Data queries: one question, spelt on both APIs where both have words for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from tests.conformance.agency.plan import Part
from tests.conformance.cases.data_case import DataCase
from tests.conformance.generated.drawing import Draw
from tests.conformance.generated.forms import CSV_10, Form, draw_form, is_of_21
from tests.conformance.generated.places import Place, draw_place
from tests.conformance.generated.questions import DETAILS, Asked, applies, draw_question
from tests.conformance.generated.spelling import IN_PATH, IN_QUERY, Hand, hand
from tests.conformance.judging.answers import expected_rows
from tests.conformance.reference.questions import Alternatives, Pattern, Question

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class DataUrl:
    """A spelling of a question, and what must come back: a status, or else the rows of `case`.

    `is_head` says that HEAD is tried as well.
    """

    case: DataCase
    content_type: str
    status: int | None = None
    is_head: bool = False


def draw_data(draw: Draw) -> list[DataUrl]:
    """One data query on each API that has words for it."""
    place = draw_place(draw)
    asked = draw_question(draw, place)
    urls = [_on(draw, place, asked, "2")]
    if place.v1 is not None and is_for_v1(asked) and _is_expressible(place, asked.question):
        urls.append(_on(draw, place, asked, "1"))
    return urls


def is_for_v1(asked: Asked) -> bool:
    """Whether API 1.5 can ask it: one key, bounds of time, the four kinds of detail."""
    question = asked.question
    plain = replace(
        question, keys=(), start=None, end=None, first=None, last=None, at=None,
        attributes=("dsd",), measures=("all",),
    )  # fmt: skip
    has_detail = (question.attributes, question.measures) in DETAILS
    return plain == Question() and len(question.keys) < 2 and has_detail and not asked.as_of


def _is_expressible(place: Place, question: Question) -> bool:
    """Whether what 2.1 leaves out of an answer is nothing, or all of it: it has no words for texts
    in several languages and for lists, and refuses measures of other names.
    """
    is_simple = all(source.flow.shape.is_simple for source in place.sources)
    return is_simple or question.attributes == ("none",) or question.measures == ("all",)


def _on(draw: Draw, place: Place, asked: Asked, api: str) -> DataUrl:
    question = asked.question
    several = len(place.sources) != 1
    is_simple = all(source.flow.shape.is_simple for source in place.sources)
    only_3x = api == "2" and (not is_simple or place.v2[0] == "datastructure")
    form = draw_form(draw, api, only_3x=only_3x, several=several)
    while form.family == "csv" and asked.include_history:  # it has columns of its own for this
        form = draw_form(draw, api, only_3x=only_3x, several=several)
    is_flat = form.family == "csv" or question.at == "AllDimensions"
    if api == "2" and question.sort and not is_flat:
        question = replace(question, at="AllDimensions")
        is_flat = True
    sources = () if asked.finds_nothing else place.sources
    fitting = tuple(s for s in sources if applies(question, s.flow.shape))
    if form.content_type == CSV_10:  # it has no name for an agreement
        fitting = tuple(replace(s, about=f"dataflow {s.flow}") for s in fitting)
    writer = hand(draw)
    spell = _on_v2 if api == "2" else _on_v1
    target = spell(writer, place, replace(asked, question=question), form)
    case = DataCase(
        "generated",
        target,
        fitting,
        question,
        form.accept,
        is_ordered=form.family == "csv" and len(fitting) == 1 and bool(question.sort),
    )
    status = status_of(place, sources, fitting)
    rows = expected_rows(case) if is_of_21(form.content_type) else {}
    if api == "1" and not is_simple and question.measures == ("all",) and rows:
        status = 406  # 2.1 has no other measure than OBS_VALUE
    if form.family == "xml" and any("-draft" in about for about in rows):
        status = 406  # nor has its header words for such a version
    return DataUrl(case, form.content_type, status, is_head=draw.chance(0.05))


def status_of(place: Place, sources: Sequence[object], fitting: Sequence[object]) -> int | None:
    """The status of what has no rows for other reasons than that none fits."""
    if not place.exists:
        return 404
    return 422 if sources and not fitting else None


def _on_v2(writer: Hand, place: Place, asked: Asked, form: Form) -> str:
    draw, question = writer.draw, asked.question
    pairs = [*_shared_pairs(writer, asked, form), *filters_of(writer, place, question)]
    key = ""
    shapes = {source.flow.shape for source in place.sources}
    as_filter = len(question.keys) == 1 and len(shapes) == 1 and draw.chance(0.2)
    if as_filter:
        names = next(iter(shapes)).key
        pairs += [
            (
                writer.component(name),
                writer.separator(",").join(writer.write(v, IN_QUERY) for v in vs),
            )
            for name, vs in zip(names, question.keys[0], strict=False)
            if vs
        ]
    elif question.keys:
        key = writer.separator(",").join(
            spelt for pattern in question.keys for spelt in keys_v2(writer, pattern)
        )
    pairs += _only_v2(writer, question, place)
    if asked.as_of:
        pairs.append(("asOf", _instant(writer, asked.as_of)))
    path = [listed(writer, words) for words in place.v2]
    return "/v2/data/" + tail(draw, [*path, key], ["*"] * 5) + writer.query(pairs)


def _on_v1(writer: Hand, place: Place, asked: Asked, form: Form) -> str:
    assert place.v1 is not None
    draw, question = writer.draw, asked.question
    pairs = _shared_pairs(writer, asked, form)
    detail = DETAILS[question.attributes, question.measures]
    if detail != "full" or draw.chance(0.1):
        pairs.append(("detail", detail))
    for name, value in (("startPeriod", question.start), ("endPeriod", question.end)):
        if value is not None:
            pairs.append((name, writer.write(value, IN_QUERY)))
    flow, provider = place.v1
    key = "".join(key_v1(writer, pattern) for pattern in question.keys)
    provider = "" if provider == "all" else listed(writer, provider)
    path = [listed(writer, flow), key, provider]
    return "/v1/data/" + tail(draw, path, ["all"] * 3) + writer.query(pairs)


def tail(draw: Draw, path: list[str], defaults: list[str]) -> str:
    """Path parameters joined; the last ones that are defaults left out, or not, or with a slash."""
    full = [value or default for value, default in zip(path, defaults, strict=True)]
    while len(full) > 1 and full[-1] == defaults[len(full) - 1] and draw.chance(0.6):
        full.pop()
    return "/".join(full) + ("/" if draw.chance(0.15) else "")


def listed(writer: Hand, words: str) -> str:
    """A value of a path whose commas separate; nothing else in it is special."""
    return writer.separator(",").join(writer.write(word, IN_PATH) for word in words.split(","))


def _shared_pairs(writer: Hand, asked: Asked, form: Form) -> Pairs:
    """The parameters that both APIs have."""
    question = asked.question
    pairs = [(name, writer.write(value, IN_QUERY)) for name, value in form.parameters]
    for name, value in (
        ("firstNObservations", question.first),
        ("lastNObservations", question.last),
        ("dimensionAtObservation", question.at),
    ):
        if value is not None:
            pairs.append((name, writer.write(str(value), IN_QUERY)))
    if asked.updated_after:
        pairs.append(("updatedAfter", _instant(writer, asked.updated_after)))
    if asked.include_history or writer.draw.chance(0.02):
        words = ("true", "1") if asked.include_history else ("false", "0")
        pairs.append(("includeHistory", writer.draw.pick(words)))
    if writer.draw.chance(0.05):
        pairs.append((writer.draw.pick(("apikey", "_", "x-y", "")), "1"))
    return pairs


def _instant(writer: Hand, text: str) -> str:
    """An instant; the plus of its zone may come raw, encoded, or as the blank it decodes to."""
    plus = writer.draw.pick(("+", "%2B", "%20"))
    return plus.join(writer.write(part, IN_QUERY) for part in text.split("+"))


def _only_v2(writer: Hand, question: Question, place: Place) -> Pairs:
    draw, pairs = writer.draw, []
    comma = writer.separator(",")
    if question.attributes != ("dsd",) or draw.chance(0.05):
        pairs.append(("attributes", comma.join(question.attributes)))
    if question.measures != ("all",) or draw.chance(0.05):
        pairs.append(("measures", comma.join(question.measures)))
    if question.offset or draw.chance(0.03):
        pairs.append(("offset", str(question.offset)))
    if question.limit is not None:
        pairs.append(("limit", str(question.limit)))
    if question.sort:
        words = [_sort_word(writer, *one) for one in question.sort]
        pairs.append(("sort", draw.pick(("+", "+", "%2B", "%20")).join(words)))
    if question.year_start != "--01-01" or draw.chance(0.02):
        pairs.append(("reportingYearStartDay", writer.write(question.year_start, IN_QUERY)))
    return pairs


def _sort_word(writer: Hand, name: str, ascending: bool) -> str:
    order = "" if ascending and writer.draw.chance(0.5) else ":asc" if ascending else ":desc"
    return writer.write(name + order, f"{IN_QUERY}*")


def filters_of(writer: Hand, place: Place, question: Question) -> Pairs:
    shapes = [source.flow.shape for source in place.sources]
    parts = {part.id: part for shape in shapes for part in shape.parts}
    pairs = [
        (writer.component(name), spell_alternatives(writer, alternatives, parts[name]))
        for name, alternatives in question.filters
    ]
    bounds = [f"{o}:{v}" for o, v in (("ge", question.start), ("le", question.end)) if v]
    if bounds and writer.draw.chance(0.6):
        written = [writer.write(bound, IN_QUERY) for bound in bounds]
        pairs.append((writer.component("TIME_PERIOD"), writer.separator("+").join(written)))
    elif bounds:
        names = {"ge": "startPeriod", "le": "endPeriod"}
        pairs += [(names[b[:2]], writer.write(b[3:], IN_QUERY)) for b in bounds]
    return pairs


def spell_alternatives(writer: Hand, alternatives: Alternatives, part: Part) -> str:
    """A filter; its separators are encoded only where no value could hold them."""
    is_text = part.kind == "text" and part.role != "dimension"
    comma, plus = (",", "+") if is_text else (writer.separator(","), writer.separator("+"))
    return comma.join(
        plus.join(_predicate(writer, operator, value) for operator, value in conjunction)
        for conjunction in alternatives
    )


def _predicate(writer: Hand, operator: str, value: str) -> str:
    looks_like_one = len(value) > 2 and value[2] == ":" and value[:2].isalpha()
    is_silent = operator == "eq" and not looks_like_one and writer.draw.chance(0.6)
    return writer.write(value if is_silent else f"{operator}:{value}", IN_QUERY)


def keys_v2(writer: Hand, pattern: Pattern) -> Iterator[str]:
    """A pattern as whole keys; the open positions at its end may be left out."""
    positions = list(pattern)
    while len(positions) > 1 and not positions[-1] and writer.draw.chance(0.5):
        positions.pop()
    for values in product(*(position or ("",) for position in positions)):
        words = [
            writer.write(value, IN_PATH) or writer.draw.pick(("*", "*", "")) for value in values
        ]
        spelt = writer.separator(".").join(words)
        yield spelt or "*"


def key_v1(writer: Hand, pattern: Pattern) -> str:
    positions = [
        writer.separator("+").join(writer.write(value, IN_PATH) for value in position)
        for position in pattern
    ]
    written = writer.separator(".").join(positions)
    return written if any(positions) or writer.draw.chance(0.5) else "all"
