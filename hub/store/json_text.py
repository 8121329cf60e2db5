"""Values as the JSON texts of columns of the catalogue: there are thousands in a harvest."""

from __future__ import annotations

import json
from typing import Any

import msgspec


def as_json(value: Any) -> str:
    """A value as JSON text; where a text in it cannot be UTF-8, all but ASCII is escaped."""
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        return json.dumps(value)


def from_json(text: str) -> Any:
    """The value of a JSON text; what strict JSON does not know, as half a character, as well."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return json.loads(text)
