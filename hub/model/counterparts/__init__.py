"""What artefacts that only one standard has are in the other.

SDMX 2.1 has several hierarchies in one hierarchical code list, and several maps in one structure
set; since 3.0 each is an artefact of its own. An artefact of 3.x becomes a list, or a set, with
nothing but itself in it, under its own id. What is in a list or set of 2.1 becomes an artefact
with the id of both, `LIST_ITEM`; where these are the same, with that id. So what goes from 3.x to
2.1 and back is what it was.

What has no equal there has none: dates, patterns and fixed values in maps, associations of
hierarchies, hybrid maps, attachment constraints.
"""

from __future__ import annotations

from collections.abc import Iterator

from hub.model.artefact import Maintainable
from hub.model.counterparts.maps_3x import maps_of
from hub.model.counterparts.maps_21 import set_of_codes, set_of_items, set_of_structure
from hub.model.counterparts.said import Find, named, of_part, said
from hub.model.hierarchy import CodeHierarchy, HierarchicalCodelist, Hierarchy, IncludedCodelist
from hub.model.maps import ItemSchemeMap, RepresentationMap, StructureMap
from hub.model.structure_set import StructureSet


def in_21(artefact: Maintainable, find: Find) -> Maintainable | None:
    """What an artefact that SDMX 2.1 does not have is there; None where it has no equal."""
    if isinstance(artefact, Hierarchy):
        return _hierarchical(artefact)
    if isinstance(artefact, ItemSchemeMap):
        return set_of_items(artefact)
    if isinstance(artefact, RepresentationMap):
        return set_of_codes(artefact)
    if isinstance(artefact, StructureMap):
        return set_of_structure(artefact, find)
    return None


def in_3x(artefact: Maintainable) -> tuple[Maintainable, ...]:
    """What an artefact that SDMX 3.x no longer has is there; () where it has no equal."""
    if isinstance(artefact, HierarchicalCodelist):
        return tuple(_hierarchies(artefact))
    if isinstance(artefact, StructureSet):
        return tuple(maps_of(artefact))
    return ()


def _hierarchical(hierarchy: Hierarchy) -> HierarchicalCodelist:
    return HierarchicalCodelist(
        **said(hierarchy),
        included=tuple(IncludedCodelist(codelist=each) for each in hierarchy.references()),
        items=(
            CodeHierarchy(
                **named(hierarchy),
                codes=hierarchy.codes,
                level=hierarchy.level,
                has_formal_levels=hierarchy.has_formal_levels,
            ),
        ),
    )


def _hierarchies(codelist: HierarchicalCodelist) -> Iterator[Hierarchy]:
    for part in codelist.items:
        yield Hierarchy(
            **of_part(codelist, part),
            codes=part.codes,
            level=part.level,
            has_formal_levels=part.has_formal_levels,
        )
