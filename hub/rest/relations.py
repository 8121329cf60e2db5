"""Which artefacts are related to others, and how far ("Applicability and meaning of references").

In API 2.x every artefact refers to the scheme of the agency that maintains it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from hub.model import (
    AgencyScheme,
    ArtefactClass,
    ItemReference,
    Maintainable,
    ObjectReference,
    Reference,
    Structures,
    owner,
)

#: The agency of the scheme that lists the agencies at the top.
_ROOT = "SDMX"
_Step = Callable[[Iterable[Maintainable]], list[Maintainable]]


def agency_scheme(agency: str) -> ItemReference:
    """Where an agency is listed: in the scheme of the agency above it."""
    above, _, id_ = agency.rpartition(".")
    scheme = Reference(ArtefactClass.AGENCY_SCHEME, above or _ROOT, "AGENCIES", "1.0")
    return scheme.item(id_)


class Relations:
    """The relations between artefacts of a collection; `items` are those asked for by id.

    An artefact of which items were asked for is related to what has to do with these items.
    """

    def __init__(
        self, structures: Structures, *, with_agencies: bool, items: frozenset[str] = frozenset()
    ) -> None:
        self.structures, self.with_agencies, self.items = structures, with_agencies, items

    def children(self, of: Iterable[Maintainable]) -> list[Maintainable]:
        """What artefacts refer to, the schemes of their agencies last."""
        artefacts = list(of)
        found = [child for each in artefacts for child in self.structures.children(each)]
        if self.with_agencies:
            found += [scheme for each in artefacts for scheme in self._listing(each)]
        return found

    def _listing(self, artefact: Maintainable) -> Iterator[AgencyScheme]:
        """The scheme that lists the agency of an artefact, if it is here."""
        listed = agency_scheme(artefact.agency)
        scheme = self.structures.find(listed.scheme)
        if isinstance(scheme, AgencyScheme) and any(i.id == listed.item for i in scheme.items):
            yield scheme

    def parents(self, of: Iterable[Maintainable]) -> list[Maintainable]:
        """What refers to artefacts, or to their items that were asked for."""
        return [parent for each in of for parent in self._parents(each)]

    def parents_and_siblings(self, of: Iterable[Maintainable]) -> list[Maintainable]:
        """What refers to artefacts, and what that refers to."""
        parents = self.parents(of)
        return [*parents, *self.children(parents)]

    def descendants(self, of: Iterable[Maintainable]) -> list[Maintainable]:
        """What artefacts refer to, at any distance."""
        return _closure(of, self.children)

    def ancestors(self, of: Iterable[Maintainable]) -> list[Maintainable]:
        """What refers to artefacts, at any distance."""
        found = {a.reference: a for a in self.parents(of)}
        above = Relations(self.structures, with_agencies=self.with_agencies)
        return list(found.values()) + [
            a for a in _closure(found.values(), above.parents) if a.reference not in found
        ]

    def _parents(self, artefact: Maintainable) -> Iterable[Maintainable]:
        parents = self.structures.parents(artefact)
        if self.items:
            parents = tuple(each for each in parents if self._mentions(each, artefact))
        if self.with_agencies and isinstance(artefact, AgencyScheme):
            return (*parents, *self._maintained(artefact))
        return parents

    def _mentions(self, parent: Maintainable, artefact: Maintainable) -> bool:
        """True where an artefact refers to another as a whole, or to an item asked for."""
        for mention in parent.mentions():
            meant = None if mention is None else self.structures.find(owner(mention))
            if meant is None or meant.reference != artefact.reference:
                continue
            item = mention.item if isinstance(mention, ItemReference | ObjectReference) else ""
            if not item or item in self.items:
                return True
        return False

    def _maintained(self, scheme: AgencyScheme) -> Iterable[Maintainable]:
        """What the agencies of a scheme maintain."""
        ids = self.items or {item.id for item in scheme.items}
        for artefact in self.structures:
            listed = agency_scheme(artefact.agency)
            if listed.scheme == scheme.reference and listed.item in ids:
                yield artefact


def _closure(of: Iterable[Maintainable], step: _Step) -> list[Maintainable]:
    found: dict[Reference, Maintainable] = {}
    frontier = step(of)
    while frontier:
        new = {a.reference: a for a in frontier if a.reference not in found}
        found.update(new)
        frontier = step(new.values())
    return list(found.values())
