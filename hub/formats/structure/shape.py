"""The language in which artefacts are described once for all forms.

SDMX-ML and SDMX-JSON name the parts of an artefact after the same rules: an element begins with
a capital, an attribute with a small letter, and a property is named as either, with a small
letter. So one description serves both families; where a name or a place is different, the part
says so. A part may be missing from some forms: what becomes of it there, `expressible` says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from hub.formats.structure.form import (
    FORMS,
    JSON_10,
    JSON_20,
    JSON_21,
    ML_21,
    ML_30,
    ML_31,
    StructureForm,
)
from hub.model import ArtefactClass, Maintainable

Forms = frozenset[StructureForm]
ALL: Forms = frozenset(FORMS)
NONE: Forms = frozenset()
IN_21: Forms = frozenset({ML_21, JSON_10})
IN_30: Forms = frozenset({ML_30, JSON_20})
IN_31: Forms = frozenset({ML_31, JSON_21})
SINCE_3: Forms = IN_30 | IN_31
IN_ML: Forms = frozenset({ML_21, ML_30, ML_31})
IN_JSON: Forms = ALL - IN_ML


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a value: the attribute that holds it, and its name in messages.

    `tag` names a child element, or an XML attribute where it begins with a small letter; in the
    namespace of structures, unless it has a prefix. `key` is the property, if it is not the tag
    with a small letter. The part is there in `forms` only, and in stubs in `in_stubs` only. Where
    it is missing from a form, an artefact that has it cannot be written, unless it is `spare`.
    """

    name: str
    tag: str
    key: str = field(default="", kw_only=True)
    forms: Forms = field(default=ALL, kw_only=True)
    in_stubs: Forms = field(default=NONE, kw_only=True)
    required: bool = field(default=False, kw_only=True)
    spare: bool = field(default=False, kw_only=True)

    @property
    def is_attribute(self) -> bool:
        """True for an XML attribute."""
        return self.tag[:1].islower() and ":" not in self.tag

    @property
    def element(self) -> str:
        """The tag with our prefix of its namespace."""
        return self.tag if self.is_attribute or ":" in self.tag else f"str:{self.tag}"

    @property
    def property(self) -> str:
        """The name of the property in SDMX-JSON."""
        local = self.tag.rpartition(":")[2]
        return self.key or f"{local[:1].lower()}{local[1:]}"


@dataclass(frozen=True, slots=True)
class Word(Part):
    """A text, a whole number or a boolean; `implied` is not written, and read where it is absent.

    A child element with text must be there where `required`, and may be empty.
    """

    kind: type = field(default=str, kw_only=True)
    implied: Any = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Content(Part):
    """The text of the element itself; in SDMX-JSON a property of its own."""


@dataclass(frozen=True, slots=True)
class Constant(Part):
    """The same text for all, which nobody needs to read."""

    text: str = field(default="", kw_only=True)


@dataclass(frozen=True, slots=True)
class Flag(Part):
    """A boolean that is true where there is an empty element or object."""


@dataclass(frozen=True, slots=True)
class Moment(Part):
    """A date or an instant; `is_instant` where the schemas want an instant."""

    is_instant: bool = field(default=True, kw_only=True)


@dataclass(frozen=True, slots=True)
class Chosen(Part):
    """A value out of a few, by the texts that stand for them; `implied` is not written in XML."""

    texts: dict[str, Any] = field(default_factory=dict, kw_only=True)
    default: str | None = field(default=None, kw_only=True)
    implied: Any = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Occurs(Part):
    """A number of occurrences, None for any."""


@dataclass(frozen=True, slots=True)
class WordList(Part):
    """A tuple of texts."""


@dataclass(frozen=True, slots=True)
class TextIn(Part):
    """A text in several languages."""


@dataclass(frozen=True, slots=True)
class RefersTo(Part):
    """A reference to an artefact of some classes, or to an item of one; or several of them."""

    classes: tuple[ArtefactClass, ...] = field(default=(), kw_only=True)
    to_item: bool = field(default=False, kw_only=True)
    many: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class RefersToObject(Part):
    """A reference to an object of any class."""


@dataclass(frozen=True, slots=True)
class Own(Part):
    """The id of another part of the same artefact, of class `kind`; or several of them.

    SDMX-JSON 1.0 has the URN instead. With `in_item` that part belongs to the item at the top.
    """

    kind: str = field(default="", kw_only=True)
    many: bool = field(default=False, kw_only=True)
    in_item: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Has(Part):
    """A value with parts of its own, or None; `shape` None means one such as holds it."""

    shape: Shape | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class HasMany(Part):
    """A tuple of values with parts of their own; `shape` as in `Has`.

    `fits` chooses the values that belong here, where a tuple holds several kinds.
    """

    shape: Shape | None = field(default=None, kw_only=True)
    fits: Callable[[Any], bool] | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Box(Part):
    """An element or object that groups parts of the same value; `fixed_id` is its id."""

    parts: tuple[Part, ...] = field(default=(), kw_only=True)
    fixed_id: str = field(default="", kw_only=True)


@dataclass(frozen=True, slots=True)
class Format(Part):
    """A representation.

    `lists` are the classes that may enumerate its values, `occurs` tells whether it takes numbers
    of occurrences, `multilingual` whether it says that values are in several languages. `facets`
    bounds what may be said of the values; `is_bare` that there is no list, and no level between.
    """

    lists: tuple[ArtefactClass, ...] = field(default=(), kw_only=True)
    occurs: bool = field(default=False, kw_only=True)
    multilingual: Forms = field(default=NONE, kw_only=True)
    facets: frozenset[str] | None = field(default=None, kw_only=True)
    is_bare: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Notes(Part):
    """The annotations."""

    name: str = "annotations"
    tag: str = "com:Annotations"


@dataclass(frozen=True, slots=True)
class Named(Part):
    """Annotations, name and description; without a name the id is written, unless `is_nameless`."""

    name: str = "name"
    tag: str = "com:Name"
    is_nameless: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Special(Part):
    """A part that follows no rule: `in_ml` makes its field, `in_json` its member."""

    in_ml: Callable[[Any], Any] | None = field(default=None, kw_only=True)
    in_json: Callable[[Any], Any] | None = field(default=None, kw_only=True)


#: The id of an item.
ID = Word("id", "id", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How a value looks: what it is made with, and its parts in the order of SDMX-ML.

    `to_wire` and `from_wire` change the value just before it is written and after it was read, in
    a form.
    """

    make: Callable[..., Any]
    parts: tuple[Part, ...]
    ignored: frozenset[str] = frozenset()
    to_wire: Callable[[Any, StructureForm], Any] | None = None
    from_wire: Callable[[Any, StructureForm], Any] | None = None

    def within(self, form: StructureForm) -> tuple[Part, ...]:
        """The parts that a form has."""
        return tuple(part for part in self.parts if form in part.forms)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtefactShape:
    """How artefacts of a class look, and where they stand in messages.

    `parts` are those beyond what every maintainable artefact has. `fits` tells which artefacts of
    the class are meant. Empty `array_10` and `container_21` mean as in later versions.
    """

    make: type[Maintainable]
    tag: str
    array: str
    parts: tuple[Part, ...]
    forms: Forms = ALL
    tag_21: str = ""
    array_10: str = ""
    container: str = ""
    container_21: str = ""
    has_partial: bool = False
    fits: Callable[[Any], bool] | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    to_wire: Callable[[Any, StructureForm], Any] | None = None
    from_wire: Callable[[Any, StructureForm], Any] | None = None

    def accepts(self, artefact: Maintainable) -> bool:
        """True for an artefact that looks like this."""
        if artefact.artefact_class is not self.make.artefact_class:
            return False
        return self.fits is None or self.fits(artefact)

    def tag_in(self, form: StructureForm) -> str:
        """The element, with our prefix of its namespace."""
        return f"str:{self.tag_21 if form == ML_21 and self.tag_21 else self.tag}"

    def container_in(self, form: StructureForm) -> str:
        """The element that holds the artefacts, with our prefix of its namespace."""
        is_21 = form == ML_21 and self.container_21
        name = self.container_21 if is_21 else self.container
        return f"str:{name or self.array[:1].upper() + self.array[1:]}"

    def array_in(self, form: StructureForm) -> str:
        """The property of the data that holds the artefacts."""
        return self.array_10 if form == JSON_10 and self.array_10 else self.array

    def within(self, form: StructureForm) -> tuple[Part, ...]:
        """The parts that a form has."""
        return tuple(part for part in self.parts if form in part.forms)


def in_order(parts: Iterable[Part | Iterable[Part]]) -> tuple[Part, ...]:
    """Flatten parts and groups of parts."""
    found: list[Part] = []
    for part in parts:
        found.extend((part,) if isinstance(part, Part) else part)
    return tuple(found)
