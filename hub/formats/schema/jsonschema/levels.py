"""At which level of an SDMX-JSON message each attribute stands, as it stands there."""

from __future__ import annotations

from dataclasses import dataclass

from hub.formats.schema.places import Places
from hub.model import Attachment, Column, Group

#: The levels of attributes, from above.
LEVELS = ("dataSet", "dimensionGroup", "series", "observation")


@dataclass(frozen=True, slots=True)
class Levels:
    """The attributes by level; the groups are those that a key of a message can tell apart."""

    attributes: dict[str, tuple[Column, ...]]
    groups: tuple[Group, ...]

    def allowed(self, level: str) -> tuple[Column, ...]:
        """The attributes that may stand at a level: its own and those of levels above it.

        A value may be told further down than it is attached, never further up.
        """
        above = LEVELS[: LEVELS.index(level) + 1]
        return tuple(c for name in above for c in self.attributes[name])


def levels_of(places: Places) -> Levels:
    """Lay the attributes of a structure out.

    Keys tell groups by their dimensions, so of groups with the same ones only the first has a
    place; the attributes of others stand at the series, or at the observation.
    """
    groups: dict[frozenset[str], Group] = {}
    for group in places.groups:
        if places.group_attributes(group):
            groups.setdefault(frozenset(group.dimensions), group)
    grouped = tuple(c for group in groups.values() for c in places.group_attributes(group))
    above = {c.id for c in (*places.dataset_attributes, *grouped)}
    series = {c.id for c in places.series_attributes} | {
        c.id
        for c in places.schema.attributes
        if c.attachment is Attachment.GROUP and places.key and places.at not in c.dimensions
    }
    left = [c for c in places.schema.attributes if c.id not in above]
    attributes = {
        "dataSet": places.dataset_attributes,
        "dimensionGroup": grouped,
        "series": tuple(c for c in left if c.id in series),
        "observation": tuple(c for c in left if c.id not in series),
    }
    return Levels(attributes, tuple(groups.values()))
