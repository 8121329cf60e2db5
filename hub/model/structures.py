"""A set of artefacts with their references: the structural metadata a node knows at one moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TypeVar

from hub.errors import NotFound
from hub.model.artefact import Maintainable
from hub.model.classes import ArtefactClass
from hub.model.urn import Reference
from hub.model.version import VersionQuery, latest, parse_version_query

A = TypeVar("A", bound=Maintainable)


class Structures:
    """An immutable collection of artefacts, looked up by reference.

    References may be late-bound (`1.0+.0`, `1+.0.0`); they find the newest version that fits.
    """

    def __init__(self, artefacts: Iterable[Maintainable] = ()) -> None:
        self._by_reference = {artefact.reference: artefact for artefact in artefacts}

    def __iter__(self) -> Iterator[Maintainable]:
        return iter(self._by_reference.values())

    def __len__(self) -> int:
        return len(self._by_reference)

    def __contains__(self, reference: Reference) -> bool:
        return self.find(reference) is not None

    def with_(self, artefacts: Iterable[Maintainable]) -> Structures:
        """A collection that has these artefacts too; an equal reference is replaced."""
        return Structures([*self, *artefacts])

    def find(self, reference: Reference) -> Maintainable | None:
        """Return the artefact a reference means, None if it is not here."""
        exact = self._by_reference.get(reference)
        if exact is not None or not any(mark in reference.version for mark in "+~*"):
            return exact
        query = parse_version_query(reference.version)
        cls = reference.artefact_class
        return next(iter(self.select(cls, reference.agency, reference.id, query)), None)

    def get(self, reference: Reference, kind: type[A]) -> A:
        """Return the artefact a reference means; raises NotFound, naming the versions there are."""
        artefact = self.find(reference)
        if isinstance(artefact, kind):
            return artefact
        others = ", ".join(
            a.version
            for a in self.of_class(reference.artefact_class)
            if (a.agency, a.id) == (reference.agency, reference.id)
        )
        hint = f"; known versions: {others}" if others else ""
        name = reference.artefact_class.rest_name
        raise NotFound(f"there is no {name} {reference} on this node{hint}")

    def of_class(self, artefact_class: ArtefactClass) -> tuple[Maintainable, ...]:
        """All artefacts of a class."""
        return tuple(a for a in self if a.artefact_class is artefact_class)

    def of_type(self, kind: type[A]) -> tuple[A, ...]:
        """All artefacts of a Python type."""
        return tuple(a for a in self if isinstance(a, kind))

    def select(
        self, cls: ArtefactClass, agency: str, id_: str, versions: VersionQuery
    ) -> tuple[Maintainable, ...]:
        """The versions of one artefact that a version query means, newest first."""
        same = {a.version: a for a in self.of_class(cls) if (a.agency, a.id) == (agency, id_)}
        return tuple(same[version] for version in versions.select(same))

    def latest(self, cls: ArtefactClass, agency: str, id_: str) -> Maintainable | None:
        """The newest version of an artefact, whatever its status."""
        same = {a.version: a for a in self.of_class(cls) if (a.agency, a.id) == (agency, id_)}
        return same[latest(same)] if same else None

    def children(self, artefact: Maintainable) -> tuple[Maintainable, ...]:
        """The artefacts that one refers to, so far as they are here."""
        found = (self.find(reference) for reference in artefact.references())
        return tuple(child for child in found if child is not None)

    def parents(self, artefact: Maintainable) -> tuple[Maintainable, ...]:
        """The artefacts that refer to one."""
        return self._parents.get(artefact.reference, ())

    @cached_property
    def _parents(self) -> dict[Reference, tuple[Maintainable, ...]]:
        parents: dict[Reference, list[Maintainable]] = {}
        for artefact in self:
            for child in self.children(artefact):
                parents.setdefault(child.reference, []).append(artefact)
        return {reference: tuple(found) for reference, found in parents.items()}
