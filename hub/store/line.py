"""Lines: of a slice from a source, the version readers have, and those that are to follow it.

Each was made against the one before. What is new takes its place by when it becomes visible.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hub.model import SliceVersion

#: A slice and a source.
Key = tuple[str, str]
#: Versions in the order in which readers get to see them.
Line = tuple[SliceVersion, ...]
Lines = Mapping[Key, Line]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something that becomes visible at an instant stands in the lines of a flow.

    `base` is by (slice, source) what it is made against, `later` what is to follow it.
    """

    base: Mapping[Key, SliceVersion]
    later: Mapping[Key, Line]

    def ids(self, key: Key) -> tuple[int | None, tuple[int, ...]]:
        """What tells that a line is as it was: the ids of the base, and of what follows."""
        base = self.base.get(key)
        later = tuple(version.id for version in self.later.get(key, ()))
        return (None if base is None else base.id), later


def place_at(lines: Lines, visible: datetime) -> Place:
    """Cut the lines of a flow at an instant."""
    base: dict[Key, SliceVersion] = {}
    later: dict[Key, Line] = {}
    for key, line in lines.items():
        before = [version for version in line if version.visible_from <= visible]
        if before:
            base[key] = before[-1]
        if len(before) < len(line):
            later[key] = line[len(before) :]
    return Place(base, later)
