"""One pass over a document: it is well-formed JSON, and here are the pieces of a large object.

Nothing is decoded here. What is long is cut between members, so that neither a line nor an object
of any length has to be held.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count

import msgspec

from hub.errors import CorridorError, Invalid
from hub.formats.json.text import PIECE, JsonText

_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_SPACE = rb"[ \t\r\n]*+"
_NAME = re.compile(_STRING, re.DOTALL)
_HALF = re.compile(rb"\\u[dD][89abAB]..(?!\\u[dD][c-fC-F])", re.DOTALL)
#: Members of a series that is taken apart; the standard knows three.
_MOST_MEMBERS = 64
#: What holding anything costs, whatever its size.
_OVERHEAD = 64
_TRAILING = "trailing characters"
_CUT_OFF = "it ends too soon"
_TOO_LONG = "more bytes than are read as one"
_OFFSET = re.compile(r" \(byte (\d+)\)$")


@dataclass(frozen=True, slots=True)
class Span:
    """Whole members of an object: from which byte of the file to which (exclusive)."""

    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Nested:
    """A member whose value is an object too long for one piece."""

    name: str
    entries: tuple[Entry, ...]


Entry = Span | Nested


class Scanner:
    """Walks through a text; every method passes over what it is named after.

    `place` is the JSON pointer of what is passed over. All raise Invalid for what is no JSON, with
    line and column, and TooLarge beyond the limits. Pieces are of about `size` bytes.
    """

    def __init__(self, text: JsonText, size: int = PIECE) -> None:
        self._text = text
        self._size = size
        self._held = 0

    def names(self, place: str) -> Iterator[str]:
        """An object, name by name; whoever asks passes over each value."""
        text = self._text
        text.take(b"{", place)
        if text.peek() == b"}":
            text.take(b"}", place)
            return
        while True:
            name = self._name(place)
            self._hold(len(name), place)
            yield name
            if text.take(b",}", place) == b"}":
                return

    def items(self, place: str) -> Iterator[int]:
        """An array, item by item, numbered from 0; whoever asks passes over each."""
        text = self._text
        text.take(b"[", place)
        if text.peek() == b"]":
            text.take(b"]", place)
            return
        for number in count():
            yield number
            if text.take(b",]", place) == b"]":
                return

    def value(self, place: str) -> bytes:
        """A value of any kind, as it stands; all together within `structure_bytes`."""
        raw = self._whole(place, "structure_bytes", self._held)
        self._hold(len(raw), place)
        return raw

    def entries(self, place: str, levels: int = 0) -> tuple[Entry, ...]:
        """The pieces of an object; so many levels of objects in it may be long themselves.

        The last but one of these levels is always taken apart, member by member.
        """
        text = self._text
        text.take(b"{", place)
        if text.peek() == b"}":
            text.take(b"}", place)
            return ()
        pattern = _members(_depth_left(text, place) - 1)
        found: list[Entry] = []
        more = True
        while more:
            text.peek()
            text.fill(self._size)
            whole = pattern.match(text.window, text.at, text.at + self._size)
            piece = whole[0].rstrip() if whole and levels != 1 else b""
            if not piece:
                self._check_number(len(found), levels, place)
                found.append(self._long_member(place, levels))
                more = text.take(b",}", place) == b","
                continue
            self._check(b"{" + piece.removesuffix(b",") + b"}", place, shift=1)
            found.append(Span(text.offset, text.offset + len(piece)))
            text.at += len(piece)
            more = piece.endswith(b",") or text.take(b",}", place) == b","
        return tuple(found)

    def _hold(self, size: int, place: str) -> None:
        """Count what is kept until the whole text has been read, be it ever so short."""
        self._held += size + _OVERHEAD
        if self._held > self._text.limits.structure_bytes:
            raise self._text.limits.refuse("structure_bytes", self._where(place), _TOO_LONG)

    def _check_number(self, number: int, levels: int, place: str) -> None:
        if levels == 1 and number == _MOST_MEMBERS:
            message = f"more than {number} members of a series"
            raise self._text.refuse("json-form", message, place)

    def _where(self, place: str) -> str:
        return f"{self._text.where()}, at {place}"

    def _long_member(self, place: str, levels: int) -> Entry:
        """A member that does not fit into a piece, or is malformed."""
        text, start = self._text, self._text.offset
        name = self._name(place)
        inside = f"{place}/{escaped(name)}"
        if levels and text.peek() == b"{":
            return Nested(name, self.entries(inside, levels - 1))
        self._whole(inside, "record_bytes", text.offset - start)
        return Span(start, text.offset)

    def _name(self, place: str) -> str:
        """The name of a member and the colon after it."""
        text = self._text
        if text.peek() != b'"':
            raise text.malformed("expected the name of a member in quotes", place)
        raw = self._matched(_NAME, place, "text_bytes", 0)
        self._check(raw, place)
        text.at += len(raw)
        text.take(b":", place)
        name: str = msgspec.json.decode(raw)
        return name

    def _whole(self, place: str, limit: str, before: int) -> bytes:
        self._text.peek()
        raw = self._matched(_value(_depth_left(self._text, place)), place, limit, before)
        self._check(raw, place)
        self._text.at += len(raw)
        return raw

    def _matched(self, pattern: re.Pattern[bytes], place: str, limit: str, before: int) -> bytes:
        """What the pattern matches here, which with the bytes before it is within a limit."""
        text = self._text
        most = getattr(text.limits, limit) - before
        while (found := pattern.match(text.window, text.at)) is None:
            held = text.held
            if held > most:
                raise self._unmatched(place, limit)
            text.fill(min(2 * held + self._size, most + 1))
            if text.held == held:
                raise self._unmatched(place, None)
        raw: bytes = found[0]
        if len(raw) > most:
            raise text.limits.refuse(limit, self._where(place), _TOO_LONG)
        return raw

    def _unmatched(self, place: str, limit: str | None) -> CorridorError:
        """Why there is no whole value here: malformed, too deep, cut off or beyond a limit."""
        text = self._text
        try:
            msgspec.json.decode(text.window[text.at :], type=msgspec.Raw)
        except RecursionError:
            pass
        except msgspec.DecodeError as error:
            if _TRAILING not in str(error):
                if limit is None or _OFFSET.search(str(error)):
                    return self._malformed(error, text.window[text.at :], place)
                return text.limits.refuse(limit, self._where(place), _TOO_LONG)
        return text.limits.refuse("depth", self._where(place), "values nested deeper")

    def _check(self, raw: bytes, place: str, shift: int = 0) -> None:
        """Check what is whole, but for so many bytes not of the text, for being well-formed."""
        try:
            msgspec.json.decode(raw, type=msgspec.Raw)
        except msgspec.DecodeError as error:
            raise self._malformed(error, raw, place, shift) from None

    def _malformed(
        self, error: msgspec.DecodeError, raw: bytes, place: str, shift: int = 0
    ) -> Invalid:
        offset, half = _OFFSET.search(str(error)), _HALF.search(raw)
        if offset is not None:
            message, ahead = str(error)[: offset.start()], int(offset[1])
        elif half is not None:  # msgspec looks for the other half and finds the end
            message, ahead = "half of a surrogate pair", half.start()
        else:
            message, ahead = _CUT_OFF, len(raw)
        return self._text.malformed(message, place, ahead - shift)


def escaped(name: str) -> str:
    """A name as a step of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def _depth_left(text: JsonText, place: str) -> int:
    return max(text.limits.depth - place.count("/"), 1)


@cache
def _inner(depth: int) -> bytes:
    """Matches what is in arrays and objects of so many levels; one pass, no backtracking."""
    inner = rb'(?:[^\[\]{}"]++|' + _STRING + rb")*+"
    for _ in range(depth - 1):
        inner = rb'(?:[^\[\]{}"]++|' + _STRING + rb"|[\[{]" + inner + rb"[\]}])*+"
    return inner


@cache
def _value(depth: int) -> re.Pattern[bytes]:
    """Matches one value."""
    return re.compile(_any(depth), re.DOTALL)


@cache
def _members(depth: int) -> re.Pattern[bytes]:
    """Matches whole members of an object, as many as there are."""
    name = _SPACE + _STRING + _SPACE + rb":" + _SPACE
    return re.compile(rb"(?:" + name + _any(depth) + _SPACE + rb"(?:,|(?=})))*+", re.DOTALL)


def _any(depth: int) -> bytes:
    bare = rb'[^\[\]{}",:\s]++(?=[\s,\]}])'
    return rb"(?:[\[{]" + _inner(depth) + rb"[\]}]|" + _STRING + rb"|" + bare + rb")"
