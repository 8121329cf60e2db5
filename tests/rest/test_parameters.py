from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hub.errors import BadRequest
from hub.rest.parameters import parse_instant, parse_parameters
from hub.rest.path import (
    parse_agencies,
    parse_ids,
    parse_items,
    parse_path,
    parse_versions,
)

NAMES = ("context", "agencyID", "resourceID")


def test_values_stay_raw_and_names_are_decoded():
    parameters = parse_parameters(b"c%5BX%5D=a+b%2Cc&limit=5&&empty")
    assert parameters.pairs == (("c[X]", "a+b%2Cc"), ("limit", "5"), ("empty", ""))


@pytest.mark.parametrize(
    ("query", "read"),
    [
        (b"limit=0", lambda p: p.integer("limit", 1)),
        (b"limit=-1", lambda p: p.integer("limit", 1)),
        (b"limit=1e3", lambda p: p.integer("limit", 1)),
        (b"limit=%EF%BC%91", lambda p: p.integer("limit", 1)),
        (b"limit=99999999999999999999", lambda p: p.integer("limit", 1)),
        (b"limit=1&limit=2", lambda p: p.integer("limit", 1)),
        (b"limit=", lambda p: p.integer("limit", 1)),
        (b"includeHistory=perhaps", lambda p: p.boolean("includeHistory")),
        (b"mode=x", lambda p: p.choice("mode", ("exact",), "exact")),
        (b"references=a,,b", lambda p: p.words("references")),
        (b"asOf=yesterday", lambda p: p.instant("asOf")),
        (b"asOf=2026-13-01", lambda p: p.instant("asOf")),
        (b"lang=%ff", lambda p: p.text("lang")),
        (b"lang=a%0Ab", lambda p: p.text("lang")),
    ],
)
def test_a_malformed_parameter_is_refused(query, read):
    with pytest.raises(BadRequest):
        read(parse_parameters(query))


def test_a_query_string_that_is_not_utf8_is_refused():
    with pytest.raises(BadRequest, match="UTF-8"):
        parse_parameters(b"a=\xff")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-31T12:00:00Z", datetime(2026, 1, 31, 12, tzinfo=UTC)),
        ("2026-01-31T12:00:00+01:00", datetime(2026, 1, 31, 11, tzinfo=UTC)),
        # Form decoding on the way made a space of the plus.
        ("2026-01-31T12:00:00 01:00", datetime(2026, 1, 31, 11, tzinfo=UTC)),
        ("2026-01-31T12:00:00.5", datetime(2026, 1, 31, 12, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        ("2016", datetime(2016, 1, 1, tzinfo=UTC)),
    ],
)
def test_instants_are_read_into_utc(text, expected):
    assert parse_instant(text, "updatedAfter") == expected


@pytest.mark.parametrize("raw", ["a/b/c", "a/b/c/", "a/b", "a/b/", "", "/"])
def test_trailing_parameters_and_slashes_may_be_left_out(raw):
    given = [part for part in raw.split("/") if part]
    path = parse_path(raw, NAMES)
    assert [path.get(name, "?") for name in NAMES] == [*given, "?", "?", "?"][:3]


def test_a_path_is_decoded_after_it_is_split():
    assert parse_path("a%2Fb/c%2Cd", NAMES).values == ("a/b", "c,d")


@pytest.mark.parametrize("raw", ["a//c", "a/b/c/d", "a/%ff", "a/%00"])
def test_a_malformed_path_is_refused(raw):
    with pytest.raises(BadRequest):
        parse_path(raw, NAMES)


def test_identifiers_are_checked_and_wildcards_mean_all():
    assert parse_agencies("MIGX,MIGX.SWE", ",") == ("MIGX", "MIGX.SWE")
    assert parse_agencies("MIGX,*", ",") == ()
    assert parse_ids("all", "+") == ()
    assert parse_items("A.B,C", ",") == ("A.B", "C")
    for parse, text in ((parse_agencies, "1X"), (parse_ids, "a b"), (parse_items, "a,,b")):
        with pytest.raises(BadRequest):
            parse(text, ",")


def test_keywords_of_1x_are_understood_among_versions():
    assert parse_versions("latest") == parse_versions("~")
    assert parse_versions("all") == parse_versions("*")
    assert parse_versions("1.0+2.0", "+") == parse_versions("1.0,2.0")
