"""Makes the elements of SDMX-ML from the descriptions of artefacts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from hub.formats.structure.ml.dialect import Dialect
from hub.formats.structure.ml.fields import (
    BOOLEAN,
    Attribute,
    Choice,
    Field,
    Fixed,
    Occurrences,
    Text,
    Texts,
    Whole,
    Words,
)
from hub.formats.structure.ml.fields import Content as ContentField
from hub.formats.structure.ml.fields import Flag as FlagField
from hub.formats.structure.ml.nesting import Element, Many, One, Wrapper, always
from hub.formats.structure.ml.parts import LINK, Day, Instant, maintainable, names, notes
from hub.formats.structure.ml.references import Local, Locals, Refers, RefersToAny
from hub.formats.structure.ml.representation import Coding, Represented
from hub.formats.structure.references import ONLY_VERSION, has_versions
from hub.formats.structure.shape import (
    ArtefactShape,
    Box,
    Chosen,
    Constant,
    Content,
    Flag,
    Format,
    Has,
    HasMany,
    Moment,
    Named,
    Notes,
    Occurs,
    Own,
    Part,
    RefersTo,
    RefersToObject,
    Shape,
    Special,
    TextIn,
    Word,
    WordList,
)

_Maker = Callable[[Any, Dialect, Element], list[Field]]


def artefact_element(shape: ArtefactShape, dialect: Dialect) -> Element:
    """The element of an artefact."""
    form = dialect.form
    cls = shape.make.artefact_class
    make: Callable[..., Any] = partial(shape.make, **shape.extra)
    if not has_versions(cls, form):
        make = partial(make, version=ONLY_VERSION)
    element = Element(shape.tag_in(form), make, (), ignored={LINK})
    contents = [field for part in shape.within(form) for field in _fields(part, dialect, element)]
    element.fill(maintainable(dialect, cls, contents, has_partial=shape.has_partial))
    _hook(element, shape, dialect)
    return element


def element_of(tag: str, shape: Shape, dialect: Dialect) -> Element:
    """The element of a value that is part of another."""
    ignored = {LINK, *shape.ignored}
    element = Element(tag, shape.make, (), ignored=ignored)
    parts = shape.within(dialect.form)
    element.fill([field for part in parts for field in _fields(part, dialect, element)])
    _hook(element, shape, dialect)
    return element


def _hook(element: Element, shape: Shape | ArtefactShape, dialect: Dialect) -> None:
    if shape.to_wire is not None:
        to_wire = shape.to_wire
        element.to_wire = lambda value: to_wire(value, dialect.form)
    if shape.from_wire is not None:
        from_wire = shape.from_wire
        element.from_wire = lambda value: from_wire(value, dialect.form)


def _fields(part: Part, dialect: Dialect, holder: Element) -> list[Field]:
    """The fields a part stands for; those in stubs are marked."""
    fields = _MAKERS[type(part)](part, dialect, holder)
    for field in fields:
        field.in_stubs = field.in_stubs or dialect.form in part.in_stubs
    return fields


def _word(part: Word, dialect: Dialect, holder: Element) -> list[Field]:
    if not part.is_attribute:
        return [Text(part.name, part.element, required=part.required)]
    if part.kind is bool:
        return [Choice(part.name, part.tag, BOOLEAN, implied=part.implied, required=part.required)]
    if part.kind is int:
        return [Whole(part.name, part.tag, required=part.required)]
    return [Attribute(part.name, part.tag, required=part.required)]


def _refers(part: RefersTo, dialect: Dialect, holder: Element) -> list[Field]:
    return [
        Refers(
            dialect,
            part.name,
            part.element,
            *part.classes,
            to_item=part.to_item,
            many=part.many,
            required=part.required,
        )
    ]


def _own(part: Own, dialect: Dialect, holder: Element) -> list[Field]:
    kind = Locals if part.many else Local
    return [kind(dialect, part.name, part.element, required=part.required)]


def _has(part: Has, dialect: Dialect, holder: Element) -> list[Field]:
    inner = holder if part.shape is None else element_of(part.element, part.shape, dialect)
    if inner is holder and inner.tag != part.element:
        raise AssertionError(f"{part.element} is not such as {inner.tag}")
    return [One(part.name, inner, required=part.required)]


def _has_many(part: HasMany, dialect: Dialect, holder: Element) -> list[Field]:
    inner = holder if part.shape is None else element_of(part.element, part.shape, dialect)
    return [Many(part.name, (inner, part.fits or always))]


def _box(part: Box, dialect: Dialect, holder: Element) -> list[Field]:
    inner = (each for each in part.parts if dialect.form in each.forms)
    fields = [field for each in inner for field in _fields(each, dialect, holder)]
    attributes = {"id": part.fixed_id} if part.fixed_id else None
    return [Wrapper(part.element, fields, attributes=attributes, ignored={LINK})]


def _format(part: Format, dialect: Dialect, holder: Element) -> list[Field]:
    kind = Coding if part.is_bare else Represented
    return [
        kind(
            dialect,
            part.element,
            *part.lists,
            name=part.name,
            occurs=part.occurs,
            multilingual=dialect.form in part.multilingual,
            facets=part.facets,
        )
    ]


def _moment(part: Moment, dialect: Dialect, holder: Element) -> list[Field]:
    return [(Instant if part.is_instant else Day)(part.name, part.tag)]


def _special(part: Special, dialect: Dialect, holder: Element) -> list[Field]:
    return [part.in_ml(dialect)] if part.in_ml is not None else []


_MAKERS: dict[type[Part], _Maker] = {
    Word: _word,
    WordList: lambda part, dialect, holder: [
        Words(part.name, part.element, required=part.required)
    ],
    TextIn: lambda part, dialect, holder: [Texts(part.name, part.element, required=part.required)],
    Content: lambda part, dialect, holder: [ContentField(part.name)],
    Constant: lambda part, dialect, holder: [Fixed(part.tag, lambda _: part.text)],
    Flag: lambda part, dialect, holder: [FlagField(part.name, part.element)],
    Moment: _moment,
    Occurs: lambda part, dialect, holder: [Occurrences(part.name, part.tag)],
    Chosen: lambda part, dialect, holder: [
        Choice(part.name, part.tag, part.texts, default=part.default, implied=part.implied)
    ],
    RefersTo: _refers,
    RefersToObject: lambda part, dialect, holder: [
        RefersToAny(dialect, part.name, part.element, required=part.required)
    ],
    Own: _own,
    Has: _has,
    HasMany: _has_many,
    Box: _box,
    Format: _format,
    Notes: lambda part, dialect, holder: [notes(dialect)],
    Named: lambda part, dialect, holder: names(dialect, needs_name=not part.is_nameless),
    Special: _special,
}
