"""The elements an XML Schema is built of."""

from __future__ import annotations

import re

from lxml import etree

XS = "http://www.w3.org/2001/XMLSchema"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
UNBOUNDED = "unbounded"

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_NAME = re.compile(r"[^A-Za-z0-9_.-]")


def element(tag: str, *children: etree._Element, **attributes: str) -> etree._Element:
    """Make an element of XML Schema with its children."""
    made = etree.Element(f"{{{XS}}}{tag}", attributes, nsmap={"xs": XS})
    made.extend(children)
    return made


def documentation(texts: tuple[tuple[str, str], ...]) -> list[etree._Element]:
    """An annotation with texts by language; nothing where there are none."""
    if not texts:
        return []
    notes = []
    for language, text in texts:
        note = element("documentation")
        note.set(XML_LANG, language)
        note.text = _NOT_XML.sub("\ufffd", text)
        notes.append(note)
    return [element("annotation", *notes)]


def annotations_first() -> etree._Element:
    """The place for annotations that every SDMX element begins with."""
    return element("element", ref="common:Annotations", minOccurs="0")


def local(name: str, type_: str, least: str = "0", most: str | None = None) -> etree._Element:
    """A local element, which is in no namespace."""
    occurs = {"minOccurs": least} if least != "1" else {}
    if most is not None:
        occurs["maxOccurs"] = most
    return element("element", name=name, type=type_, form="unqualified", **occurs)


def attribute(name: str, type_: str, use: str = "optional", **more: str) -> etree._Element:
    """An XML attribute."""
    return element("attribute", name=name, type=type_, use=use, **more)


def restricted_type(
    name: str,
    base: str,
    content: list[etree._Element],
    attributes: list[etree._Element],
    *,
    is_abstract: bool = False,
) -> etree._Element:
    """A complex type that restricts another to this content and these attributes."""
    restriction = element("restriction", element("sequence", *content), *attributes, base=base)
    made = element("complexType", element("complexContent", restriction), name=name)
    if is_abstract:
        made.set("abstract", "true")
    return made


class TypeNames:
    """Gives every type of a schema a name of its own; names once reserved are not given again."""

    def __init__(self, reserved: set[str]) -> None:
        self._taken = set(reserved)

    def name(self, wanted: str) -> str:
        """The name wanted, made an NCName, with a suffix where it is taken."""
        plain = _NOT_IN_NAME.sub("_", wanted)
        if not re.match(r"[A-Za-z_]", plain):
            plain = f"_{plain}"
        found, number = plain, 1
        while found in self._taken:
            found, number = f"{plain}.{number}", number + 1
        self._taken.add(found)
        return found
