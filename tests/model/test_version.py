"""Version queries against the grammar's own examples, and selections worked out by hand."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import BadRequest
from hub.model import latest, parse_version_query, version_key
from hub.model.version import is_stable

CASES = Path(__file__).parents[2].parent / "shared" / "design" / "sdmx-version-query-cases.json"


def cases(kind: str) -> list[str]:
    if not CASES.is_file():
        pytest.skip("the grammar's examples are not beside the project, in ../shared/design")
    found: list[str] = json.loads(CASES.read_text())[kind]
    assert found
    return found


def test_every_valid_example_is_read():
    for text in cases("valid"):
        assert parse_version_query(text).is_exact is not any(mark in text for mark in "+~*")


def test_every_invalid_example_is_refused():
    accepted = []
    for text in cases("invalid"):
        try:
            parse_version_query(text)
        except BadRequest:
            continue
        accepted.append(text)
    assert accepted == []


KNOWN = (
    "1", "2", "1.0", "1.2", "2.1", "2.5", "0.9.0", "1.0.0-draft", "1.0.0", "1.1.0", "1.1.3",
    "1.2.0", "2.0.0", "2.3.0", "2.3.2", "2.4.0-beta.2", "2.4.0-beta.11", "3.0.0-rc",
)  # fmt: skip


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        # one version
        ("1.0", ["1.0"]),
        ("1.0.0-draft", ["1.0.0-draft"]),
        ("7.0.0", []),
        # the latest stable one: semantic, above 0, no extension
        ("+", ["2.3.2"]),
        ("+.0.0", ["2.3.2"]),
        ("1+.0.0", ["2.3.2"]),
        ("1.+.0", ["1.2.0"]),
        ("1.0+.0", ["1.2.0"]),
        ("1.1.+", ["1.1.3"]),
        ("2.3.1+", ["2.3.2"]),
        ("2.3.3+", []),
        ("2.3+.1", ["2.3.2"]),
        ("2.4+.0", []),
        ("2+.3.3", []),
        ("1+.2.0", ["2.3.2"]),
        ("3+.0.0", []),
        # the latest of any status
        ("~", ["3.0.0-rc"]),
        ("~.0", ["2.5"]),
        ("0~.0", ["2.5"]),
        ("~.0.0", ["3.0.0-rc"]),
        ("2.~", ["2.5"]),
        ("1.3~", []),
        ("2.~.0", ["2.4.0-beta.11"]),
        ("1.0.~", ["1.0.0"]),
        ("1.1.0~", ["1.1.3"]),
        ("3~.0.0", ["3.0.0-rc"]),  # the minimum is of the numbers, whatever the extension
        ("1~.3", ["2.5"]),
        # all
        ("*.0", ["2.5", "2.1", "1.2", "1.0"]),
        ("1.*", ["1.2", "1.0"]),
        ("1.1*", ["1.2"]),
        ("1.1.*", ["1.1.3", "1.1.0"]),
        ("1.1*.1", ["1.2.0", "1.1.3"]),
        ("2.4*.0", ["2.4.0-beta.11", "2.4.0-beta.2"]),
        ("2*.3.1", ["3.0.0-rc", "2.4.0-beta.11", "2.4.0-beta.2", "2.3.2"]),
        # any of several, each once
        ("1.1.3,1.1.*", ["1.1.3", "1.1.0"]),
        ("+,~", ["2.3.2", "3.0.0-rc"]),
    ],
)
def test_selection(query, expected):
    assert list(parse_version_query(query).select(KNOWN)) == expected


def test_all_means_every_version_whatever_its_form():
    known = (*KNOWN, "", "2024-edition.x/1")
    assert set(parse_version_query("*").select(known)) == set(known)


def test_stable_never_means_a_version_of_two_parts():
    # A service whose artefacts are all of version 1.0 answers 404 to `+`.
    assert parse_version_query("+").select(["1.0", "0.1.0", "1.0.0-draft"]) == ()
    assert parse_version_query("~").select(["1.0"]) == ("1.0",)


def test_order_of_versions():
    ordered = ["", "0.9.0", "1.0.0-1", "1.0.0-2", "1.0.0-10", "1.0.0-a", "1.0.0-a.1", "1.0.0-b",
               "1", "1.0", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0"]  # fmt: skip
    assert sorted(reversed(ordered), key=version_key) == ordered
    assert latest(reversed(ordered)) == "2.0"


@pytest.mark.parametrize(
    ("version", "stable"),
    [("1.0.0", True), ("1.0.0-rc", False), ("0.1.0", False), ("1.0", False), ("x", False)],
)
def test_stable(version, stable):
    assert is_stable(version) is stable


@pytest.mark.parametrize(
    "text", ["", ",", "1.0,", "1..0", "1.0.0.0", "1.+.+", "-1", "v1", "\u0661.0", "9" * 5000 + "~"]
)
def test_nonsense_is_refused(text):
    with pytest.raises(BadRequest, match="is not a version query"):
        parse_version_query(text)


PARTS = st.integers(0, 3)
SEMANTIC = st.builds("{}.{}.{}".format, PARTS, PARTS, PARTS)


@given(st.lists(SEMANTIC, max_size=12), SEMANTIC)
def test_minimum_within_a_major_version_agrees_with_a_naive_reading(known, minimum):
    major, minor, patch = (int(part) for part in minimum.split("."))
    fits = [
        (a, b, c)
        for a, b, c in (tuple(int(p) for p in version.split(".")) for version in known)
        if a == major and (b, c) >= (minor, patch)
    ]
    expected = ".".join(map(str, max(fits))) if fits else None
    selected = parse_version_query(f"{major}.{minor}~.{patch}").select(known)
    assert (selected[0] if selected else None) == expected
    if major > 0:
        assert parse_version_query(f"{major}.{minor}+.{patch}").select(known) == selected


@given(st.text("0123456789.+~*,-ax", max_size=12))
def test_any_text_is_a_query_or_refused(text):
    try:
        query = parse_version_query(text)
    except BadRequest:
        return
    assert set(query.select(KNOWN)) <= set(KNOWN)
