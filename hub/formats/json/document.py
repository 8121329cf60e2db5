"""The SDMX-JSON document as a whole: checked for being JSON, its large parts left undecoded.

One pass over the text finds out whether it is well-formed JSON in UTF-8 and where the series and
observations are; these are decoded later, piece by piece.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from hub.errors import Finding, Invalid
from hub.formats.json.scan import Entry, Scanner, escaped
from hub.formats.json.text import JsonText, opened
from hub.formats.limits import Limits

_PLACE = re.compile(r" - at `\$?(?P<path>[^`]*)`$")
_MINUS_ZERO = re.compile(rb"-0(?=[\],\s}])")
_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d*|\.\.\.)\]")
#: The large objects of a data set, and how many levels of objects in them may be large too.
_LARGE = {"series": 2, "observations": 0, "dimensionGroupAttributes": 0}


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
    """A data set; of its large objects only the number (see `Loaded`)."""

    structure: int = 0
    action: str | None = None
    links: list[Link] | None = None
    attributes: Any = None
    groups: int | None = None
    series: int | None = None
    observations: int | None = None


class Data(msgspec.Struct, rename={"datasets": "dataSets"}):
    """Structures and data sets; SDMX-JSON 1.0 has one `structure`, later versions `structures`."""

    structure: Structure | None = None
    structures: list[Structure] | None = None
    datasets: list[DataSet] | None = None


class Document(msgspec.Struct):
    """An SDMX-JSON data message."""

    data: Data | None = None
    errors: list[Any] | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """A data message, and the pieces of its large objects by their number."""

    data: Data
    objects: tuple[tuple[Entry, ...], ...]


def refuse(file: str, rule: str, message: str, place: str = "") -> Invalid:
    """Make a refusal; `place` is a JSON pointer."""
    text = f"{message}, at {place}" if place else message
    return Invalid(f"{file}: {text}", [Finding(rule=rule, message=text, file=file)])


def load(path: Path, limits: Limits) -> Loaded:
    """Load a document. Raises Invalid with the place, TooLarge beyond the limits."""
    limits.check_size(path)
    with opened(path, limits) as text:
        outline = _Outline(text)
        content = outline.read()
    root = _decoded(content, path.name)
    _refuse_other(root, path.name)
    try:
        document = msgspec.convert(root, Document)
    except msgspec.ValidationError as error:
        raise _not_a_data_message(path.name, error) from None
    return Loaded(_data_of(document, path.name), tuple(outline.objects))


class _Outline:
    """A document in which numbers stand for the large objects of its data sets."""

    def __init__(self, text: JsonText) -> None:
        self.objects: list[tuple[Entry, ...]] = []
        self._text = text
        self._scanner = Scanner(text)

    def read(self) -> bytes:
        """Read the whole text."""
        content = self._of_object("", {"data": self._data, "dataSets": self._draft})
        if self._text.peek():
            raise self._text.malformed("something follows the document", "/")
        return content

    def _of_object(self, place: str, rules: Mapping[str, Callable[[str], bytes]]) -> bytes:
        """An object, of which some members have a rule of their own; anything else as it is."""
        if self._text.peek() != b"{":
            return self._scanner.value(place)
        members = []
        for name in self._scanner.names(place):
            take = rules.get(name, self._scanner.value)
            members.append(msgspec.json.encode(name) + b":" + take(f"{place}/{escaped(name)}"))
        return b"{" + b",".join(members) + b"}"

    def _data(self, place: str) -> bytes:
        return self._of_object(place, {"dataSets": self._datasets})

    def _datasets(self, place: str) -> bytes:
        if self._text.peek() != b"[":
            return self._scanner.value(place)
        items = []
        for number in self._scanner.items(place):
            if number == self._text.limits.datasets:
                what = f"more than {number:,} data sets"
                raise self._text.limits.refuse("datasets", self._text.where(), what)
            rules = dict.fromkeys(_LARGE, self._large)
            items.append(self._of_object(f"{place}/{number}", rules))
        return b"[" + b",".join(items) + b"]"

    def _large(self, place: str) -> bytes:
        """The number of a large object; null stays, anything else is refused."""
        if self._text.peek() == b"{":
            levels = _LARGE[place.rpartition("/")[2]]
            self.objects.append(self._scanner.entries(place, levels))
            return str(len(self.objects) - 1).encode()
        if self._scanner.value(place) != b"null":
            raise refuse(self._text.file, "json-form", "an object belongs here", place)
        return b"null"

    def _draft(self, place: str) -> bytes:
        message = "this is a draft of SDMX-JSON from before 1.0; ask for SDMX-JSON 1.0 or 2.0"
        raise refuse(self._text.file, "json-message", message, place)


def decode(
    text: bytes, file: str, place: str, pairs: Callable[[list[tuple[str, Any]]], Any]
) -> Any:
    """Decode JSON; numbers with a fraction, an exponent or a lost sign stay as they are spelt.

    `pairs` makes what an object becomes. Raises Invalid, with the place, for numbers of thousands
    of digits, and json.JSONDecodeError for what is no JSON.
    """
    whole = _whole_number if _MINUS_ZERO.search(text) else None
    try:
        return json.loads(text, parse_float=str, parse_int=whole, object_pairs_hook=pairs)
    except json.JSONDecodeError:
        raise
    except ValueError as error:
        message = f"a number that cannot be read: {error}"
        raise refuse(file, "json-number", message, place) from None


def _whole_number(text: str) -> int | str:
    return text if text == "-0" else int(text)


def _decoded(content: bytes, file: str) -> Any:
    """Decode a whole document; Invalid where a name stands twice in an object."""
    twice: list[tuple[str, dict[str, Any]]] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            times = Counter(name for name, _ in pairs)
            twice.append((next(name for name in times if times[name] > 1), found))
        return found

    root = decode(content, file, "", once)
    if twice:
        name, where = twice[0]
        place = next(_places(root, where, ""), "")
        raise refuse(file, "json-twice", f"'{name[:80]}' is given twice", place or "/")
    return root


def _places(value: Any, wanted: Any, place: str) -> Iterator[str]:
    """The JSON pointers of an object."""
    if value is wanted:
        yield place
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _places(inner, wanted, f"{place}/{escaped(name)}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _places(inner, wanted, f"{place}/{number}")


def pointer(path: str) -> str:
    """Turn the path of a decoding error (`.data.dataSets[0]`) into a JSON pointer."""
    steps = [name or index for name, index in _STEP.findall(path)]
    return "".join(f"/{step}" for step in steps)


def _not_a_data_message(file: str, error: msgspec.ValidationError) -> Invalid:
    told = str(error)
    place = _PLACE.search(told)
    message = told[: place.start()] if place else told
    return refuse(file, "json-form", message, pointer(place["path"]) if place else "")


def _data_of(document: Document, file: str) -> Data:
    if document.errors:
        told = "; ".join(_spell(error) for error in document.errors[:3])
        raise refuse(file, "json-error", f"the message reports errors: {told}", "/errors")
    if document.data is None or document.data.datasets is None:
        message = "this is a JSON document without /data/dataSets: no SDMX-JSON data message"
        raise refuse(file, "json-message", message)
    return document.data


def _spell(error: Any) -> str:
    if not isinstance(error, dict):
        return str(error)[:200]
    parts = (error.get(name) for name in ("code", "title", "detail"))
    return " ".join(str(part) for part in parts if part is not None)[:200]


def _refuse_other(root: Any, file: str) -> None:
    """Refuse messages of another kind, called by their name."""
    data = root.get("data") if isinstance(root, dict) else None
    if not isinstance(data, dict) or "dataSets" in data:
        return
    if "metadataSets" in data:
        message = "a reference metadata message, which holds no observations"
    elif data.keys() & {"codelists", "dataStructures", "dataflows", "conceptSchemes"}:
        message = "a structure message; load it with 'corridor structures load'"
    else:
        return
    raise refuse(file, "json-message", f"this is {message}")
