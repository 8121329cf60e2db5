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
