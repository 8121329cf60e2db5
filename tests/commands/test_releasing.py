"""What differs between releases, and going back to one, on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

FLOW = "MIGX:DF_STOCK_BIRTH"


@pytest.fixture
def told(corridor: Any, home: Path, stock_table: Any) -> list[dict[str, Any]]:
    """Three releases, as they are listed, the first one first: 2019 and 2020; 2020 revised and
    2021 added; 2019 withdrawn."""
    second = stock_table.write(
        home.parent / "second.csv",
        {"OBS_VALUE": "93800", "OBS_STATUS": "P"},
        {"TIME_PERIOD": "2021", "OBS_VALUE": "94000"},
    )
    third = stock_table.write(
        home.parent / "third.csv", {"ACTION": "D", "TIME_PERIOD": "2019", "OBS_VALUE": "1"}
    )
    for file, note in ((second, "Register revised"), (third, "2019 was wrong")):
        done = corridor("--home", home, "publish", FLOW, file, "--note", note)
        assert done.exit == 0, done.err
    listed = corridor("--home", home, "release", "list", FLOW, "--json").json
    return list(reversed(listed))


def test_notes_are_listed_and_shown(corridor: Any, home: Path, told: list[dict[str, Any]]) -> None:
    assert [one["note"] for one in told] == ["", "Register revised", "2019 was wrong"]
    assert len({one["release"] for one in told}) == 3
    (slice_,) = corridor("--home", home, "release", "show", FLOW, "--json").json["slices"]
    assert slice_["note"] == "2019 was wrong"
    assert "Register revised" in corridor("--home", home, "release", "list", FLOW).out


@pytest.mark.parametrize(
    ("note", "says"), [("x" * 2001, "2,001 characters"), ("a\x1b[31m", "control characters")]
)
def test_notes_that_cannot_be_shown(
    corridor: Any, home: Path, stock_table: Any, note: str, says: str
) -> None:
    file = stock_table.write(home.parent / "next.csv", {"OBS_VALUE": "1"})
    ran = corridor("--home", home, "publish", FLOW, file, "--note", note)
    assert (ran.exit, says in ran.err) == (1, True)
    assert len(corridor("--home", home, "release", "list", FLOW, "--json").json) == 1


def test_the_difference_of_two_releases(
    corridor: Any, home: Path, told: list[dict[str, Any]]
) -> None:
    first, second, third = (one["release"] for one in told)
    found = corridor("--home", home, "release", "diff", FLOW, first, third[:8], "--json").json
    assert found["counts"] == {"added": 1, "revised": 1, "withdrawn": 1}
    assert (found["from"]["release"], found["to"]["release"]) == (first, third)
    revised, withdrawn, added = found["rows"]
    assert revised["kind"] == "revised"
    assert revised["key"]["TIME_PERIOD"] == "2020"
    assert revised["old"] == {"OBS_VALUE": 93722, "OBS_STATUS": "A"}
    assert revised["new"] == {"OBS_VALUE": 93800, "OBS_STATUS": "P"}
    assert (withdrawn["kind"], withdrawn["key"]["TIME_PERIOD"]) == ("withdrawn", "2019")
    assert (withdrawn["old"]["OBS_VALUE"], withdrawn["new"]) == (92759, {})
    assert (added["kind"], added["new"]["OBS_VALUE"], added["old"]) == ("added", 94000, {})
    back = corridor("--home", home, "release", "diff", FLOW, third, first, "--json").json
    assert back["counts"] == found["counts"]
    assert back["rows"][0]["old"] == revised["new"]
    last = corridor("--home", home, "release", "diff", FLOW, "--json").json
    assert (last["from"]["release"], last["to"]["release"]) == (second, third)
    assert last["counts"] == {"added": 0, "revised": 0, "withdrawn": 1}
    same = corridor("--home", home, "release", "diff", FLOW, third, third, "--json").json
    assert (same["counts"]["revised"], same["rows"]) == (0, [])


def test_releases_are_named_by_instants(
    corridor: Any, home: Path, told: list[dict[str, Any]]
) -> None:
    at = told[1]["visible_from"]
    found = corridor("--home", home, "release", "diff", FLOW, "2000-01-01T00:00Z", at, "--json")
    assert found.json["from"] is None
    assert found.json["to"]["release"] == told[1]["release"]
    assert found.json["counts"] == {"added": 3, "revised": 0, "withdrawn": 0}


def test_what_is_not_shown_is_told(corridor: Any, home: Path, told: list[dict[str, Any]]) -> None:
    first, _, third = (one["release"] for one in told)
    ran = corridor("--home", home, "release", "diff", FLOW, first, third, "--rows", "1")
    assert "OBS_VALUE 93722 → 93800; OBS_STATUS A → P" in ran.out
    assert "and 2 more" in ran.out
    none = corridor(
        "--home", home, "release", "diff", FLOW, first, third, "--rows", "0", "--json"
    ).json
    assert (none["rows"], none["not_shown"]) == ([], 3)


def test_what_is_held_back_can_be_looked_at_before(
    corridor: Any, home: Path, stock_table: Any
) -> None:
    file = stock_table.write(home.parent / "next.csv", {"OBS_VALUE": "5"})
    until = "2999-01-01T00:00:00+00:00"
    corridor("--home", home, "publish", FLOW, file, "--embargo", until)
    now = corridor("--home", home, "release", "diff", FLOW, "--json").json
    found = corridor(
        "--home", home, "release", "diff", FLOW, now["to"]["release"], until, "--json"
    ).json
    assert found["counts"] == {"added": 0, "revised": 1, "withdrawn": 0}


def test_a_correction_during_an_embargo_is_told(
    corridor: Any, home: Path, stock_table: Any
) -> None:
    until = "2999-01-01T00:00:00+00:00"
    held = stock_table.write(home.parent / "held.csv", {"OBS_VALUE": "5"})
    corridor("--home", home, "publish", FLOW, held, "--embargo", until)
    file = stock_table.write(home.parent / "next.csv", {"TIME_PERIOD": "2019", "OBS_VALUE": "7"})
    ran = corridor("--home", home, "publish", FLOW, file)
    assert ran.exit == 0
    assert f"held back until {until} was applied again" in ran.out
    slices = corridor("--home", home, "release", "show", FLOW, "--json").json["slices"]
    assert slices[0]["visible_from"].startswith("2999")
    assert [one["used"] for one in slices] == [False, True]


@pytest.mark.parametrize(
    ("named", "says"),
    [
        ("ffffffffffff", "no release ffffffffffff"),
        ("abc", "the first 8 characters"),
        ("2026-99-01T00:00", "is not an instant"),
        ("2026-01-01T00:00:00", "has no zone"),
        ("'; DROP TABLE audit", "no release"),
    ],
)
def test_what_names_no_release(
    corridor: Any, home: Path, told: list[dict[str, Any]], named: str, says: str
) -> None:
    for command in ("diff", "rollback"):
        ran = corridor("--home", home, "release", command, FLOW, named)
        assert (ran.exit, says in ran.err) == (1, True), ran.err
    assert len(corridor("--home", home, "release", "list", FLOW, "--json").json) == 3


def test_going_back_makes_a_release_equal_to_the_old_one(
    corridor: Any, home: Path, told: list[dict[str, Any]]
) -> None:
    first, second, third = (one["release"] for one in told)
    would = corridor("--home", home, "release", "rollback", FLOW, first, "--dry-run", "--json").json
    assert (would["outcome"], would["release"]) == ("DRY_RUN", third)
    done = corridor(
        "--home", home, "release", "rollback", FLOW, first[:12], "--note", "Sorry", "--json"
    ).json
    assert done["outcome"] == "RELEASED"
    assert done["counts"] == would["counts"] == {"added": 1, "revised": 1, "withdrawn": 1}
    assert done["release"] == first, "equal content has an equal id"
    listed = corridor("--home", home, "release", "list", FLOW, "--json").json
    assert [one["release"] for one in listed] == [first, third, second, first]
    assert listed[0]["note"] == "Sorry"
    again = corridor("--home", home, "release", "rollback", FLOW, first, "--json").json
    assert again["outcome"] == "UNCHANGED"
    at = told[1]["visible_from"]
    forth = corridor("--home", home, "release", "rollback", FLOW, at, "--json").json
    assert forth["release"] == second


def test_before_the_first_release_there_is_nothing_to_go_back_to(corridor: Any, home: Path) -> None:
    ran = corridor("--home", home, "release", "rollback", FLOW, "2000-01-01T00:00:00Z")
    assert (ran.exit, "no release" in ran.err) == (1, True)
