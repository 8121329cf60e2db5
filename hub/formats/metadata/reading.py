"""Reads metadata messages of any form."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from lxml import etree

from hub.errors import Finding, Invalid, NotFound, TooLarge
from hub.formats import xml
from hub.formats.json.document import decode
from hub.formats.limits import Limits
from hub.formats.metadata.csv_read import is_metadata_csv, read_csv
from hub.formats.metadata.json_message import read_json
from hub.formats.metadata.ml_21_read import DIALECT as DIALECT_21
from hub.formats.metadata.ml_21_read import read_21
from hub.formats.metadata.ml_21_specific import as_generic
from hub.formats.metadata.ml_fields import DIALECTS
from hub.formats.metadata.ml_message import read_ml
from hub.formats.metadata.report import Reading, Received

#: A message becomes a tree in memory, some ten times its size.
METADATA_LIMITS = Limits(bytes=64 << 20)
_TOLD = 3
_Found = tuple[list[Received], list[Finding], list[Finding]]


def read(source: bytes | Path, *, limits: Limits = METADATA_LIMITS, name: str = "") -> Reading:
    """Read the sets of a metadata message, in the order they stand in it.

    Family and version are recognised from the content; what is read is not checked against a
    metadata structure. `name` is what findings call the source.

    Raises Invalid with a finding for each thing that is malformed and its place (element path and
    line, JSON pointer, or row), TooLarge beyond the limits, NotFound where a file cannot be read.
    """
    name = name or (source.name if isinstance(source, Path) else "")
    content = _content(source, limits)
    text = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"<") or content.startswith((b"\xff\xfe", b"\xfe\xff")):
        received, faults, notes = _read_ml(xml.parse(content, limits))
    elif text.startswith((b"{", b"[")):
        received, faults, notes = read_json(_document(text, limits, name))
    elif is_metadata_csv(text[:32].decode("utf-8", "replace")):
        received, faults = read_csv(content, limits)
        notes = []
    else:
        raise Invalid(
            f"{name or 'this'} is no metadata message: SDMX-ML, SDMX-JSON and SDMX-CSV are read, "
            "whose first column is MDSTRUCTURE"
        )
    if faults:
        raise _invalid(faults, name)
    return Reading(source=name, received=tuple(received), notes=tuple(notes))


def _content(source: bytes | Path, limits: Limits) -> bytes:
    if isinstance(source, bytes):
        content = source
    else:
        try:
            limits.check_size(source)
            content = source.read_bytes()
        except OSError as error:
            raise NotFound(f"{source.name} cannot be read: {error.strerror}") from None
    if len(content) > limits.bytes:
        raise limits.refuse_size("the message", f"{len(content):,} bytes")
    if not content.strip():
        raise Invalid("the metadata message is empty")
    return content


def _read_ml(root: etree._Element) -> _Found:
    tag = etree.QName(root)
    spaces = {dialect.namespaces["mes"]: form for form, dialect in DIALECTS.items()}
    is_21 = tag.namespace == DIALECT_21.namespaces["mes"]
    if tag.localname == "GenericMetadata" and is_21:
        return read_21(root)
    if tag.localname == "GenericMetadata" and tag.namespace in spaces:
        return read_ml(root, spaces[tag.namespace])
    if tag.localname == "StructureSpecificMetadata" and is_21:
        return read_21(as_generic(root, DIALECT_21))
    if is_21 or tag.namespace in spaces:
        raise Invalid(f"this is a {tag.localname} message of SDMX-ML, not a metadata message")
    raise Invalid(
        f"the root element {tag.localname} in the namespace '{tag.namespace or ''}' is not a "
        "metadata message of SDMX-ML 2.1, 3.0 or 3.1"
    )


def _document(text: bytes, limits: Limits, name: str) -> object:
    """A JSON document; numbers with a fraction stay as they are spelt."""

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) < len(pairs):
            raise Invalid(f"a name is given twice in an object with {', '.join(list(found)[:3])}")
        return found

    try:
        document = decode(text, name, "", once)
    except RecursionError:
        raise _too_deep(limits) from None
    except ValueError as error:
        raise Invalid(f"the message is not well-formed JSON: {error}") from None
    _check_depth(document, limits)
    return document


def _too_deep(limits: Limits) -> TooLarge:
    return TooLarge(f"the JSON is nested deeper than the {limits.depth} levels that are taken")


def _check_depth(document: object, limits: Limits) -> None:
    level = [document]
    for _ in range(limits.depth):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else _items(outer))
        ]
        if not level:
            return
    raise _too_deep(limits)


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _invalid(findings: list[Finding], name: str) -> Invalid:
    located = [replace(finding, file=finding.file or name or None) for finding in findings]
    told = "; ".join(
        f"{finding.message} (line {finding.line})" if finding.line else finding.message
        for finding in findings[:_TOLD]
    )
    more = f"; and {len(findings) - _TOLD} more" if len(findings) > _TOLD else ""
    return Invalid(f"the metadata message cannot be taken: {told}{more}", located)
