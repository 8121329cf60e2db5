"""Item schemes changed in part: some items given anew, or one taken away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar

from hub.errors import NotFound
from hub.model.artefact import Item, Maintainable
from hub.model.text import InternationalString

M = TypeVar("M", bound=Maintainable)


def is_item_scheme(artefact: Maintainable) -> bool:
    """True for an artefact that is a list of items."""
    return hasattr(artefact, "items")


def merged(present: M, given: M) -> M:
    """An item scheme with the items of another in it (SDMX REST, "Partially update Item Schemes").

    Items that are there are replaced in their places. A new one comes after the item it follows in
    `given`, before the one it leads, or last where all of them are new. Names and descriptions are
    replaced language by language; all else about the scheme is as `given` says.
    """
    changes: dict[str, Any] = {
        "items": _placed(present.items, given.items),  # type: ignore[attr-defined]
        "name": _translated(present.name, given.name),
        "description": _translated(present.description, given.description),
        "is_partial": present.is_partial,
    }
    return replace(given, **changes)


def without_item(scheme: M, item: str) -> M:
    """A scheme without one of its items, and without what is nested in it.

    An item in others is named by dotted ids from the top. Items that had it as their parent have
    none any more. Raises NotFound where the scheme has no such item.
    """
    path = item.split(".")
    items: tuple[Item, ...] = scheme.items  # type: ignore[attr-defined]
    changes: dict[str, Any] = {"items": tuple(_without(items, path, scheme, item))}
    return replace(scheme, **changes)


def _placed(present: tuple[Item, ...], given: tuple[Item, ...]) -> tuple[Item, ...]:
    known = {item.id for item in present}
    again = {item.id: item for item in given if item.id in known}
    leading: list[Item] = []
    following: dict[str, list[Item]] = {}
    before: str | None = None  # the item, of those that are there, which comes before
    for item in given:
        if item.id in known:
            before = item.id
        elif before is None:
            leading.append(item)
        else:
            following.setdefault(before, []).append(item)
    led = next(iter(again), None)
    placed: list[Item] = []
    for item in present:
        placed += leading if item.id == led else ()
        placed += (again.get(item.id, item), *following.get(item.id, ()))
    return (*placed, *(leading if led is None else ()))


def _translated(present: InternationalString, given: InternationalString) -> InternationalString:
    return InternationalString(tuple({**dict(present.texts), **dict(given.texts)}.items()))


def _without(
    items: Iterable[Item], path: list[str], scheme: Maintainable, item: str
) -> Iterable[Item]:
    first, *inner = path
    kept: list[Item] = []
    is_found = False
    for one in items:
        if one.id != first:
            orphaned: dict[str, Any] = {"parent": None}
            is_orphan = not inner and getattr(one, "parent", None) == first
            kept.append(replace(one, **orphaned) if is_orphan else one)
            continue
        is_found = True
        if inner:
            below: dict[str, Any] = {
                "items": tuple(_without(getattr(one, "items", ()), inner, scheme, item))
            }
            kept.append(replace(one, **below))
    if not is_found:
        raise NotFound(f"{scheme.reference} has no item {item}")
    return kept
