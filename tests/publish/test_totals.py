"""Totals against their parts: what is an error, what is told, what rounding allows."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.errors import Finding, Invalid, Severity
from hub.model import Code, Codelist, Schema
from hub.publish import validate
from tests.publish.stock import Row, raw

ERROR, INFORMATION = Severity.ERROR, Severity.INFORMATION


def told(schema: Schema, dimension: str, cells: Mapping[str, object], **more: str) -> list[Finding]:
    """What is told of a total `_T` and parts, given by the codes of a dimension."""
    rows: list[Row] = [
        {dimension: code, "OBS_VALUE": None if value is None else str(value), **more}
        for code, value in cells.items()
    ]
    return findings(schema, *rows)


def findings(schema: Schema, *rows: Row) -> list[Finding]:
    """What is told of totals; the figures here break other rules too (net stocks, great steps)."""
    try:
        found = validate(raw(*rows), schema).findings
    except Invalid as error:
        found = error.findings
    assert {finding.rule for finding in found} <= {"total-against-parts", "below-zero", "jump"}
    return [finding for finding in found if finding.rule == "total-against-parts"]


def severities(found: list[Finding]) -> list[Severity]:
    return [finding.severity for finding in found]


def test_the_place_and_words_of_a_finding(stock_schema: Schema) -> None:
    (finding,) = told(stock_schema, "SEX", {"F": 60, "M": 50, "_T": 100})
    assert (finding.line, finding.column, finding.value) == (4, "SEX", "100")
    assert finding.message == "the parts over SEX add up to 110, more than the total 100"
    (finding,) = told(stock_schema, "COUNTERPART_AREA", {"_T": 200, "POL": 50, "FIN": 100})
    assert (finding.line, finding.severity) == (2, INFORMATION)
    assert finding.message.endswith("add up to 150, 75.0% of the total 200")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"F": 40, "M": 60, "_T": 100}, []),
        ({"F": 40, "M": 61, "_T": 100}, [ERROR]),
        ({"F": 40, "M": 59, "_T": 100}, [ERROR]),
        ({"F": 40, "M": 50, "_U": 10, "_T": 100}, []),
        ({"F": 40, "M": 50, "_O": 4, "_U": 6, "_T": 100}, []),
        ({"F": 40, "M": 60, "_U": 10, "_T": 100}, [ERROR]),
        ({"F": 40, "_T": 100}, [INFORMATION]),
        ({"F": 140, "_T": 100}, [ERROR]),
        ({"_U": 10, "_T": 100}, []),
        ({"F": 40, "M": 60}, []),
        ({"F": 0, "M": 0, "_T": 0}, []),
        ({"F": 0.1, "M": 0.2, "_T": 0.3}, []),
        # A suppressed part may be what is missing, never what is too much.
        ({"F": 40, "M": None, "_T": 100}, []),
        ({"F": 140, "M": None, "_T": 100}, [ERROR]),
        ({"F": 40, "M": "NaN", "_T": 100}, []),
        ({"F": 40, "M": 60, "_T": None}, []),
        ({"F": 40, "M": 60, "_T": "NaN"}, []),
    ],
)
def test_sexes(stock_schema: Schema, cells: dict[str, object], expected: list[Severity]) -> None:
    assert severities(told(stock_schema, "SEX", cells)) == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"Y0T14": 20, "Y15T64": 70, "Y_GE65": 10, "_T": 100}, []),
        ({"Y0T14": 20, "Y15T64": 70, "Y_GE65": 9, "_T": 100}, [ERROR]),
        ({"Y0T14": 20, "Y15T64": 70, "Y_GE65": 9, "_U": 1, "_T": 100}, []),
        ({"Y15T64": 70, "Y_GE65": 9, "_T": 100}, [INFORMATION]),
        (
            {"Y0T4": 8, "Y5T9": 7, "Y10T14": 5, "Y0T14": 20, "Y15T64": 70, "Y_GE65": 10, "_T": 100},
            [],
        ),
        (
            {"Y0T4": 8, "Y5T9": 7, "Y10T14": 6, "Y0T14": 20, "Y15T64": 70, "Y_GE65": 10, "_T": 100},
            [ERROR],
        ),
    ],
)
def test_ages(stock_schema: Schema, cells: dict[str, object], expected: list[Severity]) -> None:
    assert severities(told(stock_schema, "AGE", cells)) == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"POL": 40, "FIN": 10, "_T": 100}, [INFORMATION]),
        ({"POL": 40, "FIN": 10, "_O": 50, "_T": 100}, []),
        ({"POL": 40, "FIN": 10, "_O": 49, "_T": 100}, [ERROR]),
        ({"POL": 40, "FIN": 10, "_U": 1, "_T": 100}, [ERROR]),
        ({"POL": 90, "FIN": 20, "_T": 100}, [ERROR]),
        # Continents hold countries: they are not counted beside them.
        ({"POL": 40, "FIN": 10, "M49_150": 90, "_O": 50, "_T": 100}, []),
        ({"M49_150": 90, "M49_142": 90, "_T": 100}, []),
    ],
)
def test_areas(stock_schema: Schema, cells: dict[str, object], expected: list[Severity]) -> None:
    assert severities(told(stock_schema, "COUNTERPART_AREA", cells)) == expected


@pytest.mark.parametrize(
    ("method", "most"), [("NONE", 0), ("THR", 0), ("RR3", 2 * 3), ("RR5", 4 * 3)]
)
def test_rounding_moves_each_cell_by_less_than_its_base(
    stock_schema: Schema, method: str, most: int
) -> None:
    """Two parts and their total, each off by b - 1 at most."""
    for off, expected in (
        (0, []),
        (most, []),
        (-most, []),
        (most + 1, [ERROR]),
        (-most - 1, [ERROR]),
    ):
        cells = {"F": 40, "M": 60 + off, "_T": 100}
        assert severities(told(stock_schema, "SEX", cells, SDC_METHOD=method)) == expected, off


def test_one_rounded_part_is_enough_for_an_allowance(stock_schema: Schema) -> None:
    rows: list[Row] = [
        {"SEX": "F", "OBS_VALUE": "45", "SDC_METHOD": "RR5"},
        {"SEX": "M", "OBS_VALUE": "60"},
        {"SEX": "_T", "OBS_VALUE": "100"},
    ]
    assert findings(stock_schema, *rows) == []
    assert severities(findings(stock_schema, *({**r, "SDC_METHOD": None} for r in rows))) == [ERROR]


@pytest.mark.parametrize("unit", ["PT_POP", "RATIO", "SCORE"])
def test_shares_do_not_add_up(stock_schema: Schema, unit: str) -> None:
    assert told(stock_schema, "SEX", {"F": 40, "M": 60, "_T": 50}, UNIT_MEASURE=unit) == []


def test_every_cell_is_compared_by_itself(stock_schema: Schema) -> None:
    rows: list[Row] = [
        {"SEX": sex, "TIME_PERIOD": year, "COUNTERPART_AREA": area, "OBS_VALUE": value}
        for year, area, value in (
            ("2019", "POL", "50"),
            ("2020", "POL", "49"),
            ("2020", "FIN", "50"),
        )
        for sex in ("F", "M")
    ]
    rows += [{**row, "SEX": "_T", "OBS_VALUE": "100"} for row in rows[::2]]
    (finding,) = findings(stock_schema, *rows)
    assert finding.line == 2 + rows.index(
        {"SEX": "_T", "TIME_PERIOD": "2020", "COUNTERPART_AREA": "POL", "OBS_VALUE": "100"}
    )


def test_net_figures_may_be_negative(stock_schema: Schema) -> None:
    """A part of a net flow can be larger than the whole."""
    assert told(stock_schema, "COUNTERPART_AREA", {"POL": 50, "FIN": -10, "_T": -100}) == []
    assert told(stock_schema, "SEX", {"F": 5, "M": -10, "_T": -5}) == []
    assert told(stock_schema, "SEX", {"F": 5, "M": -5, "_T": 0}) == []
    assert severities(told(stock_schema, "SEX", {"F": 5, "M": -10, "_T": 0})) == [ERROR]
    assert severities(told(stock_schema, "SEX", {"F": 5, "M": -10, "_T": -6})) == [ERROR]


def test_a_first_measure_that_is_no_number_is_left_alone(stock_schema: Schema) -> None:
    grades = Codelist(agency="T", id="GRADES", items=(Code(id="10"), Code(id="20")))
    coded = tuple(
        replace(column, enumeration=grades) if column.id == "OBS_VALUE" else column
        for column in stock_schema.columns
    )
    schema = replace(stock_schema, columns=coded)
    assert told(schema, "SEX", {"F": 10, "M": 10, "_T": 10}) == []


ORDER = ("F", "M", "_U", "_T")


@settings(max_examples=15, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from(ORDER), st.sampled_from(["2019", "2020", "2021"])),
        st.none() | st.integers(-3, 6),
        max_size=12,
    )
)
def test_sexes_are_compared_as_by_hand(
    stock_schema: Schema, cells: dict[tuple[str, str], int | None]
) -> None:
    rows: list[Row] = [
        {"SEX": sex, "TIME_PERIOD": year, "OBS_VALUE": None if value is None else str(value)}
        for (sex, year), value in cells.items()
    ]
    expected = {}
    for year in ("2019", "2020", "2021"):
        parts = {sex: cells[sex, year] for sex in ORDER[:3] if (sex, year) in cells}
        total = cells.get(("_T", year))
        if total is None or not parts.keys() - {"_U"}:
            continue
        complete = {"F", "M"} <= parts.keys() or "_U" in parts
        known = [value for value in parts.values() if value is not None]
        if not complete and min([total, *known]) < 0:
            continue
        if sum(known) > total:
            expected[year] = ERROR
        elif sum(known) < total and len(known) == len(parts):
            expected[year] = ERROR if complete else INFORMATION
    lines = {2 + rows.index(row): row["TIME_PERIOD"] for row in rows if row["SEX"] == "_T"}
    found = {lines[f.line or 0]: f.severity for f in findings(stock_schema, *rows)}
    assert found == expected


def test_thousands_of_breakdowns_take_one_query(stock_schema: Schema) -> None:
    """Every cell with other codes than all others: the work grows with the cells only."""
    areas = [a for a in stock_schema.by_id["COUNTERPART_AREA"].enumeration.by_id if len(a) == 3]
    base = raw({}).table
    codes: list[str] = []
    periods: list[str] = []
    for cell in range(1_500):
        present = ["_T", *(a for bit, a in enumerate(areas[:11]) if cell >> bit & 1)]
        codes += present
        periods += [f"{cell + 1000}"] * len(present)
    n = len(codes)
    columns = {name: base.column(name).take(pa.repeat(0, n)) for name in base.column_names}
    values = ["1000" if code == "_T" else "1" for code in codes]
    columns |= {
        "COUNTERPART_AREA": pa.chunked_array([codes]),
        "TIME_PERIOD": pa.chunked_array([periods]),
        "OBS_VALUE": pa.chunked_array([values]),
    }
    given_ = replace(raw({}), table=pa.table(columns))
    begun = time.process_time()
    checked = validate(given_, stock_schema)
    assert time.process_time() - begun < 5
    assert len(checked.findings) == 1_499


def test_parts_and_total_of_different_multipliers_are_brought_to_one(stock_schema: Schema) -> None:
    """A total of 100 thousand, parts counted one by one."""
    total: Row = {"SEX": "_T", "OBS_VALUE": "100", "UNIT_MULT": "3"}
    for men, expected in ((59_900, []), (60_400, []), (62_000, [ERROR]), (58_000, [ERROR])):
        parts: list[Row] = [
            {"SEX": "F", "OBS_VALUE": "40000"},
            {"SEX": "M", "OBS_VALUE": str(men)},
        ]
        assert severities(findings(stock_schema, *parts, total)) == expected, men


def test_figures_in_thousands_may_be_half_of_one_off_each(stock_schema: Schema) -> None:
    for men, expected in ((60, []), (61, []), (59, []), (62, [ERROR]), (58, [ERROR])):
        cells = {"F": 40, "M": men, "_T": 100}
        found = told(stock_schema, "SEX", cells, UNIT_MULT="3")
        assert severities(found) == expected, men
    (finding,) = told(stock_schema, "SEX", {"F": 40, "M": 62, "_T": 100}, UNIT_MULT="3")
    assert finding.message.endswith("add up to 102,000, more than the total 100,000")
    assert finding.value == "100"
