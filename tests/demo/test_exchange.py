"""What a harvest of the exchange transfers, and what a second one does not."""

from __future__ import annotations

from typing import Any

from federation.derivation import ASYMMETRY, EMIGRANTS
from federation.harvest.node import harvest_into
from federation.partners import NODE_DOCUMENT, FinishReason
from hub.model import ArtefactClass, Reference
from hub.publish import Outcome
from hub.store import Store

STOCKS = Reference(ArtefactClass.DATAFLOW, "MIGX", "DF_STOCK_BIRTH", "1.0.0")
FLOWS = Reference(ArtefactClass.DATAFLOW, "MIGX", "DF_FLOW_RES", "1.0.0")
PUBLISHED = ("MIGX:DF_STOCK_BIRTH", "MIGX:DF_FLOW_RES")


def _digests(store: Store, flow: Reference) -> dict[str, str]:
    release = store.release(flow)
    assert release is not None
    return {version.slice: version.digest for version in release.slices}


def test_the_observatory_holds_what_its_partners_published(demonstration: Any) -> None:
    assert not demonstration.harvested.failures
    nodes = demonstration.exchange.nodes
    for flow in (STOCKS, FLOWS):
        held = _digests(demonstration.observatory, flow)
        own = {area: _digests(nodes[area], flow)[area] for area in held}
        assert held == own
        assert len(held) == 8


def test_a_second_harvest_transfers_no_data_and_makes_no_release(demonstration: Any) -> None:
    store = demonstration.observatory
    before = [store.history(flow) for flow in (STOCKS, FLOWS)]
    again = demonstration.exchange.harvest()
    data = [outcome for outcome in again.outcomes if outcome.flow in PUBLISHED]
    assert len(data) == 16
    assert {outcome.reason for outcome in data} == {FinishReason.NOT_MODIFIED}
    all_data = [outcome for outcome in again.outcomes if outcome.flow != NODE_DOCUMENT]
    assert sum(outcome.wire_bytes for outcome in all_data) == 0
    assert [store.history(flow) for flow in (STOCKS, FLOWS)] == before


def test_a_full_harvest_of_the_same_figures_makes_no_release(demonstration: Any) -> None:
    store = demonstration.observatory
    before = [store.history(flow) for flow in (STOCKS, FLOWS)]
    again = harvest_into(store, ["SWE"], full=True)
    data = [outcome for outcome in again.outcomes if outcome.flow in PUBLISHED]
    assert [outcome.reason for outcome in data] == [FinishReason.UNCHANGED] * 2
    assert all(outcome.wire_bytes > 300 for outcome in data)
    assert [store.history(flow) for flow in (STOCKS, FLOWS)] == before


def test_a_second_derivation_makes_the_same_digests_and_no_release(demonstration: Any) -> None:
    store = demonstration.observatory
    before = [(_digests(store, flow), store.history(flow)) for flow in (EMIGRANTS, ASYMMETRY)]
    again = demonstration.exchange.derive()
    assert [report.outcome for report in again.reports] == [Outcome.UNCHANGED] * 2
    after = [(_digests(store, flow), store.history(flow)) for flow in (EMIGRANTS, ASYMMETRY)]
    assert after == before
    assert again.emigrants.table.equals(demonstration.derived.emigrants.table)
    assert again.asymmetry.table.equals(demonstration.derived.asymmetry.table)


def test_what_is_derived_names_the_releases_it_came_from(demonstration: Any) -> None:
    store = demonstration.observatory
    stocks, flows = store.release(STOCKS), store.release(FLOWS)
    assert stocks is not None
    assert flows is not None
    for flow, source in ((EMIGRANTS, stocks), (ASYMMETRY, flows)):
        version = store.newest(flow)[0]
        assert version.origin.kind == "derivation"
        assert source.id in dict(version.origin.detail)["inputs"]


def test_nodes_of_one_process_share_no_state(demonstration: Any) -> None:
    nodes = demonstration.exchange.nodes
    assert _digests(nodes["SWE"], STOCKS).keys() == {"SWE"}
    assert _digests(nodes["NOR"], STOCKS).keys() == {"NOR"}
    assert nodes["SWE"].release(EMIGRANTS) is None
