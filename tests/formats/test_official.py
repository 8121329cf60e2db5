"""The official sample messages of data are read, or refused for a reason that is told.

The table is in docs/reading.md as well.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from hub.errors import Invalid
from hub.formats.reading import read_data
from hub.formats.structure import read as read_structures
from hub.model import Structures

OFFICIAL = Path(__file__).parents[3] / "shared" / "data" / "messages" / "official"
DOCS = Path(__file__).parents[2] / "docs" / "reading.md"
pytestmark = pytest.mark.skipif(not OFFICIAL.is_dir(), reason="the official samples are not here")

EXR = "ml21/samples__exr__ecb_exr_"
JSON = "sdmx-json__data-message__samples__"
LAYOUTS = ("flat", "ts", "ts_gf", "xs")


def _exr(kind: str, form: str, layouts: tuple[str, ...], told: Any) -> dict[str, Any]:
    place = f"{EXR}{kind}__{form}__ecb_exr_{kind}"
    return {f"{place}_{layout}.xml": told for layout in layouts}


#: Observations in the messages that are read.
READ = {
    **_exr("ng", "generic", LAYOUTS, 12),
    **_exr("rg", "generic", LAYOUTS, 12),
    **_exr("sg", "generic", LAYOUTS, 12),
    **_exr("ng", "structured", LAYOUTS, 12),
    **_exr("sg", "structured", ("ts", "ts_gf", "ts_gf_flat", "xs"), 12),
    "ml21/samples__demography__demography_xs.xml": 60,
    "sdmx-ml__samples__Data_-_Simple_Data_Attributes__ECB_EXR.xml": 116,
    f"{JSON}agri.json": 12,
    f"{JSON}exr__exr-cross-section.json": 4,
    f"{JSON}exr__exr-flat.json": 4,
    f"{JSON}exr__exr-time-series.json": 4,
}
REFUSED = {
    **_exr("rg", "structured", LAYOUTS, r"ECB:ECB_EXR_RG\(1\.0\) is not known here"),
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
    missing = 5 if "demography" in name else 0
    assert raw.table["OBS_VALUE"].null_count == missing
    assert raw.structure is not None
    misspelt = "generic__ecb_exr_rg_xs" in name or "generic__ecb_exr_sg_xs" in name
    assert [finding.rule for finding in raw.findings] == ["ml-group"] * misspelt


@pytest.mark.parametrize("name", REFUSED)
def test_samples_are_refused_for_a_reason(name: str) -> None:
    with pytest.raises(Invalid, match=REFUSED[name]):
        read_data(OFFICIAL / name, known())


def test_every_other_sample_is_refused_as_what_it_is() -> None:
    samples = [path for path in OFFICIAL.rglob("*.*") if path.suffix in (".xml", ".json")]
    named = READ.keys() | REFUSED.keys()
    others = [path for path in samples if str(path.relative_to(OFFICIAL)) not in named]
    assert len(others) > 30
    for path in others:
        with pytest.raises(Invalid, match=r"structure message|metadata message|reports errors"):
            read_data(path)


def test_the_documentation_lists_the_samples() -> None:
    text = DOCS.read_text()
    for name in (*READ, *REFUSED):
        assert name.rpartition("__")[2] in text, name
