"""Item schemes cut to the items that matter, parents kept, so that trees stay whole."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from hub.model import (
    AgencyScheme,
    Code,
    Codelist,
    Concept,
    ConceptScheme,
    DataProviderScheme,
    Reference,
    Schema,
    Structures,
    ValueList,
)

ItemScheme = Codelist | ValueList | ConceptScheme | AgencyScheme | DataProviderScheme


def cut(scheme: ItemScheme, wanted: Collection[str], *, with_parents: bool) -> ItemScheme:
    """Reduce a scheme to some of its items; it is marked partial where something is missing."""
    kept = set(wanted)
    if with_parents and isinstance(scheme, Codelist | ConceptScheme):
        kept |= _ancestors(scheme, kept)
    items = tuple(item for item in scheme.items if item.id in kept)
    if len(items) == len(scheme.items):
        return scheme
    return replace(scheme, items=items, is_partial=True)  # type: ignore[arg-type]


def _ancestors(scheme: Codelist | ConceptScheme, ids: set[str]) -> set[str]:
    parents: dict[str, str] = {
        item.id: item.parent
        for item in scheme.items
        if isinstance(item, Code | Concept) and item.parent
    }
    found: set[str] = set()
    for id_ in ids:
        parent = parents.get(id_)
        while parent is not None and parent not in found:
            found.add(parent)
            parent = parents.get(parent)
    return found


def used_lists(
    schema: Schema, values: Mapping[str, Collection[str] | None]
) -> dict[Reference, set[str] | None]:
    """The values that matter in each list, over all components that use it; None means all.

    `values` holds the values by component; a component that is not in it does not count.
    """
    used: dict[Reference, set[str] | None] = {}
    for column in schema.columns:
        if column.enumeration is None or column.id not in values:
            continue
        reference, new = column.enumeration.reference, values[column.id]
        known = used.get(reference, set())
        used[reference] = None if known is None or new is None else known | set(new)
    return used


def used_concepts(
    schema: Schema, structures: Structures, components: Collection[str]
) -> dict[Reference, set[str]]:
    """The concepts that components take their meaning from, by scheme."""
    used: dict[Reference, set[str]] = {}
    for component in schema.structure.components:
        if component.id in components:
            scheme = structures.find(component.concept.scheme)
            if scheme is not None:
                used.setdefault(scheme.reference, set()).add(component.concept.item)
    return used
