"""Patterns that are told to others match what the parsers take, and nothing they refuse."""

from __future__ import annotations

import itertools
import re

from hypothesis import given
from hypothesis import strategies as st

from hub.errors import BadRequest
from hub.model.period import parse_period
from hub.model.period_pattern import INSTANT, PERIOD
from hub.model.version import parse_version_query
from hub.model.version_pattern import ALL, EXACT, LATEST, LATEST_STABLE
from hub.rest.parameters import parse_instant

VERSION = re.compile(f"(?:{EXACT}|{LATEST_STABLE}|{LATEST}|{ALL})")


def _is_version_query(text: str) -> bool:
    try:
        parse_version_query(text)
    except BadRequest:
        return False
    return True


def test_short_texts_match_where_they_are_version_queries() -> None:
    texts = ("".join(text) for n in range(1, 7) for text in itertools.product("01+~*.-", repeat=n))
    differing = [t for t in texts if bool(VERSION.fullmatch(t)) != _is_version_query(t)]
    assert not differing


@given(st.from_regex(VERSION, fullmatch=True))
def test_what_matches_is_a_version_query(text: str) -> None:
    assert _is_version_query(text)


@given(st.from_regex(PERIOD, fullmatch=True))
def test_what_matches_is_a_period(text: str) -> None:
    assert parse_period(text.removesuffix("\n"))


@given(st.from_regex(INSTANT, fullmatch=True))
def test_what_matches_is_an_instant(text: str) -> None:
    assert parse_instant(text.removesuffix("\n"), "instant")


def test_periods_of_every_kind_match() -> None:
    periods = (
        "2020",
        "2020-02",
        "2020-02-29",
        "2000-02-29",
        "2020-02-29T12:00:00.5Z",
        "2020-A1",
        "2020-S2",
        "2020-T3",
        "2020-Q4",
        "2020-M12",
        "2020-W53",
        "2020-D366",
        "2019-D365+01:00",
        "2020-02-01/P1Y2M",
        "2020-02-01T00:00:00/P10D",
    )
    assert [period for period in periods if not re.search(PERIOD, period)] == []


def test_days_and_weeks_that_are_in_no_calendar_do_not() -> None:
    periods = (
        "2019-02-29",
        "1900-02-29",
        "2020-02-30",
        "2020-04-31",
        "2020-13",
        "2019-W53",
        "2019-D366",
        "2020-Q5",
        "2020-02-01/P0D",
    )
    assert [period for period in periods if re.search(PERIOD, period)] == []
