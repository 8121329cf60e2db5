"""What is wrong in a message is told with its JSON pointer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hub.errors import Invalid
from tests.formats.json.messages import STRUCTURE, URN, coded, free, message, read, series

SOUND = {"series": {"0": series(["1"])}}
AT = "/data/dataSets/0"


@pytest.mark.parametrize(
    ("dataset", "reason", "place"),
    [
        ({"series": {"2": series(["1"])}}, "index 2 of AREA, which has 2 values", "/series/2"),
        ({"series": {"0:0": series(["1"])}}, "the key is '0:0'; one index", "/series/0:0"),
        ({"series": {"x": series(["1"])}}, "the key is 'x'", "/series/x"),
        ({"series": {"9999999999": {}}}, "the key is '9999999999'", "/series/9999999999"),
        (
            {"series": {"0": series(["1"], ["1"]), "1": series(["1"], ["1", 2])}},
            "index 2 of STATUS, which has 2 values",
            "/series/1/observations/1",
        ),
        (
            {"series": {"0": series(["1", -1])}},
            "index -1 of STATUS",
            "/series/0/observations/0",
        ),
        (
            {"series": {"0": series(["1", "A"])}},
            "STATUS lists its values: an index belongs here, not 'A'",
            "/series/0/observations/0",
        ),
        ({"series": {"0": series(["1", True])}}, "not True", "/series/0/observations/0"),
        ({"series": {"0": series(["1", 10**12])}}, "is no index", "/series/0/observations/0"),
        ({"series": {"0": series(["1", [0, 9]])}}, "index 9 of", "/series/0/observations/0"),
        ({"series": {"0": series(["1", [0, "A"]])}}, "STATUS is 'A'", "/series/0/observations/0"),
        ({"series": {"0": series(["1", 0, "n", "x"])}}, "more values than the 3", "/series/0/"),
        ({"series": {"0": series(["1"], attributes=[5])}}, "index 5 of UNIT", "/series/0"),
        ({"series": {"0": {"observations": {"0": 5}}}}, "an array of values", "/series/0/obs"),
        ({"series": {"0": {"observations": [1]}}}, "a series has an array", "/series/0"),
        ({"series": {"0": {"attributes": {}}}}, "a series has an array", "/series/0"),
        ({"series": {"0": None}}, "a series has an array", "/series/0"),
        ({"series": [1]}, "an object belongs here", "/series"),
        ({"observations": {"7": ["1"]}}, "index 7 of TIME_PERIOD", "/observations/7"),
        ({**SOUND, "attributes": {}}, "an array of values belongs here", "/attributes"),
        ({**SOUND, "attributes": [3]}, "index 3 of SOURCE", "/attributes"),
        (
            {**SOUND, "dimensionGroupAttributes": {"0": ["x"]}},
            "one index for each of 3 dimensions",
            "/dimensionGroupAttributes/0",
        ),
        ({**SOUND, "structure": 3}, "structure 3, but the message describes 1", "/structure"),
        ({**SOUND, "action": "Update"}, "'Update' is not an action; there are Info", "/action"),
        ({**SOUND, "action": 5}, "Expected `str | null`, got `int`", "/action"),
    ],
)
def test_faults_of_a_data_set(
    tmp_path: Path, dataset: dict[str, Any], reason: str, place: str
) -> None:
    with pytest.raises(Invalid) as refused:
        read(tmp_path, message(dataset))
    (finding,) = refused.value.findings
    assert reason in finding.message
    assert f", at {AT}{place}" in finding.message
    assert (finding.file, finding.line) == ("data.json", None)


@pytest.mark.parametrize(
    ("note", "reason"),
    [
        ([{"en": "a"}, {"en": "b"}], "several values in several languages"),
        ([["a"]], "several values, each of several"),
        ({"en": 5}, "an object that is no texts by language"),
    ],
)
def test_values_that_are_not_stored(tmp_path: Path, note: Any, reason: str) -> None:
    with pytest.raises(Invalid, match=f"{reason}.*at {AT}/series/0/observations/1"):
        read(tmp_path, message({"series": {"0": series([], ["1", None, note])}}))


def test_kinds_that_cannot_be_one_are_told_with_their_place(tmp_path: Path) -> None:
    first = {"series": {"0": series(["1", None, {"en": "x"}])}}
    second = {"series": {"1": series(["1"], ["1", None, ["a", "b"]])}}
    with pytest.raises(Invalid, match="at /data/dataSets/1/series/1/observations/1"):
        read(tmp_path, message(first, second))


@pytest.mark.parametrize(
    ("part", "reason", "place"),
    [
        ({"dimensions": {"dataSet": [coded("A", "1", "2")]}}, "one value", "dimensions/dataSet/0"),
        ({"dimensions": {"dataSet": [free("A")]}}, "one value", "dimensions/dataSet/0"),
        ({"dimensions": {"series": [coded("A")] * 2}}, "A is described", "dimensions/series/1"),
        ({"dimensions": {"series": 5}}, "Expected `array | null`", "dimensions/series"),
        ({"dimensions": {"series": [{}]}}, "missing required field `id`", "dimensions/series/0"),
        ({"links": [{"urn": f"{URN}.x.Dataflow=x"}]}, "is not an SDMX URN", "links/0/urn"),
        (
            {"attributes": {"series": [coded("A", {"values": [["x"]]})]}},
            "several values, each of several",
            "attributes/series/0/values/0",
        ),
    ],
)
def test_faults_of_a_structure(
    tmp_path: Path, part: dict[str, Any], reason: str, place: str
) -> None:
    with pytest.raises(Invalid) as refused:
        read(tmp_path, message(SOUND, structure={**STRUCTURE, **part}))
    (finding,) = refused.value.findings
    assert reason in finding.message
    assert f"at /data/structures/0/{place}" in finding.message


def test_a_file_holds_data_of_one_structure(tmp_path: Path) -> None:
    links = [{"urn": f"{URN}.datastructure.Dataflow=T:OTHER(1.0)"}]
    other = {**STRUCTURE, "links": links}
    with pytest.raises(Invalid, match=r"T:OTHER\(1\.0\) beside data of T:FLOW\(1\.0\)"):
        read(tmp_path, message(SOUND, {**SOUND, "structure": 1}, structures=[STRUCTURE, other]))
    assert read(tmp_path, message(SOUND, structures=[STRUCTURE, other])).table.num_rows == 1


def test_a_group_that_contradicts_another_is_refused(tmp_path: Path) -> None:
    groups = {":0:": ["a"], "~:0:~": ["b"]}
    with pytest.raises(Invalid, match="TITLE is given twice, differently"):
        read(tmp_path, message({**SOUND, "dimensionGroupAttributes": groups}))


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"errors": [{"code": 100, "title": "No results"}]}, "reports errors: 100 No results"),
        ({"errors": ["x"], **message(SOUND)}, "reports errors: x, at /errors"),
        ({"data": {"codelists": []}}, "a structure message; load it with 'corridor structures"),
        ({"data": {"metadataSets": []}}, "a reference metadata message"),
        ({"header": {}, "structure": {}, "dataSets": []}, "a draft of SDMX-JSON"),
        ({"class": "dataset", "value": []}, "without /data/dataSets: no SDMX-JSON data message"),
        ({"data": {"structures": []}}, "no SDMX-JSON data message"),
        ([1, 2], "Expected `object`, got `array`"),
        ({"data": {"dataSets": {}}}, "Expected `array | null`, got `object`, at /data/dataSets"),
        ({"data": {"dataSets": [{}]}}, "structure 0, but the message describes 0"),
    ],
)
def test_other_documents_are_called_by_their_name(tmp_path: Path, document: Any, told: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(tmp_path, document)
    assert told in refused.value.message
    assert refused.value.findings
