"""The audit trail on the command line, and that it only grows."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

FLOW = "MIGX:DF_STOCK_BIRTH"


@pytest.fixture
def trail(corridor: Any, home: Path, stock_table: Any) -> Path:
    """A node where keys were made and figures published."""
    corridor("--home", home, "key", "create", "--name", "Anna", "--right", "publish")
    made = corridor("--home", home, "key", "create", "--name", "Bo", "--right", "publish")
    file = stock_table.write(home.parent / "next.csv", {"OBS_VALUE": "1"})
    corridor("--home", home, "publish", FLOW, file, "--key", made.out.strip(), "--note", "Why")
    return home


def actions(corridor: Any, home: Path, *arguments: str) -> list[str]:
    return [one["action"] for one in corridor("--home", home, "audit", *arguments, "--json").json]


def test_everything_is_told_the_newest_first(corridor: Any, trail: Path) -> None:
    assert actions(corridor, trail) == ["release", "key create", "key create", "release", "init"]
    shown = corridor("--home", trail, "audit").out
    assert "Why" in shown
    assert "key create" in shown


def test_filters(corridor: Any, trail: Path) -> None:
    assert actions(corridor, trail, "--action", "key") == ["key create"] * 2
    assert actions(corridor, trail, "--action", "key create") == ["key create"] * 2
    assert actions(corridor, trail, "--action", "ke") == []
    assert actions(corridor, trail, "--subject", "STOCK_BIRTH") == ["release"] * 2
    assert actions(corridor, trail, "--subject", "%") == []
    assert actions(corridor, trail, "--by", "Bo") == ["release"]
    assert actions(corridor, trail, "--rows", "1") == ["release"]
    lines = corridor("--home", trail, "audit", "--json").json
    since = lines[1]["at"]
    assert actions(corridor, trail, "--since", since) == ["release", "key create"]
    assert actions(corridor, trail, "--until", lines[-1]["at"]) == ["init"]
    ran = corridor("--home", trail, "audit", "--since", "yesterday")
    assert (ran.exit, "--since" in ran.err) == (1, True)


def test_who_published_without_a_key(corridor: Any, trail: Path) -> None:
    last = corridor("--home", trail, "audit", "--action", "release", "--json").json[-1]
    assert last["detail"]["by"].startswith("user ")


@pytest.mark.parametrize("change", ["UPDATE audit SET detail = '{}'", "DELETE FROM audit"])
def test_no_line_is_changed_or_removed(corridor: Any, trail: Path, change: str) -> None:
    before = corridor("--home", trail, "audit", "--json").json
    connection = sqlite3.connect(trail / "catalogue.sqlite")
    try:
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            connection.execute(change)
    finally:
        connection.close()
    assert corridor("--home", trail, "audit", "--json").json == before
