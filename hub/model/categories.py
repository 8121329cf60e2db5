"""Categories, what is put under them, and the taxonomies of reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from hub.model.artefact import Item, Maintainable, Mention
from hub.model.classes import ArtefactClass
from hub.model.urn import ItemReference, ObjectReference, Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Category(Item):
    """A category with the categories in it; another refers to it by dotted ids from the top."""

    items: tuple[Category, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CategoryScheme(Maintainable):
    """A tree of categories."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.CATEGORY_SCHEME
    items: tuple[Category, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Categorisation(Maintainable):
    """What puts an object, of whatever class, under a category.

    SDMX allows a stub of one without either; here both are known. SDMX-ML 3.x has it in version
    1.0 only.
    """

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.CATEGORISATION
    source: ObjectReference
    target: ItemReference

    def mentions(self) -> Iterable[Mention]:
        """The artefact that is or holds the object, and the scheme of the category."""
        return [self.source, self.target]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportingCategory(Item):
    """A part of a report: the categories in it, the structures or flows whose data it shows."""

    items: tuple[ReportingCategory, ...] = ()
    structures: tuple[Reference, ...] = ()
    flows: tuple[Reference, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReportingTaxonomy(Maintainable):
    """How a publication is built up from data and metadata."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.REPORTING_TAXONOMY
    items: tuple[ReportingCategory, ...] = ()

    def mentions(self) -> Iterable[Mention]:
        """The structures and flows of its categories."""
        return [ref for item in _walk(self.items) for ref in (*item.structures, *item.flows)]


def _walk(items: Iterable[ReportingCategory]) -> Iterator[ReportingCategory]:
    for item in items:
        yield item
        yield from _walk(item.items)
