"""References within an artefact, which SDMX-JSON 1.0 spells as URNs.

The values read and written hold ids; these functions put URNs in their place, and back, wherever
the description of the artefact has such a reference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from hub.formats.structure.references import version_of
from hub.formats.structure.shape import ArtefactShape, Box, Has, HasMany, Own, Part
from hub.model import Maintainable

_Change = Callable[[str, Own, str], str]


def with_urns(artefact: Maintainable, shape: ArtefactShape) -> Maintainable:
    """Put URNs in the place of ids."""
    reference = artefact.reference.at(version_of(artefact.reference))
    package = artefact.artefact_class.package

    def spell(id_: str, part: Own, top: str) -> str:
        path = f"{top}.{id_}" if part.in_item else id_
        return f"urn:sdmx:org.sdmx.infomodel.{package}.{part.kind}={reference}.{path}"

    changed: Maintainable = _changed(artefact, shape.parts, shape.parts, spell, "")
    return changed


def with_ids(artefact: Maintainable, shape: ArtefactShape) -> Maintainable:
    """Put ids in the place of URNs; some write ids all the same."""

    def parse(text: str, part: Own, top: str) -> str:
        if not text.startswith("urn:"):
            return text
        path = text.rpartition(").")[2] or text
        return path.removeprefix(f"{top}.") if part.in_item else path

    changed: Maintainable = _changed(artefact, shape.parts, shape.parts, parse, "")
    return changed


def _changed(
    value: Any, parts: Iterable[Part], mine: Iterable[Part], change: _Change, top: str
) -> Any:
    """The value with its references changed, and those of the values in it.

    `mine` are the parts of the shape that holds `parts`, for shapes that hold such as themselves.
    """
    for part in parts:
        if isinstance(part, Box):
            value = _changed(value, part.parts, mine, change, top)
        elif isinstance(part, Own) and part.kind:

            def named(id_: str, part: Own = part) -> str:
                return change(id_, part, top)

            value = _replaced(value, part, named)
        elif isinstance(part, Has | HasMany):
            inner = mine if part.shape is None else part.shape.parts

            def held(each: Any, part: Has | HasMany = part, inner: Iterable[Part] = inner) -> Any:
                if isinstance(part, HasMany) and part.fits is not None and not part.fits(each):
                    return each
                return _changed(each, inner, inner, change, top or str(getattr(each, "id", "")))

            value = _replaced(value, part, held)
    return value


def _replaced(value: Any, part: Part, change: Callable[[Any], Any]) -> Any:
    old = getattr(value, part.name)
    if old is None or old == ():
        return value
    new = tuple(map(change, old)) if isinstance(old, tuple) else change(old)
    return replace(value, **{part.name: new})
