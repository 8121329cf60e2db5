from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import BadRequest
from hub.model import KeyPattern
from hub.rest.keys import parse_key_v1, parse_keys


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*", ()),
        ("all", ()),
        ("A.SWE.F", ((("A",), ("SWE",), ("F",)),)),
        ("A", ((("A",),),)),
        ("A.*.F", ((("A",), (), ("F",)),)),
        ("A..F", ((("A",), (), ("F",)),)),
        ("A.SWE,A.NOR", ((("A",), ("SWE",)), (("A",), ("NOR",)))),
        ("..", (((), (), ()),)),
    ],
)
def test_a_key_of_2x(text, expected):
    assert parse_keys(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("all", ()),
        ("A.SWE+NOR.", ((("A",), ("SWE", "NOR"), ()),)),
        ("..", (((), (), ()),)),
        ("A.SWE", ((("A",), ("SWE",)),)),
    ],
)
def test_a_key_of_1x(text, expected):
    assert parse_key_v1(text) == expected


def test_the_or_of_the_other_dialect_is_refused_instead_of_finding_nothing():
    with pytest.raises(BadRequest, match="commas"):
        parse_keys("A.SWE+NOR")
    with pytest.raises(BadRequest, match=r"'\+'"):
        parse_key_v1("A.SWE,A.NOR")
    with pytest.raises(BadRequest, match="empty"):
        parse_key_v1("A.SWE+")


def matches(keys: tuple[KeyPattern, ...], series: tuple[str, ...]) -> bool:
    return not keys or any(
        all(not wanted or series[at] in wanted for at, wanted in enumerate(pattern))
        for pattern in keys
    )


ALL_SERIES = list(itertools.product("AQ", ("SWE", "NOR"), "FM"))
codes = st.tuples(
    st.sampled_from("AQZ"), st.sampled_from(["SWE", "NOR", "X"]), st.sampled_from("FM")
)
masks = st.tuples(st.booleans(), st.booleans(), st.booleans())


@given(st.lists(st.tuples(codes, masks, st.integers(1, 3)), min_size=1, max_size=3))
def test_keys_of_2x_select_what_a_naive_reading_selects(keys):
    """Position by position, on text: equal, or `*`, or left out at the end."""
    written = [
        ".".join("*" if wild else code for code, wild in zip(key, mask, strict=True)).split(".")
        for key, mask, _ in keys
    ]
    cut = [key[:length] for key, (_, _, length) in zip(written, keys, strict=True)]
    selected = parse_keys(",".join(".".join(key) for key in cut))
    for series in ALL_SERIES:
        naive = any(all(part in ("*", series[at]) for at, part in enumerate(key)) for key in cut)
        assert matches(selected, series) is naive


@given(
    st.lists(st.lists(st.sampled_from(["A", "SWE", "F", "Q"]), max_size=2), min_size=3, max_size=3)
)
def test_keys_of_1x_select_what_a_naive_reading_selects(positions):
    selected = parse_key_v1(".".join("+".join(position) for position in positions))
    for series in ALL_SERIES:
        naive = all(not wanted or series[at] in wanted for at, wanted in enumerate(positions))
        assert matches(selected, series) is naive
