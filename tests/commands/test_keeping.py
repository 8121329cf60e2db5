"""`backup`, `restore`, `verify` as an operator uses them."""

from __future__ import annotations

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
