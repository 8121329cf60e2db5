"""Structure sets: the maps of SDMX 2.1, all in one artefact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from hub.model.artefact import Item, Maintainable, Mention
from hub.model.classes import ArtefactClass
from hub.model.representation import Representation
from hub.model.text import Annotation
from hub.model.urn import ObjectReference, Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAssociation:
    """Maps an item of one scheme to one of another, by (dotted) ids."""

    source: str
    target: str
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeMap(Item):
    """Maps the items of one scheme to those of another.

    `is_hybrid` says that a code list is mapped to a hierarchical one, or the other way round.
    """

    source: Reference
    target: Reference
    items: tuple[ItemAssociation, ...] = ()
    is_hybrid: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuePair:
    """Maps one value to another."""

    source: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentAssociation:
    """Maps a component of one structure to one of another, by ids, and its values.

    A container is the list of components (or the target or report) a component is in. Values are
    mapped by a code list map of the same set, by pairs, or taken over in a format, from the value,
    the name or the description of the code.
    """

    source: str
    target: str
    source_container: str
    target_container: str
    source_class: str
    target_class: str
    codelist_map: str | None = None
    values: tuple[ValuePair, ...] = ()
    text_format: Representation | None = None
    value_type: str | None = None
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureAssociation(Item):
    """Maps a structure or flow to another, component by component."""

    source: Reference
    target: Reference
    components: tuple[ComponentAssociation, ...] = ()
    is_extension: bool = False


@dataclass(frozen=True, kw_only=True)
class StructureSet(Maintainable):
    """Maps between structures, code lists, and other schemes (SDMX 2.1)."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.STRUCTURE_SET
    related: tuple[Reference, ...] = ()
    schemes: tuple[SchemeMap, ...] = ()
    structures: tuple[StructureAssociation, ...] = ()

    def mentions(self) -> Iterable[Mention]:
        """The structures it relates and maps, and the items it maps."""
        yield from self.related
        for structure in self.structures:
            yield from (structure.source, structure.target)
        for scheme in self.schemes:
            yield from (_item(scheme.source, each.source) for each in scheme.items)
            yield from (_item(scheme.target, each.target) for each in scheme.items)


def _item(scheme: Reference, id_: str) -> Mention:
    if scheme.artefact_class is ArtefactClass.HIERARCHICAL_CODELIST:
        return ObjectReference(scheme, "HierarchicalCode", id_)
    return scheme.item(id_)
