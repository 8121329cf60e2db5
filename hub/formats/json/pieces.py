"""A large JSON object taken member by member, some thousands at a time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from hub.errors import TooLarge
from hub.formats.json.document import refuse

#: Bytes decoded at a time; a member that is longer is decoded as a whole.
PIECE = 1 << 19
#: Members hold arrays and objects nested as deep as this: an observation, its lists, their texts.
DEPTH = 8

Members = list[tuple[str, Any]]


def _pattern(depth: int) -> bytes:
    """Matches whole members of an object, as many as there are; one pass, no backtracking."""
    string = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
    inner = rb'(?:[^\[\]{}"]++|' + string + rb")*+"
    for _ in range(depth - 1):
        inner = rb'(?:[^\[\]{}"]++|' + string + rb"|[\[{]" + inner + rb"[\]}])*+"
    value = rb"(?:[\[{]" + inner + rb"[\]}]|" + string + rb'|[^\[\]{}",\s]++)'
    space = rb"[ \t\r\n]*+"
    name = space + string + space + rb":" + space
    return rb"(?:" + name + value + space + rb"(?:,|(?=})))*+" + space


_MEMBERS = re.compile(_pattern(DEPTH), re.DOTALL)


def members(text: memoryview, file: str, size: int = PIECE) -> Iterator[Members]:
    """Decode an object piece by piece, its members in order, also those with equal names.

    The text is well-formed JSON. Objects in it become tuples of (name, value), arrays lists;
    numbers with a fraction or exponent stay texts. `size` is that of a piece in bytes. Raises
    TooLarge for what is nested too deep, Invalid as `decode` does.
    """
    start, end = 1, len(text)
    window = size
    while start < end:
        found = _MEMBERS.match(text, start, min(start + window, end))
        stop = start if found is None else found.end()
        piece = bytes(text[start:stop]).rstrip(b", \t\r\n")
        if piece:
            yield list(decode(b"{" + piece + b"}", file))
            start, window = stop, size
        elif bytes(text[stop : stop + 1]) == b"}":
            return
        elif start + window >= end:
            raise TooLarge(f"{file}: values nested deeper than any of SDMX-JSON")
        else:
            window *= 2


def decode(text: bytes, file: str) -> Any:
    """Decode well-formed JSON; objects become tuples of pairs, see `members`.

    Raises TooLarge for what is nested without end, Invalid for numbers of thousands of digits.
    """
    try:
        return json.loads(text, parse_float=str, object_pairs_hook=tuple)
    except RecursionError:
        raise TooLarge(f"{file}: values nested deeper than any of SDMX-JSON") from None
    except ValueError as error:
        raise refuse(file, "json-number", f"a number that cannot be read: {error}") from None
