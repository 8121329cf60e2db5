"""Which artefacts answer a structure query, and which of them as stubs.

A pure function from structures and query to artefacts ("Structural metadata queries"): nothing
that was not asked for and is not referenced may be in the answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hub.model import (
    ArtefactClass,
    DataConstraint,
    Dataflow,
    DataStructure,
    Maintainable,
    ProvisionAgreement,
    Reference,
    StructureQuery,
    Structures,
    allowed_values,
    resolve,
)
from hub.rest.matching import matching
from hub.rest.partial import ItemScheme, cut, used_concepts, used_lists

#: The values of `detail` by which artefacts become stubs: (the matched too, complete stubs).
_STUBS = {
    "allstubs": (True, False),
    "allcompletestubs": (True, True),
    "referencestubs": (False, False),
    "referencecompletestubs": (False, True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureAnswer:
    """The artefacts of an answer, those matched first; `stubs` are written without their content.

    Complete stubs keep description and annotations, others only the name.
    """

    artefacts: tuple[Maintainable, ...] = ()
    stubs: frozenset[Reference] = frozenset()
    stubs_are_complete: bool = False


def select_structures(structures: Structures, query: StructureQuery) -> StructureAnswer:
    """Answer a structure query; an answer without artefacts where nothing matches."""
    matched = _matched(structures, query)
    known = {artefact.reference for artefact in matched}
    others = [a for a in _related(structures, matched, query) if a.reference not in known]
    if query.detail == "referencepartial":
        others = _partial(structures, matched, others)
    matched_are_stubs, complete = _STUBS.get(query.detail, (False, False))
    as_stubs = query.detail in _STUBS
    stubs = [*(matched if matched_are_stubs else ()), *(others if as_stubs else ())]
    return StructureAnswer(
        artefacts=(*matched, *others),
        stubs=frozenset(artefact.reference for artefact in stubs),
        stubs_are_complete=complete,
    )


def _matched(structures: Structures, query: StructureQuery) -> tuple[Maintainable, ...]:
    found = matching(
        structures,
        query.classes,
        query.agencies,
        query.ids,
        query.versions,
        drafts=query.drafts,
    )
    if query.constraint_role is not None:
        found = tuple(
            a for a in found if isinstance(a, DataConstraint) and a.role == query.constraint_role
        )
    if not query.items:
        return found
    # Items asked for by id come alone: neither their parents nor their children.
    schemes = (cut(a, query.items, with_parents=False) for a in found if isinstance(a, ItemScheme))
    return tuple(scheme for scheme in schemes if scheme.items)


def _related(
    structures: Structures, matched: tuple[Maintainable, ...], query: StructureQuery
) -> tuple[Maintainable, ...]:
    """The artefacts that `references` adds, in a stable order, each once."""
    found: dict[Reference, Maintainable] = {}
    for word in query.references:
        for artefact in _by_word(structures, matched, word):
            found[artefact.reference] = artefact
    return tuple(found[reference] for reference in sorted(found, key=_order))


def _order(reference: Reference) -> tuple[str, str, str, str]:
    return (reference.artefact_class, reference.agency, reference.id, reference.version)


def _by_word(
    structures: Structures, matched: tuple[Maintainable, ...], word: str
) -> Iterable[Maintainable]:
    match word:
        case "none":
            return ()
        case "children":
            return _children(structures, matched)
        case "descendants":
            return _descendants(structures, matched)
        case "parents":
            return _parents(structures, matched)
        case "ancestors":
            return _ancestors(structures, matched)
        case "parentsandsiblings":
            return _parents_and_siblings(structures, matched)
        case "all":
            return [
                *_parents_and_siblings(structures, matched),
                *_descendants(structures, matched),
            ]
    related = [*_descendants(structures, matched), *_ancestors(structures, matched)]
    return [artefact for artefact in related if _is_of_type(artefact, word)]


def _is_of_type(artefact: Maintainable, name: str) -> bool:
    """Tell whether an artefact is of a type as either API names it."""
    if isinstance(artefact, DataConstraint):
        return name in ("dataconstraint", "contentconstraint", f"{artefact.role.lower()}constraint")
    schemes = (ArtefactClass.AGENCY_SCHEME, ArtefactClass.DATA_PROVIDER_SCHEME)
    if name == "organisationscheme":
        return artefact.artefact_class in schemes
    return artefact.artefact_class.rest_name == name


def _children(structures: Structures, of: Iterable[Maintainable]) -> list[Maintainable]:
    return [child for artefact in of for child in structures.children(artefact)]


def _parents(structures: Structures, of: Iterable[Maintainable]) -> list[Maintainable]:
    return [parent for artefact in of for parent in structures.parents(artefact)]


def _parents_and_siblings(structures: Structures, of: Iterable[Maintainable]) -> list[Maintainable]:
    parents = _parents(structures, of)
    return [*parents, *_children(structures, parents)]


def _descendants(structures: Structures, of: Iterable[Maintainable]) -> list[Maintainable]:
    found: dict[Reference, Maintainable] = {}
    frontier = _children(structures, of)
    while frontier:
        new = {a.reference: a for a in frontier if a.reference not in found}
        found.update(new)
        frontier = _children(structures, new.values())
    return list(found.values())


def _ancestors(structures: Structures, of: Iterable[Maintainable]) -> list[Maintainable]:
    found: dict[Reference, Maintainable] = {}
    frontier = _parents(structures, of)
    while frontier:
        new = {a.reference: a for a in frontier if a.reference not in found}
        found.update(new)
        frontier = _parents(structures, new.values())
    return list(found.values())


def _partial(
    structures: Structures, matched: Iterable[Maintainable], others: Iterable[Maintainable]
) -> list[Maintainable]:
    """Cut referenced lists to what constraints allow and concept schemes to what is used.

    Lists that no matched structure, dataflow or agreement uses stay whole.
    """
    lists: dict[Reference, set[str] | None] = {}
    items: dict[Reference, set[str]] = {}
    for artefact in matched:
        if not isinstance(artefact, DataStructure | Dataflow | ProvisionAgreement):
            continue
        schema = resolve(artefact.reference, structures)
        allowed = {column.id: allowed_values(schema, column.id) for column in schema.columns}
        for reference, values in used_lists(schema, allowed).items():
            known = lists.get(reference, set())
            lists[reference] = None if values is None or known is None else known | values
        for reference, concepts in used_concepts(schema, structures, allowed).items():
            items.setdefault(reference, set()).update(concepts)
        if isinstance(artefact, ProvisionAgreement):
            provider = artefact.provider
            items.setdefault(provider.scheme, set()).add(provider.item)
    wanted = {**items, **{ref: ids for ref, ids in lists.items() if ids is not None}}
    return [
        cut(a, wanted[a.reference], with_parents=True)
        if isinstance(a, ItemScheme) and a.reference in wanted
        else a
        for a in others
    ]
