"""Loads JSON that nobody vouches for, and recognises structure messages."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec

from hub.errors import Invalid, TooLarge
from hub.formats.limits import Limits
from hub.formats.structure.form import JSON_10, JSON_20, JSON_21, StructureForm

#: Where the schemas are that messages name; each begins with what older messages name.
SCHEMAS: dict[StructureForm, str] = {
    JSON_10: "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/structure-message/"
    "tools/schemas/1.0/sdmx-json-structure-schema.json",
    JSON_20: "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/structure-message/"
    "tools/schemas/2.0.0/sdmx-json-structure-schema.json",
    JSON_21: "https://json.sdmx.org/2.1/sdmx-json-structure-schema.json",
}
_VERSIONS = {"/1.0": JSON_10, "/2.0": JSON_20, "/2.1": JSON_21}


def load(source: bytes | Path, limits: Limits) -> Any:
    """Parse a JSON document; raises TooLarge beyond the limits of size and depth, else Invalid."""
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > limits.bytes:
        raise TooLarge(f"the JSON has {size} bytes, more than the {limits.bytes} that are taken")
    content = source if isinstance(source, bytes) else source.read_bytes()
    try:
        document = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"))
    except RecursionError:
        raise _too_deep(limits) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"the message is neither XML nor well-formed JSON: {error}") from None
    _check_depth(document, limits)
    _refuse_twice(content)
    return document


def _refuse_twice(content: bytes) -> None:
    """Refuse a name that stands twice in an object: readers differ over which of them counts.

    The document is well-formed and not too deep; nothing of it is kept here.
    """

    def once(pairs: list[tuple[str, object]]) -> None:
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names):
            twice = next(name for name, times in Counter(names).items() if times > 1)
            raise Invalid(f"'{twice[:80]}' is given twice in an object with {_listed(names)}")

    json.loads(content, object_pairs_hook=once, parse_int=str, parse_float=str)


def _listed(names: list[str]) -> str:
    return ", ".join(name[:80] for name in dict.fromkeys(names[:3]))


def _too_deep(limits: Limits) -> TooLarge:
    return TooLarge(f"the JSON is nested deeper than the {limits.depth} levels that are taken")


def _check_depth(document: Any, limits: Limits) -> None:
    level = [document] if isinstance(document, dict | list) else []
    for _ in range(limits.depth):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise _too_deep(limits)


def form_of_document(document: Any) -> StructureForm:
    """Recognise the version: by the schema it names, else by what only one version has.

    Raises Invalid for what is no structure message.
    """
    data = document.get("data") if isinstance(document, dict) else None
    meta = document.get("meta") if isinstance(document, dict) else None
    if not isinstance(data, dict) or not isinstance(meta, dict):
        raise Invalid(
            "the JSON is not a structure message: objects 'meta' and 'data' are wanted at its root"
        )
    for key, kind in (("dataSets", "data"), ("metadataSets", "metadata")):
        if key in data:
            raise Invalid(f"this is a {kind} message of SDMX-JSON, not a structure message")
    schema = str(document.get("$schema") or meta.get("schema") or "")
    for part, form in _VERSIONS.items():
        if part in schema:
            return form
    if "availabilityConstraints" in data:
        return JSON_21
    return JSON_10 if "contentConstraints" in data or _has_primary_measure(data) else JSON_20


def _has_primary_measure(data: dict[str, Any]) -> bool:
    structures = data.get("dataStructures")
    text = msgspec.json.encode(structures) if isinstance(structures, list) else b""
    return b'"primaryMeasure"' in text
