"""A good and a bad submission for every shared structure that is submitted.

The bad ones give exactly these findings, also through the command line.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dsd import shared_structures
from hub.errors import Finding, Invalid
from hub.formats.reading import read_data
from hub.model import ArtefactClass, Dataflow, DataStructure, Reference, resolve
from hub.publish import validate

SAMPLES = Path(__file__).parents[1] / "samples"
GOOD = {
    "stock_good": "DF_STOCK_RET",
    "flow_good": "DF_FLOW_RES",
    "char_good": "DF_CHAR",
    "admin_good": "DF_ADMIN_PERMITS",
    "sdg_good": "DF_SDG",
    "cap_good": "DF_CAP",
    "bal_good": "DF_BAL",
}
#: file: dataflow, and (line, column, rule, severity, what to write instead) of every finding.
BAD: dict[str, tuple[str, list[tuple[int, str | None, str, str, str | None]]]] = {
    "stock_bad": (
        "DF_STOCK_RET",
        [
            (4, "SEX", "total-against-parts", "error", None),
            (5, "OBS_VALUE", "below-zero", "error", None),
            (6, "REF_DATE", "reference-date", "warning", None),
        ],
    ),
    "stock_bad_codes": (
        "DF_STOCK_RET",
        [
            (2, "COUNTERPART_AREA", "unknown-code", "error", "GRC"),
            (3, "COUNTERPART_AREA", "own-area", "error", None),
            (4, "MIGRANT_STATUS", "constraint", "error", None),
            (5, "REF_DATE", "not-of-type", "error", None),
            (6, "UNIT_MEASURE", "unit", "error", "PS"),
        ],
    ),
    "flow_bad": ("DF_FLOW_RES", [(4, "FLOW_TYPE", "net-flow", "error", None)]),
    "char_bad": (
        "DF_CHAR",
        [
            (5, "EDUCATION_LEV", "total-against-parts", "error", None),
            (5, "LABOUR_STATUS", "total-against-parts", "error", None),
        ],
    ),
    "admin_bad": (
        "DF_ADMIN_PERMITS",
        [(2, "UNIT_MEASURE", "mixed-units", "warning", None)],
    ),
    "admin_bad_units": (
        "DF_ADMIN_PERMITS",
        [
            (2, "UNIT_MEASURE", "unit", "error", "PS"),
            (3, "UNIT_MEASURE", "unit", "error", "PS"),
            (4, "ADMIN_MEASURE", "constraint", "error", None),
            (5, "COUNTERPART_AREA", "own-area", "error", None),
        ],
    ),
    "sdg_bad": (
        "DF_SDG",
        [
            (2, "UNIT_MEASURE", "combination", "error", None),
            (3, "COMPOSITE_BREAKDOWN", "constraint", "error", None),
            (4, "SERIES", "unknown-code", "error", "C080801"),
        ],
    ),
    "cap_bad": (
        "DF_CAP",
        [
            (2, None, "constraint", "error", None),
            (3, None, "constraint", "error", None),
            (4, "METHOD_VERSION", "method-version", "error", None),
        ],
    ),
    "cap_bad_scores": (
        "DF_CAP",
        [
            (2, "OBS_VALUE", "outside-range", "error", None),
            (3, "OBS_VALUE", "outside-range", "error", None),
            (4, "OBS_VALUE", "outside-range", "error", None),
        ],
    ),
    "bal_bad": (
        "DF_BAL",
        [
            (4, "OBS_VALUE", "below-zero", "error", None),
            (7, "ACCOUNT_ITEM", "net-flow", "error", None),
            (9, "ACCOUNT_ITEM", "account", "error", None),
        ],
    ),
}


def findings_of(sample: str, flow: str) -> list[Finding]:
    structures = shared_structures()
    reference = Reference(ArtefactClass.DATAFLOW, "MIGX", flow, "1.0.0")
    raw = read_data(SAMPLES / f"{sample}.csv", structures)
    try:
        return list(validate(raw, resolve(reference, structures)).findings)
    except Invalid as error:
        return list(error.findings)


@pytest.mark.parametrize(("sample", "flow"), GOOD.items())
def test_a_good_sample_has_no_finding(sample: str, flow: str) -> None:
    assert findings_of(sample, flow) == []


@pytest.mark.parametrize("sample", BAD)
def test_a_bad_sample_has_exactly_these(sample: str) -> None:
    flow, expected = BAD[sample]
    found = [
        (f.line, f.column, f.rule, f.severity.value, f.suggestion)
        for f in findings_of(sample, flow)
    ]
    assert sorted(found, key=str) == sorted(expected, key=str)


def test_every_submitted_structure_has_both() -> None:
    structures = shared_structures()
    flows = {flow.id: flow.structure.id for flow in structures.of_type(Dataflow)}
    submitted = {dsd.id for dsd in structures.of_type(DataStructure)} - {"MIG_MIRROR"}
    assert {flows[flow] for flow in GOOD.values()} == submitted
    assert {flows[flow] for flow, _ in BAD.values()} == submitted
    named = {file.stem for file in SAMPLES.glob("*.csv")}
    assert named == GOOD.keys() | BAD.keys()


@pytest.fixture
def home(corridor: Callable[..., Any], tmp_path: Path) -> Path:
    home = tmp_path / "home"
    corridor("init", home, "--node", "HUB", "--role", "hub")
    return home


def test_good_samples_publish_and_are_read_again(home: Path, corridor: Callable[..., Any]) -> None:
    for sample, flow in GOOD.items():
        file = SAMPLES / f"{sample}.csv"
        done = corridor("--home", home, "publish", f"MIGX:{flow}", file, "--json")
        rows = len(file.read_text("utf-8").splitlines()) - 1
        assert done.json["outcome"] == "RELEASED", sample
        assert done.json["counts"]["added"] == rows, sample
    bad = corridor("--home", home, "publish", "MIGX:DF_BAL", SAMPLES / "bal_bad.csv")
    assert bad.exit == 1
    assert "(account)" in bad.err
