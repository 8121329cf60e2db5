from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from connectors.corridor import NodeDocument, NodeFlow, decode, encode
from hub.errors import PartnerInvalid

WHOLE = NodeDocument(
    id="SWE",
    name="Statistikmyndigheten",
    role="national",
    areas=("SWE",),
    agencies=("MIGX.SWE",),
    urls={"v1": "https://stat.example/sdmx/v1", "v2": "https://stat.example/sdmx/v2"},
    dataflows=(
        NodeFlow(
            agency="MIGX",
            id="DF_STOCK_BIRTH",
            version="1.0.0",
            release="0" * 64,
            updated=datetime(2026, 11, 2, 10, 0, 0, 1, tzinfo=UTC),
            rows=12,
        ),
        NodeFlow(agency="MIGX", id="DF_FLOW_RES", version="1.0.0"),
    ),
    licence="CC-BY-4.0",
    contact="mail@stat.example",
    software="corridor-hub 0.1.0",
    updated=datetime(2026, 11, 2, 10, tzinfo=UTC),
)
LEAST = {"id": "SWE", "name": "x", "role": "national", "urls": {"v2": "/sdmx/v2"}}


def test_what_is_written_is_read_again() -> None:
    assert decode(encode(WHOLE), "here") == WHOLE
    written = json.loads(encode(WHOLE))
    assert written["dataflows"][0]["updated"] == "2026-11-02T10:00:00.000001Z"
    assert list(written)[:4] == ["id", "name", "role", "areas"]


def test_members_of_a_newer_node_are_passed_over() -> None:
    newer = LEAST | {"streams": [1, {"a": None}], "urls": {"v2": "a", "v3": "b"}}
    assert decode(json.dumps(newer).encode(), "here").id == "SWE"


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"id": 7}, r"\$\.id"),
        ({"id": "../../etc"}, r"\$\.id"),
        ({"id": "SWE\n"}, r"\$\.id"),
        ({"id": "S" * 65}, r"\$\.id"),
        ({"name": None}, r"\$\.name"),
        ({"name": "x" * 1_001}, r"\$\.name"),
        ({"role": "emperor"}, r"\$\.role"),
        ({"areas": "SWE"}, r"\$\.areas"),
        ({"areas": ["S W"]}, r"\$\.areas\[0\]"),
        ({"areas": ["A"] * 1_001}, r"\$\.areas"),
        ({"urls": ["a"]}, r"\$\.urls"),
        ({"urls": {"v2": 1}}, r"\$\.urls"),
        ({"dataflows": [{"agency": "M", "id": "D"}]}, r"version.*\$\.dataflows\[0\]"),
        ({"dataflows": [{"agency": "M", "id": "D/..", "version": "1"}]}, r"\[0\]\.id"),
        ({"dataflows": [{"agency": "M", "id": "D", "version": "*"}]}, r"\[0\]\.version"),
        (
            {"dataflows": [{"agency": "M", "id": "D", "version": "1", "release": "x"}]},
            r"\[0\]\.release",
        ),
        (
            {"dataflows": [{"agency": "M", "id": "D", "version": "1", "rows": -1}]},
            r"\[0\]\.rows",
        ),
        (
            {"dataflows": [{"agency": "M", "id": "D", "version": "1", "updated": "now"}]},
            r"\[0\]\.updated",
        ),
    ],
)
def test_a_wrong_member_is_named_by_its_place(change: dict[str, object], place: str) -> None:
    with pytest.raises(PartnerInvalid, match=f"^https://h/ is not a node document: .*{place}"):
        decode(json.dumps(LEAST | change).encode(), "https://h/")


@pytest.mark.parametrize(
    "garbage", [b"", b"{", b"null", b"[" * 200_000, b'{"id": "\xff"}', b"\x00\x01", b"NaN"]
)
def test_garbage_is_refused(garbage: bytes) -> None:
    with pytest.raises(PartnerInvalid):
        decode(garbage, "https://h/")
