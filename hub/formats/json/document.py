"""The SDMX-JSON document as a whole: checked for being JSON, its large parts left undecoded.

One pass over the bytes finds out whether they are well-formed JSON in UTF-8 and where the series
and observations are; these are decoded later, piece by piece.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import Any

import msgspec

from hub.errors import Finding, Invalid, TooLarge
from hub.formats.message import Limits

_BOM = codecs.BOM_UTF8
_PIECE = 1 << 20
_PLACE = re.compile(r" - at `\$?(?P<path>[^`]*)`$")
_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d*|\.\.\.)\]")
_OFFSET = re.compile(r"\(byte (\d+)\)")
_NOTHING = msgspec.Raw(b"null")


class Link(msgspec.Struct):
    """A link of the message; the URN says what it leads to."""

    urn: str | None = None
    rel: str | None = None


class Value(msgspec.Struct):
    """A value that data refers to by its index in the list of its component."""

    id: str | None = None
    name: Any = None
    value: Any = None
    values: list[Any] | None = None


class Component(msgspec.Struct):
    """A dimension, measure or attribute as the message describes it."""

    id: str
    values: list[Value | None] | None = None
    default: Any = None


class ComponentLevels(msgspec.Struct, rename={"dataset": "dataSet", "group": "dimensionGroup"}):
    """Components by the level of the message they stand at."""

    dataset: list[Component] | None = None
    group: list[Component] | None = None
    series: list[Component] | None = None
    observation: list[Component] | None = None


class Structure(msgspec.Struct):
    """What the indices and positions in a data set mean."""

    dimensions: ComponentLevels
    measures: ComponentLevels | None = None
    attributes: ComponentLevels | None = None
    links: list[Link] | None = None


class DataSet(msgspec.Struct, rename={"groups": "dimensionGroupAttributes"}):
    """A data set whose contents are not decoded yet."""

    structure: int = 0
    action: str | None = None
    links: list[Link] | None = None
    attributes: msgspec.Raw = _NOTHING
    groups: msgspec.Raw = _NOTHING
    series: msgspec.Raw = _NOTHING
    observations: msgspec.Raw = _NOTHING


class Data(msgspec.Struct, rename={"datasets": "dataSets"}):
    """Structures and data sets; SDMX-JSON 1.0 has one `structure`, later versions `structures`."""

    structure: Structure | None = None
    structures: list[Structure] | None = None
    datasets: list[DataSet] | None = None


class Document(msgspec.Struct):
    """An SDMX-JSON data message."""

    data: Data | None = None
    errors: list[Any] | None = None


#: Numbers with a fraction or exponent stay as they are spelt.
_DECODER = msgspec.json.Decoder(Document, float_hook=str)


def refuse(file: str, rule: str, message: str, place: str = "") -> Invalid:
    """Make a refusal; `place` is a JSON pointer."""
    text = f"{message}, at {place}" if place else message
    return Invalid(f"{file}: {text}", [Finding(rule=rule, message=text, file=file)])


def load(path: Path, limits: Limits) -> Document:
    """Load a document. Raises Invalid with the place, TooLarge beyond the limits."""
    size = path.stat().st_size
    if size > limits.bytes:
        raise TooLarge(
            f"{path.name}: {size:,} bytes, larger than {limits.bytes:,}, the limit of this node; "
            "hand it in in parts"
        )
    content = memoryview(path.read_bytes())
    if content[: len(_BOM)] == _BOM:
        content = content[len(_BOM) :]
    _check_encoding(content, path.name)
    _check_form(content, path.name)
    try:
        document = _DECODER.decode(content)
    except msgspec.ValidationError as error:
        raise _not_a_data_message(content, path.name, error) from None
    except ValueError as error:  # a number of thousands of digits
        raise refuse(path.name, "json-number", str(error)) from None
    _check_message(document, content, path.name)
    return document


def _check_encoding(content: memoryview, file: str) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(content) + 1, _PIECE):
        piece = content[start : start + _PIECE]
        carried = len(decoder.getstate()[0])
        try:
            decoder.decode(piece, final=start + _PIECE > len(content))
        except UnicodeDecodeError as error:
            offset = start - carried + error.start
            line = bytes(content[:offset]).count(b"\n") + 1
            byte = error.object[error.start]
            message = f"byte 0x{byte:02X} at offset {offset} is not UTF-8; save the file as UTF-8"
            finding = Finding(rule="json-encoding", message=message, file=file, line=line)
            raise Invalid(f"{file}, line {line}: {message}", [finding]) from None


def _check_form(content: memoryview, file: str) -> None:
    """Refuse what is no JSON, before anything is made of what it says."""
    try:
        msgspec.json.decode(content, type=msgspec.Raw)
    except RecursionError:
        raise TooLarge(f"{file}: JSON nested deeper than any SDMX-JSON message") from None
    except msgspec.DecodeError as error:
        raise _malformed(content, file, error) from None


def _malformed(content: memoryview, file: str, error: msgspec.DecodeError) -> Invalid:
    found = _OFFSET.search(str(error))
    offset = int(found[1]) if found else len(content)
    line = bytes(content[:offset]).count(b"\n") + 1
    message = f"not well-formed JSON: {error}"
    finding = Finding(rule="json-not-well-formed", message=message, file=file, line=line)
    return Invalid(f"{file}, line {line}: {message}", [finding])


def pointer(path: str) -> str:
    """Turn the path of a decoding error (`.data.dataSets[0]`) into a JSON pointer."""
    steps = [name or index for name, index in _STEP.findall(path)]
    return "".join(f"/{step}" for step in steps)


def _not_a_data_message(content: memoryview, file: str, error: msgspec.ValidationError) -> Invalid:
    """Tell what is wrong with the form of the message, or that it is another kind."""
    _refuse_other(content, file)
    told = str(error)
    place = _PLACE.search(told)
    message = told[: place.start()] if place else told
    return refuse(file, "json-form", message, pointer(place["path"]) if place else "")


def _check_message(document: Document, content: memoryview, file: str) -> None:
    if document.errors:
        told = "; ".join(_spell(error) for error in document.errors[:3])
        raise refuse(file, "json-error", f"the message reports errors: {told}", "/errors")
    data = document.data
    if data is None or data.datasets is None:
        _refuse_other(content, file)
        message = "this is a JSON document without /data/dataSets: no SDMX-JSON data message"
        raise refuse(file, "json-message", message)


def _spell(error: Any) -> str:
    if not isinstance(error, dict):
        return str(error)[:200]
    parts = (error.get(name) for name in ("code", "title", "detail"))
    return " ".join(str(part) for part in parts if part is not None)[:200]


def _refuse_other(content: memoryview, file: str) -> None:
    """Refuse messages of another kind, called by their name."""
    root = _members(content)
    data = _members(root.get("data", _NOTHING))
    if "dataSets" in root and "data" not in root:
        message = "a draft of SDMX-JSON from before 1.0; ask for SDMX-JSON 1.0 or 2.0"
    elif "dataSets" in data:
        return
    elif "metadataSets" in data:
        message = "a reference metadata message, which holds no observations"
    elif data.keys() & {"codelists", "dataStructures", "dataflows", "conceptSchemes"}:
        message = "a structure message; load it with 'corridor structures load'"
    else:
        return
    raise refuse(file, "json-message", f"this is {message}")


def _members(content: memoryview | msgspec.Raw) -> dict[str, msgspec.Raw]:
    try:
        return msgspec.json.decode(content, type=dict[str, msgspec.Raw])
    except msgspec.ValidationError:
        return {}
