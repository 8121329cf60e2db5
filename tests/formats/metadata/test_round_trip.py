"""Whatever is reported comes through every form as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.formats.message import Header
from hub.formats.metadata import FORMS, MetadataForm, read, write
from hub.model import InternationalString, MetadataSet, ReportedAttribute
from hub.publish.metadata import check
from tests.formats.metadata.sets import RICH, STRUCTURES, opened

HEADER = Header(id="M1", prepared=datetime(2026, 11, 22, 8, tzinfo=UTC), sender="TEST")
A = ReportedAttribute

#: Characters that XML can hold, and those that formats give a meaning.
_SIGNS = st.one_of(
    st.sampled_from(list("\"';:,.&<>[]()|\\ \t\n\rena")),
    st.characters(
        min_codepoint=32, exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"
    ),
)
_WORDS = st.text(_SIGNS, min_size=1, max_size=12)
_LANGUAGES = st.sampled_from(["en", "fr", "ar", "pt-BR"])
_TEXTS = st.dictionaries(_LANGUAGES, _WORDS, min_size=1, max_size=3).map(
    lambda texts: InternationalString(tuple(texts.items()))
)
_MARKUP = st.lists(
    st.tuples(st.sampled_from(["p", "em", "li"]), st.sampled_from(["x; y", '"z"', "a &amp; b"])),
    min_size=1,
    max_size=3,
).map(lambda parts: "".join(f"<{tag}>{text}</{tag}>" for tag, text in parts))
_STORIES = st.dictionaries(_LANGUAGES, _MARKUP, min_size=1, max_size=2).map(
    lambda texts: InternationalString(tuple(texts.items()))
)


def _texts(id_: str) -> st.SearchStrategy[ReportedAttribute]:
    return _TEXTS.map(lambda texts: A(id=id_, texts=texts))


def _values(id_: str, values: st.SearchStrategy[str]) -> st.SearchStrategy[ReportedAttribute]:
    return values.map(lambda value: A(id=id_, value=value))


def _some(one: st.SearchStrategy[ReportedAttribute], most: int) -> st.SearchStrategy[list]:
    return st.lists(one, max_size=most)


_FREQ = st.tuples(st.sampled_from("AM"), _some(_texts("NOTE"), 2)).map(
    lambda made: A(id="FREQ", value=made[0], attributes=tuple(made[1]))
)
_ADDRESS = _texts("TITLE").map(lambda title: A(id="ADDRESS", attributes=(title,)))
_CONTACT = (
    st.tuples(
        _some(_values("NAME", _WORDS), 1), _some(_values("MAIL", _WORDS), 3), _some(_ADDRESS, 1)
    )
    .map(lambda made: tuple(each for part in made for each in part))
    .filter(bool)
    .map(lambda below: A(id="CONTACT", attributes=below))
)
_NUMBERS = st.integers(-(2**60), 2**60).map(str)
_RATIOS = st.floats(allow_nan=False, allow_infinity=False).map(repr)
_PRICES = st.decimals(-1000, 1000, places=2).map(str)
_DAYS = st.dates().map(str).filter(lambda day: day > "1000")
#: In the order of the structure, which is the order they are kept in.
SETS = (
    st.tuples(
        _some(_texts("TITLE"), 1),
        _some(_STORIES.map(lambda texts: A(id="STORY", markup=texts)), 3),
        _some(_FREQ, 3),
        _some(_values("COUNT", _NUMBERS), 1),
        _some(_values("RATIO", _RATIOS), 1),
        _some(_values("PRICE", _PRICES), 1),
        _some(_values("DONE", st.sampled_from(["true", "false"])), 1),
        _some(_values("DAY", _DAYS), 1),
        _some(_CONTACT, 3),
    )
    .map(lambda made: tuple(each for part in made for each in part))
    .filter(bool)
    .map(lambda attributes: replace(RICH, attributes=attributes))
)


@pytest.mark.parametrize("form", FORMS, ids=str)
@settings(max_examples=25, deadline=None)
@given(given_set=SETS, other=SETS)
def test_reports_come_through(
    form: MetadataForm, given_set: MetadataSet, other: MetadataSet
) -> None:
    other = replace(other, id="OTHER")
    message = b"".join(write(HEADER, opened(given_set, other), form))
    checked = check(read(message), STRUCTURES)
    assert not checked.has_errors, checked.findings
    for (_, one), before in zip(checked.sets, (given_set, other), strict=True):
        assert one.attributes == before.attributes
        assert one.targets == before.targets
