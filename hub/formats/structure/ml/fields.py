"""The kinds of entries in the tables of SDMX-ML.

An element of a message is described by one `Element`: the tag, the value it makes, and its fields
in the order of the schema. Every field both writes its part of the element and reads it back, so
nothing is said twice. Tags carry our prefixes (`str:Code`); the dialect knows the namespaces.
"""

# ruff: noqa: D102 - what an overridden method does is said in the base class
from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from lxml import etree

from hub.formats.structure.facets import whole_number
from hub.formats.structure.fault import Fault
from hub.formats.structure.ml.dialect import Dialect
from hub.formats.structure.ml.scribe import Scribe
from hub.model import InternationalString

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
Found = dict[str, Any]


class Field:
    """One part of an element.

    `tags` are the children it reads. What it reads goes into `found` under the name of the
    attribute of the value; lists become tuples when the value is made.
    """

    tags: tuple[str, ...] = ()
    in_stubs = False

    def attributes(self, value: Any) -> Iterator[tuple[str, str]]:
        """Yield the XML attributes it writes."""
        return iter(())

    def write(self, value: Any, scribe: Scribe) -> None:
        """Write the children."""

    def is_present(self, value: Any) -> bool:
        """True where there is something to write."""
        return True

    def read_attributes(self, element: etree._Element, found: Found) -> None:
        """Read the XML attributes."""

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        """Read one child with one of the `tags`."""

    def finish(self, element: etree._Element, found: Found) -> None:
        """Complete what was found once all children are read; raises Fault for what is missing."""


class Attribute(Field):
    """An XML attribute that holds text, for ids and dates.

    Missing or empty where `required`, it is a fault, as is what does not match `pattern`; otherwise
    `default` (if any) is taken.
    """

    in_stubs = True

    def __init__(
        self,
        name: str,
        xml: str,
        *,
        required: bool = False,
        default: str | None = None,
        pattern: str | None = None,
    ) -> None:
        self.name, self.xml, self.required, self.default = name, xml, required, default
        self.pattern = re.compile(pattern) if pattern is not None else None

    def attributes(self, value: Any) -> Iterator[tuple[str, str]]:
        text = getattr(value, self.name)
        if text is not None:
            yield self.xml, self.spell(text)

    def read_attributes(self, element: etree._Element, found: Found) -> None:
        text = element.get(self.xml, self.default)
        if self.required and not text:
            raise Fault(f"the attribute {self.xml} is missing", element)
        if text is not None:
            found[self.name] = self.parse(text, element)

    def spell(self, value: Any) -> str:
        """Spell a value as the text of the attribute."""
        return str(value)

    def parse(self, text: str, element: etree._Element) -> Any:
        """Parse the text of the attribute; raises Fault."""
        if self.pattern is not None and not self.pattern.fullmatch(text):
            raise Fault(f"{self.xml}='{text[:40]}' does not match {self.pattern.pattern}", element)
        return text


class Whole(Attribute):
    """A whole number."""

    def parse(self, text: str, element: etree._Element) -> Any:
        number = whole_number(text)
        if number is None:
            raise Fault(f"{self.xml}='{text[:40]}' is not a whole number", element)
        return number


class Choice(Attribute):
    """A value out of a few, with the text that stands for each; the first text of each is written.

    Where `implied` is given, that value is not written.
    """

    def __init__(
        self,
        name: str,
        xml: str,
        texts: Mapping[str, Any],
        *,
        default: str | None = None,
        implied: Any = None,
    ) -> None:
        super().__init__(name, xml, default=default)
        self.texts, self.implied = texts, implied
        self.spelling = {value: text for text, value in reversed(list(texts.items()))}

    def attributes(self, value: Any) -> Iterator[tuple[str, str]]:
        chosen = getattr(value, self.name)
        if chosen != self.implied:
            yield self.xml, self.spelling[chosen]

    def parse(self, text: str, element: etree._Element) -> Any:
        if text not in self.texts:
            known = ", ".join(self.texts)
            raise Fault(f"{self.xml}='{text}' is not one of {known}", element)
        return self.texts[text]


BOOLEAN: Mapping[str, bool] = {"true": True, "1": True, "false": False, "0": False}


class Fixed(Field):
    """An XML attribute with a text of its own for each value; never read."""

    in_stubs = True

    def __init__(self, xml: str, spell: Callable[[Any], str | None]) -> None:
        self.xml, self.spell = xml, spell

    def attributes(self, value: Any) -> Iterator[tuple[str, str]]:
        text = self.spell(value)
        if text is not None:
            yield self.xml, text


class Texts(Field):
    """A text in several languages: one child for each; `fallback` fills a mandatory one.

    Without an `xml:lang` the language is English, as the schemas have it.
    """

    def __init__(
        self,
        name: str,
        tag: str,
        *,
        in_stubs: bool = False,
        fallback: Callable[[Any], str] | None = None,
    ) -> None:
        self.name, self.tag, self.fallback = name, tag, fallback
        self.tags = (tag,)
        self.in_stubs = in_stubs

    def is_present(self, value: Any) -> bool:
        return bool(getattr(value, self.name)) or self.fallback is not None

    def write(self, value: Any, scribe: Scribe) -> None:
        text = getattr(value, self.name)
        if not text and self.fallback is not None:
            scribe.leaf(self.tag, self.fallback(value), (("xml:lang", "en"),))
        for language, words in scribe.languages.choose(text):
            scribe.leaf(self.tag, words, (("xml:lang", language),))

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        if child.text:
            found.setdefault(self.name, []).append((child.get(LANG, "en"), child.text))

    def finish(self, element: etree._Element, found: Found) -> None:
        if self.name in found:
            found[self.name] = InternationalString(tuple(found[self.name]))


class Text(Field):
    """A child with text, of a value that may be None."""

    def __init__(self, name: str, tag: str) -> None:
        self.name, self.tag, self.tags = name, tag, (tag,)

    def is_present(self, value: Any) -> bool:
        return getattr(value, self.name) is not None

    def write(self, value: Any, scribe: Scribe) -> None:
        text = getattr(value, self.name)
        if text is not None:
            scribe.leaf(self.tag, text)

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        found[self.name] = child.text or ""


class Words(Field):
    """A tuple of texts: one child for each."""

    def __init__(self, name: str, tag: str) -> None:
        self.name, self.tag, self.tags = name, tag, (tag,)

    def is_present(self, value: Any) -> bool:
        return bool(getattr(value, self.name))

    def write(self, value: Any, scribe: Scribe) -> None:
        for text in getattr(value, self.name):
            scribe.leaf(self.tag, text)

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        found.setdefault(self.name, []).append(child.text or "")


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

    The first alternative whose test holds writes a value.
    """

    def __init__(self, name: str, *alternatives: tuple[Element, Callable[[Any], bool]]) -> None:
        self.name = name
        self.alternatives = alternatives
        self.elements = {element.tag: element for element, _ in alternatives}
        self.tags = tuple(self.elements)

    def is_present(self, value: Any) -> bool:
        return bool(getattr(value, self.name))

    def write(self, value: Any, scribe: Scribe) -> None:
        for part in getattr(value, self.name):
            next(element for element, fits in self.alternatives if fits(part)).write(part, scribe)

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        part = self.elements[dialect.names[child.tag]].read(child, dialect)
        found.setdefault(self.name, []).append(part)


def always(_value: Any) -> bool:
    """The test of an alternative that fits whatever is left."""
    return True
