from __future__ import annotations

import pytest

from connectors.service import Offer
from federation.harvest.plan import harvested_flows, offered
from hub.errors import NotFound, NotSupported
from tests.federation.harvest.structures import STRUCTURES, flow

STOCK = "DF_STOCK_BIRTH"


def offers(*versions: str) -> list[Offer]:
    name = f"MIGX:{STOCK}"
    return [Offer(flow=name, version=version, source=name) for version in versions]


def test_derived_flows_and_flows_of_nodes_are_not_harvested() -> None:
    assert [each.id for each in harvested_flows(STRUCTURES)] == ["DF_FLOW_RES", STOCK]


def test_of_several_versions_here_the_newest_is_meant() -> None:
    newer = STRUCTURES.with_([flow(STOCK, "1.10.0"), flow(STOCK, "1.9.0")])
    found = harvested_flows(newer, [f"MIGX:{STOCK}"])
    assert [each.version for each in found] == ["1.10.0"]


def test_a_flow_that_became_derived_is_not_harvested_any_more() -> None:
    newer = STRUCTURES.with_([flow(STOCK, "1.1.0", WRITTEN_BY="derive")])
    assert STOCK not in [each.id for each in harvested_flows(newer)]


def test_a_wanted_flow_that_is_not_harvested_is_an_error() -> None:
    with pytest.raises(NotFound, match="shared national flows are MIGX:DF_FLOW_RES, MIGX:DF_STOCK"):
        harvested_flows(STRUCTURES, ["MIGX:DF_STOCK"])


@pytest.mark.parametrize(
    ("ours", "theirs", "asked"),
    [
        ("1.0.0", ["1.0.0"], "1.0.0"),
        ("1.2.0", ["1.1.0"], "1.1.0"),
        ("1.10.0", ["1.2.0", "1.9.0", "1.11.0", "2.0.0"], "1.9.0"),
        ("1.0.0", [], None),
    ],
)
def test_the_newest_version_this_node_can_take_is_asked_for(
    ours: str, theirs: list[str], asked: str | None
) -> None:
    found = offered(offers(*theirs), flow(STOCK, ours))
    assert [each.version for each in found] == ([asked] if asked else [])


def test_every_part_of_a_flow_is_asked_for_in_its_newest_version() -> None:
    name = f"MIGX:{STOCK}"
    parts = [
        Offer(flow=name, version=version, source=source, part=source)
        for source, version in (("X:A", "1.0.0"), ("X:B", "1.0.0"), ("X:A", "1.1.0"))
    ]
    found = offered(parts, flow(STOCK, "1.1.0"))
    assert [(each.part, each.version) for each in found] == [("X:A", "1.1.0"), ("X:B", "1.0.0")]
    assert {each.name for each in found} == {f"{name} X:A", f"{name} X:B"}


@pytest.mark.parametrize("theirs", ["1.0.1", "1.1.0", "2.0.0", "0.9.0", "10.0.0"])
def test_a_version_beyond_this_node_is_said(theirs: str) -> None:
    with pytest.raises(NotSupported, match=f"in version {theirs}, this node knows 1.0.0"):
        offered(offers(theirs), flow(STOCK))
