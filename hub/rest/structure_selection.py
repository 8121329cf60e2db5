"""Which artefacts answer a structure query, and which of them as stubs.

A pure function from structures and query to artefacts ("Structural metadata queries"): nothing
that was not asked for and is not referenced may be in the answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from hub.formats.structure import StructureForm
from hub.model import DataConstraint, Maintainable, Reference, StructureQuery, Structures
from hub.rest.artefact_types import is_of_type
from hub.rest.matching import matching
from hub.rest.partial import ItemScheme, cut
from hub.rest.relations import Relations
from hub.rest.usage import cut_to_use
from hub.rest.views import view

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

    Complete stubs keep description and annotations, others only the name. The first `matched`
    artefacts are what was asked for, the others are referenced.
    """

    artefacts: tuple[Maintainable, ...] = ()
    matched: int = 0
    stubs: frozenset[Reference] = frozenset()
    stubs_are_complete: bool = False


def select_structures(
    structures: Structures, query: StructureQuery, form: StructureForm | None = None
) -> StructureAnswer:
    """Answer a structure query; an answer without artefacts where nothing matches.

    `form` is what the answer will be written as: what is left out there refers to nothing.
    """
    known = view(structures, v1=query.is_v1, raw=query.detail == "raw", form=form)
    matched = _matched(known, query)
    others = _related(known, matched, query)
    if query.detail == "referencepartial":
        others = cut_to_use(known, matched, others)
    matched_are_stubs, complete = _STUBS.get(query.detail, (False, False))
    as_stubs = query.detail in _STUBS
    stubs = [*(matched if matched_are_stubs else ()), *(others if as_stubs else ())]
    return StructureAnswer(
        artefacts=(*matched, *others),
        matched=len(matched),
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
    # Items asked for by id come without their children, and those in others with what holds them.
    schemes = (cut(a, query.items, with_parents=False) for a in found if isinstance(a, ItemScheme))
    return tuple(replace(scheme, is_partial=True) for scheme in schemes if scheme.items)


def _related(
    structures: Structures, matched: tuple[Maintainable, ...], query: StructureQuery
) -> list[Maintainable]:
    """The artefacts that `references` adds, in a stable order, each once."""
    relations = Relations(structures, with_agencies=not query.is_v1, items=frozenset(query.items))
    known = {artefact.reference for artefact in matched}
    found: dict[Reference, Maintainable] = {}
    for word in query.references:
        for artefact in _by_word(relations, matched, word, v1=query.is_v1):
            if artefact.reference not in known:
                found[artefact.reference] = artefact
    return [found[reference] for reference in sorted(found, key=_order)]


def _order(reference: Reference) -> tuple[str, str, str, str]:
    return (reference.artefact_class, reference.agency, reference.id, reference.version)


def _by_word(
    relations: Relations, matched: tuple[Maintainable, ...], word: str, *, v1: bool
) -> Iterable[Maintainable]:
    match word:
        case "none":
            return ()
        case "children":
            return relations.children(matched)
        case "descendants":
            return relations.descendants(matched)
        case "parents":
            return relations.parents(matched)
        case "ancestors":
            return relations.ancestors(matched)
        case "parentsandsiblings":
            return relations.parents_and_siblings(matched)
        case "all":
            return [*relations.parents_and_siblings(matched), *relations.descendants(matched)]
    # A type means what is next to the artefacts, on either side.
    related = [*relations.children(matched), *relations.parents(matched)]
    return [artefact for artefact in related if is_of_type(artefact, word, v1=v1)]
