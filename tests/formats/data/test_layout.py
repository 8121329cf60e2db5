"""Where columns go, and the tables of what stands above the series."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pytest

from hub.errors import Internal, Unprocessable
from hub.formats.data import FORMS
from hub.formats.data.layout import Levels, at_observation, lay_out
from hub.model import Column


def ids(columns: tuple[Column, ...]) -> list[str]:
    return [column.id for column in columns]


def test_every_level_of_attachment(build, rows) -> None:
    layout = lay_out(build(rows), Levels())
    assert ids(layout.key) == ["FREQ", "AREA", "KIND"]
    assert ids(layout.observation) == ["TIME_PERIOD"]
    assert ids(layout.dataset_attributes) == ["SOURCE"]
    assert [(group, ids(held)) for group, held in layout.group_attributes] == [
        ("ByArea", ["LICENCE"])
    ]
    assert ids(layout.series_attributes) == ["TITLE", "DECIMALS"]
    assert ids(layout.observation_attributes)[:2] == ["STATUS", "REASONS"]


def test_a_form_without_groups_has_their_attributes_at_the_series(build, rows) -> None:
    layout = lay_out(build(rows), Levels(dataset=False, groups=False))
    assert ids(layout.series_attributes) == ["SOURCE", "LICENCE", "TITLE", "DECIMALS"]
    assert layout.dataset_attributes == layout.group_attributes == ()


def test_flat_data_has_all_but_groups_at_the_observation(build, rows) -> None:
    layout = lay_out(build(rows, dimension_at_observation="AllDimensions"), Levels())
    assert layout.is_flat
    assert ids(layout.observation) == ["FREQ", "AREA", "KIND", "TIME_PERIOD"]
    assert layout.series_attributes == ()
    assert ids(layout.observation_attributes)[:2] == ["TITLE", "DECIMALS"]


def test_only_columns_asked_for(build, rows) -> None:
    layout = lay_out(build(rows, ("FREQ", "TIME_PERIOD", "LICENCE", "AREA", "KIND")), Levels())
    assert layout.measures == layout.series_attributes == layout.observation_attributes == ()
    with pytest.raises(Internal, match="no components SEX"):
        lay_out(replace(build(rows), columns=("SEX",)), Levels())


def test_a_group_the_structure_does_not_have(build, rows) -> None:
    with pytest.raises(Internal, match="no group Sibling"):
        lay_out(replace(build(rows), groups={"Sibling": pa.table({})}), Levels())


def test_the_dimension_at_observation_level(build, rows) -> None:
    assert at_observation(build(rows)) == "TIME_PERIOD"
    with pytest.raises(Unprocessable, match="AllDimensions asks for a flat data set"):
        at_observation(build(rows, dimension_at_observation="TimeDimension"))


def test_upper_attributes_are_those_of_the_first_row_that_has_any(build, rows) -> None:
    early = [row | {"LICENCE": None, "SOURCE": None} for row in rows[:2]]
    dataset = build([*early, *rows[2:]])
    assert dataset.groups["ByArea"].to_pylist() == [
        {"AREA": "NOR", "LICENCE": '"NOR" licence'},
        {"AREA": "SWE", "LICENCE": '"SWE" licence'},
    ]
    assert dataset.dataset_attributes.to_pylist() == [{"SOURCE": "Registers <&> censuses"}]


def test_upper_attributes_that_no_row_has(build, rows) -> None:
    dataset = build([row | {"LICENCE": None, "SOURCE": None} for row in rows])
    assert dataset.dataset_attributes.to_pylist() == [{"SOURCE": None}]
    assert ids(lay_out(dataset, Levels()).dataset_attributes) == ["SOURCE"]
    assert len(dataset.groups["ByArea"]) == 0


def test_media_types_are_those_of_the_standard() -> None:
    sdmx = "application/vnd.sdmx."
    assert {form.media_type.removeprefix(sdmx) for form in FORMS} == {
        *(f"data+json;version={version}" for version in ("1.0.0", "2.0.0", "2.1.0")),
        *(f"data+csv;version={version}" for version in ("1.0.0", "2.0.0", "2.1.0")),
        *(f"data+xml;version={version}" for version in ("3.0.0", "3.1.0")),
        "structurespecificdata+xml;version=2.1",
        "structurespecifictimeseriesdata+xml;version=2.1",
        "genericdata+xml;version=2.1",
        "generictimeseriesdata+xml;version=2.1",
    }
