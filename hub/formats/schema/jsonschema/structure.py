"""What the `structures` of a message may say: the components, and the values they list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hub.formats.schema.form import Usage
from hub.formats.schema.jsonschema.levels import LEVELS, Levels
from hub.formats.schema.places import Places
from hub.model import Column

Json = dict[str, Any]


def structure_schema(places: Places, levels: Levels) -> Json:
    """The schema of the description of the structure, whichever of its components it names."""
    found: Json = {
        "type": "object",
        "required": ["links", "dimensions"],
        "properties": {
            "links": {"contains": _with("urn", places.schema.context.urn)},
            "dimensions": _dimensions(places),
            "measures": {
                "properties": {"observation": _any_of(places.schema.measures)},
            },
            "attributes": {
                "properties": {level: _any_of(levels.allowed(level)) for level in LEVELS},
                "additionalProperties": False,
            },
        },
    }
    needed = [*_needed_measures(places), *_needed_attributes(places)]
    return found | {"allOf": needed} if needed else found


def whole_structure_schema(places: Places, levels: Levels) -> Json:
    """True of a description that names every component, in the order of the structure."""
    attributes = {level: _exactly(levels.attributes[level]) for level in LEVELS}
    return {
        "required": ["measures", "attributes"],
        "properties": {
            "measures": {
                "required": ["observation"],
                "properties": {"observation": _exactly(places.schema.measures)},
            },
            "attributes": {
                "required": [level for level in LEVELS if levels.attributes[level]],
                "properties": attributes,
            },
        },
    }


def _dimensions(places: Places) -> Json:
    return {
        "type": "object",
        "properties": {
            "dataSet": {"maxItems": 0},
            "series": _in_order(places, places.key),
            "observation": _in_order(places, places.observation),
        },
    }


def _in_order(places: Places, columns: Sequence[Column]) -> Json:
    """All of some dimensions in their order, or none: no observations, no dimensions.

    What deletes may leave dimensions out.
    """
    if not columns:
        return {"type": "array", "maxItems": 0}
    positions = [column.id for column in places.schema.dimensions]
    described = [
        _component(column) | {"required": ["id", "values"]} | {"title": column.id}
        for column in columns
    ]
    for column, one in zip(columns, described, strict=True):
        one["properties"]["keyPosition"] = {"const": positions.index(column.id)}
    if places.usage is Usage.DELETION:
        return {"type": "array", "items": {"anyOf": described}}
    whole = {"minItems": len(columns), "items": described, "additionalItems": False}
    return {"type": "array", "anyOf": [{"maxItems": 0}, whole]}


def _component(column: Column) -> Json:
    values = {"items": {"$ref": f"#/definitions/{column.id}"}}
    return {"properties": {"id": {"const": column.id}, "values": values}, "required": ["id"]}


def _any_of(columns: Sequence[Column]) -> Json:
    if not columns:
        return {"type": "array", "maxItems": 0}
    return {"type": "array", "items": {"anyOf": [_component(column) for column in columns]}}


def _exactly(columns: Sequence[Column]) -> Json:
    count = len(columns)
    named = [_with("id", column.id) for column in columns]
    exact: Json = {"minItems": count, "maxItems": count}
    return exact | {"items": named} if named else exact


def _needed_measures(places: Places) -> list[Json]:
    return [
        _deep(["measures", "observation"], {"contains": _with("id", column.id)})
        for column in places.schema.measures
        if places.requires(column)
    ]


def _needed_attributes(places: Places) -> list[Json]:
    """A mandatory attribute is named at one level or another."""
    return [
        {
            "anyOf": [
                _deep(["attributes", level], {"contains": _with("id", column.id)})
                for level in LEVELS
            ]
        }
        for column in places.schema.attributes
        if places.requires(column)
    ]


def _deep(path: list[str], value: Json) -> Json:
    """A schema of what lies at a path, which must be there."""
    for name in reversed(path):
        value = {"properties": {name: value}, "required": [name]}
    return value


def _with(name: str, value: str) -> Json:
    return {"properties": {name: {"const": value}}, "required": [name]}
