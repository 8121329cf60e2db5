"""`corridor metadata`: load and list, in words and in JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

SAMPLES = Path(__file__).parents[1] / "publish" / "metadata" / "samples"


def test_a_good_file_is_loaded_and_listed(corridor: Any, home: Path) -> None:
    done = corridor("--home", home, "metadata", "load", SAMPLES / "good.xml")
    assert (done.exit, done.out) == (0, "MIGX.SWE:META_STOCK(1.0.0): created\n")
    done = corridor("--home", home, "metadata", "load", SAMPLES / "good.xml")
    assert "unchanged" in done.out
    done = corridor("--home", home, "metadata", "list", "--json")
    (row,) = json.loads(done.out)
    assert row["set"] == "MIGX.SWE:META_STOCK(1.0.0)"
    assert row["for"] == "MIGX:MDF_MIG(1.0.0)"
    assert row["about"][2] == "MIGX:CL_AREA_MIG(1.0.0).SWE"
    assert "META_STOCK" in corridor("--home", home, "metadata", "list").out


def test_a_bad_file_is_refused_with_all_its_findings(corridor: Any, home: Path) -> None:
    done = corridor("--home", home, "metadata", "load", SAMPLES / "bad.json", "--json")
    assert done.exit == 1
    answer = json.loads(done.out)
    assert answer["error"]["kind"] == "Invalid"
    assert len(answer["findings"]) == 12
    assert "no metadata sets" in corridor("--home", home, "metadata", "list").out


@pytest.mark.parametrize("name", ["none.xml", "good.csv"])
def test_what_is_no_metadata(corridor: Any, home: Path, name: str) -> None:
    done = corridor("--home", home, "metadata", "load", home.parent / name)
    assert done.exit == 1
    assert "no file" in done.err or "no metadata message" in done.err


def test_a_dry_run_tells_and_does_nothing(corridor: Any, home: Path) -> None:
    for _ in range(2):
        done = corridor("--home", home, "metadata", "load", SAMPLES / "good.xml", "--dry-run")
        assert (done.exit, done.out) == (0, "MIGX.SWE:META_STOCK(1.0.0): would be created\n")
    assert "no metadata sets" in corridor("--home", home, "metadata", "list").out


@pytest.mark.parametrize("ending", [".json", ".xml", ".csv"])
def test_what_is_exported_loads_again(corridor: Any, home: Path, ending: str) -> None:
    corridor("--home", home, "metadata", "load", SAMPLES / "good.xml")
    file = home.parent / f"all{ending}"
    done = corridor("--home", home, "metadata", "export", file)
    assert (done.exit, "1 metadata set written" in done.out) == (0, True)
    done = corridor("--home", home, "metadata", "load", file, "--json")
    assert json.loads(done.out)["sets"][0]["outcome"] == "unchanged"


def test_an_export_says_in_which_form(corridor: Any, home: Path) -> None:
    assert "no metadata sets" in corridor("--home", home, "metadata", "export", "a.xml").err
    assert ".json, .xml, .csv" in corridor("--home", home, "metadata", "export", "a.pdf").err
