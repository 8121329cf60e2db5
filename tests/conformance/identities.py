"""Who is in a structure message, found without the readers of the program."""

from __future__ import annotations

import json
from typing import Any

from lxml import etree

from hub.formats.structure import Family, StructureForm

#: Container (or array), agency, id, version.
Identity = tuple[str, str, str]


def identities(message: bytes, form: StructureForm) -> set[Identity]:
    """Kind, agency and id of every artefact; kinds as SDMX-JSON names the arrays."""
    if form.family is Family.ML:
        root = etree.fromstring(message)
        elements = root.findall("{*}Structures/*/*")
        return {
            (_kind(etree.QName(each).localname), each.get("agencyID", ""), each.get("id", ""))
            for each in elements
        }
    data: dict[str, list[dict[str, Any]]] = json.loads(message)["data"]
    return {
        (_singular(array), each.get("agencyID", ""), each.get("id", ""))
        for array, artefacts in data.items()
        for each in artefacts
    }


def _kind(tag: str) -> str:
    return tag.lower()


def _singular(array: str) -> str:
    if array.endswith("ies"):
        return f"{array[:-3]}y".lower()
    return array.removesuffix("es" if array.endswith("sses") else "s").lower()
