from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import BadRequest
from hub.model import ComponentFilter, Operator, Predicate, Structures, resolve
from hub.rest.filters import parse_alternatives, parse_filters, precise
from hub.rest.parameters import parse_parameters
from tests.rest.artefacts import ARTEFACTS, FLOW

SCHEMA = resolve(FLOW.reference, Structures(ARTEFACTS))


def parsed(text: str) -> tuple[tuple[tuple[str, str], ...], ...]:
    alternatives = parse_alternatives(text, "c[X]")
    return tuple(tuple((p.operator.value, p.value) for p in each) for each in alternatives)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A", ((("eq", "A"),),)),
        ("A,B", ((("eq", "A"),), (("eq", "B"),))),
        # AND binds tighter than OR.
        ("A,B+C", ((("eq", "A"),), (("eq", "B"), ("eq", "C")))),
        # An operator belongs to its own value only.
        ("ne:A,B", ((("ne", "A"),), (("eq", "B"),))),
        ("ge:2010+le:2012", ((("ge", "2010"), ("le", "2012")),)),
        ("ge%3A2010", ((("ge", "2010"),),)),
        # Encoded separators are part of the value; a time of day holds colons.
        ("Lyon%2CParis", ((("eq", "Lyon,Paris"),),)),
        ("Lyon%2BParis%20x", ((("eq", "Lyon+Paris x"),),)),
        ("eq:2020-01-01T00:00:00", ((("eq", "2020-01-01T00:00:00"),),)),
        ("urn:sdmx:x", ((("eq", "urn:sdmx:x"),),)),
    ],
)
def test_a_filter_is_parsed_with_its_precedence(text, expected):
    assert parsed(text) == expected


@pytest.mark.parametrize("text", ["", "A,", "A+", "ge:", "xx:5", "A%00", "%ff"])
def test_a_malformed_filter_is_refused(text):
    with pytest.raises(BadRequest):
        parse_alternatives(text, "c[X]")


@pytest.mark.parametrize("query", ["c=A", "c[]=A", "c[A][B]=C", "c[A=B", "c[1A]=B"])
def test_a_malformed_name_is_refused(query):
    with pytest.raises(BadRequest, match="component"):
        parse_filters(parse_parameters(query.encode()))


def test_brackets_may_be_encoded_and_a_component_given_twice_must_satisfy_both():
    filters = parse_filters(parse_parameters(b"c%5BTIME_PERIOD%5D=ge:2019&c[TIME_PERIOD]=le:2020"))
    assert [(f.component, f.alternatives[0][0].operator) for f in filters] == [
        ("TIME_PERIOD", Operator.GE),
        ("TIME_PERIOD", Operator.LE),
    ]


@pytest.mark.parametrize(
    ("component", "raw", "expected"),
    [
        ("REF_AREA", "ne:SWE%2CNOR+sw:N", "ne:SWE,NOR+sw:N"),
        ("REF_AREA", "sw:S%2Bew:E%2cNOR", "sw:S+ew:E,NOR"),
        ("REF_AREA", "sw:S%20ew:E", "sw:S+ew:E"),
        ("OBS_VALUE", "ge:1%2Ble:5", "ge:1+le:5"),
        ("TIME_PERIOD", "ge:2010%20le:2012", "ge:2010+le:2012"),
    ],
)
def test_encoded_separators_separate_where_no_value_can_hold_them(component, raw, expected):
    column = SCHEMA.by_id[component]
    separated = precise(ComponentFilter(component, parse_alternatives(raw, component)), column)
    assert separated.alternatives == parse_alternatives(expected, component)


def test_encoded_separators_are_data_in_free_text():
    text = ComponentFilter("TITLE", parse_alternatives("a%2Cb%20c%2Bd,e+f", "c[TITLE]"))
    assert precise(text, SCHEMA.by_id["TITLE"]) == text
    assert text.alternatives[0][0].value == "a,b c+d"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("nc:2020-03-01T01:30:00%2b", [["nc:2020-03-01T01:30:00+"]]),
        ("co:%2b01", [["co:+01"]]),
        ("ew:%2B01:00", [["ew:+01:00"]]),
        ("sw:2020-03-01T01:30:00%2B+ge:2019", [["sw:2020-03-01T01:30:00+", "ge:2019"]]),
        ("sw:2020-03-01T01:30:00%2B,2019", [["sw:2020-03-01T01:30:00+"], ["eq:2019"]]),
    ],
)
def test_part_of_an_instant_may_begin_and_end_with_a_plus(raw, expected):
    parsed_ = ComponentFilter("TIME_PERIOD", parse_alternatives(raw, "c[TIME_PERIOD]"))
    separated = precise(parsed_, SCHEMA.by_id["TIME_PERIOD"])
    spelt = [[f"{p.operator.value}:{p.value}" for p in each] for each in separated.alternatives]
    assert spelt == expected


@pytest.mark.parametrize("plus", ["+", "%2B", "%20"])
def test_the_plus_of_a_zone_is_no_conjunction(plus):
    raw = f"ge:2020-01-01T00:00:00{plus}01:00{plus}lt:2021-01-01T00:00:00{plus}01:00"
    parsed_ = ComponentFilter("TIME_PERIOD", parse_alternatives(raw, "c[TIME_PERIOD]"))
    separated = precise(parsed_, SCHEMA.by_id["TIME_PERIOD"])
    assert [(p.operator.value, p.value) for p in separated.alternatives[0]] == [
        ("ge", "2020-01-01T00:00:00+01:00"),
        ("lt", "2021-01-01T00:00:00+01:00"),
    ]


values = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1)
predicates = st.builds(Predicate, st.sampled_from(list(Operator)), values)
conjunctions = st.lists(predicates, min_size=1, max_size=3)


@given(st.lists(conjunctions, min_size=1, max_size=3))
def test_what_is_written_is_read_back(alternatives):
    """Whatever values hold, encoding them keeps them apart from what separates them."""
    written = ",".join(
        "+".join(f"{p.operator.value}:{quote(p.value, safe='')}" for p in each)
        for each in alternatives
    )
    assert parse_alternatives(written, "c[X]") == tuple(tuple(each) for each in alternatives)
