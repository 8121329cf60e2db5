"""Marks of footnotes: beside numbers, labels and names of columns, and what cannot be one."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dsd
from connectors.national import parse_mapping, read_table
from connectors.national.notes import Marks
from hub.errors import Invalid

FLOW = 'dataflow = "MIGX:DF_STOCK_BIRTH(1.0.0)"\n'
COLUMNS = '[columns]\nCOUNTERPART_AREA = "Country"\nOBS_VALUE = "Persons"\n'
STRUCTURES = dsd.shared_structures()


@pytest.mark.parametrize(
    ("text", "bare", "found"),
    [
        ("1204", "1204", set()),
        ("1204*", "1204", {0}),
        ("* 1204", "1204", {0}),
        ("1 204 p", "1 204", {1}),
        ("1204p*", "1204", {0, 1}),
        ("1204 1)", "1204", {2}),
        ("12041)", "12041)", set()),  # could be a number with a bracket
        ("1204 (a)", "1204", {3}),
        ("*", "*", set()),  # a mark alone stands for something else
        (".. *", "..", {0}),
        ("Iraq¹", "Iraq", {4}),
        ("1204 **", "1204", {5}),
        ("1204 *, p", "1204", {0, 1}),
    ],
)
def test_marks_are_told_from_what_they_stand_beside(text: str, bare: str, found: set[int]) -> None:
    assert Marks(["*", "p", "1)", "(a)", "¹", "**"]).split(text) == (bare, frozenset(found))


@given(st.integers(0, 10**9), st.lists(st.sampled_from(["*", "p", "a)"]), max_size=4))
def test_what_is_left_of_a_number_is_the_number(number: int, marks: list[str]) -> None:
    bare, found = Marks(["*", "p", "a)"]).split(" ".join([str(number), *marks]))
    assert (bare, found) == (str(number), {["*", "p", "a)"].index(mark) for mark in marks})


NOTES = """
[notes]
"*" = { COMMENT_OBS = "Without the north.", OBS_STATUS = "B" }
"p" = { OBS_STATUS = "P" }
"1)" = { COMMENT_OBS = "From 2020." }
"""


def read(tmp_path: Path, content: str, mapping: str) -> dict[str, list[str | None]]:
    path = tmp_path / "table.csv"
    path.write_text(content, encoding="utf-8")
    raw = read_table(path, parse_mapping(FLOW + mapping, "map.toml"), STRUCTURES)
    columns: dict[str, list[str | None]] = raw.table.to_pydict()
    return columns


def test_marks_become_attributes_whatever_constants_say(tmp_path: Path) -> None:
    rows = "Country,Persons\nTUR *,5\nPOL,6 p\nIRQ,7 1)*\nSYR,.. p\nUKR,8\n"
    mapping = (
        '[source]\nmarked = ["Country"]\n'
        + COLUMNS
        + NOTES
        + '[missing]\n".." = { CONF_STATUS = "C" }\n[constants]\nOBS_STATUS = "A"\n'
    )
    assert read(tmp_path, rows, mapping) == {
        "COUNTERPART_AREA": ["TUR", "POL", "IRQ", "SYR", "UKR"],
        "OBS_VALUE": ["5", "6", "7", None, "8"],
        "OBS_STATUS": ["B", "P", "B", "P", "A"],
        "COMMENT_OBS": ["Without the north.", None, "Without the north. From 2020.", None, None],
        "CONF_STATUS": [None, None, None, "C", None],
    }


def test_a_mark_of_a_column_holds_for_its_cells(tmp_path: Path) -> None:
    rows = "Country,2022,2023 p\nTUR,5,6\nPOL,7*,8*\n"
    mapping = (
        '[columns]\nCOUNTERPART_AREA = "Country"\n[unpivot]\ncomponents = ["TIME_PERIOD"]\n'
        'columns = ["20*"]\n[constants]\nOBS_STATUS = "A"\n' + NOTES
    )
    table = read(tmp_path, rows, mapping)
    assert table["TIME_PERIOD"] == ["2022", "2022", "2023", "2023"]
    assert table["OBS_VALUE"] == ["5", "7", "6", "8"]
    # the first mark of the mapping prevails
    assert table["OBS_STATUS"] == ["A", "B", "P", "B"]


def test_an_attribute_from_a_column_is_coded_before_marks_are_set(tmp_path: Path) -> None:
    rows = "Country,Persons,State\nTUR,5,final\nPOL,6 p,final\n"
    mapping = COLUMNS + 'OBS_STATUS = "State"\n[codes.OBS_STATUS]\nfinal = "A"\n' + NOTES
    assert read(tmp_path, rows, mapping)["OBS_STATUS"] == ["A", "P"]


@pytest.mark.parametrize("mark", ["-", ".", "123", " ", ",5", "1.2"])
def test_marks_that_could_be_of_a_number_are_refused(mark: str) -> None:
    with pytest.raises(Invalid, match="cannot be told from"):
        parse_mapping(FLOW + f'[notes]\n"{mark}" = {{ OBS_STATUS = "P" }}\n', "map.toml")


def test_codes_and_components_of_marks_are_checked(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="no component 'OBS_STATE'"):
        read(tmp_path, "Country,Persons\nTUR,5\n", COLUMNS + '[notes]\nx = { OBS_STATE = "P" }\n')
    with pytest.raises(Invalid, match="'PP' is not a code of OBS_STATUS"):
        read(tmp_path, "Country,Persons\nTUR,5\n", COLUMNS + '[notes]\nx = { OBS_STATUS = "PP" }\n')


def test_a_long_text_of_marks_is_left_alone() -> None:
    text = "*" * 1_000_000
    assert Marks(["*"]).split(text) == (text, frozenset())
