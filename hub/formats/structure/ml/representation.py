"""Representations in SDMX-ML: an enumeration, or a text format with its facets."""

# ruff: noqa: D102 - what an overridden method does is said in the base class
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from hub.formats.structure.facets import (
    FACETS,
    OF_TIME,
    UNBOUNDED,
    facets_of,
    has_format,
    parse_facets,
    parse_maximum,
    parse_text_type,
    text_type_in,
    whole_number,
)
from hub.formats.structure.fault import Fault
from hub.formats.structure.form import Model
from hub.formats.structure.ml.dialect import Dialect
from hub.formats.structure.ml.fields import BOOLEAN, Attribute, Field, Found, Texts
from hub.formats.structure.ml.nesting import Element
from hub.formats.structure.ml.references import read_reference, write_reference
from hub.formats.structure.ml.scribe import Scribe
from hub.model import ArtefactClass, Representation, Sentinel, TextType

_SENTINEL = Element(
    "str:SentinelValue",
    Sentinel,
    [
        Attribute("value", "value", required=True),
        Texts("name", "com:Name", fallback=lambda sentinel: str(sentinel.value)),
        Texts("description", "com:Description"),
    ],
)


class Represented(Field):
    """A representation.

    `occurs` tells whether the place takes numbers of occurrences, `multilingual` whether a text
    format here says so, `is_time` that it is a time dimension's, which cannot do without; `facets`
    are those the place takes, if not all. A missing isMultiLingual means false, whatever the
    default in the schema of 2.1 and 3.0 is: nobody means it, and 3.1 has mended it; there the
    writer says false as well as true.
    """

    def __init__(
        self,
        dialect: Dialect,
        tag: str,
        *lists: ArtefactClass,
        name: str = "representation",
        occurs: bool = False,
        multilingual: bool = False,
        is_time: bool = False,
        facets: frozenset[str] | None = None,
    ) -> None:
        self.name, self.tag, self.tags, self.lists = name, tag, (tag,), lists
        self.occurs = occurs and not dialect.is_21
        self.multilingual, self.is_time = multilingual, is_time
        self.allowed = OF_TIME if is_time else facets
        self.is_21 = dialect.is_21
        self.tells_false = dialect.model is not Model.V31

    def is_present(self, value: Any) -> bool:
        return getattr(value, self.name) is not None or self.is_time

    def write(self, value: Any, scribe: Scribe) -> None:
        representation: Representation | None = getattr(value, self.name)
        if representation is None and self.is_time:
            representation = Representation(text_type=TextType.OBSERVATIONAL_TIME_PERIOD)
        if representation is None:
            return
        scribe.open(self.tag, self._occurrences(representation) if self.occurs else ())
        if representation.enumeration is None:
            self._write_format("str:TextFormat", representation, scribe)
        else:
            enumeration = representation.enumeration
            write_reference("str:Enumeration", enumeration, scribe, is_21=self.is_21)
            if has_format(representation):
                facets = tuple(self._facets(representation))
                scribe.leaf("str:EnumerationFormat", attributes=facets)
        scribe.close(self.tag)

    def _write_format(self, tag: str, representation: Representation, scribe: Scribe) -> None:
        attributes = tuple(self._format(representation))
        if self.is_21 or not representation.sentinels:
            scribe.leaf(tag, attributes=attributes)
            return
        scribe.open(tag, attributes)
        for sentinel in representation.sentinels:
            _SENTINEL.write(sentinel, scribe)
        scribe.close(tag)

    def _occurrences(self, representation: Representation) -> Iterator[tuple[str, str]]:
        if representation.min_occurs != 1:
            yield "minOccurs", str(representation.min_occurs)
        if representation.max_occurs != 1:
            yield "maxOccurs", str(representation.max_occurs or UNBOUNDED)

    def _facets(self, representation: Representation) -> Iterator[tuple[str, str]]:
        yield "textType", text_type_in(representation, self.is_21).value
        for name, value in facets_of(representation, self.allowed).items():
            yield name, str(value).lower() if isinstance(value, bool) else str(value)

    def _format(self, representation: Representation) -> Iterator[tuple[str, str]]:
        yield from self._facets(representation)
        if self.multilingual and (representation.is_multilingual or self.tells_false):
            yield "isMultiLingual", "true" if representation.is_multilingual else "false"

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        given: Found = {}
        if child.get("minOccurs") is not None:
            given["min_occurs"] = _whole(child, "minOccurs")
        if child.get("maxOccurs") is not None:
            given["max_occurs"] = _whole(child, "maxOccurs")
        for part in child:
            match dialect.names[part.tag]:
                case "str:Enumeration":
                    given["enumeration"] = read_reference(part, self.lists, is_item=False)
                case "str:TextFormat" | "str:EnumerationFormat":
                    given |= self._read_format(part, dialect)
                case unknown:
                    raise Fault(f"{unknown} is not known here", part, is_unknown=True)
        found[self.name] = Representation(**given)

    def _read_format(self, element: etree._Element, dialect: Dialect) -> Found:
        default = TextType.OBSERVATIONAL_TIME_PERIOD if self.is_time else TextType.STRING
        kind = element.get("textType", default.value)
        try:
            text_type = parse_text_type(kind)
            given = parse_facets({facet.name: element.get(facet.name) for facet in FACETS})
        except Fault as fault:
            fault.element = element
            raise
        except ValueError as error:
            raise Fault(f"a facet is not what it should be: {error}", element) from None
        if BOOLEAN.get(element.get("isMultiLingual", "false")):
            given["is_multilingual"] = True
        sentinels = tuple(_SENTINEL.read(part, dialect) for part in element)
        return {"text_type": text_type, "sentinels": sentinels, **given}


class Coding(Represented):
    """How codes look, in one element without a list and without a level between."""

    def is_present(self, value: Any) -> bool:
        return getattr(value, self.name) is not None

    def write(self, value: Any, scribe: Scribe) -> None:
        representation = getattr(value, self.name)
        if representation is not None:
            scribe.leaf(self.tag, attributes=tuple(self._facets(representation)))

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        found[self.name] = Representation(**self._read_format(child, dialect))


def _whole(element: etree._Element, name: str) -> int | None:
    text = element.get(name, "")
    if text != UNBOUNDED and whole_number(text) is None:
        raise Fault(f"{name}='{text[:40]}' is neither a whole number nor {UNBOUNDED}", element)
    return parse_maximum(text)
