"""Harvest runs against real servers: what is asked, kept, handed in and written down."""

from __future__ import annotations

import gzip
import re
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from federation.harvest import Stage
from federation.partners import NODE_DOCUMENT, FinishReason
from hub.errors import Conflict, Internal, NotFound
from tests.connectors.http.server import Answer, PartnerHandler
from tests.federation.harvest.conftest import CSV_TYPE, World, csv, data

STOCK, FLOW = "MIGX:DF_STOCK_BIRTH", "MIGX:DF_FLOW_RES"


def test_all_partners_make_one_release_per_flow(world: World) -> None:
    swe, nor = world.add("SWE"), world.add("NOR")
    swe.offers("DF_STOCK_BIRTH", data("SWE,2024,5", "SWE,2023,4"))
    nor.offers("DF_STOCK_BIRTH", data("NOR,2024,7"))
    nor.offers("DF_FLOW_RES", data("NOR,2024,1", flow="DF_FLOW_RES"))
    report = world.harvest()
    assert world.door.calls == [
        ("MIGX:DF_FLOW_RES(1.0.0)", ["NOR"]),
        ("MIGX:DF_STOCK_BIRTH(1.0.0)", ["SWE", "NOR"]),
    ]
    got = {(o.partner, o.flow): (o.reason.value, o.counts.added) for o in report.outcomes}
    assert got == {
        ("SWE", NODE_DOCUMENT): ("UNCHANGED", 0),
        ("NOR", NODE_DOCUMENT): ("UNCHANGED", 0),
        ("NOR", FLOW): ("RELEASED", 1),
        ("SWE", STOCK): ("RELEASED", 2),
        ("NOR", STOCK): ("RELEASED", 1),
    }
    assert (report.failures, report.held, report.skipped, report.aborted) == ((), (), (), 0)
    assert report.started < report.finished


def test_the_log_remembers_what_the_partner_said(world: World) -> None:
    modified = "Mon, 02 Nov 2026 09:00:00 GMT"
    answer = data("SWE,2024,5", ETag='"e1"', **{"Last-Modified": modified})
    path = world.add("SWE").offers("DF_STOCK_BIRTH", answer, release="a" * 64, rows=1)
    world.harvest()
    attempt = world.log.list("SWE", STOCK)[0]
    assert attempt.reason is FinishReason.RELEASED
    facts = attempt.facts
    assert facts["url"] == world.nodes[0].server.url + path
    assert (facts["status"], facts["etag"], facts["last_modified"]) == (200, '"e1"', modified)
    assert (facts["rows"], facts["wire_bytes"]) == (1, len(answer.body))
    assert (facts["release"], facts["partner_release"]) == ("r1", "a" * 64)
    assert world.archive.bytes[str(facts["raw"])] == answer.body


def test_only_shared_national_flows_are_asked_for(world: World) -> None:
    node = world.add("SWE")
    node.offers("DF_STOCK_BIRTH", data("SWE,2024,5"))
    node.offers("DF_EMIGRANTS", data("SWE,2024,5"))
    node.offers("DF_STOCK_LFS", data("SWE,2024,5"), agency="MIGX.SWE")
    node.offers("DF_UNHEARD_OF", data("SWE,2024,5"))
    report = world.harvest()
    asked = {path for path, _ in node.server.requests if "/data/" in path}
    assert asked == {"/sdmx/v2/data/dataflow/MIGX/DF_STOCK_BIRTH/1.0.0/*"}
    assert report.skipped == ()
    assert "csv;version=2.0.0" in node.asked("/data/")[0]["Accept"]


def test_what_did_not_change_is_not_transferred(world: World) -> None:
    node = world.add("SWE")
    first = data("SWE,2024,5", ETag='W/"e1"', **{"Last-Modified": "Mon, 02 Nov 2026 09:00:00 GMT"})
    node.offers("DF_STOCK_BIRTH", first, Answer(304))
    world.harvest()
    assert "If-None-Match" not in node.asked("/data/")[0]
    for _ in range(2):  # the validators outlive an answer of NOT_MODIFIED
        outcome = world.outcome()
        assert (outcome.reason, outcome.wire_bytes) == (FinishReason.NOT_MODIFIED, 0)
    for headers in node.asked("/data/")[1:]:
        assert headers["If-None-Match"] == 'W/"e1"'
        assert headers["If-Modified-Since"] == "Mon, 02 Nov 2026 09:00:00 GMT"
    assert len(world.door.calls) == 1


def test_the_same_data_again_is_unchanged(world: World) -> None:
    world.add("SWE").offers("DF_STOCK_BIRTH", data("SWE,2024,5"))
    world.harvest()
    assert world.outcome().reason is FinishReason.UNCHANGED


def test_a_full_harvest_asks_without_conditions(world: World) -> None:
    node = world.add("SWE")
    node.offers("DF_STOCK_BIRTH", data("SWE,2024,5", ETag='"e1"'))
    world.harvest()
    world.harvest(full=True)
    assert all("If-None-Match" not in headers for headers in node.asked("/data/"))


def test_what_was_refused_does_not_count_as_held(world: World) -> None:
    """Otherwise 304 would hide for ever that the data was never taken."""
    node = world.add("SWE")
    node.offers("DF_STOCK_BIRTH", data("DNK,2024,5", ETag='"e1"'))
    assert world.outcome().reason is FinishReason.REFUSED
    world.harvest()
    assert "If-None-Match" not in node.asked("/data/")[1]


def test_not_modified_without_having_asked_is_a_fault(world: World) -> None:
    world.add("SWE").offers("DF_STOCK_BIRTH", Answer(304))
    outcome = world.outcome()
    assert outcome.reason is FinishReason.FAILED
    assert "without conditions" in outcome.note


def test_an_area_the_partner_may_not_speak_for_refuses_all_it_sent(world: World) -> None:
    """Its document claims every area; the operator wrote two."""
    rows = ("SWE,2024,5", "ALA,2024,5", "NOR,2024,6", "NOR,2023,6", "DNK,2024,7")
    world.add("SWE", "SWE", "ALA").offers("DF_STOCK_BIRTH", data(*rows))
    outcome = world.outcome()
    assert outcome.reason is FinishReason.REFUSED
    assert outcome.note == ("SWE may speak for SWE, ALA only; 3 rows are about DNK, NOR")
    assert [(f.value, f.message.split()[0]) for f in outcome.findings] == [
        ("DNK", "1"),
        ("NOR", "2"),
    ]
    assert world.door.calls == []


@pytest.mark.parametrize(
    ("answer", "reason", "note"),
    [
        (Answer(200, b"<html>Sign in"), "FAILED", "an HTML page instead of SDMX-CSV.*Sign in"),
        (Answer(200, csv(), {"Content-Type": "text/html"}), "FAILED", "sent text/html"),
        (Answer(200, gzip.compress(b"a" * (3 << 20)), CSV_TYPE), "FAILED", "unpack to more than"),
        (Answer(500, b"trace"), "FAILED", "answered 500: trace"),
        (Answer(404, b"gone"), "FAILED", "answered 404"),
        (Answer(302, headers={"Location": "http://127.0.0.1:1/"}), "FAILED", "another host"),
        (Answer(200, csv("SWE,2024,5")[:-9], {"Content-Length": "999"}), "FAILED", "broke off"),
        (lambda h: h.server.closing.wait(9) and None, "FAILED", "did not answer"),
        (data("SWE,2024,5", flow="DF_FLOW_RES"), "REFUSED", "data of MIGX:DF_FLOW_RES"),
        (data(",2024,5"), "REFUSED", r"1 rows are about \(no area\)"),
        (data("SWE,2024,5,,,"), "REFUSED", "SWE.DF_STOCK_BIRTH.csv: "),
        (data("SWE,2024,-5"), "REFUSED", "1 finding"),
    ],
)
def test_a_partner_that_misbehaves_stops_nobody_else(
    answer: object, reason: str, note: str, world: World
) -> None:
    bad, good = world.add("SWE"), world.add("NOR")
    bad.offers("DF_STOCK_BIRTH", answer)  # type: ignore[arg-type]
    good.offers("DF_STOCK_BIRTH", data("NOR,2024,7"))
    report = world.harvest()
    outcomes = {o.partner: o for o in report.outcomes if o.flow == STOCK}
    assert outcomes["SWE"].reason == reason
    assert report.failures == (outcomes["SWE"],)
    assert re.search(note, outcomes["SWE"].note)
    assert outcomes["NOR"].reason is FinishReason.RELEASED
    assert world.log.open_attempts == []


def test_raw_bytes_of_every_response_are_kept_also_of_useless_ones(world: World) -> None:
    node = world.add("SWE")
    packed = gzip.compress(csv("DNK,2024,5"))
    node.offers("DF_STOCK_BIRTH", Answer(503, b"busy"), Answer(200, packed, CSV_TYPE))
    outcome = world.outcome()
    assert outcome.reason is FinishReason.REFUSED
    assert world.archive.of(STOCK) == [b"busy", packed]
    assert (outcome.requests, outcome.wire_bytes) == (2, 4 + len(packed))
    arrival = world.archive.arrivals[-1]
    assert (arrival["partner"], arrival["attempt"]) == ("SWE", outcome.attempt)
    assert arrival["status"] == 200
    assert world.log.list("SWE", STOCK)[0].facts["raw"] == arrival["digest"]


def test_a_node_document_that_is_none_is_kept_and_told(world: World) -> None:
    node = world.add("SWE")
    node.server.on("/.well-known/sdmx-node", Answer(200, b"<html>It works!</html>"))
    report = world.harvest()
    assert [(o.flow, o.reason.value) for o in report.outcomes] == [(NODE_DOCUMENT, "FAILED")]
    assert "It works!" in report.outcomes[0].note
    assert world.archive.of(NODE_DOCUMENT) == [b"<html>It works!</html>"]


def test_another_node_at_a_partners_address_is_refused(world: World) -> None:
    node = world.add("SWE")
    node.offers("DF_STOCK_BIRTH", data("SWE,2024,5"))
    node.describe(id="NOR")
    report = world.harvest()
    assert [(o.flow, o.reason.value) for o in report.outcomes] == [(NODE_DOCUMENT, "REFUSED")]
    assert "says it is NOR" in report.outcomes[0].note
    assert node.asked("/data/") == []


def test_an_empty_flow_is_unchanged(world: World) -> None:
    node = world.add("SWE")
    node.offers("DF_STOCK_BIRTH", Answer(204), Answer(200, csv(), CSV_TYPE))
    for _ in range(2):
        assert world.outcome().reason is FinishReason.UNCHANGED
    assert world.door.calls == []


@pytest.mark.parametrize("answer", [Answer(204), Answer(200, csv(), CSV_TYPE)])
def test_a_flow_that_became_empty_waits_for_a_person(answer: Answer, world: World) -> None:
    world.add("SWE").offers("DF_STOCK_BIRTH", data("SWE,2024,5", "SWE,2023,5"), answer)
    world.harvest()
    outcome = world.outcome()
    assert outcome.reason is FinishReason.HELD
    assert outcome.note == "nothing is left"
    assert len(world.door.calls) == 2


def test_a_killed_attempt_is_closed_by_the_next_run(world: World) -> None:
    world.add("SWE").offers("DF_STOCK_BIRTH", data("SWE,2024,5"))
    killed = world.log.open("SWE", STOCK, holder="node-1", now=world.now, lease_seconds=600)
    report = world.harvest()
    assert report.aborted == 1
    assert world.log.attempts[killed].reason is FinishReason.ABORTED
    assert report.outcomes[-1].reason is FinishReason.RELEASED


def test_what_another_holder_is_at_is_left_to_it_until_its_lease_ends(world: World) -> None:
    node = world.add("SWE")
    node.offers("DF_STOCK_BIRTH", data("SWE,2024,5"))
    world.log.open("SWE", STOCK, holder="node-2", now=world.now, lease_seconds=600)
    report = world.harvest()
    assert [(s.flow, "node-2 is at it" in s.why) for s in report.skipped] == [(STOCK, True)]
    assert node.asked("/data/") == []
    world.now = world.log.attempts[0].lease_until
    report = world.harvest()
    assert report.aborted == 1
    assert report.outcomes[-1].reason is FinishReason.RELEASED


def test_flows_are_restricted_by_call_and_by_partner(world: World) -> None:
    swe, nor = world.add("SWE"), world.add("NOR", flows=(FLOW,))
    for node, area in ((swe, "SWE"), (nor, "NOR")):
        node.offers("DF_STOCK_BIRTH", data(f"{area},2024,5"))
    report = world.harvest(STOCK)
    assert world.door.calls == [("MIGX:DF_STOCK_BIRTH(1.0.0)", ["SWE"])]
    assert report.skipped == ()
    report = world.harvest()
    assert [(s.partner, s.flow) for s in report.skipped] == [("NOR", FLOW)]
    with pytest.raises(NotFound, match="MIGX:DF_EMIGRANTS is not harvested"):
        world.harvest("MIGX:DF_EMIGRANTS")


def test_a_newer_major_version_is_skipped_and_said(world: World) -> None:
    world.add("SWE").offers("DF_STOCK_BIRTH", data("SWE,2024,5"), version="2.0.0")
    report = world.harvest()
    assert "in version 2.0.0, this node knows 1.0.0" in report.skipped[0].why


def test_the_budget_of_a_partner_ends_its_run(world: World) -> None:
    world.budget = 2
    node = world.add("SWE")
    node.offers("DF_STOCK_BIRTH", data("SWE,2024,5"))
    node.offers("DF_FLOW_RES", data("SWE,2024,5", flow="DF_FLOW_RES"))
    report = world.harvest()
    reasons = {o.flow: o.reason.value for o in report.outcomes}
    assert reasons == {NODE_DOCUMENT: "UNCHANGED", FLOW: "RELEASED"}
    assert [(s.flow, s.why[:25]) for s in report.skipped] == [(STOCK, "the budget of 2 requests ")]
    assert len(node.server.requests) == 2


def test_partners_are_asked_at_the_same_time(world: World) -> None:
    """Each of two partners answers only when both were asked."""
    both = threading.Barrier(2, timeout=5)

    def together(handler: PartnerHandler) -> None:
        both.wait()
        data(f"{area[handler.server.port]},2024,5")(handler)

    area: dict[int, str] = {}
    for name in ("SWE", "NOR"):
        node = world.add(name)
        area[node.server.port] = name
        node.offers("DF_STOCK_BIRTH", together)
    assert not world.harvest().failures


def test_progress_is_told_in_order(world: World) -> None:
    world.add("SWE").offers("DF_STOCK_BIRTH", data("SWE,2024,5"))
    world.harvest()
    assert [(p.flow, p.stage) for p in world.steps] == [
        (NODE_DOCUMENT, Stage.ASKING),
        (NODE_DOCUMENT, Stage.FINISHED),
        (STOCK, Stage.ASKING),
        (STOCK, Stage.RECEIVED),
        (STOCK, Stage.FINISHED),
    ]
    assert world.steps[-1].outcome is not None


def test_a_door_that_is_closed_is_written_to_every_attempt(world: World) -> None:
    world.add("SWE").offers("DF_STOCK_BIRTH", data("SWE,2024,5"))
    world.door.breaks_with = Conflict("the base changed")
    outcome = world.outcome()
    assert (outcome.reason, outcome.note) == (FinishReason.REFUSED, "the base changed")


@pytest.mark.parametrize("fault", [Internal("no disk"), ZeroDivisionError(), KeyboardInterrupt()])
def test_a_fault_of_this_node_ends_the_run_with_no_attempt_open(
    fault: BaseException, world: World
) -> None:
    for name in ("SWE", "NOR"):
        world.add(name).offers("DF_STOCK_BIRTH", data(f"{name},2024,5"))
    world.door.breaks_with = fault
    with pytest.raises(type(fault)):
        world.harvest()
    reasons = [each.reason for each in world.log.attempts if each.flow == STOCK]
    assert reasons == [FinishReason.ABORTED, FinishReason.ABORTED]


def test_a_door_that_forgets_a_partner_is_a_fault_of_this_node(world: World) -> None:
    world.add("SWE").offers("DF_STOCK_BIRTH", data("SWE,2024,5"))
    world.door.forgets = "SWE"
    with pytest.raises(Internal, match="says nothing about what SWE sent"):
        world.harvest()
    assert world.log.open_attempts == []


def test_an_archive_that_fails_closes_the_attempts_of_all_partners(world: World) -> None:
    """One partner's data was received already when the archive fails for the other's."""
    swe, nor = world.add("SWE"), world.add("NOR")
    swe.offers("DF_STOCK_BIRTH", data("SWE,2024,5"))
    nor.offers("DF_STOCK_BIRTH", Answer(200, b"full"))
    store = world.archive.store

    def fail(path: Path, digest: str, facts: Mapping[str, object]) -> None:
        if facts["partner"] == "NOR" and facts["flow"] == STOCK:
            raise OSError(28, "No space left on device")
        store(path, digest, facts)

    world.archive.store = fail  # type: ignore[method-assign]
    with pytest.raises(OSError, match="No space left"):
        world.harvest()
    assert world.log.open_attempts == []
    assert world.door.calls == []


def test_attempts_whose_bytes_get_no_place_in_the_archive_are_aborted(world: World) -> None:
    swe = world.add("SWE")
    swe.offers("DF_STOCK_BIRTH", data("SWE,2024,5"))

    def fail() -> None:
        raise OSError(28, "No space left on device")

    world.archive.settle = fail  # type: ignore[method-assign]
    with pytest.raises(OSError, match="No space left"):
        world.harvest()
    assert world.log.open_attempts == []
    assert {one.reason for one in world.log.attempts} == {FinishReason.ABORTED}
    assert all("No space left" in one.note for one in world.log.attempts)
    assert world.door.calls == []
