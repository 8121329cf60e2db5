"""`corridor explain`: what a statistician reads, what a machine reads, how it ends."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

FLOW = "MIGX:DF_EMIGRANTS"
POLES = "A.POL._T.STK_BIRTH.VAL.RCV.RPT._T._T.PS.2020"


@pytest.fixture
def home(demonstration: Any, tmp_path: Path) -> Path:
    """A copy of the observatory's home."""
    return Path(shutil.copytree(demonstration.observatory.settings.home, tmp_path / "home"))


def test_it_shows_the_sum_with_its_addends(home: Path, corridor: Callable[..., Any]) -> None:
    ran = corridor("--home", home, "explain", FLOW, POLES, "--verify")
    assert ran.exit == 0, ran.err
    lines = ran.out.splitlines()
    (germany,) = [line for line in lines if line.startswith("│ DEU")]
    for text in ("1,797,038", "as counted", "A.DEU.FB.BIRTH.POL._T._T.PS.2020"):
        assert text in germany
    assert "derived by mirror-1.0" in ran.out
    assert "sum: 2,165,063" in lines
    assert "verified: 2,165,063, computed again from 8 archived files" in lines


def test_it_is_a_document_for_machines(home: Path, corridor: Callable[..., Any]) -> None:
    document = corridor("--home", home, "explain", FLOW, POLES, "--json", "--verify").json
    subject = f"observation:MIGX.DF_EMIGRANTS.{POLES}"
    assert document["entity"][subject]["prov:value"] == 2_165_063
    derived = [
        one for one in document["wasDerivedFrom"].values() if one["prov:generatedEntity"] == subject
    ]
    assert sum(one["corridor:contribution"] for one in derived) == 2_165_063
    (verified,) = [one for id_, one in document["activity"].items() if "verification" in id_]
    assert verified["corridor:outcome"] == "equal"
    several = corridor("--home", home, "explain", FLOW, POLES, POLES[:-4] + "2015", "--json").json
    assert len(several) == 2


def test_it_ends_with_1_where_the_archive_says_otherwise(
    home: Path, corridor: Callable[..., Any]
) -> None:
    key = "A.SWE.FB.BIRTH.POL._T._T.PS.2020"
    told = corridor("--home", home, "explain", "MIGX:DF_STOCK_BIRTH", key, "--json").json
    (raw,) = [one for id_, one in told["entity"].items() if id_.startswith("raw:")]
    path = home / "lake" / raw["corridor:place"]
    text = gzip.decompress(path.read_bytes())
    path.write_bytes(gzip.compress(text.replace(b",93744", b",12345")))
    assert corridor("--home", home, "explain", FLOW, POLES).exit == 0
    ran = corridor("--home", home, "explain", FLOW, POLES, "--verify")
    assert ran.exit == 1
    assert f"{key}: 93,744 here, 12,345 in the archive" in ran.err
    as_json = corridor("--home", home, "explain", FLOW, POLES, "--verify", "--json")
    assert as_json.exit == 1
    assert as_json.json["error"]["kind"] == "Invalid"
    assert as_json.json["provenance"][0]["entity"]
    assert any(key in finding["message"] for finding in as_json.json["findings"])


@pytest.mark.parametrize(
    ("flow", "key", "said"),
    [
        (FLOW, "A.POL", "has 2 values"),
        (FLOW, POLES.replace("_T.STK", "*.STK"), "leaves DEST_AREA open"),
        (FLOW, POLES.replace("POL", "XXX"), "no observation"),
        (FLOW, POLES.replace("2020", "twenty"), "not a time period"),
        ("MIGX:DF_NOTHING", POLES, "no dataflow"),
        ("MIGX:DF_STOCK_CTZ", "A.SWE.FC.CTZ.POL._T._T.PS.2020", "no observation yet"),
    ],
)
def test_what_cannot_be_explained_is_refused(
    demonstration: Any, corridor: Callable[..., Any], flow: str, key: str, said: str
) -> None:
    ran = corridor("--home", demonstration.observatory.settings.home, "explain", flow, key)
    assert ran.exit == 1
    assert said in ran.err
