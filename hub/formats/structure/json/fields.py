"""The members of objects in SDMX-JSON that hold text, numbers and references.

Every member both writes its part of the object and reads it back.
"""

# ruff: noqa: D102 - what an overridden method does is said in the base class
from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from hub.formats.structure.facets import UNBOUNDED, parse_maximum
from hub.formats.structure.fault import Fault
from hub.formats.structure.languages import Languages
from hub.formats.structure.references import parse_any_urn, parse_reference_urn, urn_of
from hub.model import ArtefactClass, InternationalString

Json = dict[str, Any]
Found = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Context:
    """What a reader knows of the whole message: the language of texts that name none."""

    language: str = "en"


@contextmanager
def under(*keys: str | int) -> Iterator[None]:
    """Note where a fault was met."""
    try:
        yield
    except Fault as fault:
        fault.under(*keys)
        raise


def wanted(given: Any, kind: type, name: str, *keys: str | int) -> Any:
    """Return a value that must be of a JSON type; raises Fault, at `keys` from here."""
    if not isinstance(given, kind) or (isinstance(given, bool) and kind is not bool):
        raise Fault(f"{name} is wanted here, not {_JSON_NAMES[type(given)]}").under(*keys)
    return given


_JSON_NAMES = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "an array",
    dict: "an object",
    type(None): "null",
}


class Member:
    """One part of an object.

    `keys` are the properties it reads. What it reads goes into `found` under the name of the
    attribute of the value; lists become tuples when the value is made.
    """

    keys: tuple[str, ...] = ()
    in_stubs = False

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        """Write the properties."""

    def read(self, given: Json, found: Found, context: Context) -> None:
        """Read the properties that are there; raises Fault."""

    def finish(self, found: Found) -> None:
        """Raise Fault where something mandatory was not found."""


class Plain(Member):
    """A property that holds text, a number or a boolean; `implied` is not written.

    Text must match `pattern`; missing or empty where `required` is a fault.
    """

    def __init__(
        self,
        name: str,
        key: str,
        kind: type = str,
        *,
        required: bool = False,
        default: Any = None,
        implied: Any = None,
        in_stubs: bool = False,
        pattern: str | None = None,
    ) -> None:
        self.name, self.key, self.kind, self.keys = name, key, kind, (key,)
        self.pattern = re.compile(pattern) if pattern is not None else None
        self.required, self.default, self.implied = required, default, implied
        self.in_stubs = in_stubs

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        plain = getattr(value, self.name, None)
        if plain is not None and plain != self.implied:
            into[self.key] = plain

    def read(self, given: Json, found: Found, context: Context) -> None:
        plain = given.get(self.key, self.default)
        if plain is not None:
            found[self.name] = wanted(plain, self.kind, _JSON_NAMES[self.kind], self.key)
            if self.pattern is not None and not self.pattern.fullmatch(plain):
                message = f"'{plain[:40]}' does not match {self.pattern.pattern}"
                raise Fault(message).under(self.key)

    def finish(self, found: Found) -> None:
        if self.required and found.get(self.name) in (None, ""):
            raise Fault(f"{self.key} is missing")


class Choice(Member):
    """A value out of a few, with the text that stands for each."""

    in_stubs = True

    def __init__(
        self, name: str, key: str, texts: Mapping[str, Any], *, default: str | None = None
    ) -> None:
        self.name, self.key, self.keys, self.default = name, key, (key,), default
        self.texts = texts
        self.spelling = {value: text for text, value in texts.items()}

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        chosen = getattr(value, self.name)
        if chosen is not None:
            into[self.key] = self.spelling[chosen]

    def read(self, given: Json, found: Found, context: Context) -> None:
        text = given.get(self.key, self.default)
        if text is None:
            return
        if wanted(text, str, "text", self.key) not in self.texts:
            raise Fault(f"'{text[:40]}' is not one of {', '.join(self.texts)}").under(self.key)
        found[self.name] = self.texts[text]


class Flag(Member):
    """A boolean that is true where there is an object, empty by rule."""

    def __init__(self, name: str, key: str) -> None:
        self.name, self.key, self.keys = name, key, (key,)

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        if getattr(value, self.name):
            into[self.key] = {}

    def read(self, given: Json, found: Found, context: Context) -> None:
        found[self.name] = given.get(self.key) is not None


class Computed(Member):
    """A property made from the value and never read."""

    in_stubs = True

    def __init__(self, key: str, make: Callable[[Any], Any]) -> None:
        self.key, self.keys, self.make = key, (key,), make

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        made = self.make(value)
        if made is not None:
            into[self.key] = made


class Texts(Member):
    """A text in several languages: the best match, and all of them by their tag."""

    def __init__(
        self,
        name: str,
        key: str,
        *,
        in_stubs: bool = False,
        fallback: Callable[[Any], str] | None = None,
        required: bool = False,
    ) -> None:
        self.name, self.key, self.fallback = name, key, fallback
        self.keys = (key, f"{key}s")
        self.in_stubs, self.required = in_stubs, required

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        text: InternationalString = getattr(value, self.name)
        if text:
            into[self.key] = languages.best(text)
            into[self.keys[1]] = dict(languages.choose(text))
        elif self.fallback is not None:
            into[self.key] = self.fallback(value)

    def read(self, given: Json, found: Found, context: Context) -> None:
        best, every = given.get(self.key), given.get(self.keys[1])
        texts: Json = {}
        if best is not None:
            texts = {context.language: wanted(best, str, "text", self.key)}
        if every is not None:
            texts = wanted(every, dict, "an object", self.keys[1])
            for language, words in texts.items():
                wanted(words, str, "text", self.keys[1], language)
        if texts:
            pairs = tuple((language, words) for language, words in texts.items() if words)
            found[self.name] = InternationalString(pairs)

    def finish(self, found: Found) -> None:
        if self.required and self.name not in found:
            raise Fault(f"{self.key} is missing")


class Words(Member):
    """A tuple of texts; none at all is a fault where `required`."""

    def __init__(self, name: str, key: str, *, required: bool = False) -> None:
        self.name, self.key, self.keys, self.required = name, key, (key,), required

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        words = getattr(value, self.name)
        if words:
            into[self.key] = list(words)

    def read(self, given: Json, found: Found, context: Context) -> None:
        for index, word in enumerate(array(given, self.key)):
            found.setdefault(self.name, []).append(wanted(word, str, "text", self.key, index))

    def finish(self, found: Found) -> None:
        if self.required and self.name not in found:
            raise Fault(f"{self.key} is missing or empty")


def array(given: Json, key: str) -> list[Any]:
    """Return an array that may be missing; raises Fault where it is something else."""
    found = given.get(key)
    return [] if found is None else list(wanted(found, list, "an array", key))


class Refers(Member):
    """A property that refers, by URN, to an artefact of one of some classes, or to an item."""

    def __init__(
        self,
        name: str,
        key: str,
        *classes: ArtefactClass,
        to_item: bool = False,
        many: bool = False,
        required: bool = False,
    ) -> None:
        self.name, self.key, self.keys = name, key, (key,)
        self.classes, self.to_item = classes, to_item
        self.many, self.required = many, required

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        referred = getattr(value, self.name)
        if self.many and referred:
            into[self.key] = [urn_of(reference) for reference in referred]
        elif referred and not self.many:
            into[self.key] = urn_of(referred)

    def read(self, given: Json, found: Found, context: Context) -> None:
        if self.many:
            for index, urn in enumerate(array(given, self.key)):
                with under(self.key, index):
                    found.setdefault(self.name, []).append(self._parse(urn))
        elif given.get(self.key) is not None:
            with under(self.key):
                found[self.name] = self._parse(given[self.key])

    def _parse(self, urn: Any) -> Any:
        return parse_reference_urn(wanted(urn, str, "a URN"), self.classes, is_item=self.to_item)

    def finish(self, found: Found) -> None:
        if self.required and self.name not in found:
            raise Fault(f"{self.key} is missing")


class RefersToAny(Member):
    """A property that refers, by URN, to an object of any class."""

    def __init__(
        self, name: str, key: str, *, required: bool = False, is_model_21: bool = False
    ) -> None:
        self.name, self.key, self.keys, self.required = name, key, (key,), required
        self.is_model_21 = is_model_21

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        reference = getattr(value, self.name)
        if reference is not None:
            into[self.key] = urn_of(reference, is_model_21=self.is_model_21)

    def read(self, given: Json, found: Found, context: Context) -> None:
        if given.get(self.key) is not None:
            with under(self.key):
                found[self.name] = parse_any_urn(wanted(given[self.key], str, "a URN"))

    def finish(self, found: Found) -> None:
        if self.required and self.name not in found:
            raise Fault(f"{self.key} is missing")


class Occurrences(Member):
    """A number of occurrences, None for any number."""

    def __init__(self, name: str, key: str) -> None:
        self.name, self.key, self.keys = name, key, (key,)

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        number = getattr(value, self.name)
        into[self.key] = UNBOUNDED if number is None else number

    def read(self, given: Json, found: Found, context: Context) -> None:
        number = given.get(self.key)
        if number is not None:
            if number != UNBOUNDED:
                wanted(number, int, "a whole number", self.key)
            found[self.name] = parse_maximum(number)
