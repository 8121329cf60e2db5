"""What stands in the files of `dsd/maps`, as values: how data of other services becomes shared.

There is a file for each publisher, with maps of values and maps of structures.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from dsd.entry import Entry, Names, Version

#: A source value, or a pattern of some, and its targets.
Row = tuple[str, ...]
#: What a target is that has no code list.
TEXT = "text"


class DropEntry(Entry, frozen=True, kw_only=True):
    """Values that have no target, and why; `patterns` are regular expressions for all of a text.

    With `until` that holds for periods that begin until that day, later ones are mapped.
    """

    because: str
    codes: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    until: Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None = None


class ValuesEntry(Entry, frozen=True, kw_only=True):
    r"""A map of values to codes of the shared lists `to`, or to `text`, one for each target.

    `rows` are a source value and its targets, `patterns` the same with a regular expression for
    all of the value, whose groups the targets may name (`\1`). `spellings` are shared maps of
    areas that are read in the other direction, `names` adds the English names of the target list.
    What is not named is refused, or dropped and told: `others`.
    """

    version: Version = "1.0.0"
    name: Names
    description: str
    to: Annotated[tuple[str, ...], Meta(min_length=1)]
    others: Literal["refuse", "drop"] = "refuse"
    spellings: tuple[str, ...] = ()
    names: bool = False
    rows: tuple[Row, ...] = ()
    patterns: tuple[Row, ...] = ()
    drop: tuple[DropEntry, ...] = ()


class ComponentEntry(Entry, frozen=True, kw_only=True):
    """Components of the target that come from one of the source, through a map or as they are."""

    to: Annotated[tuple[str, ...], Meta(min_length=1)]
    source: str
    values: str | None = None


class OnlyEntry(Entry, frozen=True, kw_only=True):
    """The values of a source component that a map is about, and why not the others.

    The first one is what a service is asked for, the others are other spellings of it.
    """

    values: Annotated[tuple[str, ...], Meta(min_length=1)]
    because: str


class ApartEntry(Entry, frozen=True, kw_only=True):
    """Two components of the target that must differ, and why."""

    components: tuple[str, str]
    because: str


class StructureEntry(Entry, frozen=True, kw_only=True):
    """A map from a dataflow of another agency (`source`, with `key` its dimensions in order).

    `target` is a shared dataflow; `tested_by` names the recorded message that was read through the
    map, or is empty.
    """

    version: Version = "1.0.0"
    name: Names
    description: str
    source: str
    key: tuple[str, ...]
    target: str
    tested_by: str = ""
    components: tuple[ComponentEntry, ...]
    constants: dict[str, str] = field(default_factory=dict)
    only: dict[str, OnlyEntry] = field(default_factory=dict)
    apart: tuple[ApartEntry, ...] = ()


class MapFile(Entry, frozen=True, kw_only=True):
    """The maps of a publisher, by their id."""

    values: dict[str, ValuesEntry] = field(default_factory=dict)
    structures: dict[str, StructureEntry] = field(default_factory=dict)
