"""Structure queries on both APIs: types, versions, items, details, references."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import httpx

from tests.conformance.cases.versions import VALID
from tests.conformance.generated.data import Pairs, tail
from tests.conformance.generated.drawing import Draw
from tests.conformance.generated.forms import is_of_21, structure_form
from tests.conformance.generated.inventory import BY_NAME, ENTRIES, Entry, named, related
from tests.conformance.generated.spelling import IN_PATH, Hand, hand
from tests.conformance.judging import official
from tests.conformance.judging.answers import assert_empty, told
from tests.conformance.reading import structures

_TYPES = {entry.cls for entry in ENTRIES}
_WORDS = ("parents", "parentsandsiblings", "children", "descendants", "all")
_DETAILS = ("full", "allstubs", "referencestubs", "allcompletestubs", "referencecompletestubs")
#: Agencies of which every artefact is known here.
_AGENCIES = ("CONF", "CONF.SUB", "MIGX.NODE")


@dataclass(frozen=True)
class StructureUrl:
    """A spelling of a structure query: what it names, and what it wants to know of that."""

    target: str
    accept: str | None
    content_type: str
    named: tuple[Entry, ...]
    items: tuple[str, ...]
    detail: str
    references: tuple[str, ...]
    is_exact: bool


@dataclass(frozen=True)
class _Wanted:
    cls: str
    agencies: tuple[str, ...]
    ids: tuple[str, ...]
    version: str
    items: tuple[str, ...]
    detail: str
    references: tuple[str, ...]


def draw_structures(draw: Draw) -> list[StructureUrl]:
    """One structure query, on 1.x too where that has words for it."""
    entry = draw.pick(ENTRIES)
    same = [other.id for other in ENTRIES if other.cls == entry.cls]
    versions = (entry.version, "~", "+", "*", draw.pick(VALID))
    items: tuple[str, ...] = ()
    if entry.items and draw.chance(0.3):
        items = tuple(draw.some([*entry.items, "NOPE"], 1, 3))
    wanted = _Wanted(
        draw.pick((entry.cls, entry.cls, entry.cls, "*")) if not items else entry.cls,
        draw.pick(((entry.agency,), (entry.agency,), _AGENCIES[:2], _AGENCIES)),
        draw.pick(((entry.id,), (entry.id,), ("*",), (*draw.some([*same, "NOPE"], 1, 3),))),
        draw.pick(versions) if draw.chance(0.6) else entry.version,
        items,
        draw.pick(_DETAILS) if not items else "full",
        _references(draw) if not items else ("none",),
    )
    if wanted.cls == "*" and "*" in wanted.ids:  # agency schemes too, and all that they have
        wanted = replace(wanted, references=("none",))
    urls = [_on(draw, wanted, "2")]
    is_for_v1 = wanted.version in ("~", "*") or not {*wanted.version} & {*"+~*,"}
    if is_for_v1 and wanted.references != ("ancestors",) and len(wanted.references) == 1:
        urls.append(_on(draw, wanted, "1"))
    return urls


def _references(draw: Draw) -> tuple[str, ...]:
    if draw.chance(0.4):
        return ("none",)
    return draw.pick((*((word,) for word in (*_WORDS, "ancestors", "codelist", "dataflow")),
                      ("codelist", "provisionagreement"), ("parents", "descendants")))  # fmt: skip


def _on(draw: Draw, wanted: _Wanted, api: str) -> StructureUrl:
    form = structure_form(draw, api)
    found = named(wanted.cls, wanted.agencies, wanted.ids, wanted.version, drafts=api == "2")
    if wanted.items:
        found = [entry for entry in found if {*entry.items} & {*wanted.items}]
    target = _spelt(hand(draw), wanted, api)
    is_exact = "*" not in wanted.ids
    return StructureUrl(
        target, form.accept, form.content_type, tuple(found), wanted.items, wanted.detail,
        wanted.references, is_exact,
    )  # fmt: skip


def _spelt(writer: Hand, wanted: _Wanted, api: str) -> str:
    draw = writer.draw
    mark, every, latest = (",", "*", "~") if api == "2" else ("+", "all", "latest")
    word = {"*": every, "~": latest}
    type_ = wanted.cls
    if api == "1":
        type_ = {"*": "structure", "dataconstraint": "contentconstraint"}.get(type_, type_)
    parts = (wanted.agencies, wanted.ids, (wanted.version,), wanted.items)
    words = ([word.get(value, value) for value in values] for values in parts)
    path = [type_, *(_values(writer, values, mark) for values in words)]
    pairs: Pairs = []
    if wanted.detail != "full" or draw.chance(0.05):
        pairs.append(("detail", wanted.detail))
    if wanted.references != ("none",) or draw.chance(0.05):
        pairs.append(("references", ",".join(wanted.references)))
    prefix = "/v2/structure/" if api == "2" else "/v1/"
    return prefix + tail(draw, path, [every, every, every, latest, every]) + writer.query(pairs)


def _values(writer: Hand, values: Sequence[str], mark: str) -> str:
    return writer.separator(mark).join(
        ",".join(writer.write(word, IN_PATH) for word in value.split(",")) for value in values
    )


def assert_structures(response: httpx.Response, url: StructureUrl, *, is_judged: bool) -> None:
    """The answer has what is named and what is referred to, in the detail asked for."""
    if not url.named:
        if url.is_exact and url.target.startswith("/v2"):
            assert response.status_code == 404, response.text
            assert told(response)[0] == 404
        else:
            assert_empty(response, url.target)
        return
    asked = {str(entry) for entry in url.named}
    others = {name for word in url.references for name in related(url.named, word)} - asked
    wanted = {name for name in asked | others if _has_words(url, name, is_asked=name in asked)}
    if not wanted or (url.is_exact and not asked <= wanted):
        assert response.status_code == 406, response.text
        told(response)
        return
    assert response.status_code == 200, response.text
    content_type = response.headers["content-type"]
    if is_judged:
        assert not official.errors(response.content, content_type)
    found = structures.artefacts(response.content, content_type)
    names = [str(one) for one in found if one.cls != "agencyscheme"]
    assert len(names) == len({*names}), "an artefact is there twice"
    assert {*names} == wanted
    for one in found:
        if one.cls != "agencyscheme":
            _assert_detail(one, url, is_asked=str(one) in asked)


def _has_words(url: StructureUrl, name: str, *, is_asked: bool) -> bool:
    """Whether the form can hold an artefact: SDMX 2.1 has neither drafts nor several measures."""
    if not is_of_21(url.content_type):
        return True
    return "-draft" not in name and ("DSD_RICH" not in name or _is_stub(url, is_asked=is_asked))


def _is_stub(url: StructureUrl, *, is_asked: bool) -> bool:
    return url.detail.startswith("all") or ("stub" in url.detail and not is_asked)


def _assert_detail(one: structures.Artefact, url: StructureUrl, *, is_asked: bool) -> None:
    entry = BY_NAME[str(one)]
    is_stub = _is_stub(url, is_asked=is_asked)
    assert one.is_stub == is_stub
    if is_stub:
        assert not one.items
    elif url.items and is_asked:
        assert {*one.items} == {*entry.items} & {*url.items}
        assert one.is_partial
    else:
        assert [*one.items] == [*entry.items]
    if url.detail == "allstubs":
        assert not one.has_description
