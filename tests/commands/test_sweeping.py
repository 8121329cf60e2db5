"""`sweep`: what it tells beforehand, what it does, and what it leaves alone."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from hub.store import open_store

FLOW = "MIGX:DF_STOCK_BIRTH"
OLD = 3 * 24 * 3600


def age(*paths: Path) -> None:
    for path in paths:
        then = time.time() - OLD
        os.utime(path, (then, then))


def files(home: Path) -> set[Path]:
    return {path for path in home.rglob("*") if path.is_file()}


@pytest.fixture
def littered(home: Path) -> Path:
    """A home with a file nobody names, half an answer, and work of a dead process."""
    lake = home / "lake"
    for path in (
        lake / "data/ab/ab00.parquet",
        lake / "work" / "tmp1.parquet",
        home / "cache/filling/tmp2",
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * 1000)
        age(path)
    return home


def test_it_tells_what_would_go_and_then_removes_it(corridor: Any, littered: Path) -> None:
    before = files(littered)
    told = corridor("--home", littered, "sweep", "--dry-run", "--json")
    assert told.exit == 0
    assert told.json["dry_run"] is True
    counts = {one["kind"]: one["files"] for one in told.json["swept"] if one["files"]}
    assert counts == {"observations": 1, "work": 1, "cache": 1}
    assert files(littered) >= before
    shown = corridor("--home", littered, "sweep", "--dry-run")
    assert "would be removed" in shown.out
    assert "1,000" in shown.out
    done = corridor("--home", littered, "sweep", "--json")
    assert done.json["swept"] == told.json["swept"]
    gone = {path.name for path in before - files(littered)}
    assert gone == {"ab00.parquet", "tmp1.parquet", "tmp2"}
    again = corridor("--home", littered, "sweep")
    assert (again.exit, again.out.strip()) == (0, "there is nothing to remove")
    assert corridor("--home", littered, "release", "show", FLOW).exit == 0


def test_what_is_young_is_spared(corridor: Any, littered: Path) -> None:
    ran = corridor("--home", littered, "sweep", "--older-than", "90d", "--dry-run", "--json")
    assert [one["kind"] for one in ran.json["swept"] if one["files"]] == ["cache"]


@pytest.mark.parametrize("wrong", ["soon", "5", "5w", "-1d", ""])
def test_what_is_no_duration_is_told(corridor: Any, home: Path, wrong: str) -> None:
    ran = corridor("--home", home, "sweep", f"--older-than={wrong}")
    assert ran.exit == 1
    assert "90d" in ran.err


def test_the_history_ends_where_the_settings_say(
    corridor: Any, home: Path, tmp_path: Path, stock_table: Any
) -> None:
    stock_table.write(tmp_path / "next.csv", {"TIME_PERIOD": "2019", "OBS_VALUE": "7"})
    assert corridor("--home", home, "publish", FLOW, tmp_path / "next.csv").exit == 0
    first = corridor("--home", home, "release", "list", FLOW, "--json").json[-1]["committed"]
    with (home / "corridor.toml").open("a", encoding="utf-8") as file:
        file.write('keep_history = "0h"\n')
    told = corridor("--home", home, "sweep", "--dry-run")
    assert f"{FLOW}: 1 slice version would leave the history" in told.out
    done = corridor("--home", home, "sweep", "--json")
    assert done.json["forgotten"] == [{"flow": FLOW, "versions": 1}]
    (left,) = corridor("--home", home, "release", "list", FLOW, "--json").json
    assert left["committed"] != first
    assert "complete from 20" in corridor("--home", home, "release", "list", FLOW).out
    store = open_store(home)
    try:
        (flow,) = (f.reference for f in store.flows() if f.id == "DF_STOCK_BIRTH")
        since = store.history_since(flow)
        assert since is not None
        assert since.isoformat() == left["visible_from"]
    finally:
        store.close()
