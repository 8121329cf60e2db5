"""What an artefact of one standard and its counterpart in the other both say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hub.model.artefact import Item, Maintainable
from hub.model.urn import Reference

Find = Callable[[Reference], Maintainable | None]


def said(artefact: Maintainable) -> dict[str, Any]:
    """What an artefact says of itself."""
    names = "agency id version name description annotations valid_from valid_to".split()
    return {name: getattr(artefact, name) for name in names}


def named(value: Maintainable | Item) -> dict[str, Any]:
    """The id, name and description of an artefact or item."""
    return {"id": value.id, "name": value.name, "description": value.description}


def of_part(whole: Maintainable, part: Item) -> dict[str, Any]:
    """What a part says as an artefact of its own; one with the id of the whole speaks for it."""
    if part.id == whole.id:
        return said(whole)
    return (
        said(whole)
        | named(part)
        | {
            "id": f"{whole.id}_{part.id}",
            "annotations": (*whole.annotations, *part.annotations),
        }
    )
