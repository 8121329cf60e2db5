"""What artefacts refer to, down to items, and what of it is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from hub.model.artefact import Item, Maintainable
from hub.model.structures import Structures
from hub.model.urn import ItemReference, Reference


def missing(
    artefact: Maintainable, structures: Structures
) -> tuple[Reference | ItemReference, ...]:
    """What an artefact refers to and is not in a collection: artefacts, and items of schemes.

    A scheme that is partial is believed to have every item. What an artefact says of itself is
    looked up too: it has to be in the collection.
    """
    found: dict[Reference | ItemReference, None] = dict.fromkeys(
        reference for reference in artefact.references() if reference not in structures
    )
    for reference in item_references(artefact):
        scheme = structures.find(reference.scheme)
        if scheme is not None and not has_item(scheme, reference.item):
            found[reference] = None
    found |= dict.fromkeys(map(artefact.reference.item, _missing_parents(artefact)))
    return tuple(found)


def has_item(scheme: Maintainable, item: str) -> bool:
    """True where a scheme has an item, or is partial; items in others are named by dotted ids."""
    if scheme.is_partial or not hasattr(scheme, "items"):
        return True
    known = getattr(scheme, "by_id", None)
    if known is not None and item in known:
        return True
    items: tuple[Item, ...] = scheme.items
    for id_ in item.split("."):
        of_id = next((one for one in items if one.id == id_), None)
        if of_id is None:
            return False
        items = getattr(of_id, "items", ())
    return True


def _missing_parents(artefact: Maintainable) -> Iterator[str]:
    if artefact.is_partial:
        return
    items: tuple[Item, ...] = getattr(artefact, "items", ())
    known = {item.id for item in items}
    for item in items:
        parent = getattr(item, "parent", None)
        if parent is not None and parent not in known:
            yield parent


def item_references(value: object) -> Iterator[ItemReference]:
    """Every reference to an item within an artefact or a part of one."""
    if isinstance(value, ItemReference):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from item_references(part)
    elif is_dataclass(value):
        for field in fields(value):
            yield from item_references(getattr(value, field.name))
