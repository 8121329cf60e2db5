"""Item schemes: code lists, value lists, concept schemes, organisations."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from hub.model.artefact import Item, Maintainable, unique
from hub.model.representation import Representation
from hub.model.urn import ArtefactClass, Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Code(Item):
    """A code of a code list; `parent` is the id of another code of the same list."""

    parent: str | None = None


@dataclass(frozen=True, kw_only=True)
class Codelist(Maintainable):
    """A list of codes, possibly a tree."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.CODELIST
    items: tuple[Code, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Code]:
        """The codes by their id."""
        return {code.id: code for code in self.items}


@dataclass(frozen=True, kw_only=True)
class ValueList(Maintainable):
    """A list of values that need not be SDMX identifiers (SDMX 3.0)."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.VALUE_LIST
    items: tuple[Code, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Code]:
        """The values by their id."""
        return {code.id: code for code in self.items}


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept(Item):
    """A concept, with the representation components take when they have none of their own."""

    parent: str | None = None
    representation: Representation | None = None


@dataclass(frozen=True, kw_only=True)
class ConceptScheme(Maintainable):
    """A scheme of concepts."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.CONCEPT_SCHEME
    items: tuple[Concept, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Concept]:
        """The concepts by their id."""
        return {concept.id: concept for concept in self.items}

    def references(self) -> tuple[Reference, ...]:
        """The code lists its concepts are represented by."""
        return unique([c.representation.enumeration for c in self.items if c.representation])


@dataclass(frozen=True, kw_only=True)
class AgencyScheme(Maintainable):
    """The agencies an agency has under it; its id is always AGENCIES, its version 1.0."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.AGENCY_SCHEME
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DataProviderScheme(Maintainable):
    """The data providers an agency knows; id DATA_PROVIDERS, version 1.0."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.DATA_PROVIDER_SCHEME
    items: tuple[Item, ...] = ()
