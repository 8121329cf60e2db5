"""The tables of what all artefacts share: annotations, names, identification, representations."""

# ruff: noqa: D102 - what an overridden method does is said in the base class
from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree

from hub.formats.structure.facets import (
    FACETS,
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
from hub.formats.structure.ml.fields import (
    BOOLEAN,
    Attribute,
    Choice,
    Element,
    Field,
    Fixed,
    Found,
    Many,
    Text,
    Texts,
    Wrapper,
    always,
)
from hub.formats.structure.ml.references import read_reference, write_reference
from hub.formats.structure.ml.scribe import Scribe
from hub.formats.structure.references import ORGANISATION_SCHEMES, ORGANISATION_VERSION, urn_of
from hub.model import Annotation, ArtefactClass, Maintainable, Representation, TextType
from hub.model.urn import AGENCY_ID, ARTEFACT_ID, VERSION
from hub.model.version import is_stable

#: Children that carry nothing the node keeps: links, and contacts of organisations.
LINK = "com:Link"


def notes(dialect: Dialect) -> Wrapper:
    """The annotations of anything; SDMX 2.1 has no AnnotationValue."""
    fields = [
        Attribute("id", "id"),
        Text("title", "com:AnnotationTitle"),
        Text("type", "com:AnnotationType"),
        Text("url", "com:AnnotationURL"),
        Texts("text", "com:AnnotationText"),
    ]
    if not dialect.is_21:
        fields.append(Text("value", "com:AnnotationValue"))
    annotation = Element("com:Annotation", Annotation, fields)
    return Wrapper("com:Annotations", [Many("annotations", (annotation, always))])


def names(dialect: Dialect, *, needs_name: bool = True, in_stubs: bool = False) -> list[Field]:
    """Annotations, name and description, in the order of the schemas.

    The schemas want a name; an artefact or item without one is written with its id as its name.
    """
    fallback = (lambda value: str(value.id)) if needs_name else None
    return [
        notes(dialect),
        Texts("name", "com:Name", in_stubs=in_stubs, fallback=fallback),
        Texts("description", "com:Description"),
    ]


class Instant(Attribute):
    """A date and time; a date alone is written as its first moment."""

    def spell(self, value: Any) -> str:
        return value if "T" in value else f"{value}T00:00:00"


def maintainable(
    dialect: Dialect, cls: ArtefactClass, contents: Sequence[Field], *, has_partial: bool = False
) -> list[Field]:
    """The fields of a maintainable artefact around those of its kind.

    Organisation schemes have no version in SDMX-ML 3.x; where none is given it is 1.0.
    """
    fields: list[Field] = [
        Attribute("id", "id", required=True, pattern=ARTEFACT_ID),
        Attribute("agency", "agencyID", required=True, pattern=AGENCY_ID),
    ]
    if cls not in ORGANISATION_SCHEMES:
        default = ORGANISATION_VERSION
        fields.append(Attribute("version", "version", default=default, pattern=VERSION))
    elif dialect.is_21:
        fields.append(Fixed("version", lambda _: ORGANISATION_VERSION))
    if dialect.is_21 and cls not in ORGANISATION_SCHEMES:
        fields.append(Fixed("isFinal", lambda value: "true" if is_stable(value.version) else None))
    fields += [
        Fixed("urn", lambda value: urn_of(value.reference, is_model_21=dialect.is_21)),
        Instant("valid_from", "validFrom"),
        Instant("valid_to", "validTo"),
    ]
    if has_partial:
        fields.append(Choice("is_partial", "isPartial", BOOLEAN, default="false", implied=False))
    return [*fields, *names(dialect, in_stubs=True), *contents]


def item_scheme(
    dialect: Dialect, tag: str, make: type[Maintainable], item: Element, *, has_partial: bool = True
) -> Element:
    """An item scheme with its items."""
    cls = make.artefact_class
    contents = [Many("items", (item, always))]
    fields = maintainable(dialect, cls, contents, has_partial=has_partial)
    if cls in ORGANISATION_SCHEMES:
        return Element(
            tag, lambda **given: make(version=ORGANISATION_VERSION, **given), fields, ignored={LINK}
        )
    return Element(tag, make, fields, ignored={LINK})


class Represented(Field):
    """A representation: an enumeration, or a text format with its facets.

    `occurs` tells whether the place takes numbers of occurrences, `multilingual` whether a text
    format here says so, `is_time` that it is a time dimension's, which cannot do without. A
    missing isMultiLingual means false, whatever the default in the schema of 2.1 and 3.0 is:
    nobody means it, and 3.1 has mended it; there the writer says false as well as true.
    """

    def __init__(
        self,
        dialect: Dialect,
        tag: str,
        *lists: ArtefactClass,
        occurs: bool = False,
        multilingual: bool = False,
        is_time: bool = False,
    ) -> None:
        self.tag, self.tags, self.lists = tag, (tag,), lists
        self.occurs = occurs and not dialect.is_21
        self.multilingual, self.is_time = multilingual, is_time
        self.is_21 = dialect.is_21
        self.tells_false = dialect.model is not Model.V31

    def is_present(self, value: Any) -> bool:
        return value.representation is not None or self.is_time

    def write(self, value: Any, scribe: Scribe) -> None:
        representation: Representation | None = value.representation
        if representation is None and self.is_time:
            representation = Representation(text_type=TextType.OBSERVATIONAL_TIME_PERIOD)
        if representation is None:
            return
        scribe.open(self.tag, self._occurrences(representation) if self.occurs else ())
        if representation.enumeration is None:
            scribe.leaf("str:TextFormat", attributes=tuple(self._format(representation)))
        else:
            enumeration = representation.enumeration
            write_reference("str:Enumeration", enumeration, scribe, is_21=self.is_21)
            if has_format(representation):
                facets = tuple(self._facets(representation))
                scribe.leaf("str:EnumerationFormat", attributes=facets)
        scribe.close(self.tag)

    def _occurrences(self, representation: Representation) -> Iterator[tuple[str, str]]:
        if representation.min_occurs != 1:
            yield "minOccurs", str(representation.min_occurs)
        if representation.max_occurs != 1:
            yield "maxOccurs", str(representation.max_occurs or UNBOUNDED)

    def _facets(self, representation: Representation) -> Iterator[tuple[str, str]]:
        yield "textType", text_type_in(representation, self.is_21).value
        if not self.is_time:
            for name, value in facets_of(representation).items():
                yield name, str(value)
            if representation.pattern is not None:
                yield "pattern", representation.pattern

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
                    given |= self._read_format(part)
                case unknown:
                    raise Fault(f"{unknown} is not known here", part, is_unknown=True)
        found["representation"] = Representation(**given)

    def _read_format(self, element: etree._Element) -> Found:
        default = TextType.OBSERVATIONAL_TIME_PERIOD if self.is_time else TextType.STRING
        kind = element.get("textType", default.value)
        try:
            text_type = parse_text_type(kind)
            given = parse_facets({facet.name: element.get(facet.name) for facet in FACETS})
        except Fault as fault:
            fault.element = element
            raise
        except ValueError as error:
            raise Fault(f"a facet is no number: {error}", element) from None
        if element.get("pattern") is not None:
            given["pattern"] = element.get("pattern")
        if BOOLEAN.get(element.get("isMultiLingual", "false")):
            given["is_multilingual"] = True
        return {"text_type": text_type, **given}


def _whole(element: etree._Element, name: str) -> int | None:
    text = element.get(name, "")
    if text != UNBOUNDED and whole_number(text) is None:
        raise Fault(f"{name}='{text[:40]}' is neither a whole number nor {UNBOUNDED}", element)
    return parse_maximum(text)
