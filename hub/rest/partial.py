"""Item schemes cut to the items that matter, parents kept, so that trees stay whole."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from hub.model import (
    CategoryScheme,
    Code,
    Codelist,
    Concept,
    ConceptScheme,
    CustomTypeScheme,
    HierarchicalCodelist,
    NamePersonalisationScheme,
    Organisation,
    OrganisationScheme,
    Reference,
    ReportingTaxonomy,
    RulesetScheme,
    Schema,
    Structures,
    TransformationScheme,
    UserDefinedOperatorScheme,
    ValueList,
    VtlMappingScheme,
)

Nested = CategoryScheme | ReportingTaxonomy
ItemScheme = (
    Codelist
    | ValueList
    | ConceptScheme
    | OrganisationScheme
    | Nested
    | HierarchicalCodelist
    | TransformationScheme
    | RulesetScheme
    | UserDefinedOperatorScheme
    | CustomTypeScheme
    | NamePersonalisationScheme
    | VtlMappingScheme
)
S = TypeVar("S", bound=ItemScheme)


def cut(scheme: S, wanted: Collection[str], *, with_parents: bool) -> S:
    """Reduce a scheme to some of its items; it is marked partial where something is missing.

    Items in others are wanted by dotted ids; those that hold them stay, those in them do not.
    """
    items: tuple[Any, ...] = scheme.items
    kept: tuple[Any, ...]
    if isinstance(scheme, Nested):
        kept = tuple(_branches(items, set(wanted)))
    else:
        ids = {
            id_.partition(".")[0] if isinstance(scheme, HierarchicalCodelist) else id_
            for id_ in wanted
        }
        if with_parents:
            ids |= _ancestors(items, ids)
        kept = tuple(item for item in items if item.id in ids)
    if kept == items:
        return scheme
    return replace(scheme, items=kept, is_partial=True)  # type: ignore[arg-type]


def _branches(items: Iterable[Any], wanted: set[str], above: str = "") -> Iterator[Any]:
    for item in items:
        path = f"{above}{item.id}"
        inner = {id_ for id_ in wanted if id_.startswith(f"{path}.")}
        if path in wanted or any(_branches(item.items, inner, f"{path}.")):
            below = tuple(_branches(item.items, inner, f"{path}."))
            yield item if below == item.items else replace(item, items=below)


def _ancestors(items: Iterable[Any], ids: set[str]) -> set[str]:
    parents: dict[str, str] = {
        item.id: item.parent
        for item in items
        if isinstance(item, Code | Concept | Organisation) and item.parent
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
