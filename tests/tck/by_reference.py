"""Reads SDMX-ML 2.1 as a client does that knows references by their `Ref` alone, not by URN."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from lxml import etree

#: The schemes of the items that a reference may name.
_SCHEMES = {
    "Category": "CategoryScheme",
    "Concept": "ConceptScheme",
    "Code": "Codelist",
    "Agency": "AgencyScheme",
    "DataProvider": "DataProviderScheme",
    "DataConsumer": "DataConsumerScheme",
    "OrganisationUnit": "OrganisationUnitScheme",
    "ReportingCategory": "ReportingTaxonomy",
}
#: What a stub may hold, and what a complete one.
_NAMED = {"Name"}
_SAID = _NAMED | {"Description", "Annotations"}


class Name(NamedTuple):
    """Which artefact: its class as 2.1 calls it, and its identity."""

    cls: str
    agency: str
    id: str
    version: str

    @property
    def path(self) -> str:
        """Where API 1.x has it."""
        return f"/{self.cls.lower()}/{self.agency}/{self.id}/{self.version}"


@dataclass(frozen=True)
class Artefact:
    """An artefact of a message: what it refers to with the items it names, what it holds.

    `detail` is `stub`, `complete` or `full`; `items` are those of every level, upper ones first.
    """

    element: etree._Element
    refers: dict[Name, set[str]]
    detail: str
    items: tuple[str, ...]

    @property
    def is_partial(self) -> bool:
        return self.element.get("isPartial") == "true"


def read(message: bytes) -> dict[Name, Artefact]:
    """The artefacts of a structure message."""
    root = etree.fromstring(message)
    found = {}
    for element in root.iterfind("{*}Structures/*/*"):
        name = Name(
            local(element), *(element.get(part, "1.0") for part in ("agencyID", "id", "version"))
        )
        held = {local(child) for child in element}
        detail = "full" if held - _SAID else "complete" if held - _NAMED else "stub"
        found[name] = Artefact(element, _refers(element), detail, tuple(_items(element)))
    return found


def local(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return etree.QName(element).localname


def _refers(element: etree._Element) -> dict[Name, set[str]]:
    found: dict[Name, set[str]] = {}
    for ref in element.iter("Ref"):
        if ref.get("agencyID") is None:
            continue  # a part of the same artefact
        cls, parent = ref.get("class", ""), ref.get("maintainableParentID")
        if parent is None:
            name = Name(cls, ref.get("agencyID"), ref.get("id"), ref.get("version", "1.0"))
            found.setdefault(name, set())
        elif cls in _SCHEMES:
            version = ref.get("maintainableParentVersion", "1.0")
            name = Name(_SCHEMES[cls], ref.get("agencyID"), parent, version)
            found.setdefault(name, set()).add(ref.get("id"))
    return found


def _items(scheme: etree._Element) -> Iterator[str]:
    kinds = {*_SCHEMES, "Hierarchy"} if local(scheme) == "HierarchicalCodelist" else {*_SCHEMES}
    level = [one for one in scheme if local(one) in kinds and one.get("id") is not None]
    yield from (one.get("id", "") for one in level)
    for one in level:
        yield from _items(one)
