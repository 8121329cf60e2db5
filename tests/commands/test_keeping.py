"""`backup`, `restore`, `verify` as an operator uses them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

FLOW = "MIGX:DF_STOCK_BIRTH"


def test_a_node_is_lost_and_comes_back(corridor: Any, home: Path, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    shown = corridor("--home", home, "release", "show", FLOW, "--json").json
    made = corridor("--home", home, "backup", backup)
    assert made.exit == 0
    assert "copied now" in made.out
    assert corridor("verify", backup).out.strip().endswith("are what their hashes say")
    again = corridor("--home", home, "backup", backup, "--json").json
    assert again["copied_files"] <= 2  # the catalogue has a line more in its audit trail
    other = tmp_path / "new" / "home"
    other.parent.mkdir()
    restored = corridor("restore", backup, "--home", other)
    assert (restored.exit, "node SWE as of" in restored.out) == (0, True)
    assert corridor("--home", other, "release", "show", FLOW, "--json").json == shown
    assert corridor("--home", other, "verify").exit == 0
    refused = corridor("restore", backup, "--home", other)
    assert refused.exit == 1
    assert "--replace" in refused.err
    moved = corridor("restore", backup, "--home", other, "--replace", "--json").json
    assert Path(moved["aside"]).is_dir()


@pytest.mark.parametrize("as_json", [False, True])
def test_what_is_damaged_is_listed(corridor: Any, home: Path, as_json: bool) -> None:
    (data,) = (home / "lake" / "data").glob("*/*.parquet")
    data.write_bytes(data.read_bytes()[:-1])
    ran = corridor("--home", home, "verify", *(["--json"] if as_json else []))
    assert ran.exit == 1
    if as_json:
        (finding,) = ran.json["findings"]
        assert finding["file"].endswith(data.name)
        assert FLOW in finding["message"]
    else:
        assert data.name in ran.err + ran.out
        assert "restore" in ran.err


def test_a_folder_that_is_no_backup(corridor: Any, tmp_path: Path) -> None:
    for command in (["verify", tmp_path], ["restore", tmp_path, "--home", tmp_path / "home"]):
        ran = corridor(*command)
        assert ran.exit == 1
        assert "is not a backup" in ran.err


def test_a_cell_is_purged_and_stays_so_in_a_restored_node(
    corridor: Any, home: Path, tmp_path: Path
) -> None:
    cell = "A.SWE.FB.BIRTH.POL._T._T.PS.2019"
    corridor("--home", home, "backup", tmp_path / "backup")
    assert corridor("--home", home, "purge", FLOW, "--reason", "x").exit == 1
    wrong = corridor("--home", home, "purge", FLOW, "--cell", "A.SWE", "--reason", "x")
    assert (wrong.exit, "dimensions" in wrong.err) == (1, True)
    done = corridor("--home", home, "purge", FLOW, "--cell", cell, "--reason", "leaked", "--json")
    assert (done.exit, done.json["reason"]) == (0, "leaked")
    assert corridor("--home", home, "verify").exit == 0
    other = tmp_path / "other"
    stubs = home / "purged.json"
    restored = corridor("restore", tmp_path / "backup", "--home", other, "--purged", stubs)
    assert (restored.exit, "purged again" in restored.out) == (0, True)
    again = corridor("restore", tmp_path / "backup", "--home", other, "--replace", "--json").json
    assert again["purged"] == [done.json["id"]]  # read from the node that lived there
    (stub,) = json.loads((other / "purged.json").read_text())
    assert (stub["id"], stub["cells"]) == (done.json["id"], [cell.split(".")])
