"""Query parameters, each declared once: how it is read, and how the OpenAPI document tells of it.

A resource reads its parameters with `declared.read(parameters)` and lists them for the document;
so what is told is what is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from hub.errors import BadRequest
from hub.model.period_pattern import INSTANT
from hub.rest.parameters import LARGEST, Parameters

T = TypeVar("T", covariant=True)

#: A JSON Schema (2020-12), or an object of the OpenAPI document.
JSON = Mapping[str, Any]
#: How a list is written: with commas, as one value.
_LISTED: JSON = {"style": "form", "explode": False}


@dataclass(frozen=True, slots=True)
class Declared(Generic[T]):
    """A query parameter.

    `read` takes its value from those of a request and raises BadRequest for one that `schema` does
    not allow; `spelling` is how the document says it is serialised, {} where it is one plain value.
    """

    name: str
    read: Callable[[Parameters], T]
    schema: JSON
    about: str
    example: Any
    spelling: JSON = field(default_factory=dict)


def whole(name: str, minimum: int, about: str, example: int) -> Declared[int | None]:
    """A whole number from a minimum upwards."""
    schema = {"type": "integer", "minimum": minimum, "maximum": LARGEST}
    return Declared(name, lambda given: given.integer(name, minimum), schema, about, example)


def flag(name: str, about: str) -> Declared[bool]:
    """True or false; false where it is not given."""
    schema = {"type": "boolean", "default": False}
    return Declared(name, lambda given: given.boolean(name), schema, about, True)


def instant(name: str, about: str, example: str) -> Declared[datetime | None]:
    """An instant; a year or a date is its first one."""
    schema = {"type": "string", "pattern": INSTANT}
    return Declared(name, lambda given: given.instant(name), schema, about, example)


def one_of(
    name: str, allowed: tuple[str, ...], default: str, about: str, example: str
) -> Declared[str]:
    """One of some words."""
    schema = {"type": "string", "enum": list(allowed), "default": default}
    return Declared(
        name, lambda given: given.choice(name, allowed, default), schema, about, example
    )


def some_of(
    name: str, allowed: tuple[str, ...], default: str, about: str, example: str
) -> Declared[tuple[str, ...]]:
    """Some of some words, with commas between them."""

    def read(parameters: Parameters) -> tuple[str, ...]:
        words = parameters.words(name) or (default,)
        for word in words:
            if word not in allowed:
                raise BadRequest(f"{name}={word} is not possible: use {', '.join(allowed)}")
        return words

    schema = {
        "type": "array",
        "items": {"type": "string", "enum": list(allowed)},
        "minItems": 1,
        "default": [default],
    }
    return Declared(name, read, schema, about, [example], _LISTED)


def spelt(name: str, pattern: str, advice: str, about: str, example: str) -> Declared[str | None]:
    """Text that matches a pattern; `advice` says what would be right where it does not."""
    known = re.compile(pattern.removeprefix("^").removesuffix("$"))

    def read(parameters: Parameters) -> str | None:
        value = parameters.text(name)
        if value is not None and not known.fullmatch(value):
            raise BadRequest(f"{name}={value}: {advice}")
        return value

    return Declared(name, read, {"type": "string", "pattern": pattern}, about, example)
