"""Concepts: what components of structures mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from hub.model.artefact import Item, Maintainable, Mention
from hub.model.classes import ArtefactClass
from hub.model.representation import Representation


@dataclass(frozen=True, slots=True, kw_only=True)
class IsoConcept:
    """Where ISO 11179 has the concept: the agency, its scheme, the concept."""

    agency: str
    scheme: str
    concept: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept(Item):
    """A concept, with the representation components take when they have none of their own."""

    parent: str | None = None
    representation: Representation | None = None
    iso: IsoConcept | None = None


@dataclass(frozen=True, kw_only=True)
class ConceptScheme(Maintainable):
    """A scheme of concepts."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.CONCEPT_SCHEME
    items: tuple[Concept, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Concept]:
        """The concepts by their id."""
        return {concept.id: concept for concept in self.items}

    def mentions(self) -> Iterable[Mention]:
        """The code lists its concepts are represented by."""
        return [c.representation.enumeration for c in self.items if c.representation]
