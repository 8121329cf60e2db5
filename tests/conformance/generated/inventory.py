"""The artefacts of the test agency and what each refers to, as a plain list and a plain graph."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.conformance.agency.plan import Agreement
from tests.conformance.agency.shapes import (
    AGENCY,
    AGREEMENTS,
    CODES,
    DF_MAIN,
    FLOWS,
    NODE,
    PROVIDED,
    SHAPES,
)
from tests.conformance.reference.versions import select


@dataclass(frozen=True)
class Entry:
    """An artefact: class, agency, id, version, the ids of its items, and what it refers to."""

    cls: str
    agency: str
    id: str
    version: str
    items: tuple[str, ...] = field(default=(), compare=False)
    refers: tuple[str, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        return f"{self.cls} {self.agency}:{self.id}({self.version})"


_CONCEPTS = tuple(dict.fromkeys(part.id for shape in SHAPES for part in shape.parts))
_OWN = f"MIGX.{NODE}"


def _agreement(one: Agreement) -> Entry:
    refers = (f"dataflow {one.flow}", f"dataproviderscheme {one.agency}:DATA_PROVIDERS(1.0)")
    return Entry("provisionagreement", one.agency, one.id, one.version, (), refers)


ENTRIES = (
    *(Entry("codelist", AGENCY, id_, "1.0.0", tuple(codes)) for id_, codes in CODES.items()),
    Entry("conceptscheme", AGENCY, "CS_CONF", "1.0.0", (*_CONCEPTS, "UNUSED")),
    Entry("dataproviderscheme", AGENCY, "DATA_PROVIDERS", "1.0", (*PROVIDED, "IDLE")),
    Entry("dataproviderscheme", _OWN, "DATA_PROVIDERS", "1.0", (NODE,)),
    *(
        Entry(
            "datastructure",
            AGENCY,
            shape.id,
            shape.version,
            (),
            (
                "conceptscheme CONF:CS_CONF(1.0.0)",
                *{f"codelist CONF:{part.codes}(1.0.0)": 0 for part in shape.parts if part.codes},
            ),
        )
        for shape in SHAPES
    ),
    *(
        Entry(
            "dataflow",
            flow.agency,
            flow.id,
            flow.version,
            (),
            (f"datastructure CONF:{flow.shape.id}({flow.shape.version})",),
        )
        for flow in FLOWS
    ),
    *map(_agreement, AGREEMENTS),
    Entry("dataconstraint", AGENCY, "CON_MAIN", "1.0.0", (), (f"dataflow {DF_MAIN[1]}",)),
)
BY_NAME = {str(entry): entry for entry in ENTRIES}


def named(
    cls: str, agencies: Iterable[str], ids: Iterable[str], version: str, *, drafts: bool
) -> list[Entry]:
    """The artefacts a query names; "*" stands for all, and for any class."""
    agencies, ids = {*agencies}, {*ids}
    found = [
        entry
        for entry in ENTRIES
        if cls in ("*", entry.cls)
        and agencies & {"*", entry.agency}
        and ids & {"*", entry.id}
        and (drafts or "-" not in entry.version)
    ]
    return [
        one
        for one in found
        if one.version in select(version, [o.version for o in found if _same(one, o)])
    ]


def _same(one: Entry, other: Entry) -> bool:
    return (one.cls, one.agency, one.id) == (other.cls, other.agency, other.id)


def related(found: Iterable[Entry], word: str) -> set[str]:
    """What `references` adds to some artefacts, besides themselves."""
    asked = {str(entry) for entry in found}
    match word:
        case "none":
            return set()
        case "children":
            near = _children(asked)
        case "descendants":
            near = _all_the_way(asked, _children)
        case "parents":
            near = _parents(asked)
        case "ancestors":
            near = _all_the_way(asked, _parents)
        case "parentsandsiblings":
            near = _parents(asked) | _children(_parents(asked))
        case "all":
            near = related(found, "parentsandsiblings") | _all_the_way(asked, _children)
        case _:
            near = _all_the_way(asked, _children) | _all_the_way(asked, _parents)
            near = {name for name in near if name.partition(" ")[0] == word}
    return near - asked


def _children(names: set[str]) -> set[str]:
    return {other for name in names for other in BY_NAME[name].refers}


def _parents(names: set[str]) -> set[str]:
    return {str(entry) for entry in ENTRIES if {*entry.refers} & names}


def _all_the_way(names: set[str], step: object) -> set[str]:
    found, last = set(names), names
    while last:
        last = step(last) - found  # type: ignore[operator]
        found |= last
    return found
