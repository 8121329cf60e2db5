"""The official sample messages of data are read, or refused for a reason that is told.

The table is in docs/reading.md as well.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from hub.errors import CorridorError, Invalid
from hub.formats.reading import read_data
from hub.formats.structure import read as read_structures
from hub.model import Structures

OFFICIAL = Path(__file__).parents[3] / "shared" / "data" / "messages" / "official"
DOCS = Path(__file__).parents[2] / "docs" / "reading.md"
pytestmark = pytest.mark.skipif(not OFFICIAL.is_dir(), reason="the official samples are not here")

EXR = "ml21/samples__exr__ecb_exr_"
JSON = "sdmx-json__data-message__samples__"
LAYOUTS = ("flat", "ts", "ts_gf", "xs")

#: Observations in the messages that are read.
READ = {
    **{
        f"{EXR}{k}__generic__ecb_exr_{k}_{lay}.xml": 12
        for k in ("ng", "rg", "sg")
        for lay in LAYOUTS
    },
    **{f"{EXR}ng__structured__ecb_exr_ng_{layout}.xml": 12 for layout in LAYOUTS},
    **{
        f"{EXR}sg__structured__ecb_exr_sg_{lay}.xml": 12
        for lay in ("ts", "ts_gf", "ts_gf_flat", "xs")
    },
    "ml21/samples__demography__demography_xs.xml": 60,
    "sdmx-ml__samples__Data_-_Simple_Data_Attributes__ECB_EXR.xml": 116,
    f"{JSON}agri.json": 12,
    f"{JSON}exr__exr-cross-section.json": 4,
    f"{JSON}exr__exr-flat.json": 4,
    f"{JSON}exr__exr-time-series.json": 4,
}
REFUSED = {
    **{
        f"{EXR}rg__structured__ecb_exr_rg_{layout}.xml": r"ECB:ECB_EXR_RG\(1\.0\) is not known here"
        for layout in LAYOUTS
    },
    "sdmx-ml__samples__Data_-_Complex_Data_Attributes__ECB_EXR_CA.xml": (
        "line 27: TITLE has several values in several languages"
    ),
    f"{JSON}exr__exr-action-delete.json": (
        "index 1 of OBS_STATUS, which has 1 values, at /data/dataSets/0/series/0/observations/1"
    ),
    f"{JSON}constructed-sample-full.json": "reports errors: 400 Invalid number of dimensions",
    f"{JSON}generated-sample.json": "the message reports errors",
}


@cache
def known() -> Structures:
    """All structures of the samples."""
    found = []
    for path in sorted(OFFICIAL.rglob("*.xml")):
        try:
            found += read_structures(path, skip_unknown=True)
        except Invalid:
            continue
    return Structures(found)


@pytest.mark.parametrize("name", READ)
def test_samples_are_read(name: str) -> None:
    raw = read_data(OFFICIAL / name, known())
    assert raw.table.num_rows == READ[name]
    assert raw.table["OBS_VALUE"].null_count < READ[name] // 10
    assert raw.structure is not None
    misspelt = "generic__ecb_exr_rg_xs" in name or "generic__ecb_exr_sg_xs" in name
    assert [finding.rule for finding in raw.findings] == ["ml-group"] * misspelt


@pytest.mark.parametrize("name", REFUSED)
def test_samples_are_refused_for_a_reason(name: str) -> None:
    with pytest.raises(Invalid, match=REFUSED[name]):
        read_data(OFFICIAL / name, known())


def test_every_other_sample_is_refused_as_what_it_is() -> None:
    samples = [path for path in OFFICIAL.rglob("*.*") if path.suffix in (".xml", ".json")]
    others = [
        p for p in samples if str(p.relative_to(OFFICIAL)) not in READ.keys() | REFUSED.keys()
    ]
    assert len(others) > 30
    for path in others:
        with pytest.raises(
            CorridorError, match="structure message|metadata message|reports errors"
        ):
            read_data(path)


def test_the_documentation_lists_the_samples() -> None:
    text = DOCS.read_text()
    for name in (*READ, *REFUSED):
        assert name.rpartition("__")[2] in text, name
