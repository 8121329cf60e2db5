"""Stocks brought to the same years: the published examples and the rules."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from federation.mirror import MirrorOptions, derive_emigrants
from federation.mirror.alignment import INTERPOLATED
from hub.engine import session
from tests.federation.mirror.observations import figures, stock, totals

ORACLE = (
    Path(__file__).parents[4]
    / "shared"
    / "oracles"
    / "interpolation"
    / "undesa_linear_interpolation.csv"
)
PLAIN = ("STK_BIRTH", "RPT")


def test_linear_alignment_gives_the_published_mid_year_stocks() -> None:
    if not ORACLE.exists():
        pytest.skip(f"no {ORACLE}")
    with session() as connection, ORACLE.open(encoding="utf-8") as file:
        connection.execute(INTERPOLATED)
        for row in csv.DictReader(file):
            points = [float(row[name]) for name in ("t_target", "t1", "v1", "t2", "v2")]
            sql = "SELECT interpolated(false, ?, ?, ?, ?, ?)"
            ((value,),) = connection.execute(sql, points).fetchall()
            assert value == pytest.approx(float(row["linear_value_before_truncation"]), abs=6e-4)
            assert int(value) == int(row["published_undesa_2020"])


def test_reference_dates_are_the_anchors() -> None:
    """Bermuda, men, mid-2015: UN DESA 2020 published 9,421."""
    birth = stock(
        [
            ("BMU", "GBR", 2010, 9026.0, {"REF_DATE": "2010-05-20"}),
            ("BMU", "GBR", 2016, 9490.0, {"REF_DATE": "2016-05-20"}),
            ("FRA", "GBR", 2015, 1.0),
        ]
    )
    result = derive_emigrants(birth, None, totals({}))
    assert figures(result.table)[*PLAIN, "GBR", "BMU", "_T", "2015"] == pytest.approx(
        9421.772, abs=6e-4
    )
    (anchors,) = result.inputs_of("GBR", "BMU", "2015").to_pylist()
    assert anchors["KIND"] == "interpolated"
    assert (anchors["YEAR_1"], str(anchors["DATE_1"]), anchors["VALUE_1"]) == (
        2010,
        "2010-05-20",
        9026,
    )
    assert (anchors["YEAR_2"], str(anchors["DATE_2"]), anchors["VALUE_2"]) == (
        2016,
        "2016-05-20",
        9490,
    )
    assert anchors["T_1"] == pytest.approx(2010.3808219, abs=1e-7)
    assert anchors["T_2"] == pytest.approx(2016.3825137, abs=1e-7)


def years_of(birth_rows: list, options: MirrorOptions | None = None) -> dict[str, float]:
    """Germany's Poles by year, where France reports every year from 2000 to 2020."""
    france = [("FRA", "UKR", year, 1.0) for year in range(2000, 2021)]
    result = derive_emigrants(stock(birth_rows + france), None, totals({}), options)
    found = figures(result.table)
    return {key[5]: v for key, v in found.items() if key[2:4] == ("POL", "DEU")}


def test_a_last_table_is_carried_for_five_years_and_no_more() -> None:
    found = years_of([("DEU", "POL", 2003, 8.0)])
    assert found == {str(year): 8.0 for year in range(2003, 2009)}
    shorter = years_of([("DEU", "POL", 2003, 8.0)], MirrorOptions(carry_years=1))
    assert shorter == {"2003": 8.0, "2004": 8.0}


def test_nothing_stands_before_the_first_table() -> None:
    assert min(years_of([("DEU", "POL", 2015, 8.0)])) == "2015"


def test_a_year_with_a_table_is_not_filled() -> None:
    rows = [("DEU", "POL", 2001, 8.0), ("DEU", "UKR", 2002, 3.0), ("DEU", "POL", 2003, 10.0)]
    assert set(years_of(rows)) == {"2001", "2003", "2004", "2005", "2006", "2007", "2008"}


@pytest.mark.parametrize("status", ["Q", "M"])
def test_a_withheld_figure_is_not_guessed(status: str) -> None:
    rows = [
        ("DEU", "POL", 2001, 8.0),
        ("DEU", "POL", 2002, None, {"OBS_STATUS": status}),
        ("DEU", "POL", 2003, 10.0),
    ]
    assert "2002" not in years_of(rows)


def test_a_row_that_says_nothing_is_no_table() -> None:
    rows = [
        ("DEU", "POL", 2001, 8.0),
        ("DEU", "POL", 2002, None, {"OBS_STATUS": "L"}),
        ("DEU", "POL", 2003, 10.0),
    ]
    assert years_of(rows)["2002"] == 9.0


def test_an_origin_that_left_the_tables_is_not_carried_past_them() -> None:
    rows = [("DEU", "POL", 2001, 8.0), ("DEU", "UKR", 2003, 1.0)]
    assert years_of(rows) == {"2001": 8.0}


def test_confidential_anchors_make_confidential_estimates() -> None:
    rows = [
        ("DEU", "POL", 2001, 8.0),
        ("DEU", "POL", 2003, 10.0, {"CONF_STATUS": "C"}),
        ("FRA", "POL", 2002, 1.0),
    ]
    table = derive_emigrants(stock(rows), None, totals({})).table.to_pylist()
    found = {(r["DEST_AREA"], r["TIME_PERIOD"]): r["CONF_STATUS"] for r in table}
    assert found["DEU", "2001"] == "F"
    assert found["DEU", "2002"] == "C"
    assert found["_T", "2002"] == "C"
