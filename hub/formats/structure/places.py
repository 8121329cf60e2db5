"""What of an artefact has a place in a form, going by the description of its kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

from hub.formats.structure.form import StructureForm
from hub.formats.structure.shape import (
    ArtefactShape,
    Box,
    Has,
    HasMany,
    Part,
    RefersTo,
    RefersToObject,
    Shape,
    Word,
)
from hub.formats.structure.shapes import SHAPES
from hub.model import ItemReference, Maintainable, Reference, owner


def shape_of(artefact: Maintainable, form: StructureForm) -> ArtefactShape | None:
    """The description of an artefact in a form; None where the form has no such artefacts."""
    return next((s for s in SHAPES if form in s.forms and s.accepts(artefact)), None)


def without_spare(value: Any, shape: ArtefactShape | Shape, form: StructureForm) -> Any:
    """The value without what the form has no place for and can do without."""
    return _stripped(value, shape.parts, shape.parts, form)


def homeless(artefact: Maintainable, shape: ArtefactShape, form: StructureForm) -> Iterator[str]:
    """Yield what of an artefact the form has no place for, in words."""
    value = artefact if shape.to_wire is None else shape.to_wire(artefact, form)
    yield from _homeless(value, shape.parts, shape.parts, form)


def stub_references(
    artefact: Maintainable, shape: ArtefactShape, form: StructureForm
) -> Iterator[Reference]:
    """Yield the artefacts that a stub refers to."""
    for part in shape.within(form):
        if isinstance(part, RefersTo | RefersToObject) and form in part.in_stubs:
            yield from map(owner, _each(getattr(artefact, part.name)))


def _stripped(
    value: Any, parts: tuple[Part, ...], mine: tuple[Part, ...], form: StructureForm
) -> Any:
    at_home = _names(parts, form)
    for part in parts:
        if part.spare and part.name not in at_home and _is_set(part, value):
            (default,) = (each.default for each in fields(value) if each.name == part.name)
            value = replace(value, **{part.name: default})
        elif isinstance(part, Box):
            value = _stripped(value, part.parts, mine, form)
        elif isinstance(part, Has | HasMany):
            inner = mine if part.shape is None else part.shape.parts
            old = getattr(value, part.name)
            if old is None or old == ():
                continue
            held = _held(part, old)
            new = {id(each): _stripped(each, inner, inner, form) for each in held}
            if all(new[id(each)] is each for each in held):
                continue
            changed: Any = tuple(new.get(id(each), each) for each in _each(old))
            value = replace(
                value, **{part.name: changed if isinstance(part, HasMany) else changed[0]}
            )
    return value


def _homeless(
    value: Any, parts: tuple[Part, ...], mine: tuple[Part, ...], form: StructureForm
) -> Iterator[str]:
    at_home = _names(parts, form)
    told: set[str] = set()
    for part in parts:
        if part.name not in at_home and part.name not in told and _is_set(part, value):
            told.add(part.name)
            if not part.spare:
                yield f"it has {part.tag.rpartition(':')[2]}{_of(value)}, which has no place there"
        if form not in part.forms:
            continue
        if isinstance(part, Box):
            yield from _homeless(value, part.parts, mine, form)
        elif isinstance(part, Has | HasMany):
            inner = mine if part.shape is None else part.shape.parts
            for each in _held(part, getattr(value, part.name)):
                yield from _homeless(each, inner, inner, form)
        elif isinstance(part, RefersTo):
            yield from _misplaced(part, getattr(value, part.name))


def _misplaced(part: RefersTo, referred: Any) -> Iterator[str]:
    for reference in _each(referred):
        scheme = reference.scheme if isinstance(reference, ItemReference) else reference
        if scheme.artefact_class not in part.classes:
            yield f"its {part.tag} is {scheme}, a {scheme.artefact_class.rest_name}"


def _of(value: Any) -> str:
    """Name the value that holds a part, unless it is the artefact itself."""
    id_ = getattr(value, "id", None) or getattr(value, "component", None)
    return f" in {id_}" if id_ and not isinstance(value, Maintainable) else ""


#: What `_names` found, by the identity of descriptions, which live as long as the program.
_KNOWN: dict[tuple[int, StructureForm], set[str]] = {}


def _names(parts: tuple[Part, ...], form: StructureForm) -> set[str]:
    """The attributes that have a place in a form."""
    known = _KNOWN.get((id(parts), form))
    if known is not None:
        return known
    found: set[str] = set()
    for part in parts:
        if form in part.forms:
            found.add(part.name)
            if isinstance(part, Box):
                found |= _names(part.parts, form)
    _KNOWN[id(parts), form] = found
    return found


def _is_set(part: Part, value: Any) -> bool:
    held = getattr(value, part.name, None) if part.name else None
    if isinstance(part, Word) and part.implied is not None:
        return bool(held != part.implied)
    return held is not None and held != () and held is not False


def _held(part: Has | HasMany, value: Any) -> list[Any]:
    fits = part.fits if isinstance(part, HasMany) else None
    return [each for each in _each(value) if fits is None or fits(each)]


def _each(value: Any) -> tuple[Any, ...]:
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)
