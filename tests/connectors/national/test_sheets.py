"""Workbooks as people make them: several sheets, names over rows and columns, blank cells below."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

import dsd
from connectors.national import parse_mapping, read_table
from hub.errors import Invalid
from hub.formats.message import RawData

STRUCTURES = dsd.shared_structures()
MAP = """
dataflow = "MIGX:DF_STOCK_BIRTH(1.0.0)"
[source]
sheet = ["2021", "2022"]
sheet_is = "TIME_PERIOD"
header = 2
fill_down = ["Country"]
[columns]
COUNTERPART_AREA = "Country"
SEX = "Sex"
OBS_VALUE = "Persons"
[codes.SEX]
men = "M"
women = "F"
"""
HEAD = [["Title"], ["Country", "Sex", "Persons"]]


def book(tmp_path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path = tmp_path / "table.xlsx"
    made.save(path)
    return path


def read(path: Path, mapping: str = MAP) -> RawData:
    return read_table(path, parse_mapping(mapping, "map.toml"), STRUCTURES)


def test_several_sheets_are_one_table(tmp_path: Path) -> None:
    path = book(
        tmp_path,
        {
            "Read me": [["not this"]],
            "2022": [*HEAD, ["POL", "men", 5], [None, "women", 6]],
            "2021": [*HEAD, ["TUR", "men", 1], [None, None, None], [None, "women", 2.5]],
        },
    )
    raw = read(path)
    assert raw.table.to_pydict() == {
        "COUNTERPART_AREA": ["TUR", "TUR", "POL", "POL"],
        "SEX": ["M", "F", "M", "F"],
        "OBS_VALUE": ["1", "2.5", "5", "6"],
        "TIME_PERIOD": ["2021", "2021", "2022", "2022"],
    }
    places = [(raw.place(row), raw.line(row)) for row in range(4)]
    assert places == [("2021", 3), ("2021", 5), ("2022", 3), ("2022", 4)]


def test_what_is_wrong_is_told_by_sheet_and_row(tmp_path: Path) -> None:
    path = book(
        tmp_path,
        {"2021": [*HEAD, ["TUR", "men", 1]], "2022": [*HEAD, ["POL", "men", 5], ["", "wmen", 6]]},
    )
    with pytest.raises(Invalid) as refused:
        read(path)
    (finding,) = refused.value.findings
    assert (finding.file, finding.line, finding.value) == ("table.xlsx#2022", 4, "wmen")
    assert "'women'" in finding.message


def test_a_sheet_laid_out_differently_is_told(tmp_path: Path) -> None:
    path = book(
        tmp_path,
        {"2021": [*HEAD, ["TUR", "men", 1]], "2022": [["Title"], ["Country", "Sx", "Persons"]]},
    )
    with pytest.raises(Invalid, match="no column 'Sex'") as refused:
        read(path)
    assert {finding.file for finding in refused.value.findings} == {"table.xlsx#2022"}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('["2021", "2022"]', "[]", "at least one sheet"),
        ('["2021", "2022"]', '["2021", "2021"]', "each of them once"),
        ('"TIME_PERIOD"', '"SEX"', "SEX is filled in more than one way"),
        ('"TIME_PERIOD"', '"YEAR"', "no component 'YEAR'"),
        ('["2021", "2022"]', '["2021", "2023"]', "no sheet '2023'"),
        ('["Country"]', '["Contry"]', "no column 'Contry'; did you mean 'Country'"),
    ],
)
def test_settings_without_a_meaning_are_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = book(tmp_path, {name: [*HEAD, ["TUR", "men", 1]] for name in ("2021", "2022")})
    with pytest.raises(Invalid, match=told):
        read(path, MAP.replace(old, new))
