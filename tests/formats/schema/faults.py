"""Messages with one fault planted in each."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

from lxml import etree

from hub.formats.schema import Places, SchemaForm
from hub.model import Attachment, Column, Role, TextType, allowed_values

TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
UNKNOWN = "NOT_THERE"
#: Values that nothing of the type can have.
_NO_VALUE = {
    TextType.DOUBLE: "abc",
    TextType.LONG: "1.5",
    TextType.BOOLEAN: "maybe",
    TextType.DECIMAL: "1e5",
    TextType.INTEGER: "x",
    TextType.OBSERVATIONAL_TIME_PERIOD: "2020-13",
}
Planted = Iterator[tuple[str, bytes]]


def wrong_values(column: Column, places: Places) -> Iterator[tuple[str, str]]:
    """Values that a component may not have, and why."""
    if column.enumeration is not None:
        yield "unknown code", "ZZZ"
        allowed = allowed_values(places.schema, column.id)
        for item in column.enumeration.items:
            if allowed is not None and item.id not in allowed:
                yield "code outside the constraint", item.id
    elif column.text_type in _NO_VALUE:
        yield "wrong type", _NO_VALUE[column.text_type]
    elif column.representation.max_length is not None:
        yield "too long", "x" * (column.representation.max_length + 1)


def xml_faults(message: bytes, places: Places, form: SchemaForm) -> Planted:
    """Faults in a structure-specific message."""
    root = etree.fromstring(message)
    tree = root.getroottree()
    for element in _first_of_each(root):
        path = tree.getelementpath(element)

        def planted(path: str = path) -> tuple[etree._Element, etree._Element]:
            other = copy.deepcopy(root)
            found = other.find(path)
            assert found is not None
            return other, found

        other, found = planted()
        found.set(UNKNOWN, "1")
        yield "unknown attribute", etree.tostring(other)
        for id_ in [str(name) for name in element.attrib if name in places.schema.by_id]:
            column = places.schema.by_id[id_]
            for kind, value in wrong_values(column, places):
                other, found = planted()
                found.set(id_, value)
                yield f"{kind} of {id_}", etree.tostring(other)
            in_atts = column.attachment is Attachment.DATASET and not form.is_simple
            if places.requires(column) and not in_atts:
                other, found = planted()
                del found.attrib[id_]
                yield f"missing {id_}", etree.tostring(other)
        yield from _of_groups(element, planted, places)
    yield from _of_comps(root, places)


def _first_of_each(root: etree._Element) -> list[etree._Element]:
    """The first element of each kind that holds components."""
    found: dict[str, etree._Element] = {}
    for element in root.iter("{*}DataSet", "{*}Group", "{*}Series", "{*}Obs"):
        found.setdefault(etree.QName(element).localname, element)
    return list(found.values())


def _of_groups(element: etree._Element, planted: Any, places: Places) -> Planted:
    if etree.QName(element).localname != "Group":
        return
    other, found = planted()
    found.set(TYPE, f"ns1:{UNKNOWN}")
    yield "unknown group", etree.tostring(other)
    for column in places.schema.dimensions:
        if column.id not in element.attrib:
            other, found = planted()
            found.set(column.id, "A")
            yield f"group with {column.id}", etree.tostring(other)
    for column in places.schema.attributes:
        if column.attachment is Attachment.OBSERVATION and not column.is_coded:
            other, found = planted()
            found.set(column.id, "1")
            yield f"group with {column.id}", etree.tostring(other)


def _of_comps(root: etree._Element, places: Places) -> Planted:
    for number, comp in enumerate(root.iter("Comp")):
        column = places.schema.by_id[comp.get("id")]
        for kind, value in wrong_values(column, places) if column.is_coded else ():
            other = copy.deepcopy(root)
            list(other.iter("Comp"))[number][0].text = value
            yield f"{kind} of {column.id}", etree.tostring(other)
        for name, value in (("id", UNKNOWN), (TYPE, f"ns1:{UNKNOWN}_ATTRIBUTE")):
            other = copy.deepcopy(root)
            list(other.iter("Comp"))[number].set(name, value)
            yield "unknown component", etree.tostring(other)


def json_faults(message: bytes, places: Places, _form: SchemaForm) -> Planted:
    """Faults in an SDMX-JSON data message of one structure and data set."""
    whole = json.loads(message)
    for kind, plant in (
        *_of_descriptions(whole, places),
        *_of_keys(whole),
        *_of_arrays(whole, places),
    ):
        other = copy.deepcopy(whole)
        plant(other["data"]["structures"][0], other["data"]["dataSets"][0])
        yield kind, json.dumps(other).encode()


def _of_descriptions(whole: Any, places: Places) -> Iterator[tuple[str, Any]]:
    structure = whole["data"]["structures"][0]
    lists = [("dimensions", level) for level in ("series", "observation")]
    lists += [("attributes", level) for level in structure["attributes"]]
    lists.append(("measures", "observation"))
    for part, level in lists:
        for number, component in enumerate(structure[part].get(level, [])):
            place = (part, level, number)
            column = places.schema.by_id[component["id"]]
            yield f"unknown component at {place}", _set_id(place, UNKNOWN)
            # without any dimension, a structure is that of a data set without observations
            if places.requires(column) and (part != "dimensions" or number):
                yield f"missing {column.id}", _drop(place)
            if component.get("values"):
                for kind, value in wrong_values(column, places):
                    yield f"{kind} of {column.id}", _set_value(place, value)
    for number, component in enumerate(structure["attributes"].get("observation", [])):
        if places.schema.by_id[component["id"]].attachment is not Attachment.DATASET:
            yield f"{component['id']} at the data set", _move(number)
    yield "another structure", lambda s, _d: s.update(links=[{"urn": "urn:other", "rel": "x"}])


def _set_id(place: tuple[str, str, int], id_: str) -> Any:
    part, level, number = place
    return lambda s, _d: s[part][level][number].update(id=id_)


def _drop(place: tuple[str, str, int]) -> Any:
    part, level, number = place
    return lambda s, _d: s[part][level].pop(number)


def _set_value(place: tuple[str, str, int], value: str) -> Any:
    part, level, number = place

    def plant(structure: Any, _dataset: Any) -> None:
        first = structure[part][level][number]["values"][0]
        first["value" if "value" in first else "id"] = value

    return plant


def _move(number: int) -> Any:
    def plant(structure: Any, _dataset: Any) -> None:
        attributes = structure["attributes"]
        attributes.setdefault("dataSet", []).append(attributes["observation"].pop(number))

    return plant


def _of_keys(whole: Any) -> Iterator[tuple[str, Any]]:
    dataset = whole["data"]["dataSets"][0]
    for name in ("series", "observations", "dimensionGroupAttributes"):
        for key in list(dataset.get(name, {}))[:1]:
            yield f"a longer key of {name}", _rename(name, key, f"{key}:0")
            yield f"no key of {name}", _rename(name, key, "x")


def _rename(name: str, key: str, new: str) -> Any:
    return lambda _s, d: d[name].update({new: d[name].pop(key)})


def _of_arrays(whole: Any, places: Places) -> Iterator[tuple[str, Any]]:
    structure = whole["data"]["structures"][0]
    held = [
        places.schema.by_id[component["id"]]
        for component in (
            *structure["measures"]["observation"],
            *structure["attributes"].get("observation", []),
        )
    ]
    for position, column in enumerate(held):
        if places.requires(column):
            yield f"no {column.id} in an array", _put(position, None)
        if column.is_multilingual or column.is_list:
            yield f"one value of {column.id}", _put(position, "x")
        elif column.is_coded:
            yield f"no index of {column.id}", _put(position, "A")
        elif column.role is not Role.TIME:
            for kind, value in wrong_values(column, places):
                yield f"{kind} of {column.id} in an array", _put(position, value)


def _put(position: int, value: Any) -> Any:
    def plant(_structure: Any, dataset: Any) -> None:
        inner = dataset
        if "series" in dataset:
            inner = next(iter(dataset["series"].values()))
        array = next(iter(inner["observations"].values()))
        array.extend([None] * (position + 1 - len(array)))
        array[position] = value

    return plant
