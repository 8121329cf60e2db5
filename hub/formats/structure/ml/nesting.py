"""Elements in SDMX-ML that hold others: their tables of fields, and the values they make.

An element of a message is described by one `Element`: the tag, the value it makes, and its fields
in the order of the schema.
"""

# ruff: noqa: D102 - what an overridden method does is said in the base class
from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from lxml import etree

from hub.formats.structure.fault import Fault
from hub.formats.structure.ml.dialect import Dialect
from hub.formats.structure.ml.fields import Field, Found
from hub.formats.structure.ml.scribe import Scribe


class Wrapper(Field):
    """A child that groups fields of the same value; it is written where any of them is present."""

    def __init__(
        self,
        tag: str,
        fields: Sequence[Field],
        *,
        attributes: Mapping[str, str] | None = None,
        ignored: Collection[str] = (),
    ) -> None:
        self.tag, self.tags = tag, (tag,)
        self.table = Table(fields, ignored)
        self.fixed = tuple((attributes or {}).items())

    def is_present(self, value: Any) -> bool:
        return any(field.is_present(value) for field in self.table.fields)

    def write(self, value: Any, scribe: Scribe) -> None:
        if self.is_present(value):
            scribe.open(self.tag, self.fixed)
            for field in self.table.fields:
                field.write(value, scribe)
            scribe.close(self.tag)

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        self.table.read_children(child, found, dialect)

    def finish(self, element: etree._Element, found: Found) -> None:
        for field in self.table.fields:
            field.finish(element, found)


class Table:
    """The fields of an element, with the children each of them reads."""

    def __init__(self, fields: Sequence[Field], ignored: Collection[str] = ()) -> None:
        self.fields = tuple(fields)
        self.by_tag = {tag: field for field in fields for tag in field.tags}
        self.ignored = frozenset(ignored)

    def read(self, element: etree._Element, dialect: Dialect) -> Found:
        """Read the fields of an element into arguments; raises Fault."""
        found: Found = {}
        for field in self.fields:
            field.read_attributes(element, found)
        self.read_children(element, found, dialect)
        for field in self.fields:
            field.finish(element, found)
        return {name: tuple(v) if type(v) is list else v for name, v in found.items()}

    def read_children(self, element: etree._Element, found: Found, dialect: Dialect) -> None:
        """Read the children of an element; raises Fault for one that no field knows."""
        for child in element:
            tag = dialect.names[child.tag]
            field = self.by_tag.get(tag)
            if field is not None:
                field.read(child, found, dialect)
            elif tag not in self.ignored:
                local = etree.QName(child).localname
                raise Fault(f"{local} is not known here", child, is_unknown=True)


class Element:
    """An element and the value it stands for.

    `to_wire` and `from_wire` change the value just before it is written and after it was read.
    `ignored` are children that carry nothing the node keeps. Without `has_stubs` it is always
    written in full.
    """

    def __init__(
        self,
        tag: str,
        make: Callable[..., Any],
        fields: Sequence[Field],
        *,
        ignored: Collection[str] = (),
        to_wire: Callable[[Any], Any] | None = None,
        from_wire: Callable[[Any], Any] | None = None,
        has_stubs: bool = True,
    ) -> None:
        self.tag, self.make, self.has_stubs = tag, make, has_stubs
        self.table = Table(fields, ignored)
        self.to_wire, self.from_wire = to_wire, from_wire

    def fill(self, fields: Sequence[Field]) -> None:
        """Give it its fields, where one of them holds elements such as this."""
        self.table = Table(fields, self.table.ignored)

    def write(
        self,
        value: Any,
        scribe: Scribe,
        only: Callable[[Field], bool] | None = None,
        status: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Write a value; `only` chooses the fields of a stub, `status` are further attributes."""
        if self.to_wire is not None:
            value = self.to_wire(value)
        fields = self.table.fields
        if only is not None:
            fields = tuple(field for field in fields if only(field))
        attributes = (pair for field in fields for pair in field.attributes(value))
        scribe.open(self.tag, chain(attributes, status))
        for field in fields:
            field.write(value, scribe)
        scribe.close(self.tag)

    def read(self, element: etree._Element, dialect: Dialect) -> Any:
        """Read a value; raises Fault."""
        value = self.make(**self.table.read(element, dialect))
        return self.from_wire(value) if self.from_wire is not None else value


class Many(Field):
    """A tuple of values: one child for each, told apart by tag and by what fits the value.

    The first alternative whose test holds writes a value; where none does, it is not written here.
    """

    def __init__(self, name: str, *alternatives: tuple[Element, Callable[[Any], bool]]) -> None:
        self.name = name
        self.alternatives = alternatives
        self.elements = {element.tag: element for element, _ in alternatives}
        self.tags = tuple(self.elements)

    def is_present(self, value: Any) -> bool:
        return any(self._element_of(part) is not None for part in getattr(value, self.name))

    def write(self, value: Any, scribe: Scribe) -> None:
        for part in getattr(value, self.name):
            element = self._element_of(part)
            if element is not None:
                element.write(part, scribe)

    def _element_of(self, part: Any) -> Element | None:
        return next((element for element, fits in self.alternatives if fits(part)), None)

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        part = self.elements[dialect.names[child.tag]].read(child, dialect)
        found.setdefault(self.name, []).append(part)


class One(Field):
    """A value of its own in a child, or None; missing where `required` is a fault."""

    def __init__(self, name: str, element: Element, *, required: bool = False) -> None:
        self.name, self.element, self.tags = name, element, (element.tag,)
        self.required = required

    def is_present(self, value: Any) -> bool:
        return getattr(value, self.name) is not None

    def write(self, value: Any, scribe: Scribe) -> None:
        part = getattr(value, self.name)
        if part is not None:
            self.element.write(part, scribe)

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        found[self.name] = self.element.read(child, dialect)

    def finish(self, element: etree._Element, found: Found) -> None:
        if self.required and self.name not in found:
            raise Fault(f"{self.element.tag.partition(':')[2]} is missing", element)


def always(_value: Any) -> bool:
    """The test of an alternative that fits whatever is left."""
    return True
