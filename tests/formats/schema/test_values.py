"""Which values schemas take: every data type, facets, codes, what is missing on purpose."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.formats.schema import Family, Places, SchemaForm, Usage
from hub.formats.schema.facets import of_years
from hub.model import Codelist, CubeRegion, KeyValues, Representation, TextType, ValueList
from tests.formats.schema.judge import judge_of
from tests.formats.schema.messages import json_message, xml_message
from tests.formats.schema.structures import (
    CODED,
    CODES,
    JSON_20,
    JSON_21,
    XSD_21,
    XSD_30,
    XSD_31,
    XSDS,
    attribute,
    measure,
    region,
    schema,
)

FORMS = (*XSDS, JSON_20, JSON_21)
#: For each data type, values it has and values it has not.
LEXICAL: dict[TextType, tuple[list[str], list[str]]] = {
    TextType.STRING: (["any <&> text", " ", "#N/A"], []),
    TextType.ALPHA: (["abcXYZ"], ["a1", "é", ""]),
    TextType.ALPHA_NUMERIC: (["a1"], ["a_1", ""]),
    TextType.NUMERIC: (["007"], ["-1", "1.5", "x"]),
    TextType.BIG_INTEGER: (["12345678901234567890123", "-1"], ["1.5", "x"]),
    TextType.INTEGER: (["2147483647", "-1"], ["2147483648", "1.5", "x"]),
    TextType.LONG: (["9223372036854775807"], ["9223372036854775808", "1.5", "x"]),
    TextType.SHORT: (["-32768"], ["32768", "x"]),
    TextType.DECIMAL: (["12.50", "-.5"], ["1e5", "x"]),
    TextType.FLOAT: (["1.5", "1e-7", "NaN"], ["x", "1,5"]),
    TextType.DOUBLE: (["17951", "-1e+15", "INF"], ["x", "1,5"]),
    TextType.BOOLEAN: (["true", "false"], ["yes", "TRUE"]),
    TextType.URI: (["https://example.org/a?b=c"], []),
    TextType.COUNT: (["5"], ["1.5", "x"]),
    TextType.INCLUSIVE_VALUE_RANGE: (["1.5"], ["x"]),
    TextType.EXCLUSIVE_VALUE_RANGE: (["1.5"], ["x"]),
    TextType.INCREMENTAL: (["1.5"], ["x"]),
    TextType.OBSERVATIONAL_TIME_PERIOD: (
        ["2020", "2020-02", "2020-02-29", "2020-Q4", "2020-W53", "2020-01-01/P1Y", "2020-D366"],
        ["2020-13", "2020-Q5", "20", "2020-Q1/P1Y", "x"],
    ),
    TextType.STANDARD_TIME_PERIOD: (["2020-S2", "2020"], ["2020-01-01/P1Y", "2020-S3"]),
    TextType.BASIC_TIME_PERIOD: (["2020-05", "2020-05-01T00:00:00Z"], ["2020-Q1"]),
    TextType.GREGORIAN_TIME_PERIOD: (["2020", "2020-05-01"], ["2020-05-01T00:00:00"]),
    TextType.GREGORIAN_YEAR: (["2020", "2020Z"], ["2020-05", "20"]),
    TextType.GREGORIAN_YEAR_MONTH: (["2020-05"], ["2020", "2020-00"]),
    TextType.GREGORIAN_DAY: (["2020-05-01", "2020-05-01+02:00"], ["2020-05", "2020-05-32"]),
    TextType.REPORTING_TIME_PERIOD: (["2020-T3", "2020-M12"], ["2020", "2020-T4"]),
    TextType.REPORTING_YEAR: (["2020-A1"], ["2020", "2020-A2"]),
    TextType.REPORTING_SEMESTER: (["2020-S1"], ["2020-S3", "2020-Q1"]),
    TextType.REPORTING_TRIMESTER: (["2020-T1"], ["2020-T4"]),
    TextType.REPORTING_QUARTER: (["2020-Q1Z"], ["2020-Q5"]),
    TextType.REPORTING_MONTH: (["2020-M01"], ["2020-M13", "2020-M1"]),
    TextType.REPORTING_WEEK: (["2020-W01"], ["2020-W54", "2020-W00"]),
    TextType.REPORTING_DAY: (["2020-D001", "2020-D366"], ["2020-D367"]),
    TextType.DATE_TIME: (["2020-05-01T12:30:00.5+01:00"], ["2020-05-01", "2020-05-01T25:00:00"]),
    TextType.TIME_RANGE: (["2020-05-01/P1M", "2020-05-01T00:00:00/PT5H"], ["2020-05-01", "x/P1M"]),
    TextType.MONTH: (["--05"], ["--13", "05"]),
    TextType.MONTH_DAY: (["--07-01"], ["07-01", "--13-01"]),
    TextType.DAY: (["---31"], ["---32", "31"]),
    TextType.TIME: (["12:30:00"], ["12:30", "25:00:00"]),
    TextType.DURATION: (["P1Y2M", "-PT5M", "PT0.5S"], ["P", "1Y", "PT"]),
    TextType.GEOSPATIAL_INFORMATION: (["POINT(1 2)"], []),
    TextType.KEY_VALUES: (["a=b"], []),
    TextType.IDENTIFIABLE_REFERENCE: (["urn:sdmx:org.x"], []),
    TextType.DATASET_REFERENCE: (["x"], []),
    TextType.ATTACHMENT_CONSTRAINT_REFERENCE: (["urn:sdmx:org.x"], []),
    TextType.XHTML: (["<p>x</p>"], []),
}


@cache
def _places(representation: Representation, *lists: Codelist | ValueList, **values: Any) -> Places:
    regions = [region(**values)] if values else []
    held = schema(
        measures=[measure("OBS_VALUE", is_mandatory=False)],
        attributes=[attribute("X", representation)],
        lists=(CODES, *lists),
        regions=regions,
    )
    return Places(schema=held, at="TIME_PERIOD", usage=Usage.OPTIONAL)


def takes(form: SchemaForm, places: Places, value: Any) -> bool:
    """Whether a schema takes a value of the attribute X of an observation."""
    make = xml_message if form.family is Family.XML else json_message
    return not judge_of(places, form).faults(make(places, form, value))


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.media_type[27:])
@pytest.mark.parametrize("kind", list(TextType))
def test_every_data_type(form, kind) -> None:
    right, wrong = LEXICAL[kind]
    places = _places(Representation(text_type=kind))
    for value in right:
        assert takes(form, places, value), value
    for value in wrong:
        assert not takes(form, places, value), value


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.media_type[27:])
@pytest.mark.parametrize(
    ("facets", "right", "wrong"),
    [
        ({"min_length": 2, "max_length": 3}, ["ab", "éüñ"], ["a", "abcd"]),
        ({"pattern": "[A-Z]{2}[0-9]+"}, ["AB1"], ["AB", "xAB1", "AB1x"]),
        ({"pattern": "^[A-Z]{2}$"}, ["AB"], ["ABC", "^AB$"]),
        ({"pattern": r"a\$"}, ["a$"], ["a"]),
        ({"pattern": "(?=never XML Schema)", "max_length": 3}, [], ["abcd"]),
        ({"min_length": 5, "max_length": 3}, ["abcd"], []),
        ({"text_type": TextType.INTEGER, "min_value": "0.5", "max_value": "9"}, ["1"], ["0", "10"]),
        ({"text_type": TextType.SHORT, "min_value": "-1000000"}, ["-32768"], ["-32769"]),
        ({"text_type": TextType.DOUBLE, "min_value": "0", "max_value": "1"}, ["0.5"], ["1.5"]),
        ({"text_type": TextType.DOUBLE, "min_value": "1", "max_value": "0"}, ["0.5"], ["x"]),
    ],
)
def test_facets(form, facets, right, wrong) -> None:
    places = _places(Representation(**facets))
    for value in right:
        assert takes(form, places, value), value
    for value in wrong:
        assert not takes(form, places, value), value


@pytest.mark.parametrize("form", XSDS, ids=lambda form: form.version)
@pytest.mark.parametrize(
    ("facets", "right", "wrong"),
    [
        ({"text_type": TextType.DECIMAL, "decimals": 1}, ["1.5", "2.50", "3"], ["1.25"]),
        ({"text_type": TextType.DOUBLE, "decimals": 1}, ["1.5", "3", "1e+15"], ["1.25", "1e-7"]),
        ({"text_type": TextType.INTEGER, "max_length": 3}, ["123"], ["1234"]),
        ({"text_type": TextType.INTEGER, "max_length": 3, "pattern": "1.*"}, ["12"], ["2", "1234"]),
        ({"text_type": TextType.DECIMAL, "min_value": "-1", "max_value": "1"}, ["1.0"], ["1.1"]),
        (
            {"text_type": TextType.EXCLUSIVE_VALUE_RANGE, "min_value": "0", "max_value": "1"},
            ["0.5"],
            ["0", "1.0"],
        ),
        (
            {"text_type": TextType.OBSERVATIONAL_TIME_PERIOD, "pattern": "....-Q."},
            ["2020-Q1"],
            ["2020"],
        ),
    ],
)
def test_facets_that_json_schema_has_no_word_for(form, facets, right, wrong) -> None:
    places = _places(Representation(**facets))
    for value in right:
        assert takes(form, places, value), value
    for value in wrong:
        assert not takes(form, places, value), value


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.media_type[27:])
def test_codes(form) -> None:
    assert takes(form, _places(CODED), "B")
    assert not takes(form, _places(CODED), "X")
    allowed = _places(CODED, X="AB")
    assert takes(form, allowed, "B")
    assert not takes(form, allowed, "C")
    nothing = _places(CODED, X=("Z",))
    assert not takes(form, nothing, "B")


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.media_type[27:])
def test_a_constraint_of_values_without_a_list(form) -> None:
    allowed = _places(Representation(), X=("a.b", "(c)"))
    assert takes(form, allowed, "a.b")
    assert takes(form, allowed, "(c)")
    assert not takes(form, allowed, "axb")
    years = _places(Representation(text_type=TextType.GREGORIAN_YEAR), X=("2020",))
    assert takes(form, years, "2020")
    assert not takes(form, years, "2021")


@pytest.mark.parametrize("form", [XSD_30, XSD_31, JSON_20, JSON_21])
def test_the_values_of_a_value_list_may_be_anything(form) -> None:
    items = tuple(type(CODES.items[0])(id=id_) for id_ in ("€", "a b", "<&>"))
    currencies = ValueList(agency="T", id="VL", items=items)
    places = _places(Representation(enumeration=currencies.reference), currencies)
    for item in items:
        assert takes(form, places, item.id)
    assert not takes(form, places, "$")


@pytest.mark.parametrize(
    ("facets", "words"),
    [
        ({"text_type": TextType.LONG}, {"#N/A", "NaN"}),
        ({"text_type": TextType.DECIMAL, "min_value": "0"}, {"#N/A", "NaN"}),
        ({"text_type": TextType.BOOLEAN}, {"#N/A"}),
        ({"text_type": TextType.GREGORIAN_DAY}, {"#N/A"}),
        ({"max_length": 2}, {"#N/A"}),
        ({"enumeration": CODES.reference}, {"#N/A"}),
    ],
    ids=lambda part: " ".join(map(str, sorted(part))) if isinstance(part, set) else str(part),
)
def test_values_missing_on_purpose_are_of_3_1(facets, words) -> None:
    places = _places(Representation(**facets))
    for word in ("#N/A", "NaN"):
        for form in (XSD_31, JSON_21):
            assert takes(form, places, word) == (word in words), (form, word)
        for form in (XSD_21, XSD_30, JSON_20):
            assert not takes(form, places, word) or facets == {"max_length": 2}


def test_a_float_in_bounds_may_be_missing_since_3_0() -> None:
    places = _places(Representation(text_type=TextType.DOUBLE, max_value="1"))
    assert [form.version for form in FORMS if takes(form, places, "NaN")] == [
        *("3.0.0", "3.1.0", "2.0.0", "2.1.0"),
    ]


@pytest.mark.parametrize("form", [XSD_30, XSD_31, JSON_20, JSON_21])
def test_several_values(form) -> None:
    coded = _places(Representation(enumeration=CODES.reference, max_occurs=2))
    assert takes(form, coded, ["A", "B"])
    assert not takes(form, coded, ["A", "X"])
    assert not takes(form, coded, ["A", "B", "C"])
    numbers = _places(Representation(text_type=TextType.INTEGER, max_occurs=None))
    assert takes(form, numbers, ["1", "2", "3", "4"])
    assert not takes(form, numbers, ["1", "x"])


def test_several_codes_are_a_list_in_2_1() -> None:
    coded = _places(Representation(enumeration=CODES.reference, max_occurs=2))
    assert takes(XSD_21, coded, "A B")
    assert not takes(XSD_21, coded, "A X")


@pytest.mark.parametrize("form", [XSD_30, XSD_31, JSON_20, JSON_21])
def test_texts_in_languages(form) -> None:
    places = _places(Representation(is_multilingual=True))
    assert takes(form, places, {"en": "yes", "fr": "oui"})
    assert not takes(form, places, "yes")


@given(st.integers(0, 9999), st.integers(0, 9999), st.integers(0, 9999))
def test_patterns_of_years(first: int, last: int, year: int) -> None:
    for low, high in ((first, last), (None, last), (first, None)):
        pattern = of_years(low, high)
        assert pattern is not None
        fits = (low or 0) <= year <= (9999 if high is None else high)
        for text in (f"{year:04}", f"{year:04}-Q1"):
            assert bool(re.fullmatch(pattern, text)) == fits
        assert not re.fullmatch(pattern, f"{year:04}0")


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.media_type[27:])
def test_periods_outside_the_years_of_a_constraint(form) -> None:
    years = KeyValues(component="TIME_PERIOD", start="2010-06", end="2020")
    held = schema(
        measures=[measure("OBS_VALUE", is_mandatory=False)],
        attributes=[attribute("X")],
        regions=[CubeRegion(keys=(years,))],
    )
    places = Places(schema=held, at="TIME_PERIOD", usage=Usage.OPTIONAL)
    make = xml_message if form.family is Family.XML else json_message
    for period, is_right in (("2010", True), ("2020-Q4", True), ("2009", False), ("2021", False)):
        message = make(places, form, "x").replace(b'"2020"', f'"{period}"'.encode())
        assert (judge_of(places, form).faults(message) == []) == is_right, period
