"""Jumps and breaks along series, against the definition written out in Python."""

from __future__ import annotations

import math
from itertools import pairwise
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.publish import Thresholds
from tests.publish.rules.given import found, lines, rules, schema_of

STOCKS = schema_of("DF_STOCK_BIRTH")
STEADY = [1000, 1040, 1060, 1110, 1130, 1170, 1200, 1260]


def series(
    values: list[int | None], first: int = 2010, every: int = 1, **more: str
) -> list[dict[str, object]]:
    return [
        {"TIME_PERIOD": first + number * every, "OBS_VALUE": value, **more}
        for number, value in enumerate(values)
    ]


def test_a_steady_series_has_no_jump() -> None:
    assert found(STOCKS, *series([*STEADY])) == []


def test_a_jump_is_told_where_it_comes() -> None:
    (finding,) = found(STOCKS, *series([*STEADY, 13_000]))
    assert (finding.rule, finding.severity.value) == ("jump", "warning")
    assert (finding.line, finding.column, finding.value) == (10, "OBS_VALUE", "13000")
    assert finding.message.startswith("1,260 in 2017, then 13,000: ")


def test_an_outlier_jumps_twice() -> None:
    assert lines(found(STOCKS, *series([*STEADY[:4], 11_100, *STEADY[5:]])), "jump") == [6, 7]


def test_a_slip_of_the_decimal_point_is_found() -> None:
    assert lines(found(STOCKS, *series([*STEADY[:6], 120])), "jump") == [8]


def test_the_order_of_rows_does_not_matter() -> None:
    rows = series([*STEADY, 13_000])[::-1]
    assert lines(found(STOCKS, *rows), "jump") == [2]


def test_a_few_figures_say_nothing_of_what_is_usual() -> None:
    assert found(STOCKS, *series([100, 110, 120, 130, 5000])) == []
    assert lines(found(STOCKS, *series([100, 110, 120, 130, 140, 5000])), "jump") == [7]


def test_small_figures_may_jump() -> None:
    assert found(STOCKS, *series([1, 2, 1, 2, 1, 90])) == []


def test_a_missing_value_is_stepped_over() -> None:
    rows = series([*STEADY[:4], None, *STEADY[5:]])
    assert found(STOCKS, *rows) == []


def test_a_long_time_may_bring_more() -> None:
    """Growth of four per cent a year makes 2.2 times as much in twenty years."""
    rows = [*series(STEADY), {"TIME_PERIOD": 2037, "OBS_VALUE": 2760}]
    assert found(STOCKS, *rows) == []
    rows = [*series(STEADY), {"TIME_PERIOD": 2018, "OBS_VALUE": 2760}]
    assert lines(found(STOCKS, *rows), "jump") == [10]


def test_a_marked_break_may_jump() -> None:
    rows = series([*STEADY, 13_000])
    rows[-1] |= {"OBS_STATUS": "B", "SOURCE_TYPE": "CEN_T"}
    assert found(STOCKS, *rows) == []


@pytest.mark.parametrize(
    ("name", "code"), [("SOURCE_TYPE", "LFS"), ("POP_CONCEPT", "UR6"), ("COV_CTZ", "FOR")]
)
def test_a_change_of_source_or_definition_that_jumps_wants_a_mark(name: str, code: str) -> None:
    rows = series([*STEADY, 13_000], COV_CTZ="ALL")
    rows[-1] |= {name: code}
    (finding,) = found(STOCKS, *rows)
    assert (finding.rule, finding.severity.value) == ("unmarked-break", "warning")
    assert (finding.line, finding.column, finding.suggestion) == (10, "OBS_STATUS", "B")
    assert finding.message.startswith(f"{name} changed since 2017, and the figure jumped ")


def test_a_change_without_a_jump_wants_none() -> None:
    rows = series([*STEADY, 1300])
    rows[-1] |= {"SOURCE_TYPE": "LFS"}
    assert found(STOCKS, *rows) == []


def test_also_where_nothing_is_usual_yet() -> None:
    rows = series([1000, 5000])
    rows[-1] |= {"SOURCE_TYPE": "LFS"}
    assert rules(found(STOCKS, *rows)) == {("unmarked-break", "warning")}


def test_what_is_not_said_did_not_change() -> None:
    rows = series([*STEADY, 13_000])
    rows[-1] |= {"COV_CTZ": "ALL"}
    assert rules(found(STOCKS, *rows)) == {("jump", "warning")}


def test_a_break_that_nothing_explains_is_information() -> None:
    rows = series(STEADY)
    rows[4] |= {"OBS_STATUS": "B"}
    (finding,) = found(STOCKS, *rows)
    assert (finding.rule, finding.severity.value) == ("unexplained-break", "information")
    assert (finding.line, finding.column) == (6, "OBS_STATUS")
    rows[4] |= {"COMMENT_OBS": "municipalities were merged"}
    assert found(STOCKS, *rows) == []
    first = series(STEADY)
    first[0] |= {"OBS_STATUS": "B"}  # of what was before nothing is known here
    assert found(STOCKS, *first) == []


def test_thresholds_can_be_set() -> None:
    rows = series([*STEADY, 2000])
    assert found(STOCKS, *rows) == []
    assert lines(found(STOCKS, *rows, thresholds=Thresholds(jump_ratio=1.5)), "jump") == [10]
    rows = series([*STEADY, 13_000])
    for given_ in (Thresholds(jump_least=20_000), Thresholds(jump_mads=100)):
        assert found(STOCKS, *rows, thresholds=given_) == []


def test_every_series_has_its_own_steps() -> None:
    rows = [*series([*STEADY, 13_000]), *series([2**n * 100 for n in range(9)], SEX="F")]
    assert lines(found(STOCKS, *rows), "jump") == [10]


def jumps_by_hand(values: dict[int, int]) -> list[int]:
    """The years of jumps, from the definition."""
    years = sorted(values)
    steps = {
        b: (math.asinh(values[b]) - math.asinh(values[a]), (values[b] - values[a]), b - a)
        for a, b in pairwise(years)
    }
    paces = {year: step / gap for year, (step, _, gap) in steps.items()}
    if len(paces) < 5:
        return []
    middle = median(paces.values())
    mad = max(0.05, median(abs(pace - middle) for pace in paces.values()))
    return [
        year
        for year, (step, change, _) in steps.items()
        if abs(step) >= math.log(2) and abs(change) >= 100 and abs(paces[year] - middle) > 8 * mad
    ]


@settings(max_examples=25, deadline=None)
@given(
    st.dictionaries(st.integers(2000, 2014), st.integers(900, 1100), min_size=5, max_size=12),
    st.dictionaries(st.integers(2000, 2014), st.sampled_from([0, 90, 450, 2300, 20_000])),
)
def test_jumps_are_those_of_the_definition(usual: dict[int, int], odd: dict[int, int]) -> None:
    values = usual | odd
    rows = [{"TIME_PERIOD": year, "OBS_VALUE": value} for year, value in values.items()]
    expected = [2 + list(values).index(year) for year in jumps_by_hand(values)]
    assert lines(found(STOCKS, *rows), "jump") == sorted(expected)
