"""What each format asks of a text before it may stand in a message, for whole arrays.

Arrays are usually dictionaries: each distinct value is looked at once, not once a row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

_XML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
#: A parser turns these into spaces unless they are written as references (XML 1.0, 3.3.3).
_XML_SPACES = {"\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
#: Characters that XML 1.0 (2.2) has no way to write.
_NOT_XML = "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x{fffe}\\x{ffff}]"
_JSON = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_TEXT = pa.large_string()
_NOTHING = pa.scalar("", _TEXT)
_JOINED = pc.JoinOptions()
_JSON_CONTROLS = {chr(code): f"\\u{code:04x}" for code in range(32) if chr(code) not in _JSON}


def xml_attribute(values: pa.Array) -> pa.Array:
    """Escape for an XML attribute value.

    Characters that XML cannot hold become U+FFFD: a message cannot be broken off half-way for one
    character, and checking what comes in is not the writer's task.
    """
    if not _any(values, '[&<>"\\x00-\\x1f\\x{fffe}\\x{ffff}]'):
        return values
    values = pc.replace_substring_regex(values, pattern=_NOT_XML, replacement="\ufffd")
    return _replaced(values, _XML | _XML_SPACES)


def xml_text(values: pa.Array) -> pa.Array:
    """Escape for the content of an XML element; forbidden characters as in attributes."""
    if not _any(values, "[&<>\\x00-\\x1f\\x{fffe}\\x{ffff}]"):
        return values
    values = pc.replace_substring_regex(values, pattern=_NOT_XML, replacement="\ufffd")
    return _replaced(values, {mark: _XML[mark] for mark in "&<>"} | {"\r": "&#13;"})


def json_text(values: pa.Array) -> pa.Array:
    """Escape for the inside of a JSON string (RFC 8259, 7)."""
    if not _any(values, '["\\\\\\x00-\\x1f]'):
        return values
    values = _replaced(values, _JSON)
    return _replaced(values, _JSON_CONTROLS) if _any(values, "[\\x00-\\x1f]") else values


def json_string(values: pa.Array) -> pa.Array:
    """Write as JSON strings."""
    return concat('"', json_text(values), '"')


def csv_field(values: pa.Array) -> pa.Array:
    """Quote where a comma, a quote or a line end asks for it (RFC 4180, 2.6); nothing else.

    A leading `=` stays as it is: a file is data, not a spreadsheet.
    """
    return _quoted(values, '[",\\r\\n]')


def csv_subfield(values: pa.Array) -> pa.Array:
    """Quote one of several values of a field, where it holds the separator `;` or a quote."""
    return _quoted(values, '[";]')


def encoded(encode: Callable[[pa.Array], pa.Array], text: str) -> str | None:
    """One text as an encoding for arrays has it; what the encodings of this module gave is kept."""
    if encode in _KEPT and len(text) < _KEPT_LENGTH:
        return _encoded(encode, text)
    return _encode(encode, text)


def _encode(encode: Callable[[pa.Array], pa.Array], text: str) -> str | None:
    found: str | None = encode(pa.array([text], _TEXT))[0].as_py()
    return found


_encoded = lru_cache(10_000)(_encode)
_KEPT = (csv_field, xml_attribute, xml_text, json_string)
_KEPT_LENGTH = 200


def concat(*parts: pa.Array | pa.Scalar | str) -> pa.Array:
    """Join arrays and constant texts element by element; null stays null."""
    given = [
        pa.scalar(part, _TEXT) if isinstance(part, str) else part
        for part in parts
        if not isinstance(part, str) or part
    ]
    return pc.call_function("binary_join_element_wise", [*given, _NOTHING], _JOINED)


def _quoted(values: pa.Array, pattern: str) -> pa.Array:
    marked = pc.match_substring_regex(values, pattern=pattern)
    if not pc.any(marked).as_py():
        return values
    quoted = concat('"', pc.replace_substring(values, pattern='"', replacement='""'), '"')
    return pc.if_else(marked, quoted, values)


def _any(values: pa.Array, pattern: str) -> bool:
    return bool(pc.any(pc.match_substring_regex(values, pattern=pattern)).as_py())


def _replaced(values: pa.Array, marks: Mapping[str, str]) -> pa.Array:
    for mark, replacement in marks.items():
        values = pc.replace_substring(values, pattern=mark, replacement=replacement)
    return values
