"""SDMX-JSON 1.0, 2.0 and 2.1 with the json module, index by index."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.conformance.reading.data_sets import DataSet, about_urn

Json = dict[str, Any]


def read_json(body: bytes) -> list[DataSet]:
    """The data sets of a message, every value above an observation repeated on it."""
    message = json.loads(body, object_pairs_hook=_unique)
    data = message["data"]
    structures = data["structures"] if "structures" in data else [data["structure"]]
    found = []
    for held in data["dataSets"]:
        structure = structures[held.get("structure", 0)]
        observation = [d["id"] for d in structure["dimensions"].get("observation", [])]
        found.append(
            DataSet(
                about=about_urn(structure["links"][0]["urn"]),
                action=held.get("action"),
                rows=list(_rows(held, structure)),
                at=observation[0] if len(observation) == 1 else "AllDimensions",
                valid_from=held.get("validFrom"),
                valid_to=held.get("validTo"),
            )
        )
    return found


def _unique(pairs: list[tuple[str, Any]]) -> Json:
    assert len(dict(pairs)) == len(pairs), "a member stands there twice"
    return dict(pairs)


def _rows(held: Json, structure: Json) -> Iterator[Json]:
    dimensions, attributes = structure["dimensions"], structure["attributes"]
    measures = structure.get("measures", {}).get("observation", [{"id": "OBS_VALUE"}])
    whole = _values(held.get("attributes", []), attributes.get("dataSet", []))
    keys = [*dimensions.get("series", []), *dimensions.get("observation", [])]
    inner = [*measures, *attributes.get("observation", [])]

    def row(indices: list[str], values: list[Any], upper: Json) -> Json:
        key = {d["id"]: _listed(d["values"][int(i)]) for d, i in zip(keys, indices, strict=False)}
        return whole | key | _grouped(held, attributes, indices) | upper | _values(values, inner)

    for key, values in held.get("observations", {}).items():
        yield row(key.split(":"), values, {})
    for series, content in held.get("series", {}).items():
        upper = _values(content.get("attributes", []), attributes.get("series", []))
        observations = content.get("observations")
        if observations is None:
            yield row(series.split(":"), [], upper)
            continue
        for key, values in observations.items():
            yield row([*series.split(":"), *key.split(":")], values, upper)


def _grouped(held: Json, attributes: Json, indices: list[str]) -> Json:
    found: Json = {}
    for pattern, values in held.get("dimensionGroupAttributes", {}).items():
        places = zip(pattern.split(":"), indices, strict=False)
        if all(place in ("", index) for place, index in places):
            found |= _values(values, attributes.get("dimensionGroup", []))
    return found


def _values(values: list[Any], components: list[Json]) -> Json:
    assert len(values) <= len(components), (values, components)
    return {
        component["id"]: _value(value, component)
        for component, value in zip(components, values, strict=False)
        if value is not None
    }


def _value(value: Any, component: Json) -> Any:
    listed = component.get("values")
    if not listed:
        return value
    if isinstance(value, list):
        return [_listed(listed[index]) for index in value]
    return _listed(listed[value])


def _listed(entry: Json) -> Any:
    for member in ("id", "value", "values", "name"):
        if member in entry:
            return entry[member]
    raise AssertionError(f"{entry} says nothing")
