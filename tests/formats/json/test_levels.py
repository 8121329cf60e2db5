"""Where values stand in SDMX-JSON, and what their positions and indices mean."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hub.errors import Severity
from hub.model import ArtefactClass, Reference
from tests.formats.json.messages import (
    STRUCTURE,
    URN,
    coded,
    free,
    message,
    read,
    series,
)


def test_every_level(tmp_path: Path) -> None:
    dataset = {
        "structure": 0,
        "action": "Merge",
        "attributes": [0],
        "dimensionGroupAttributes": {":0:": ["Sweden"], "0:1:1": ["Norway, 2021"]},
        "series": {
            "0": series(["1.50", 1, "a"], [None, None, "b"], attributes=[1]),
            "1": series([1.50], [17951], attributes=[]),
        },
    }
    raw = read(tmp_path, message(dataset))
    names = "FREQ AREA TIME_PERIOD OBS_VALUE STATUS NOTE UNIT TITLE SOURCE".split()
    columns = [raw.table[name].to_pylist() for name in names]
    assert list(zip(*columns, strict=True)) == [
        ("A", "SE", "2020", "1.50", "E", "a", "PC", "Sweden", "REG"),
        ("A", "SE", "2021", None, None, "b", "PC", "Sweden", "REG"),
        ("A", "NO", "2020", "1.5", None, None, None, None, "REG"),
        ("A", "NO", "2021", "17951", None, None, None, "Norway, 2021", "REG"),
    ]
    assert raw.structure == Reference(ArtefactClass.DATAFLOW, "T", "FLOW", "1.0")
    assert raw.actions is not None
    assert raw.actions.to_pylist() == ["Merge"] * 4
    assert raw.line(0) is None


def test_numbers_keep_their_spelling(tmp_path: Path) -> None:
    text = json.dumps(message({"series": {"0": {"observations": {"0": ["@"]}}}}))
    for number in ("1.50", "0.1000000000000000055511151231257827", "1E5", "-0.0", "-0", "9" * 40):
        raw = read(tmp_path, text.replace('"@"', number).encode())
        assert raw.table["OBS_VALUE"].to_pylist() == [number]


def test_values_of_all_kinds(tmp_path: Path) -> None:
    rows = [["NaN"], [""], [True], [False], [None], [], ["#N/A"]]
    values = {str(number): row for number, row in enumerate(rows)}
    dimensions = {"observation": [coded("T", *"abcdefg")]}
    structure = {**STRUCTURE, "dimensions": dimensions, "attributes": {}}
    raw = read(tmp_path, message({"observations": values}, structure=structure))
    expected = ["NaN", None, "true", "false", None, None, "#N/A"]
    assert raw.table["OBS_VALUE"].to_pylist() == expected


def of_note(*notes: Any) -> dict[str, Any]:
    dimensions = {"observation": [coded("T", *(str(number) for number in range(len(notes))))]}
    structure = {**STRUCTURE, "dimensions": dimensions}
    rows = {str(number): [None, None, note] for number, note in enumerate(notes)}
    return message({"observations": rows}, structure=structure)


@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        ((["a", "b"], ["c"], "d", None, [], [""]), [["a", "b"], ["c"], ["d"], None, None, None]),
        ((["a", None, 1, 1.5, True],), [["a", "1", "1.5", "true"]]),
        (({"en": "x", "fr": ""}, "y", None), [[("en", "x")], [("en", "y")], None]),
        (({"en": "x"}, [{"fr": "z"}], {}), [[("en", "x")], [("fr", "z")], None]),
    ],
)
def test_several_values_and_languages(
    tmp_path: Path, notes: tuple[Any, ...], expected: list[Any]
) -> None:
    assert read(tmp_path, of_note(*notes)).table["NOTE"].to_pylist() == expected


def test_coded_values_may_be_several(tmp_path: Path) -> None:
    dataset = {"series": {"0": series([None, [1, 0]], [None, 1])}}
    raw = read(tmp_path, message(dataset))
    assert raw.table["STATUS"].to_pylist() == [["E", "A"], ["E"]]


def test_listed_values_of_any_kind(tmp_path: Path) -> None:
    """A list may hold nothing, numbers, several values or texts in languages (2.1)."""
    listed = [
        ([None, {"id": "A", "name": "n"}, {"value": 5}], [None, "A", "5"]),
        ([{"value": False}, {"value": True}], ["false", "true"]),
        ([{"value": "x"}, {"value": {"en": "y"}}], [[("en", "x")], [("en", "y")]]),
        ([{"values": ["x", "y"]}, {"value": "z"}], [["x", "y"], ["z"]]),
    ]
    for values, expected in listed:
        dimensions = {"observation": [coded("T", *(str(n) for n in range(len(values))))]}
        attributes = {"observation": [coded("STATUS", *values)]}
        structure = {**STRUCTURE, "dimensions": dimensions, "attributes": attributes}
        rows = {str(number): [None, number] for number in range(len(values))}
        raw = read(tmp_path, message({"observations": rows}, structure=structure))
        assert raw.table["STATUS"].to_pylist() == expected


def test_texts_listed_twice_are_one_code(tmp_path: Path) -> None:
    attributes = {"observation": [coded("STATUS", "A", "B", "A")]}
    dataset = {"series": {"0": series([1, 2], [1, 0]), "1": series([1, 1])}}
    raw = read(tmp_path, message(dataset, structure={**STRUCTURE, "attributes": attributes}))
    assert raw.table["STATUS"].to_pylist() == ["A", "A", "B"]
    assert raw.table["STATUS"].chunk(0).dictionary.to_pylist() == ["A", "B"]


def test_what_follows_the_components_are_annotations(tmp_path: Path) -> None:
    raw = read(tmp_path, message({"series": {"0": series(["1", 0, "n", 7, 8], ["2"])}}))
    assert raw.table["NOTE"].to_pylist() == ["n", None]


def test_defaults_hold_where_nothing_is_given(tmp_path: Path) -> None:
    """Also by index, as SDMX-JSON 1.0 allows; deleted observations have none."""
    attributes = {
        "dataSet": [coded("SOURCE", "REG", default="REG")],
        "series": [coded("UNIT", "P", "PC", default=1)],
        "observation": [coded("STATUS", "A", "E", default="A"), free("NOTE", default="none")],
    }
    structure = {**STRUCTURE, "attributes": attributes}
    first = {"series": {"0": series(["1", 1], ["1"], attributes=[0]), "1": series(["1"])}}
    second = {"action": "Delete", "series": {"1": series([], [])}}
    table = read(tmp_path, message(first, second, structure=structure)).table
    assert table["STATUS"].to_pylist() == ["E", "A", "A", None, None]
    assert table["UNIT"].to_pylist() == ["P", "P", "PC", None, None]
    assert table["NOTE"].to_pylist() == ["none"] * 3 + [None] * 2
    assert table["SOURCE"].to_pylist() == ["REG"] * 3 + [None] * 2


def test_keys_of_groups(tmp_path: Path) -> None:
    """Places of other dimensions are empty or `~`; the longest key counts."""
    groups = {"~:0:~": ["area"], "::": ["all"], "::1": ["2021"], "0:1:1": ["one"], ":1:0": []}
    dataset = {
        "dimensionGroupAttributes": groups,
        "series": {"0": series(["1"], ["2"]), "1": series(["3"], ["4"])},
    }
    raw = read(tmp_path, message(dataset))
    found = raw.table["TITLE"].to_pylist()
    assert found[0] == "area"
    assert found[1] in ("area", "2021")  # keys of one length: nobody says which counts
    assert found[2:] == ["all", "one"]
    assert not raw.findings


def test_groups_without_observations_are_told(tmp_path: Path) -> None:
    dataset = {"dimensionGroupAttributes": {":1:": ["x"]}, "series": {"0": series(["1"])}}
    (finding,) = read(tmp_path, message(dataset)).findings
    assert finding.severity is Severity.WARNING
    assert "at /data/dataSets/0/dimensionGroupAttributes" in finding.message


def test_a_series_without_observations_is_a_row(tmp_path: Path) -> None:
    dataset = {"action": "Delete", "series": {"0": {}, "1": {"observations": {"1": []}}}}
    raw = read(tmp_path, message(dataset))
    assert raw.table["AREA"].to_pylist() == ["SE", "NO"]
    assert raw.table["TIME_PERIOD"].to_pylist() == [None, "2021"]
    assert [raw.place(row) for row in range(2)] == [
        "/data/dataSets/0/series/0",
        "/data/dataSets/0/series/1/observations/1",
    ]


def test_series_and_observations_given_twice_are_both_read(tmp_path: Path) -> None:
    """Names in an object may occur twice in JSON; nothing of it is lost without a word."""
    text = json.dumps(message({"series": {"0": series(["1"]), "@": series(["2"])}}))
    raw = read(tmp_path, text.replace("@", "0").encode())
    assert raw.table["OBS_VALUE"].to_pylist() == ["1", "2"]
    text = json.dumps(message({"series": {"0": {"observations": {"0": ["1"], "@": ["2"]}}}}))
    raw = read(tmp_path, text.replace("@", "0").encode())
    assert raw.table["OBS_VALUE"].to_pylist() == ["1", "2"]


def test_data_sets_with_actions_and_layouts_of_their_own(tmp_path: Path) -> None:
    flat = {
        **STRUCTURE,
        "dimensions": {
            "observation": [
                coded("TIME_PERIOD", "2021", "2020"),
                coded("AREA", "DK"),
                coded("FREQ", "M"),
            ]
        },
        "attributes": {},
    }
    first = {"structure": 1, "observations": {"1:0:0": ["1"]}}
    second = {"structure": 0, "action": "Delete", "series": {"1": series(["2"], ["3"])}}
    raw = read(tmp_path, message(first, second, structures=[STRUCTURE, flat]))
    assert raw.table["AREA"].to_pylist() == ["DK", "NO", "NO"]
    assert raw.table["TIME_PERIOD"].to_pylist() == ["2020", "2020", "2021"]
    assert raw.actions is not None
    assert raw.actions.to_pylist() == [None, "Delete", "Delete"]
    assert raw.place(0) == "/data/dataSets/0/observations/1:0:0"
    assert raw.place(2) == "/data/dataSets/1/series/1/observations/1"


def test_version_1_has_indices_for_all_but_the_value(tmp_path: Path) -> None:
    structure = {
        "links": [{"urn": f"{URN}.datastructure.DataStructure=T:DSD(1.0)"}],
        "dimensions": STRUCTURE["dimensions"],
        "attributes": {
            "series": [coded("TITLE", {"name": "a title"}, {"name": "b", "names": {"en": "b"}})],
            "observation": [coded("STATUS", "A", "E")],
        },
    }
    dataset = {"action": "Information", "series": {"1": series([7, 1], [8], attributes=[1])}}
    document = {"meta": {}, "data": {"structure": structure, "dataSets": [dataset]}}
    raw = read(tmp_path, document)
    assert raw.table["TITLE"].to_pylist() == ["b", "b"]
    assert raw.table["STATUS"].to_pylist() == ["E", None]
    assert raw.table["OBS_VALUE"].to_pylist() == ["7", "8"]
    assert str(raw.structure) == "T:DSD(1.0)"
    assert raw.structure is not None
    assert raw.structure.artefact_class is ArtefactClass.DATA_STRUCTURE


@pytest.mark.parametrize(
    ("classes", "expected"),
    [
        (("registry.ProvisionAgreement", "datastructure.Dataflow"), "Dataflow"),
        (("datastructure.DataStructure", "registry.ProvisionAgreement"), "ProvisionAgreement"),
        (("categoryscheme.CategoryScheme",), None),
        ((), None),
    ],
)
def test_what_links_say_data_is_of(
    tmp_path: Path, classes: tuple[str, ...], expected: str | None
) -> None:
    links = [{"urn": f"{URN}.{name}=T:X(1.0)", "rel": "x"} for name in classes]
    links.append({"href": "http://x", "rel": "self"})
    dataset = {"series": {"0": series(["1"])}}
    for document in (
        message(dataset, structure={**STRUCTURE, "links": links}),
        message({**dataset, "links": links}, structure={**STRUCTURE, "links": []}),
    ):
        found = read(tmp_path, document).structure
        assert (found and found.artefact_class.value) == expected


def test_a_message_without_observations_says_so(tmp_path: Path) -> None:
    for dataset in ({}, {"series": {}}, {"observations": None, "series": None}):
        raw = read(tmp_path, message(dataset))
        assert raw.table.num_rows == 0
        assert [finding.rule for finding in raw.findings] == ["json-no-rows"]
    assert read(tmp_path, message()).table.num_rows == 0
