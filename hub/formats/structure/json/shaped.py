"""Makes the objects of SDMX-JSON from the descriptions of artefacts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from hub.formats.structure.form import JSON_10, Model, StructureForm
from hub.formats.structure.json.fields import (
    Choice,
    Computed,
    Member,
    Occurrences,
    Plain,
    Refers,
    RefersToAny,
    Texts,
    Words,
)
from hub.formats.structure.json.fields import Flag as FlagField
from hub.formats.structure.json.local_urns import with_ids, with_urns
from hub.formats.structure.json.nesting import Many, Nested, Object, One
from hub.formats.structure.json.parts import STATUS, Day, Instant, maintainable, names, notes
from hub.formats.structure.json.representation import Coding, Represented
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

_Maker = Callable[[Any, StructureForm, Object], list[Member]]


def artefact_object(shape: ArtefactShape, form: StructureForm) -> Object:
    """The object of an artefact."""
    cls = shape.make.artefact_class
    make: Callable[..., Any] = partial(shape.make, **shape.extra)
    if not has_versions(cls, form):
        make = partial(make, version=ONLY_VERSION)
    made = Object(make, ())
    contents = [member for part in shape.within(form) for member in _members(part, form, made)]
    made.fill(maintainable(form, cls, contents, has_partial=shape.has_partial), STATUS)
    _hook(made, shape, form)
    if form == JSON_10:
        _spell_urns(made, shape)
    return made


def object_of(shape: Shape, form: StructureForm) -> Object:
    """The object of a value that is part of another."""
    made = Object(shape.make, ())
    parts = shape.within(form)
    made.fill([member for part in parts for member in _members(part, form, made)], shape.ignored)
    _hook(made, shape, form)
    return made


def _hook(made: Object, shape: Shape | ArtefactShape, form: StructureForm) -> None:
    if shape.to_wire is not None:
        to_wire = shape.to_wire
        made.to_wire = lambda value: to_wire(value, form)
    if shape.from_wire is not None:
        from_wire = shape.from_wire
        made.from_wire = lambda value: from_wire(value, form)


def _spell_urns(made: Object, shape: ArtefactShape) -> None:
    """SDMX-JSON 1.0 names parts of the same artefact by their URN."""
    to_wire, from_wire = made.to_wire, made.from_wire

    def written(value: Any) -> Any:
        return with_urns(to_wire(value) if to_wire else value, shape)

    def read(value: Any) -> Any:
        found = with_ids(value, shape)
        return from_wire(found) if from_wire else found

    made.to_wire, made.from_wire = written, read


def _members(part: Part, form: StructureForm, holder: Object) -> list[Member]:
    """The members a part stands for; those in stubs are marked."""
    members = _MAKERS[type(part)](part, form, holder)
    for member in members:
        member.in_stubs = member.in_stubs or form in part.in_stubs
    return members


def _word(part: Word, form: StructureForm, holder: Object) -> list[Member]:
    return [
        Plain(part.name, part.property, part.kind, required=part.required, implied=part.implied)
    ]


def _refers(part: RefersTo, form: StructureForm, holder: Object) -> list[Member]:
    return [
        Refers(
            part.name,
            part.property,
            *part.classes,
            to_item=part.to_item,
            many=part.many,
            required=part.required,
        )
    ]


def _to_object(part: RefersToObject, form: StructureForm, holder: Object) -> list[Member]:
    is_21 = form.model is Model.V21
    return [RefersToAny(part.name, part.property, required=part.required, is_model_21=is_21)]


def _own(part: Own, form: StructureForm, holder: Object) -> list[Member]:
    if part.many:
        return [Words(part.name, part.property, required=part.required)]
    return [Plain(part.name, part.property, required=part.required)]


def _has(part: Has, form: StructureForm, holder: Object) -> list[Member]:
    inner = holder if part.shape is None else object_of(part.shape, form)
    return [One(part.name, part.property, inner, required=part.required)]


def _has_many(part: HasMany, form: StructureForm, holder: Object) -> list[Member]:
    inner = holder if part.shape is None else object_of(part.shape, form)
    return [Many(part.name, part.property, inner, part.fits)]


def _box(part: Box, form: StructureForm, holder: Object) -> list[Member]:
    inner = [each for each in part.parts if form in each.forms]
    members = [member for each in inner for member in _members(each, form, holder)]
    fixed = {"id": part.fixed_id} if part.fixed_id else None
    return [Nested(part.property, members, fixed=fixed, ignored={"annotations"})]


def _format(part: Format, form: StructureForm, holder: Object) -> list[Member]:
    kind = Coding if part.is_bare else Represented
    return [
        kind(
            form,
            part.property,
            *part.lists,
            name=part.name,
            occurs=part.occurs,
            multilingual=form in part.multilingual,
            facets=part.facets,
        )
    ]


def _special(part: Special, form: StructureForm, holder: Object) -> list[Member]:
    return [part.in_json(form)] if part.in_json is not None else []


def _moment(part: Moment, form: StructureForm, holder: Object) -> list[Member]:
    return [(Instant if part.is_instant else Day)(part.name, part.property)]


_MAKERS: dict[type[Part], _Maker] = {
    Word: _word,
    WordList: lambda part, form, holder: [Words(part.name, part.property, required=part.required)],
    TextIn: lambda part, form, holder: [Texts(part.name, part.property, required=part.required)],
    Content: lambda part, form, holder: [Plain(part.name, part.property, required=True)],
    Constant: lambda part, form, holder: [Computed(part.property, lambda _: part.text)],
    Flag: lambda part, form, holder: [FlagField(part.name, part.property)],
    Moment: _moment,
    Occurs: lambda part, form, holder: [Occurrences(part.name, part.property)],
    Chosen: lambda part, form, holder: [
        Choice(part.name, part.property, part.texts, default=part.default)
    ],
    RefersTo: _refers,
    RefersToObject: _to_object,
    Own: _own,
    Has: _has,
    HasMany: _has_many,
    Box: _box,
    Format: _format,
    Notes: lambda part, form, holder: [notes(form)],
    Named: lambda part, form, holder: names(form, needs_name=not part.is_nameless),
    Special: _special,
}
