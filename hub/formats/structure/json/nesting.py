"""Objects in SDMX-JSON: their tables of members, and the values they make.

An object of a message is described by one `Object`: the value it makes and its members.
"""

# ruff: noqa: D102 - what an overridden method does is said in the base class
from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from hub.formats.structure.fault import Fault
from hub.formats.structure.json.fields import Context, Found, Json, Member, array, under, wanted
from hub.formats.structure.languages import Languages

#: Properties of anything that carry nothing the node keeps.
LINKS = frozenset({"links", "urn", "uri"})


class Table:
    """The members of an object; properties that begin with `x-` are extensions, and ignored."""

    def __init__(self, members: Sequence[Member], ignored: Collection[str] = ()) -> None:
        self.members = tuple(members)
        keys = {key for member in members for key in member.keys}
        self.known = LINKS.union(keys, ignored)

    def read(self, given: Any, found: Found, context: Context) -> None:
        """Read the members of an object; raises Fault for a property that is not known."""
        wanted(given, dict, "an object")
        for key in given:
            if key not in self.known and not key.startswith("x-"):
                raise Fault(f"{key} is not known here", is_unknown=True).under(key)
        for member in self.members:
            member.read(given, found, context)
        for member in self.members:
            member.finish(found)


class Nested(Member):
    """An object that groups members of the same value; it is written where it is not empty.

    `fixed` properties go in with the others.
    """

    def __init__(
        self,
        key: str,
        members: Sequence[Member],
        *,
        fixed: Mapping[str, Any] | None = None,
        ignored: Collection[str] = (),
    ) -> None:
        self.key, self.keys = key, (key,)
        self.fixed = dict(fixed or {})
        self.table = Table(members, {*ignored, *self.fixed})

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        inner: Json = {}
        for member in self.table.members:
            member.write(value, inner, languages)
        if inner:
            into[self.key] = self.fixed | inner

    def read(self, given: Json, found: Found, context: Context) -> None:
        if given.get(self.key) is not None:
            with under(self.key):
                self.table.read(given[self.key], found, context)


class Object:
    """An object and the value it stands for.

    `to_wire` and `from_wire` change the value just before it is written and after it was read.
    `ignored` are properties that carry nothing the node keeps. Without `has_stubs` it is always
    written in full.
    """

    def __init__(
        self,
        make: Callable[..., Any],
        members: Sequence[Member],
        *,
        ignored: Collection[str] = (),
        to_wire: Callable[[Any], Any] | None = None,
        from_wire: Callable[[Any], Any] | None = None,
        has_stubs: bool = True,
    ) -> None:
        self.make, self.has_stubs = make, has_stubs
        self.table = Table(members, ignored)
        self.to_wire, self.from_wire = to_wire, from_wire

    def fill(self, members: Sequence[Member], ignored: Collection[str] = ()) -> None:
        """Give it its members, where one of them holds objects such as this."""
        self.table = Table(members, ignored)

    def write(
        self,
        value: Any,
        languages: Languages,
        only: Callable[[Member], bool] | None = None,
    ) -> Json:
        """Write a value; `only` chooses the members of a stub."""
        if self.to_wire is not None:
            value = self.to_wire(value)
        into: Json = {}
        for member in self.table.members:
            if only is None or only(member):
                member.write(value, into, languages)
        return into

    def read(self, given: Any, context: Context) -> Any:
        """Read a value; raises Fault."""
        found: Found = {}
        self.table.read(given, found, context)
        made = {name: tuple(v) if type(v) is list else v for name, v in found.items()}
        value = self.make(**made)
        return self.from_wire(value) if self.from_wire is not None else value


class Many(Member):
    """A tuple of values as an array; `fits` chooses the values that belong in it."""

    def __init__(
        self, name: str, key: str, part: Object, fits: Callable[[Any], bool] | None = None
    ) -> None:
        self.name, self.key, self.keys = name, key, (key,)
        self.part, self.fits = part, fits

    def chosen(self, value: Any) -> list[Any]:
        """The values that belong in the array."""
        parts = getattr(value, self.name)
        return [part for part in parts if self.fits is None or self.fits(part)]

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        parts = self.chosen(value)
        if parts:
            into[self.key] = [self.part.write(part, languages) for part in parts]

    def read(self, given: Json, found: Found, context: Context) -> None:
        parts = array(given, self.key)
        if parts:
            into = found.setdefault(self.name, [])
        for index, part in enumerate(parts):
            try:
                into.append(self.part.read(part, context))
            except Fault as fault:
                raise fault.under(self.key, index) from None


class Single(Many):
    """The only value of a tuple that belongs here, as an object."""

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        for part in self.chosen(value)[:1]:
            into[self.key] = self.part.write(part, languages)

    def read(self, given: Json, found: Found, context: Context) -> None:
        if given.get(self.key) is not None:
            with under(self.key):
                part = self.part.read(given[self.key], context)
            found.setdefault(self.name, []).append(part)


class One(Member):
    """A value of its own as an object, or None; missing where `required` is a fault."""

    def __init__(self, name: str, key: str, part: Object, *, required: bool = False) -> None:
        self.name, self.key, self.keys = name, key, (key,)
        self.part, self.required = part, required

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        part = getattr(value, self.name)
        if part is not None:
            into[self.key] = self.part.write(part, languages)

    def read(self, given: Json, found: Found, context: Context) -> None:
        if given.get(self.key) is not None:
            with under(self.key):
                found[self.name] = self.part.read(given[self.key], context)

    def finish(self, found: Found) -> None:
        if self.required and self.name not in found:
            raise Fault(f"{self.key} is missing")
