"""National tables through mapping files: text files, workbooks, and what is wrong with them."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import dsd
from connectors.national import parse_mapping, read_table
from hub.errors import Invalid, NotFound, TooLarge
from hub.formats.limits import Limits
from hub.formats.message import RawData

FLOW = 'dataflow = "MIGX:DF_STOCK_BIRTH(1.0.0)"\n'
COLUMNS = '[columns]\nCOUNTERPART_AREA = "Country"\nOBS_VALUE = "Persons"\n'
STRUCTURES = dsd.shared_structures()


def read(path: Path, mapping: str, **limits: int) -> RawData:
    parsed = parse_mapping(FLOW + mapping, "map.toml")
    return read_table(path, parsed, STRUCTURES, limits=Limits(**limits))


def text(tmp_path: Path, content: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "table.csv"
    path.write_bytes(content.encode(encoding))
    return path


def workbook(tmp_path: Path, rows: Iterable[Iterable[Any]], merge: str = "") -> Path:
    book = openpyxl.Workbook()
    book.active.title = "Read me"
    sheet = book.create_sheet("Stock")
    for row in rows:
        sheet.append(list(row))
    if merge:
        sheet.merge_cells(merge)
    path = tmp_path / "table.xlsx"
    book.save(path)
    return path


def test_a_table_whose_cells_need_no_change(tmp_path: Path) -> None:
    path = text(tmp_path, "Country,Note,Persons\nTUR,a,5\n POL ,b,\n")
    data = read(path, COLUMNS + "[constants]\nUNIT_MULT = 0\n")
    assert str(data.structure) == "MIGX:DF_STOCK_BIRTH(1.0.0)"
    assert data.ignored == ("Note",)
    assert data.table.to_pydict() == {
        "COUNTERPART_AREA": ["TUR", "POL"],
        "OBS_VALUE": ["5", None],
        "UNIT_MULT": ["0", "0"],
    }


@pytest.mark.parametrize(
    ("decimal", "thousands", "given", "expected"),
    [
        (".", "", "1,234", "1,234"),  # left for validation to refuse
        (".", ",", "1,234,567.5", "1234567.5"),
        (".", ",", "1,23", "1,23"),
        (",", ".", "1.234,5", "1234.5"),
        (",", ".", "1234,5", "1234.5"),
        (",", " ", "1\u00a0234\u202f567", "1234567"),
        (".", "'", "1\u2019234", "1234"),
        (",", "", "-0,5", "-0.5"),
        (",", "", "\u22125", "-5"),
        (",", ".", "n/a", "n/a"),
    ],
)
def test_numbers(tmp_path: Path, decimal: str, thousands: str, given: str, expected: str) -> None:
    path = text(tmp_path, f"Country;Persons\nTUR;{given}\n")
    sign = f'thousands = "{thousands}"\n' if thousands else ""
    data = read(path, f'[source]\nseparator = ";"\ndecimal = "{decimal}"\n{sign}' + COLUMNS)
    assert data.table["OBS_VALUE"].to_pylist() == [expected]


@pytest.mark.parametrize("sign", ["", 'thousands = "."\n'])
def test_a_point_that_could_mean_thousands_is_refused(tmp_path: Path, sign: str) -> None:
    path = text(tmp_path, "Country;Persons\nTUR;1\nTUR;1.23\nTUR;1.23\n")
    with pytest.raises(Invalid, match="has a point, but the decimal sign is ','") as refused:
        read(path, f'[source]\nseparator = ";"\ndecimal = ","\n{sign}' + COLUMNS)
    assert [(f.line, f.value) for f in refused.value.findings] == [(3, "1.23")]


def test_every_spelling_without_a_code_is_told_with_the_nearest(tmp_path: Path) -> None:
    rows = "Turkei,1\nGermany,2\nTurkei,3\nAtlantis,4\nTurkey,5\n"
    path = text(tmp_path, 'Country,Persons\n"Ger\nmany",1\n' + rows)
    codes = '[codes.COUNTERPART_AREA]\nTurkey = "TUR"\nGermany = "DEU"\n'
    with pytest.raises(Invalid) as refused:
        read(path, COLUMNS + codes)
    told = [(f.line, f.value, "did you mean" in f.message) for f in refused.value.findings]
    assert told == [(2, "Ger\nmany", True), (4, "Turkei", True), (7, "Atlantis", False)]
    assert "(on 2 rows)" in refused.value.findings[1].message
    assert "'Turkey'" in refused.value.findings[1].message


def test_a_default_takes_the_rest_and_a_scheme_can_be_corrected(tmp_path: Path) -> None:
    path = text(tmp_path, "Country,Persons\nEL,1\nXX,2\nDE,3\nnowhere,4\n")
    codes = '[codes.COUNTERPART_AREA]\nscheme = "ESTAT"\nXX = "STLS"\n"*" = "_U"\n'
    data = read(path, COLUMNS + codes)
    assert data.table["COUNTERPART_AREA"].to_pylist() == ["GRC", "STLS", "DEU", "_U"]


def test_m49_numbers_with_and_without_their_zeros(tmp_path: Path) -> None:
    path = text(tmp_path, "Country,Persons\n4,1\n004,2\n756,3\n")
    data = read(path, COLUMNS + '[codes.COUNTERPART_AREA]\nscheme = "M49"\n')
    assert data.table["COUNTERPART_AREA"].to_pylist() == ["AFG", "AFG", "CHE"]
    with pytest.raises(NotFound, match="no scheme M50"):
        read(path, COLUMNS + '[codes.COUNTERPART_AREA]\nscheme = "M50"\n')


def test_rows_are_kept_skipped_and_needed(tmp_path: Path) -> None:
    lines = ["TUR,1,x,a", "POL,2,x,", "World,3,x,a", "SYR,4,y,a", "UKR,5,x,b"]
    path = text(tmp_path, "Country,Persons,Kind,Data\n" + "\n".join(lines) + "\n")
    rules = '[rows]\nkeep = { Kind = ["x"] }\nskip = { Country = ["World"] }\nneed = ["Data"]\n'
    data = read(path, COLUMNS + rules)
    assert data.table["COUNTERPART_AREA"].to_pylist() == ["TUR", "UKR"]
    assert [data.line(row) for row in (0, 1)] == [2, 6]


def test_what_a_mark_says_prevails_over_constants_and_columns(tmp_path: Path) -> None:
    path = text(tmp_path, "Country,Persons,Flag\nTUR,-,a\nPOL,..,a\nSYR,,b\nUKR,7,a\n")
    rules = (
        '[codes.OBS_STATUS]\na = "A"\nb = "E"\n[constants]\nCONF_STATUS = "F"\n'
        '[missing]\n"-" = "drop"\n".." = { OBS_STATUS = "M", CONF_STATUS = "N" }\n'
    )
    data = read(path, COLUMNS + 'OBS_STATUS = "Flag"\n' + rules)
    assert data.table.to_pydict() == {
        "COUNTERPART_AREA": ["POL", "SYR", "UKR"],
        "OBS_VALUE": [None, None, "7"],
        "OBS_STATUS": ["M", "E", "A"],
        "CONF_STATUS": ["N", "F", "F"],
    }
    blank = read(path, COLUMNS + '[missing]\n"" = "drop"\n')
    assert blank.table["COUNTERPART_AREA"].to_pylist() == ["TUR", "POL", "UKR"]


def test_utf_16_and_tabs_as_excel_writes_them(tmp_path: Path) -> None:
    path = text(tmp_path, "Country\tPersons\nTUR\t5\n", "utf-16")
    data = read(path, '[source]\nseparator = "\\t"\nencoding = "utf-16"\n' + COLUMNS)
    assert data.table["OBS_VALUE"].to_pylist() == ["5"]


def test_encodings_that_are_not_the_files_are_told(tmp_path: Path) -> None:
    path = text(tmp_path, "Country,Persons\nÖ,1\n", "cp1252")
    with pytest.raises(Invalid, match="line 2: byte 0xD6 at offset 16 is not UTF-8"):
        read(path, COLUMNS)
    marked = text(tmp_path, "Country,Persons\nÖ,1\n", "utf-8-sig")
    with pytest.raises(Invalid, match="UTF-8 by its first bytes"):
        read(marked, '[source]\nencoding = "cp1252"\n' + COLUMNS)


def test_titles_and_footnotes_of_a_text_file(tmp_path: Path) -> None:
    content = "A title, with a comma\n\nCountry,Persons\nTUR,1\n\nPOL,2\n\nNote: all, of, them\nx\n"
    path = text(tmp_path, content)
    data = read(path, '[source]\nheader = 3\nstop = ["Note"]\n' + COLUMNS)
    assert data.table["OBS_VALUE"].to_pylist() == ["1", "2"]
    assert [data.line(row) for row in (0, 1)] == [4, 6]
    with pytest.raises(Invalid, match="2 rows have more or fewer") as refused:
        read(path, "[source]\nheader = 3\n" + COLUMNS)
    assert [f.line for f in refused.value.findings] == [8, 9]
    with pytest.raises(Invalid, match="no row begins on line 2"):
        read(path, "[source]\nheader = 2\n" + COLUMNS)


def test_a_workbook_with_titles_merged_names_and_footnotes(tmp_path: Path) -> None:
    rows = [
        ["Migrant stock", None, None, None, None],
        [None] * 5,
        [None, "Men", None, "Women", None],
        ["Country\nof birth", 2019, 2020, 2019, 2020],
        ["Türkiye ", 10, 11.5, 20, ".."],
        [None] * 5,
        ["Poland", 1, 2, None, 4],
        ["Source: register", None, None, None, None],
        ["1) provisional", 9, 9, 9, 9],
    ]
    path = workbook(tmp_path, rows, merge="B3:C3")
    mapping = (
        '[source]\nsheet = "Stock"\nheader = [3, 4]\nstop = "Source"\n'
        '[columns]\nCOUNTERPART_AREA = "Country of birth"\n'
        '[unpivot]\ncomponents = ["SEX", "TIME_PERIOD"]\ncolumns = ["20??"]\n'
        '[codes.SEX]\nMen = "M"\nWomen = "F"\n'
        '[codes.COUNTERPART_AREA]\n"Türkiye" = "TUR"\nPoland = "POL"\n[missing]\n".." = "drop"\n'
    )
    data = read(path, mapping)
    rows_read = zip(
        *(data.table[name].to_pylist() for name in data.table.column_names), strict=True
    )
    assert {(*row, data.line(n)) for n, row in enumerate(rows_read)} == {
        ("TUR", "M", "2019", "10", 5),
        ("TUR", "M", "2020", "11.5", 5),
        ("TUR", "F", "2019", "20", 5),
        ("POL", "M", "2019", "1", 7),
        ("POL", "M", "2020", "2", 7),
        ("POL", "F", "2019", None, 7),
        ("POL", "F", "2020", "4", 7),
    }
    blank = read(path, mapping.replace('stop = "Source"', "blank_ends = true"))
    assert blank.table["COUNTERPART_AREA"].unique().to_pylist() == ["TUR"]


def test_a_heading_without_a_code_is_told_on_its_row(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["Country", "Men", "Womem"], ["TUR", 1, 2]])
    with pytest.raises(Invalid) as refused:
        read(
            path,
            '[source]\nsheet = 2\n[unpivot]\ncomponents = ["SEX"]\ncolumns = ["?en", "Wom*"]\n'
            '[codes.SEX]\nMen = "M"\nWomen = "F"\n',
        )
    assert [(f.line, f.column, f.value) for f in refused.value.findings] == [(1, "SEX", "Womem")]
    assert "did you mean 'Women'?" in refused.value.findings[0].message


def test_numbers_and_dates_of_a_workbook_are_spelled_exactly(tmp_path: Path) -> None:
    times = map(dt.datetime.fromisoformat, ("2020-01-02", "2020-01-02T03:00"))
    values = [0.1, 1234567.25, 2**53, 3.0, *times]
    path = workbook(tmp_path, [["Country", "Persons"], *(["TUR", value] for value in values)])
    mapping = '[source]\nsheet = "Stock"\ndecimal = ","\nthousands = "."\n' + COLUMNS
    assert read(path, mapping).table["OBS_VALUE"].to_pylist() == [
        "0.1",
        "1234567.25",
        "9007199254740992",
        "3",
        "2020-01-02",
        "2020-01-02T03:00:00",
    ]


def test_a_name_under_two_headings_needs_both(tmp_path: Path) -> None:
    path = workbook(tmp_path, [[None, "Men", "Women"], ["Country", "All", "All"], ["TUR", 1, 2]])
    source = '[source]\nsheet = 2\nheader = [1, 2]\n[columns]\nCOUNTERPART_AREA = "Country"\n'
    with pytest.raises(Invalid, match=r"'Men \| All', 'Women \| All'"):
        read(path, source + 'OBS_VALUE = "All"\n')
    data = read(path, source + 'OBS_VALUE = "Women | All"\n')
    assert data.table["OBS_VALUE"].to_pylist() == ["2"]


def test_columns_components_and_codes_that_are_not_there(tmp_path: Path) -> None:
    path = text(tmp_path, "Country,Persons\nTUR,1\n")
    with pytest.raises(Invalid) as refused:
        read(path, '[columns]\nCOUNTERPART_AREA = "Contry"\nOBS_VALUE = "Total"\n')
    assert [(f.column, f.line) for f in refused.value.findings] == [("Contry", 1), ("Total", 1)]
    assert "did you mean 'Country'?" in refused.value.findings[0].message
    with pytest.raises(Invalid) as refused:
        read(path, '[columns]\nCOUNTERPART_ARE = "Country"\n[constants]\nSEX = "_TT"\nX = 1\n')
    assert {(f.file, f.column) for f in refused.value.findings} == {
        ("map.toml", "COUNTERPART_ARE"),
        ("map.toml", "X"),
        ("map.toml", "constants.SEX"),
    }


def test_a_sheet_that_is_not_there(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["Country", "Persons"], ["TUR", 1]])
    with pytest.raises(Invalid, match="did you mean 'Stock'"):
        read(path, '[source]\nsheet = "stocks"\n' + COLUMNS)
    with pytest.raises(Invalid, match="no sheet 3"):
        read(path, "[source]\nsheet = 3\n" + COLUMNS)
    with pytest.raises(Invalid, match="none where the header should stand"):
        read(path, "[source]\nsheet = 2\nheader = 9\n" + COLUMNS)


def test_a_file_of_another_kind(tmp_path: Path) -> None:
    path = text(tmp_path, "<html></html>")
    with pytest.raises(Invalid, match="this is an HTML page, where the mapping"):
        read(path, COLUMNS)
    with pytest.raises(Invalid, match="for a CSV file"):
        read(workbook(tmp_path, [["a"]]), '[source]\nkind = "csv"\n' + COLUMNS)
    with pytest.raises(TooLarge, match="the limit of this node is 5"):
        read(path, COLUMNS, bytes=5)
