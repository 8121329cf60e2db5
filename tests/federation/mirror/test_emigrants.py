"""Emigrants from partners' stocks: the worked example, and each rule of the method alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from federation.mirror import (
    MIRROR_SCHEMA,
    EmigrantsResult,
    Interpolation,
    MirrorOptions,
    derive_emigrants,
    target_years,
)
from hub.errors import Invalid
from tests.federation.mirror.observations import figures, stock, totals

SHARED = Path(__file__).parents[4] / "shared"
TOY = SHARED / "oracles" / "worked_examples" / "emigrant_stock_toy_expected.json"

#: The toy of METHODS B.1, as printed there.
PRINTED = {
    "linear_Q": 580.0,
    "geometric_Q": 576.159,
    "strict": 1580.0,
    "with_cit": 1880.0,
    "with_redis": 1932.6316,
    "cov_n_any": 0.75,
    "cov_n_birth": 0.5,
    "cov_w_any": 0.92,
    "cov_w_birth": 0.72,
}


def toy(interpolation: Interpolation = Interpolation.LINEAR) -> EmigrantsResult:
    birth = stock(
        [
            ("PPP", "OOO", 2020, 1000.0),
            ("PPP", "_U", 2020, 500.0),
            ("PPP", "_T", 2020, 10000.0),
            ("QQQ", "OOO", 2011, 400.0),
            ("QQQ", "OOO", 2021, 600.0),
        ]
    )
    citizens = stock([("RRR", "OOO", 2020, 300.0)], "CTZ")
    expected = totals(
        {("PPP", 2020): 10000, ("QQQ", 2020): 8000, ("RRR", 2020): 5000, ("SSS", 2020): 2000}
    )
    return derive_emigrants(birth, citizens, expected, MirrorOptions(interpolation=interpolation))


def outcomes(result: EmigrantsResult) -> dict[str, float]:
    found = figures(result.table)
    coverage = {
        row["MIRROR_ITEM"]: row
        for row in result.coverage.to_pylist()
        if row["TIME_PERIOD"] == "2020" and row["ORIG_AREA"] == "OOO"
    }
    return {
        "strict": found["STK_BIRTH", "RPT", "OOO", "_T", "_T", "2020"],
        "with_cit": found["STK_BIRTH_CTZ", "SUBC", "OOO", "_T", "_T", "2020"],
        "with_redis": found["STK_BIRTH_CTZ", "RED", "OOO", "_T", "_T", "2020"],
        "linear_Q": found["STK_BIRTH", "RPT", "OOO", "QQQ", "_T", "2020"],
        "cov_n_any": coverage["STK_BIRTH_CTZ"]["C_N"],
        "cov_n_birth": coverage["STK_BIRTH"]["C_N"],
        "cov_w_any": coverage["STK_BIRTH_CTZ"]["C_W"],
        "cov_w_birth": coverage["STK_BIRTH"]["C_W"],
    }


def test_toy_comes_out_as_printed() -> None:
    for name, value in outcomes(toy()).items():
        assert value == pytest.approx(PRINTED[name], abs=5e-5), name


def test_toy_comes_out_as_the_published_solution_to_1e_9() -> None:
    if not TOY.exists():
        pytest.skip(f"no {TOY}")
    solution = json.loads(TOY.read_text(encoding="utf-8"))
    for name, value in outcomes(toy()).items():
        assert value == pytest.approx(solution[name], abs=1e-9), name
    geometric = figures(toy(Interpolation.GEOMETRIC).table)
    assert geometric["STK_BIRTH", "RPT", "OOO", "QQQ", "_T", "2020"] == pytest.approx(
        solution["geometric_Q"], abs=1e-9
    )


def test_sums_carry_their_coverage_and_say_that_they_hold_estimates() -> None:
    rows = {
        (row["MIRROR_ITEM"], row["ORIGIN_TREAT"], row["DEST_AREA"]): row
        for row in toy().table.to_pylist()
        if row["TIME_PERIOD"] == "2020" and row["ORIG_AREA"] == "OOO"
    }
    total = rows["STK_BIRTH", "RPT", "_T"]
    assert (total["N_PARTNERS"], total["N_PARTNERS_EXP"], total["COVERAGE_W"]) == (2, 4, 0.72)
    assert (total["OBS_STATUS"], total["DERIVATION"]) == ("E", "MIR")
    assert total["METHOD_VERSION"] == "mirror-1.0"
    filled = rows["STK_BIRTH", "RPT", "QQQ"]
    assert (filled["OBS_STATUS"], filled["DERIVATION"]) == ("E", "INT")
    assert filled["COMMENT_OBS"] == "interpolated between 2011 and 2021"
    given = rows["STK_BIRTH", "RPT", "PPP"]
    assert (given["OBS_STATUS"], given["DERIVATION"], given["N_PARTNERS"]) == ("A", "O", None)
    assert rows["STK_BIRTH_CTZ", "SUBC", "RRR"]["OBS_VALUE"] == 300
    assert ("STK_BIRTH", "SUBC", "RRR") not in rows
    assert ("STK_BIRTH_CTZ", "RPT", "_T") not in rows


def test_table_has_the_columns_of_the_structure_and_is_sorted() -> None:
    table = toy().table
    assert table.schema == MIRROR_SCHEMA
    keys = [tuple(row.values())[:11] for row in table.to_pylist()]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


def test_coverage_among_partners_counts_only_areas_that_handed_something_in() -> None:
    row = next(
        row
        for row in toy().coverage.to_pylist()
        if row["MIRROR_ITEM"] == "STK_BIRTH" and row["TIME_PERIOD"] == "2020"
    )
    assert (row["N_EXPECTED"], row["N_EXPECTED_PARTNERS"]) == (4, 3)
    assert row["C_W_PARTNERS"] == pytest.approx(18 / 23)


def test_origin_is_not_expected_to_count_its_own_people() -> None:
    birth = stock([("DEU", "POL", 2020, 10.0)])
    expected = totals({("DEU", 2020): 60, ("POL", 2020): 1000, ("FRA", 2020): 40})
    (row,) = derive_emigrants(birth, None, expected).coverage.to_pylist()
    assert (row["N_EXPECTED"], row["C_N"], row["C_W"]) == (2, 0.5, 0.6)


def test_own_total_weighs_a_destination_before_the_published_one() -> None:
    birth = stock([("DEU", "POL", 2020, 10.0), ("DEU", "_T", 2020, 300.0)])
    expected = totals({("DEU", 2020): 60, ("FRA", 2020): 100})
    assert derive_emigrants(birth, None, expected).coverage["C_W"].to_pylist() == [0.75]


def test_totals_aggregates_and_own_area_never_enter() -> None:
    birth = stock(
        [
            ("DEU", "POL", 2020, 5.0),
            ("DEU", "DEU", 2020, 7.0),
            ("DEU", "_T", 2020, 100.0),
            ("DEU", "M49_150", 2020, 50.0),
            ("M49_155", "POL", 2020, 11.0),
            ("DEU", "_O", 2020, 3.0),
            ("FRA", "_O", 2020, 4.0),
            ("DEU", "STLS", 2020, 1.0),
        ]
    )
    found = figures(derive_emigrants(birth, None, totals({})).table)
    sums = {key[2]: value for key, value in found.items() if key[3] == "_T"}
    assert sums == {"POL": 5.0, "_O": 7.0, "STLS": 1.0}
    assert {key[3] for key in found} == {"DEU", "FRA", "_T"}


def test_other_statuses_units_and_frequencies_are_left_aside() -> None:
    birth = stock(
        [
            ("DEU", "POL", 2020, 5.0),
            ("DEU", "POL", 2020, 1.0, {"MIGRANT_STATUS": "FB_FC"}),
            ("DEU", "POL", 2020, 0.5, {"UNIT_MEASURE": "PT_POP"}),
            ("DEU", "POL", 2020, 9.0, {"FREQ": "Q", "TIME_PERIOD": "2020-Q1"}),
        ]
    )
    found = figures(derive_emigrants(birth, None, totals({})).table)
    assert found["STK_BIRTH", "RPT", "POL", "_T", "_T", "2020"] == 5


def test_counts_in_thousands_are_counted_in_persons() -> None:
    birth = stock([("DEU", "POL", 2020, 1.5, {"UNIT_MULT": "3"}), ("FRA", "POL", 2020, 7.0)])
    result = derive_emigrants(birth, None, totals({}))
    found = figures(result.table)
    assert found["STK_BIRTH", "RPT", "POL", "_T", "_T", "2020"] == 1507
    assert set(result.table["UNIT_MULT"].to_pylist()) == {"0"}


@pytest.mark.parametrize("status", ["M", "O", "L", "Q", "K"])
def test_missing_is_not_zero_and_not_a_report(status: str) -> None:
    rows = [("DEU", "POL", 2020, 5.0), ("FRA", "POL", 2020, 0.0, {"OBS_STATUS": status})]
    result = derive_emigrants(stock(rows), None, totals({("DEU", 2020): 1, ("FRA", 2020): 1}))
    assert result.coverage["N_REPORTING"].to_pylist() == [1]
    assert figures(result.table).keys() == {
        ("STK_BIRTH", "RPT", "POL", place, "_T", "2020") for place in ("DEU", "_T")
    }


def test_explicit_zero_is_a_report() -> None:
    rows = [("DEU", "POL", 2020, 5.0), ("FRA", "POL", 2020, 0.0)]
    result = derive_emigrants(stock(rows), None, totals({}))
    assert result.coverage["N_REPORTING"].to_pylist() == [2]


def test_strictest_confidentiality_travels_into_the_sum() -> None:
    rows = [
        ("DEU", "POL", 2020, 5.0),
        ("FRA", "POL", 2020, 2.0, {"CONF_STATUS": "A"}),
        ("ESP", "POL", 2020, 9.0, {"CONF_STATUS": "N"}),
        ("DEU", "UKR", 2020, 5.0),
    ]
    result = derive_emigrants(stock(rows), None, totals({}))
    sums = {
        row["ORIG_AREA"]: row["CONF_STATUS"]
        for row in result.table.to_pylist()
        if row["DEST_AREA"] == "_T"
    }
    assert sums == {"POL": "A", "UKR": "F"}
    held = dict(
        zip(
            result.coverage["ORIG_AREA"].to_pylist(),
            result.coverage["N_CONFIDENTIAL"].to_pylist(),
            strict=True,
        )
    )
    assert held == {"POL": 2, "UKR": 0}


def test_regions_are_summed_beside_the_total() -> None:
    birth = stock([("DEU", "POL", 2020, 5.0), ("FRA", "POL", 2020, 6.0), ("USA", "POL", 2020, 7.0)])
    expected = totals({("DEU", 2020): 50, ("FRA", 2020): 50, ("BEL", 2020): 100})
    options = MirrorOptions(
        regions=(("M49_155", "BEL"), ("M49_155", "DEU"), ("M49_155", "FRA"), ("M49_021", "USA"))
    )
    result = derive_emigrants(birth, None, expected, options)
    found = figures(result.table)
    assert found["STK_BIRTH", "RPT", "POL", "M49_155", "_T", "2020"] == 11
    assert found["STK_BIRTH", "RPT", "POL", "_T", "_T", "2020"] == 18
    (row,) = [r for r in result.table.to_pylist() if r["DEST_AREA"] == "M49_155"]
    assert (row["N_PARTNERS"], row["N_PARTNERS_EXP"], row["COVERAGE_W"]) == (2, 3, 0.5)
    inputs = result.inputs_of("POL", "M49_155", "2020")
    assert inputs["DEST_AREA"].to_pylist() == ["DEU", "FRA"]


def test_a_stock_given_twice_is_refused() -> None:
    twice = stock([("DEU", "POL", 2020, 5.0), ("DEU", "POL", 2020, 6.0)])
    with pytest.raises(Invalid, match=r"BIRTH\.DEU\.POL\._T\._T\.2020") as caught:
        derive_emigrants(twice, None, totals({}))
    assert len(caught.value.findings) == 1


def test_lacking_columns_are_named() -> None:
    with pytest.raises(Invalid, match="lacks SEX"):
        derive_emigrants(stock([]).drop_columns(["SEX"]), None, totals({}))
    with pytest.raises(Invalid, match="lack total"):
        derive_emigrants(None, None, totals({}).drop_columns(["total"]))


def test_attributes_may_be_absent() -> None:
    bare = stock([("DEU", "POL", 2020, 5.0)]).drop_columns(
        ["OBS_STATUS", "CONF_STATUS", "UNIT_MULT", "REF_DATE", "DERIVATION"]
    )
    row = derive_emigrants(bare, None, totals({})).table.to_pylist()[0]
    assert (row["OBS_VALUE"], row["OBS_STATUS"], row["CONF_STATUS"]) == (5, "A", "F")


def test_nothing_gives_nothing() -> None:
    result = derive_emigrants(None, None, totals({}))
    assert (result.table.num_rows, result.table.schema) == (0, MIRROR_SCHEMA)


def test_target_years_are_those_some_destination_reports() -> None:
    birth = stock([("DEU", "POL", 2011, 5.0), ("DEU", "_T", 2015, 5.0)])
    citizens = stock([("FRA", "POL", 2013, 5.0), ("FRA", "POL", 2014, None)], "CTZ")
    assert target_years(birth, citizens) == (2011, 2013)
