"""What the data sets of a message may hold: keys by their length, arrays position by position.

A JSON Schema cannot follow an index into the lists of a message. So positions are typed where a
structure of the message names every component in its order, as this node writes them; keys are
always checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hub.formats.schema.form import Usage
from hub.formats.schema.jsonschema.levels import Levels
from hub.formats.schema.jsonschema.values import Values
from hub.formats.schema.places import Places
from hub.model import Column, Group

Json = dict[str, Any]

_LIST: Json = {"type": "array"}
_NULL: Json = {"type": "null"}


class DataSets:
    """The schemas of the data sets of one structure."""

    def __init__(self, places: Places, levels: Levels, values: Values) -> None:
        self._places, self._levels, self._values = places, levels, values

    def keyed(self) -> Json:
        """A data set whose keys are as long as the structure makes them."""
        places = self._places
        every = [*places.key, *places.observation]
        groups = {"type": "object", "patternProperties": {_key(every, blank=every): _LIST}}
        properties: Json = {
            "attributes": _LIST,
            "dimensionGroupAttributes": groups | {"additionalProperties": False},
        }
        if places.is_flat:
            properties["observations"] = self._by_key(places.observation, _LIST)
            return self._without("series", properties)
        series = {"observations": self._by_key(places.observation, _LIST), "attributes": _LIST}
        inner = {"type": "object", "properties": series}
        properties["series"] = self._by_key(places.key, inner)
        return self._without("observations", properties)

    def typed(self) -> Json:
        """A data set of a structure that names every component in its order."""
        places, at = self._places, self._levels.attributes
        observation = self._array([*places.schema.measures, *at["observation"]])
        observations = {"additionalProperties": observation}
        properties: Json = {"dimensionGroupAttributes": self._groups()}
        properties["attributes"] = self._array(at["dataSet"])
        if places.is_flat:
            properties["observations"] = observations
        else:
            inner = {"attributes": self._array(at["series"]), "observations": observations}
            series = {"properties": inner, **self._needing("attributes", at["series"])}
            properties["series"] = {"additionalProperties": series}
        return {"properties": properties, **self._needing("attributes", at["dataSet"])}

    def _without(self, name: str, properties: Json) -> Json:
        return {"type": "object", "properties": properties, "not": {"required": [name]}}

    def _by_key(self, columns: Sequence[Column], content: Json) -> Json:
        blank = columns if self._places.usage is Usage.DELETION else ()
        pattern = _key(columns, blank=blank)
        return {
            "type": "object",
            "patternProperties": {pattern: content},
            "additionalProperties": False,
        }

    def _array(self, columns: Sequence[Column], outside: Sequence[Column] = ()) -> Json:
        """An array with a position for each component; absent ones at its end may be cut off."""
        requires = [self._requires(c) and c not in outside for c in columns]
        least = max((n + 1 for n, needed in enumerate(requires) if needed), default=0)
        items = [
            _NULL if column in outside else self._values.held(column, needed)
            for column, needed in zip(columns, requires, strict=True)
        ]
        return {"type": "array", "minItems": least, **({"items": items} if items else {})}

    def _groups(self) -> Json:
        """The attributes of groups, under keys that tell which group it is."""
        grouped = self._levels.attributes["dimensionGroup"]
        every = [*self._places.key, *self._places.observation]
        patterns: Json = {}
        for group in self._levels.groups:
            outside = [column for column in grouped if column.group != group.id]
            pattern = _key(every, blank=_outside(every, group), only_blank=True)
            patterns[pattern] = self._array(grouped, outside)
        return {"patternProperties": patterns, "additionalProperties": False}

    def _needing(self, name: str, columns: Sequence[Column]) -> Json:
        return {"required": [name]} if any(map(self._requires, columns)) else {}

    def _requires(self, column: Column) -> bool:
        return self._places.requires(column)


def _outside(columns: Sequence[Column], group: Group) -> list[Column]:
    return [column for column in columns if column.id not in group.dimensions]


def _key(
    columns: Sequence[Column], blank: Sequence[Column] = (), *, only_blank: bool = False
) -> str:
    """A pattern of keys: an index for each dimension; `blank` may be (or are) left empty."""
    left_out = {column.id for column in blank}
    empty = "~?" if only_blank else "([0-9]+|~)?"
    parts = (empty if column.id in left_out else "[0-9]+" for column in columns)
    return f"^{':'.join(parts)}$"
