"""What of referenced item schemes is used: the rules of `detail=referencepartial`.

Item schemes are cut, at whatever distance, to the items that the artefacts of the answer refer
to: categories of categorisations, concepts of structures, providers of agreements and
constraints, agencies of everything; code lists to the codes that hierarchies, categorisations and
maps name, or that the constraints in force leave ("Applicability and meaning of references").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hub.errors import NotFound
from hub.model import (
    Dataflow,
    DataStructure,
    ItemReference,
    ItemSchemeMap,
    Maintainable,
    ObjectReference,
    ProvisionAgreement,
    Reference,
    RepresentationMap,
    Structures,
    ValueList,
    allowed_values,
    owner,
    resolve,
)
from hub.rest.partial import ItemScheme, cut, used_lists
from hub.rest.relations import agency_scheme

#: The items used of each scheme; None means all.
_Used = dict[Reference, set[str] | None]
_Context = ProvisionAgreement | Dataflow | DataStructure


def cut_to_use(
    structures: Structures, matched: Sequence[Maintainable], others: Sequence[Maintainable]
) -> list[Maintainable]:
    """The referenced artefacts, item schemes cut to what is used of them.

    A scheme of which nothing that is known uses an item stays whole; so do value lists, which
    cannot say that they are partial.
    """
    used: _Used = {}
    answer = (*matched, *others)
    contexts = _contexts(structures, matched, others)
    for artefact in answer:
        for reference, item in _mentioned(artefact, structures):
            _add(used, reference, item)
    for context in contexts:
        for reference, codes in _codes(context, structures).items():
            for code in codes if codes is not None else (None,):
                _add(used, reference, code)
    for artefact in answer:
        listed = agency_scheme(artefact.agency)
        _add(used, listed.scheme, listed.item)
    return [_cut(artefact, used.get(artefact.reference)) for artefact in others]


def _cut(artefact: Maintainable, items: set[str] | None) -> Maintainable:
    if items is None or not isinstance(artefact, ItemScheme) or isinstance(artefact, ValueList):
        return artefact
    found = cut(artefact, items, with_parents=True)
    return found if found.items else artefact


def _add(used: _Used, scheme: Reference, item: str | None) -> None:
    known = used.setdefault(scheme, set())
    if item is None:
        used[scheme] = None
    elif known is not None:
        known.add(item)


def _contexts(
    structures: Structures, matched: Sequence[Maintainable], others: Sequence[Maintainable]
) -> list[_Context]:
    """The artefacts whose constraints say which codes count.

    Those asked for; where none of these is a structure, a flow or an agreement, the referenced
    ones that no other referenced one is about.
    """
    asked = [a for a in matched if isinstance(a, _Context)]
    if asked:
        return asked
    found = [a for a in others if isinstance(a, _Context)]
    below = {child.reference for each in found for child in structures.children(each)}
    return [each for each in found if each.reference not in below]


def _codes(context: _Context, structures: Structures) -> _Used:
    """The codes of each list that the constraints in force leave; none where it is not whole."""
    try:
        schema = resolve(context.reference, structures)
    except NotFound:
        return {}
    allowed = {column.id: allowed_values(schema, column.id) for column in schema.columns}
    return used_lists(schema, allowed)


def _mentioned(
    artefact: Maintainable, structures: Structures
) -> Iterator[tuple[Reference, str | None]]:
    """The items an artefact refers to, by scheme; None where a map maps by pattern.

    What enumerates values, or stands for itself in a program, names no item.
    """
    for mention in artefact.mentions():
        if mention is None:
            continue
        scheme = structures.find(owner(mention))
        if scheme is None:
            continue
        item = mention.item if isinstance(mention, ItemReference | ObjectReference) else ""
        if item:
            yield scheme.reference, item
        elif isinstance(artefact, ItemSchemeMap | RepresentationMap):
            yield scheme.reference, None
