"""Hierarchies: codes of one or several lists arranged as trees.

SDMX 3.0 made the hierarchy an artefact of its own; in 2.1 it is a part of a hierarchical code
list, which holds several.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from hub.model.artefact import Item, Maintainable, Mention
from hub.model.classes import ArtefactClass
from hub.model.representation import Representation
from hub.model.text import Annotation
from hub.model.urn import ItemReference, ObjectReference, Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Level(Item):
    """A level of a hierarchy with the level below it; `coding` says how its codes look."""

    coding: Representation | None = None
    below: Level | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HierarchicalCode:
    """A code at its place in a hierarchy, with the codes below it.

    `level` is the id of its level; the dates bound the time in which it stands there. SDMX 2.1
    gives it a version.
    """

    id: str
    code: ItemReference
    codes: tuple[HierarchicalCode, ...] = ()
    level: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    version: str | None = None
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Hierarchy(Maintainable):
    """A tree of codes (SDMX 3.0); with formal levels, each depth is a level."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.HIERARCHY
    codes: tuple[HierarchicalCode, ...] = ()
    level: Level | None = None
    has_formal_levels: bool = False

    def mentions(self) -> Iterable[Mention]:
        """The code lists its codes are from."""
        return [each.code for each in _walk(self.codes)]


@dataclass(frozen=True, kw_only=True)
class HierarchyAssociation(Maintainable):
    """What says that a hierarchy serves an object, perhaps only in a context (SDMX 3.0)."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.HIERARCHY_ASSOCIATION
    hierarchy: Reference
    linked: ObjectReference
    context: ObjectReference | None = None

    def mentions(self) -> Iterable[Mention]:
        """The hierarchy, and the artefacts that are or hold the objects."""
        return [self.hierarchy, self.linked, self.context]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeHierarchy(Item):
    """A hierarchy within a hierarchical code list (SDMX 2.1)."""

    codes: tuple[HierarchicalCode, ...] = ()
    level: Level | None = None
    has_formal_levels: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IncludedCodelist:
    """A code list whose codes a hierarchical code list arranges, with its name there."""

    codelist: Reference
    alias: str | None = None


@dataclass(frozen=True, kw_only=True)
class HierarchicalCodelist(Maintainable):
    """Several hierarchies over the codes of some lists (SDMX 2.1)."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.HIERARCHICAL_CODELIST
    included: tuple[IncludedCodelist, ...] = ()
    items: tuple[CodeHierarchy, ...] = ()

    def mentions(self) -> Iterable[Mention]:
        """The code lists it includes or takes codes from."""
        codes = [each.code for item in self.items for each in _walk(item.codes)]
        used = {code.scheme for code in codes}
        unused = (each.codelist for each in self.included if each.codelist not in used)
        return [*codes, *unused]


def _walk(codes: Iterable[HierarchicalCode]) -> Iterator[HierarchicalCode]:
    for code in codes:
        yield code
        yield from _walk(code.codes)
