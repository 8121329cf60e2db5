"""The structures that tell what data may hold: the answer to schema queries in structure formats.

Only these kinds may be in it: the data structure, the lists and concepts it uses, cut to what
applies, the agencies of all of them, and constraints where a list alone does not tell
(SDMX REST 2.2, "Schema queries").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from hub.formats.structure import StructureForm, obstacle
from hub.model import (
    AgencyScheme,
    Codelist,
    ConceptScheme,
    DataConstraint,
    ItemReference,
    Maintainable,
    Reference,
    Schema,
    Structures,
    ValueList,
    allowed_values,
)
from hub.rest.partial import ItemScheme, cut, used_lists

_TOP = "SDMX"


def structures_of(
    schema: Schema, structures: Structures, form: StructureForm
) -> tuple[Maintainable, ...]:
    """The artefacts of an answer, the data structure first."""
    allowed = {column.id: allowed_values(schema, column.id) for column in schema.columns}
    found: list[Maintainable] = [schema.structure]
    used = used_lists(schema, allowed)
    for reference, concepts in _concepts(schema, structures).items():
        values = used.get(reference, set())  # of a measure dimension, which takes concepts
        used[reference] = None if values is None else values | concepts
    for reference, items in used.items():
        scheme = structures.find(reference)
        if isinstance(scheme, Codelist | ValueList | ConceptScheme):
            found.append(scheme if items is None else _only(scheme, items))
    found += _constraints(schema, allowed, form)
    return (*found, *agencies_of(found, structures))


def _only(scheme: Codelist | ValueList | ConceptScheme, wanted: set[str]) -> ItemScheme:
    """A scheme with some of its items alone; what their parents would be is not told."""
    part = cut(scheme, wanted, with_parents=False)
    if part is scheme:
        return scheme
    items = tuple(
        replace(item, parent=None) if getattr(item, "parent", None) not in {None, *wanted} else item
        for item in part.items
    )
    return replace(part, items=items)  # type: ignore[arg-type]


def _concepts(schema: Schema, structures: Structures) -> dict[Reference, set[str]]:
    """The concepts of the components and of their roles, by scheme."""
    used: dict[Reference, set[str]] = {}
    for component in schema.structure.components:
        roles: tuple[ItemReference, ...] = getattr(component, "roles", ())
        for concept in (component.concept, *roles):
            scheme = structures.find(concept.scheme)
            if scheme is not None:
                used.setdefault(scheme.reference, set()).add(concept.item)
    return used


def _constraints(
    schema: Schema, allowed: dict[str, set[str] | None], form: StructureForm
) -> Iterator[DataConstraint]:
    """The constraints, where components that share a list may not have the same values of it."""
    by_list: dict[Reference, list[set[str] | None]] = {}
    for column in schema.columns:
        if column.enumeration is not None:
            by_list.setdefault(column.enumeration.reference, []).append(allowed[column.id])
    if all(values == several[0] for several in by_list.values() for values in several):
        return
    for constraint in schema.constraints:
        if constraint.role == "Allowed" and obstacle(constraint, form) is None:
            yield constraint


def agencies_of(found: Iterable[Maintainable], structures: Structures) -> Iterator[AgencyScheme]:
    """The agencies that maintain what is in the answer, and the schemes they are in."""
    schemes = structures.of_type(AgencyScheme)
    wanted = {artefact.agency for artefact in found}
    known = 0
    while known < len(wanted):
        known = len(wanted)
        wanted |= {s.agency for s in schemes if any(_full(s, i.id) in wanted for i in s.items)}
    for scheme in schemes:
        items = tuple(item for item in scheme.items if _full(scheme, item.id) in wanted)
        if items:
            is_partial = len(items) < len(scheme.items)
            yield replace(scheme, items=items, is_partial=is_partial or scheme.is_partial)


def _full(scheme: AgencyScheme, item: str) -> str:
    """The id by which artefacts name an agency: below the agency whose scheme it is in."""
    return item if scheme.agency == _TOP else f"{scheme.agency}.{item}"
