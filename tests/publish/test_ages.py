"""Which age groups add up."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.publish.rules.ages import interval, is_complete, partition

FIVE_YEARS = [f"Y{first}T{first + 4}" for first in range(0, 85, 5)]


@pytest.mark.parametrize(
    ("code", "ages"),
    [
        ("Y0T4", (0, 4)),
        ("Y15T64", (15, 64)),
        ("Y7", (7, 7)),
        ("Y_LT1", (0, 0)),
        ("Y_LT15", (0, 14)),
        ("_T", None),
        ("_U", None),
        ("Y9T5", None),
        ("Y_LT0", None),
        ("Y0T4X", None),
        ("M0T6", None),
    ],
)
def test_what_a_code_means(code: str, ages: tuple[int, int] | None) -> None:
    assert interval(code) == ages


def test_an_open_group_has_no_end() -> None:
    first, last = interval("Y_GE65") or (0, 0)
    assert first == 65
    assert last > 150


@pytest.mark.parametrize(
    ("present", "parts"),
    [
        (
            {*FIVE_YEARS, "Y_GE85", "Y0T14", "Y15T64", "Y_GE65", "Y_GE75", "_T"},
            {*FIVE_YEARS, "Y_GE85"},
        ),
        (
            {*FIVE_YEARS[:3], "Y0T14", "Y15T64", "Y_GE65", "_T", "_U"},
            {*FIVE_YEARS[:3], "Y15T64", "Y_GE65", "_U"},
        ),
        # Half of a group in detail does not make up for the whole of it.
        ({"Y0T4", "Y5T9", "Y0T14", "Y15T64", "Y_GE65"}, {"Y0T14", "Y15T64", "Y_GE65"}),
        (
            {"Y0T14", "Y15T24", "Y15T29", "Y30T64", "Y_GE65"},
            {"Y0T14", "Y15T29", "Y30T64", "Y_GE65"},
        ),
        ({"Y0T17", "Y15T24", "Y_GE15", "Y0T14"}, {"Y0T14", "Y_GE15"}),
        ({"_T", "_U"}, set()),
        (set(), set()),
    ],
)
def test_the_groups_that_add_up(present: set[str], parts: set[str]) -> None:
    assert partition(present) == parts


@pytest.mark.parametrize(
    ("parts", "complete"),
    [
        ({"Y0T14", "Y15T64", "Y_GE65"}, True),
        ({"Y0T14", "Y15T64", "Y_GE65", "_U"}, True),
        ({"Y0T14", "Y15T64"}, False),
        ({"Y15T64", "Y_GE65"}, False),
        ({"Y0T14", "Y20T64", "Y_GE65"}, False),
        (set(), False),
    ],
)
def test_whether_groups_leave_a_gap(parts: set[str], complete: bool) -> None:
    assert is_complete(frozenset(parts)) is complete


CODES = st.one_of(
    st.tuples(st.integers(0, 12), st.integers(0, 12)).map(lambda ages: f"Y{ages[0]}T{ages[1]}"),
    st.integers(0, 12).map(lambda age: f"Y_GE{age}"),
    st.integers(0, 12).map(lambda age: f"Y_LT{age}"),
    st.integers(0, 12).map(lambda age: f"Y{age}"),
    st.sampled_from(["_T", "_U", "_O", "X"]),
)


@given(st.sets(CODES, max_size=9))
def test_groups_that_add_up_never_overlap_and_cover_most(present: set[str]) -> None:
    """Against every possible choice: no other one covers more years, or as many more finely."""
    groups = {code: ages for code in present if (ages := interval(code)) is not None}
    chosen = partition(present) & groups.keys()
    assert do_not_overlap([groups[code] for code in chosen])
    best = max(
        extent([groups[code] for code in choice])
        for size in range(len(groups) + 1)
        for choice in combinations(groups, size)
        if do_not_overlap([groups[code] for code in choice])
    )
    assert extent([groups[code] for code in chosen]) == best
    assert partition(present) - chosen == ({"_U", "_O"} & present if chosen else set())


def do_not_overlap(ages: list[tuple[int, int]]) -> bool:
    return all(a[1] < b[0] or b[1] < a[0] for a, b in combinations(ages, 2))


def extent(ages: list[tuple[int, int]]) -> tuple[int, int]:
    return sum(last - first + 1 for first, last in ages), len(ages)
