"""References in SDMX-ML: a `Ref` element in 2.1, the URN as text in 3.x."""

# ruff: noqa: D102 - what an overridden method does is said in the base class
from __future__ import annotations

from typing import Any

from lxml import etree

from hub.formats.structure.fault import Fault
from hub.formats.structure.ml.dialect import Dialect
from hub.formats.structure.ml.fields import Field, Found, Text, Words
from hub.formats.structure.ml.ref import parse_any_ref, parse_ref, ref_attributes
from hub.formats.structure.ml.scribe import Scribe
from hub.formats.structure.references import (
    AnyReference,
    check_class,
    parse_any_urn,
    parse_reference_urn,
    urn_of,
)
from hub.model import ArtefactClass, ItemReference, ObjectReference, Reference


class Refers(Field):
    """A child that refers to an artefact of one of some classes, or to an item of one.

    `many` reads and writes a tuple, one child for each.
    """

    def __init__(
        self,
        dialect: Dialect,
        name: str,
        tag: str,
        *classes: ArtefactClass,
        to_item: bool = False,
        many: bool = False,
        required: bool = False,
        in_stubs: bool = False,
    ) -> None:
        self.name, self.tag, self.tags = name, tag, (tag,)
        self.classes, self.to_item = classes, to_item
        self.many, self.required = many, required
        self.in_stubs = in_stubs
        self.is_21 = dialect.is_21

    def is_present(self, value: Any) -> bool:
        return bool(getattr(value, self.name))

    def write(self, value: Any, scribe: Scribe) -> None:
        referred = getattr(value, self.name)
        for reference in referred if self.many else (referred,):
            if reference is not None:
                write_reference(self.tag, reference, scribe, is_21=self.is_21)

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        reference = read_reference(child, self.classes, is_item=self.to_item)
        if self.many:
            found.setdefault(self.name, []).append(reference)
        else:
            found[self.name] = reference

    def finish(self, element: etree._Element, found: Found) -> None:
        if self.required and self.name not in found:
            raise Fault(f"{self.tag.partition(':')[2]} is missing", element)


class RefersToAny(Field):
    """A child that refers to an object of any class."""

    def __init__(self, dialect: Dialect, name: str, tag: str, *, required: bool = False) -> None:
        self.name, self.tag, self.tags, self.required = name, tag, (tag,), required
        self.is_21 = dialect.is_21

    def is_present(self, value: Any) -> bool:
        return getattr(value, self.name) is not None

    def write(self, value: Any, scribe: Scribe) -> None:
        reference = getattr(value, self.name)
        if reference is not None:
            write_reference(self.tag, reference, scribe, is_21=self.is_21)

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        found[self.name] = read_any_reference(child)

    def finish(self, element: etree._Element, found: Found) -> None:
        if self.required and self.name not in found:
            raise Fault(f"{self.tag.partition(':')[2]} is missing", element)


def write_reference(tag: str, reference: AnyReference, scribe: Scribe, *, is_21: bool) -> None:
    """Write a reference as a child of its own."""
    if not is_21:
        scribe.leaf(tag, urn_of(reference))
        return
    scribe.open(tag)
    scribe.leaf("Ref", attributes=ref_attributes(reference))
    scribe.close(tag)


def read_reference(
    element: etree._Element, classes: tuple[ArtefactClass, ...], *, is_item: bool
) -> Reference | ItemReference:
    """Read the reference in an element, in either spelling; raises Fault with the place."""
    try:
        ref = element.find("Ref")
        if ref is None:
            return parse_reference_urn(_urn(element), classes, is_item=is_item)
        reference = parse_ref(ref, classes, is_item=is_item)
        check_class(reference, classes, is_item=is_item)
    except Fault as fault:
        fault.element = element
        raise
    return reference


def read_any_reference(element: etree._Element) -> ObjectReference:
    """Read the reference to an object of any class; raises Fault with the place."""
    try:
        ref = element.find("Ref")
        return parse_any_urn(_urn(element)) if ref is None else parse_any_ref(ref)
    except Fault as fault:
        fault.element = element
        raise


def _urn(element: etree._Element) -> str:
    return element.findtext("URN") or element.text or ""


def local_id(element: etree._Element) -> str:
    """Read a reference within the same artefact: text in 3.x, a bare `Ref` in 2.1."""
    ref = element.find("Ref")
    text = ref.get("id") if ref is not None else element.text
    if not text or not text.strip():
        raise Fault("the id is missing", element)
    return str(text).strip()


def write_local(tag: str, id_: str, scribe: Scribe, *, is_21: bool) -> None:
    """Write a reference within the same artefact."""
    if not is_21:
        scribe.leaf(tag, id_)
        return
    scribe.open(tag)
    scribe.leaf("Ref", attributes=(("id", id_),))
    scribe.close(tag)


class Local(Text):
    """A child that names another part of the same artefact."""

    def __init__(self, dialect: Dialect, name: str, tag: str, *, required: bool = False) -> None:
        super().__init__(name, tag, required=required)
        self.is_21 = dialect.is_21

    def write(self, value: Any, scribe: Scribe) -> None:
        id_ = getattr(value, self.name)
        if id_ is not None:
            write_local(self.tag, id_, scribe, is_21=self.is_21)

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        found[self.name] = local_id(child)


class Locals(Words):
    """A tuple of names of other parts, each in a child, or in a child `inner` of one.

    None at all is a fault where `required`.
    """

    def __init__(
        self,
        dialect: Dialect,
        name: str,
        tag: str,
        inner: str | None = None,
        *,
        required: bool = False,
    ) -> None:
        super().__init__(name, tag, required=required)
        self.inner = inner
        self.is_21 = dialect.is_21

    def write(self, value: Any, scribe: Scribe) -> None:
        for id_ in getattr(value, self.name):
            if self.inner is None:
                write_local(self.tag, id_, scribe, is_21=self.is_21)
            else:
                scribe.open(self.tag)
                write_local(self.inner, id_, scribe, is_21=self.is_21)
                scribe.close(self.tag)

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        named = child
        if self.inner is not None:
            inner = [part for part in child if dialect.names[part.tag] == self.inner]
            if len(inner) != 1:
                raise Fault(f"one {self.inner.partition(':')[2]} is wanted", child)
            named = inner[0]
        found.setdefault(self.name, []).append(local_id(named))
