"""The table of a metadata set in SDMX-ML 3.0 and 3.1."""

# ruff: noqa: D102 - what an overridden method does is said in the base class
from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from lxml import etree

from hub.errors import BadRequest
from hub.formats.metadata.markup import XHTML, markup_in
from hub.formats.structure.fault import Fault
from hub.formats.structure.form import ML_30, ML_31, StructureForm
from hub.formats.structure.ml.dialect import Dialect
from hub.formats.structure.ml.fields import LANG, Attribute, Field, Found, Words
from hub.formats.structure.ml.nesting import Element
from hub.formats.structure.ml.parts import LINK, maintainable, notes
from hub.formats.structure.ml.scribe import Scribe
from hub.formats.structure.references import parse_reference_urn
from hub.model import (
    ArtefactClass,
    InternationalString,
    MetadataSet,
    Reference,
    ReportedAttribute,
)
from hub.model.urn import ARTEFACT_ID

_TEXT, _STRUCTURED = "com:Text", "com:StructuredText"


class MetadataDialect(Dialect):
    """A version of SDMX-ML as metadata messages speak it; `gen` is what reports are made of."""

    @property
    def namespaces(self) -> dict[str, str]:
        found = dict(super().namespaces)
        found["gen"] = found.pop("str").removesuffix("structure") + "metadata/generic"
        return found


DIALECTS: dict[StructureForm, MetadataDialect] = {}
for _form, _folder in ((ML_30, "v3_0"), (ML_31, "v3_1")):
    DIALECTS[_form] = MetadataDialect.of(_form, _folder)  # type: ignore[assignment]


@cache
def set_element(form: StructureForm) -> Element:
    """The element of a metadata set in a version of SDMX-ML."""
    dialect = DIALECTS[form]
    contents: list[Field] = [
        _Context("agreement", ArtefactClass.METADATA_PROVISION_AGREEMENT),
        _Context("metadataflow", ArtefactClass.METADATAFLOW),
        Words("targets", "gen:Target"),
        _Attributes(dialect),
        Attribute("reporting_begin", "reportingBeginDate"),
        Attribute("reporting_end", "reportingEndDate"),
        Attribute("publication_year", "publicationYear"),
        Attribute("publication_period", "publicationPeriod"),
    ]
    for period in contents[-4:]:
        period.in_stubs = False
    fields = maintainable(dialect, ArtefactClass.METADATA_SET, contents)
    return Element("mes:MetadataSet", MetadataSet, fields, ignored=(LINK,))


class _Context(Field):
    """What the set is reported for: a URN in an element with the name of its class."""

    def __init__(self, name: str, cls: ArtefactClass) -> None:
        self.name, self.cls, self.tag = name, cls, f"gen:{cls.class_name}"
        self.tags = (self.tag,)

    def is_present(self, value: Any) -> bool:
        return getattr(value, self.name) is not None

    def write(self, value: Any, scribe: Scribe) -> None:
        reference: Reference | None = getattr(value, self.name)
        if reference is not None:
            scribe.leaf(self.tag, reference.urn)

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        try:
            urn = (child.text or "").strip()
            found[self.name] = parse_reference_urn(urn, (self.cls,), is_item=False)
        except Fault as fault:
            fault.element = child
            raise


class _Attributes(Field):
    """The reported attributes, each with those below it."""

    tags = ("gen:Attribute",)

    def __init__(self, dialect: Dialect) -> None:
        self.notes = notes(dialect)

    def is_present(self, value: Any) -> bool:
        return bool(value.attributes)

    def write(self, value: Any, scribe: Scribe) -> None:
        for attribute in value.attributes:
            scribe.open("gen:Attribute", (("id", attribute.id),))
            self.notes.write(attribute, scribe)
            write_value(attribute, scribe)
            self.write(attribute, scribe)
            scribe.close("gen:Attribute")

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        found.setdefault("attributes", []).extend(self._read(child, dialect))

    def _read(self, element: etree._Element, dialect: Dialect) -> list[ReportedAttribute]:
        """An attribute; one of SDMX-ML 3.0 with several values is as many attributes."""
        found: Found = {}
        values: list[str] = []
        reading = ValueReading()
        for child in element:
            tag = dialect.names[child.tag]
            if tag == "com:Annotations":
                self.notes.read(child, found, dialect)
            elif tag == "gen:Value":
                values.append(child.text or "")
            elif tag == "gen:Attribute":
                self.read(child, found, dialect)
            elif not reading.take(tag, child):
                local = etree.QName(child).localname
                raise Fault(f"{local} is not known here", child, is_unknown=True)
        first = ReportedAttribute(
            id=attribute_id(element),
            value=values[0] if values else None,
            attributes=tuple(found.get("attributes", ())),
            annotations=tuple(found.get("annotations", ())),
            **reading.result(element, has_value=bool(values)),
        )
        return [first, *(ReportedAttribute(id=first.id, value=value) for value in values[1:])]


def write_value(attribute: ReportedAttribute, scribe: Scribe, value_tag: str = "gen:Value") -> None:
    """Write what an attribute reports itself, in all its languages."""
    if attribute.value is not None and value_tag:
        scribe.leaf(value_tag, attribute.value)
    for language, text in attribute.texts.texts:
        scribe.leaf(_TEXT, text, (("xml:lang", language),))
    for language, text in attribute.markup.texts:
        scribe.open(_STRUCTURED, (("xml:lang", language), ("xmlns", XHTML)))
        scribe.markup(text)
        scribe.close(_STRUCTURED)


class ValueReading:
    """Texts and XHTML that are read for one attribute, whatever the version of SDMX-ML."""

    def __init__(self) -> None:
        self.texts: list[tuple[str, str]] = []
        self.markup: list[tuple[str, str]] = []

    def take(self, tag: str, child: etree._Element) -> bool:
        """Read a child, if it is a text; raises Fault for XHTML that may not be."""
        language = child.get(LANG, "en")
        if tag == _TEXT:
            self.texts.append((language, child.text or ""))
        elif tag == _STRUCTURED:
            try:
                self.markup.append((language, markup_in(child)))
            except BadRequest as error:
                raise Fault(error.message, child) from None
        else:
            return False
        return True

    def result(self, element: etree._Element, *, has_value: bool) -> dict[str, InternationalString]:
        """What was read, by field; raises Fault for several kinds, or a language twice."""
        if has_value + bool(self.texts) + bool(self.markup) > 1:
            raise Fault("a value, Text and StructuredText exclude one another", element)
        for pairs in (self.texts, self.markup):
            languages = [language for language, _ in pairs]
            if len(set(languages)) < len(languages):
                raise Fault("there are two texts in the same language", element)
        texts, markup = (tuple(p for p in pairs if p[1]) for pairs in (self.texts, self.markup))
        return {"texts": InternationalString(texts), "markup": InternationalString(markup)}


_ID = Attribute("id", "id", required=True, pattern=ARTEFACT_ID)


def attribute_id(element: etree._Element) -> str:
    """The id of an attribute; raises Fault where it has none."""
    found: Found = {}
    _ID.read_attributes(element, found)
    return str(found["id"])


def without_content(metadata_set: MetadataSet) -> MetadataSet:
    """What of a set is in its stub: its identity and name."""
    return replace(
        MetadataSet(agency=metadata_set.agency, id=metadata_set.id, version=metadata_set.version),
        name=metadata_set.name,
    )
