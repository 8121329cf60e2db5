"""What JSON Schemas for SDMX-JSON say of a whole message."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from hub.engine import arrow_schema
from hub.formats.data import with_upper_attributes
from hub.formats.data import write as write_data
from hub.formats.message import Action, DataSet
from hub.formats.schema import Places, Usage, write
from hub.model import Attachment, Group, Representation, TextType
from tests.formats.schema.judge import judge_of
from tests.formats.schema.structures import (
    CODED,
    JSON_20,
    JSON_21,
    OBS_VALUE,
    attribute,
    data_form,
    measure,
    schema,
)
from tests.formats.schema.test_messages import HEADER

BOTH = pytest.mark.parametrize("form", [JSON_20, JSON_21], ids=lambda form: form.version)
OF_AREA = Group(id="ByArea", dimensions=("AREA",))
OF_FREQ = Group(id="ByFreq", dimensions=("FREQ",))
COUNT = Representation(text_type=TextType.INTEGER, min_value="0")
SCHEMA = schema(
    measures=[OBS_VALUE, measure("PEOPLE", COUNT, is_mandatory=False)],
    attributes=[
        attribute("SOURCE", attachment=Attachment.DATASET, is_mandatory=True),
        attribute("LICENCE", attachment=Attachment.GROUP, group="ByArea", is_mandatory=True),
        attribute("LENGTH", COUNT, attachment=Attachment.GROUP, group="ByFreq"),
        attribute("TITLE", attachment=Attachment.DIMENSIONS, dimensions=("FREQ", "AREA")),
        attribute("STATUS", CODED, is_mandatory=True),
        attribute("NOTE", Representation(max_length=4)),
    ],
    groups=[OF_AREA, OF_FREQ],
)
ROWS = [
    {
        "FREQ": "A",
        "AREA": area,
        "TIME_PERIOD": year,
        "OBS_VALUE": 1.5,
        "PEOPLE": 7 if year == "2021" else None,
        "SOURCE": "census",
        "LICENCE": f"licence of {area}",
        "LENGTH": 12,
        "TITLE": f"title of {area}",
        "STATUS": "B",
        "NOTE": "note",
    }
    for area in "AB"
    for year in ("2020", "2021")
]


def dataset(*left_out: str, rows: list[dict[str, Any]] = ROWS, **more: Any) -> DataSet:
    columns = tuple(c.id for c in SCHEMA.columns if c.id not in left_out)
    table = pa.Table.from_pylist(rows, schema=arrow_schema(SCHEMA)).select(list(columns))
    made = DataSet(schema=SCHEMA, batches=table.to_batches(), columns=columns, **more)
    return with_upper_attributes(made, table)


def faults(
    form: Any,
    *sets: DataSet,
    usage: Usage = Usage.DECLARED,
    change: Callable[[Any, Any], object] = lambda _structures, _datasets: None,
) -> list[str]:
    """The faults of a message of these data sets, after a change to its two sections."""
    message = json.loads(b"".join(write_data(HEADER, list(sets), data_form(form))))
    change(message["data"]["structures"], message["data"]["dataSets"])
    at = sets[0].dimension_at_observation or "TIME_PERIOD"
    places = Places(schema=SCHEMA, at=at, usage=usage)
    return judge_of(places, form).faults(json.dumps(message).encode())


@BOTH
def test_a_whole_message(form) -> None:
    assert faults(form, dataset()) == []
    assert faults(form, dataset(dimension_at_observation="AllDimensions")) == []


def _series(datasets: Any) -> Any:
    return datasets[0]["series"]["0:0"]


CHANGES: dict[str, Callable[[Any, Any], object]] = {
    "an attribute of the data set is missing": lambda _s, d: d[0].pop("attributes"),
    "it is null": lambda _s, d: d[0].update(attributes=[None]),
    "an attribute of a group is missing": lambda _s, d: d[0]["dimensionGroupAttributes"].update(
        {":0:": []}
    ),
    "a group has the attribute of another": lambda _s, d: d[0]["dimensionGroupAttributes"].update(
        {":0:": ["licence", 12]}
    ),
    "a value of a group is of the wrong type": lambda _s, d: d[0][
        "dimensionGroupAttributes"
    ].update({"0::": [None, "x"]}),
    "a key names no group": lambda _s, d: d[0]["dimensionGroupAttributes"].update({"0:0:": []}),
    "a measure is null": lambda _s, d: _series(d)["observations"].update({"0": [None, 7, 0]}),
    "a measure is below its bound": lambda _s, d: _series(d)["observations"].update(
        {"0": [1, -7, 0]}
    ),
    "a mandatory attribute is cut off": lambda _s, d: _series(d)["observations"].update({"0": [1]}),
    "a text is too long": lambda _s, d: _series(d)["observations"].update(
        {"0": [1, 7, 0, "notes"]}
    ),
    "a title is a number": lambda _s, d: _series(d).update(attributes=[5]),
    "observations stand without series": lambda _s, d: d[0].update(observations={}),
    "a dimension is at another place": lambda s, _d: s[0]["dimensions"]["series"].reverse(),
    "a period is none": lambda s, _d: s[0]["dimensions"]["observation"][0].update(
        values=[{"value": "2020-13"}]
    ),
    "there is no data": lambda s, _d: s.clear(),
}


@BOTH
@pytest.mark.parametrize("name", CHANGES)
def test_what_is_wrong_is_found(form, name) -> None:
    assert faults(form, dataset(), change=CHANGES[name])


@BOTH
def test_a_message_with_some_components(form) -> None:
    """Positions are not typed then, but what a message lists still is."""
    some = dataset("PEOPLE", "NOTE", "TITLE")
    assert faults(form, some) == []

    def change(structures: Any, _datasets: Any) -> None:
        structures[0]["attributes"]["observation"][0]["values"][0]["id"] = "X"

    assert faults(form, some, change=change)
    bare = dataset("SOURCE", "STATUS", "LICENCE")
    assert faults(form, bare, usage=Usage.OPTIONAL) == []
    assert len(faults(form, bare)) > 0


@BOTH
def test_each_of_several_structures_types_its_data_sets(form) -> None:
    deleted = dataset(
        "SOURCE", "LICENCE", "LENGTH", "TITLE", "STATUS", "NOTE", "PEOPLE", action=Action.DELETE
    )
    replaced = dataset(action=Action.REPLACE)
    assert faults(form, deleted, replaced, usage=Usage.DELETION) == []

    def change(_structures: Any, datasets: Any) -> None:
        datasets[1]["series"]["0:0"]["observations"]["0"] = ["x"]

    assert faults(form, deleted, replaced, usage=Usage.DELETION, change=change)


@BOTH
def test_what_deletes_may_leave_dimensions_open(form) -> None:
    def change(structures: Any, datasets: Any) -> None:
        structures[0]["dimensions"]["series"].pop(0)
        datasets[0].update(series={":0": {}, "0:": {"observations": {"0": []}}})
        datasets[0].pop("dimensionGroupAttributes")

    assert faults(form, dataset(), usage=Usage.DELETION, change=change) == []
    assert faults(form, dataset(), usage=Usage.OPTIONAL, change=change)


@BOTH
def test_attributes_may_be_told_further_down_but_not_further_up(form) -> None:
    flat = dataset(dimension_at_observation="AllDimensions")
    without_groups = replace(flat, groups={}, dataset_attributes=None)
    assert faults(form, without_groups) == []

    def change(structures: Any, _datasets: Any) -> None:
        attributes = structures[0]["attributes"]
        attributes["series"].append(attributes["observation"].pop())

    assert faults(form, dataset(), usage=Usage.OPTIONAL, change=change)


@BOTH
def test_the_dialect_is_that_of_the_official_schema(form) -> None:
    document = json.loads(write(Places(schema=SCHEMA, at="AREA"), form))
    assert document["$schema"] in (
        "http://json-schema.org/draft-07/schema#",
        "https://json-schema.org/draft/2019-09/schema",
    )
    urn = "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=T:FLOW(1.0.0)"
    assert document["$id"] == f"{urn}:ObsLevelDim:AREA"
