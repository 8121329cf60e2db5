"""The fields of elements in SDMX-ML: attributes, and children with text.

Every field both writes its part of the element and reads it back, so nothing is said twice. Tags
carry our prefixes (`str:Code`); the dialect knows the namespaces.
"""

# ruff: noqa: D102 - what an overridden method does is said in the base class
from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lxml import etree

from hub.formats.structure.facets import UNBOUNDED, whole_number
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


class Occurrences(Attribute):
    """A number of occurrences, None for any number."""

    def attributes(self, value: Any) -> Iterator[tuple[str, str]]:
        number = getattr(value, self.name)
        yield self.xml, UNBOUNDED if number is None else str(number)

    def parse(self, text: str, element: etree._Element) -> Any:
        number = whole_number(text)
        if number is None and text != UNBOUNDED:
            message = f"{self.xml}='{text[:40]}' is neither a whole number nor {UNBOUNDED}"
            raise Fault(message, element)
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
        required: bool = False,
    ) -> None:
        super().__init__(name, xml, default=default, required=required)
        self.texts, self.implied = texts, implied
        self.spelling = {value: text for text, value in reversed(list(texts.items()))}

    def attributes(self, value: Any) -> Iterator[tuple[str, str]]:
        chosen = getattr(value, self.name)
        if chosen is not None and chosen != self.implied:
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
        required: bool = False,
    ) -> None:
        self.name, self.tag, self.fallback = name, tag, fallback
        self.tags = (tag,)
        self.in_stubs, self.required = in_stubs, required

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
        elif self.required:
            raise Fault(f"{self.tag.partition(':')[2]} is missing", element)


class Text(Field):
    """A child with text, of a value that may be None; missing where `required` is a fault."""

    def __init__(self, name: str, tag: str, *, required: bool = False) -> None:
        self.name, self.tag, self.tags, self.required = name, tag, (tag,), required

    def is_present(self, value: Any) -> bool:
        return getattr(value, self.name) is not None

    def write(self, value: Any, scribe: Scribe) -> None:
        text = getattr(value, self.name)
        if text is not None:
            scribe.leaf(self.tag, text)

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        found[self.name] = child.text or ""

    def finish(self, element: etree._Element, found: Found) -> None:
        if self.required and self.name not in found:
            raise Fault(f"{self.tag.partition(':')[2]} is missing", element)


class Flag(Field):
    """A boolean that is true where there is an empty child."""

    def __init__(self, name: str, tag: str) -> None:
        self.name, self.tag, self.tags = name, tag, (tag,)

    def is_present(self, value: Any) -> bool:
        return bool(getattr(value, self.name))

    def write(self, value: Any, scribe: Scribe) -> None:
        if getattr(value, self.name):
            scribe.leaf(self.tag)

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        found[self.name] = True


class Content(Field):
    """The text of the element itself."""

    def __init__(self, name: str) -> None:
        self.name = name

    def write(self, value: Any, scribe: Scribe) -> None:
        scribe.words(getattr(value, self.name))

    def finish(self, element: etree._Element, found: Found) -> None:
        found[self.name] = (element.text or "").strip()


class Words(Field):
    """A tuple of texts: one child for each; none at all is a fault where `required`."""

    def __init__(self, name: str, tag: str, *, required: bool = False) -> None:
        self.name, self.tag, self.tags, self.required = name, tag, (tag,), required

    def is_present(self, value: Any) -> bool:
        return bool(getattr(value, self.name))

    def write(self, value: Any, scribe: Scribe) -> None:
        for text in getattr(value, self.name):
            scribe.leaf(self.tag, text)

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        found.setdefault(self.name, []).append(child.text or "")

    def finish(self, element: etree._Element, found: Found) -> None:
        if self.required and self.name not in found:
            raise Fault(f"{self.tag.partition(':')[2]} is missing", element)
