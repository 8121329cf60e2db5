"""What a node remembers from one run to the next: releases, clocks, budgets, failures, leases."""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from federation.harvest import Habits, Harvester, Patience
from federation.harvest.ledger import Ledger
from federation.partners import NODE_DOCUMENT, FinishReason
from tests.connectors.http.server import Answer, PartnerHandler
from tests.federation.harvest.conftest import CSV_TYPE, Node, World, csv, data

STOCK = "MIGX:DF_STOCK_BIRTH"
OLD, NEW = "a" * 64, "b" * 64


def told(node: Node, **said: object) -> None:
    """Let the document say something else of the only flow."""
    node.flows[0] |= said
    node.describe()


def changed(world: World, **fields: object) -> None:
    """Set up the harvester, or its ledger, differently."""
    mine = {name: value for name, value in fields.items() if name == "habits"}
    ledger = {name: value for name, value in fields.items() if name != "habits"}
    old = world.harvester
    about: dict[str, Any] = {
        name: getattr(old, name)
        for name in ("door", "structures", "scratch", "open_client", "habits", "workers")
    }
    kept = {
        name: getattr(old.ledger, name)
        for name in ("log", "archive", "holder", "lease_seconds", "patience", "clock", "progress")
    }
    world.harvester = Harvester(ledger=Ledger(**kept | ledger), **about | mine)


def at_present(world: World) -> None:
    """Let the clock of the node be that of the machine, on which partners date their answers."""
    world.now = datetime.now(UTC)


def test_a_release_that_is_held_is_not_asked_for(world: World) -> None:
    node = world.add("SWE")
    node.offers("DF_STOCK_BIRTH", data("SWE,2024,5"), release=OLD, rows=1)
    world.harvest()
    report = world.harvest()
    assert len(node.asked("/data/")) == 1
    assert [(o.flow, o.reason.value) for o in report.outcomes[1:]] == [(STOCK, "NOT_MODIFIED")]
    attempt = world.log.list("SWE", STOCK)[0]
    assert (attempt.facts["requests"], attempt.facts["way"]) == (0, "nothing")
    told(node, release=NEW)
    world.harvest()
    assert len(node.asked("/data/")) == 2


def test_a_flow_of_which_nothing_is_published_is_not_asked_for(world: World) -> None:
    node = world.add("SWE")
    node.offers("DF_STOCK_BIRTH", Answer(204), rows=0)
    report = world.harvest()
    assert node.asked("/data/") == []
    assert [o.flow for o in report.outcomes] == [NODE_DOCUMENT]


def test_the_document_is_asked_for_on_condition(world: World) -> None:
    node = world.add("SWE")
    node.offers("DF_STOCK_BIRTH", data("SWE,2024,5"), release=OLD, rows=1)
    answers = node.server.answers["/.well-known/sdmx-node"]
    good = answers[0]
    assert isinstance(good, Answer)
    answers[:] = [Answer(200, good.body, {"ETag": '"d1"'}), Answer(304)]
    world.harvest()
    report = world.harvest()
    assert node.asked("sdmx-node")[1]["If-None-Match"] == '"d1"'
    assert [o.reason.value for o in report.outcomes] == ["NOT_MODIFIED", "NOT_MODIFIED"]
    world.harvest(full=True)
    assert "If-None-Match" not in node.asked("sdmx-node")[2]


def test_a_packed_document_that_is_held_is_not_unpacked_into_the_archive(
    world: World, tmp_path: Path
) -> None:
    node = world.add("SWE")
    node.offers("DF_STOCK_BIRTH", data("SWE,2024,5"), release=OLD, rows=1)
    answers = node.server.answers["/.well-known/sdmx-node"]
    good = answers[0]
    assert isinstance(good, Answer)
    packed = Answer(200, gzip.compress(good.body), {"ETag": '"d1"', "Content-Encoding": "gzip"})
    answers[:] = [packed, Answer(304)]
    world.harvest()
    assert [o.reason.value for o in world.harvest().outcomes] == ["NOT_MODIFIED", "NOT_MODIFIED"]
    kept = world.archive.find(hashlib.sha256(packed.body).hexdigest())
    assert kept is not None
    assert {path.name for path in kept.parent.iterdir()} == set(world.archive.bytes)


@pytest.mark.parametrize("rows", [2, 0])
def test_data_that_is_not_what_the_document_counts_fails(rows: int, world: World) -> None:
    world.add("SWE").offers("DF_STOCK_BIRTH", data("SWE,2024,5"), release=OLD, rows=rows)
    outcome = world.outcome()
    assert outcome.reason is FinishReason.FAILED
    assert f"sent 1 observations of {STOCK}, but" in outcome.note
    assert f"says it has {rows} observations" in outcome.note


def test_a_release_that_came_between_document_and_data_is_taken(world: World) -> None:
    node = world.add("SWE")
    path = node.offers("DF_STOCK_BIRTH", data("SWE,2024,5"), release=OLD, rows=1)

    def publish_first(handler: PartnerHandler) -> None:
        told(node, release=NEW, rows=2)
        data("SWE,2024,5", "SWE,2023,4")(handler)

    node.server.on(path, publish_first)
    assert world.outcome().reason is FinishReason.RELEASED
    assert world.log.list("SWE", STOCK)[0].facts["partner_release"] == NEW


def increment(*rows: str) -> Answer:
    """An answer of what changed: rows `ACTION,AREA,YEAR,VALUE`."""
    lines = [csv().decode().strip(), *(f"dataflow,MIGX:DF_STOCK_BIRTH(1.0.0),{r}" for r in rows)]
    return Answer(200, ("\n".join(lines) + "\n").encode(), CSV_TYPE)


@pytest.fixture
def growing(world: World) -> Callable[..., Node]:
    """A partner of which a first release is held, and that answers as given for what changed."""

    def make(*answers: Any, rows: int, updated: str = "2026-01-02T00:00:00Z") -> Node:
        at_present(world)
        node = world.add("SWE")
        first = data("SWE,2024,5", "SWE,2023,4")
        full = data("SWE,2024,6", "SWE,2022,3")
        path = node.offers(
            "DF_STOCK_BIRTH", first, full, release=OLD, rows=2, updated="2026-01-01T00:00:00Z"
        )
        world.harvest()
        told(node, release=NEW, rows=rows, updated=updated)
        since = "2026-01-01T00:00:00.000000Z"
        node.server.on(f"{path}?updatedAfter={since}", *answers)
        return node

    return make


GOOD = ("D,SWE,2023,", "R,SWE,2024,6", "R,SWE,2022,3")


def test_what_changed_is_asked_for_and_leads_to_the_same(
    growing: Callable[..., Node], world: World
) -> None:
    node = growing(increment(*GOOD), rows=2)
    assert world.outcome().reason is FinishReason.RELEASED
    assert len(node.asked("/data/")) == 2
    held = world.door.held["MIGX:DF_STOCK_BIRTH(1.0.0)", "SWE"].to_pylist()
    assert {(row["TIME_PERIOD"], row["OBS_VALUE"]) for row in held} == {
        ("2024", "6"),
        ("2022", "3"),
    }
    facts = world.log.list("SWE", STOCK)[0].facts
    assert (facts["way"], facts["increments"], facts["rows"]) == ("increment", 1, 2)
    assert str(facts["chain"]).count(",") == 1


@pytest.mark.parametrize(
    ("answer", "doubt"),
    [
        (data("SWE,2024,6", "SWE,2022,3"), "all there is came"),
        (increment("R,SWE,2024,6"), None),
        (increment("R,SWE,2024,6", "R,SWE,2022,3"), "lead to 3 observations"),
        (Answer(204), "no changes in a release that is not the one held"),
        (Answer(404, b"none"), "answered 404"),
        (Answer(200, b"<html>"), "an HTML page"),
    ],
)
def test_an_increment_that_leads_nowhere_is_followed_by_everything(
    answer: Answer, doubt: str | None, growing: Callable[..., Node], world: World
) -> None:
    node = growing(answer, rows=2)
    assert world.outcome().reason is FinishReason.RELEASED
    facts = world.log.list("SWE", STOCK)[0].facts
    held = world.door.held["MIGX:DF_STOCK_BIRTH(1.0.0)", "SWE"].to_pylist()
    if doubt is None:  # the count fits: what is missing is found by the next reconciliation
        world.now += timedelta(days=8)
        world.harvest()
        held = world.door.held["MIGX:DF_STOCK_BIRTH(1.0.0)", "SWE"].to_pylist()
    else:
        assert doubt in str(facts["doubt"])
    assert {(row["TIME_PERIOD"], row["OBS_VALUE"]) for row in held} == {
        ("2024", "6"),
        ("2022", "3"),
    }
    if doubt and "all there is" not in doubt:
        assert node.asked("/data/")[-1]["Cache-Control"] == "no-cache"


def test_a_partner_that_went_back_is_asked_for_everything(
    growing: Callable[..., Node], world: World
) -> None:
    node = growing(increment(*GOOD), rows=2, updated="2025-12-31T00:00:00Z")
    assert world.outcome().reason is FinishReason.RELEASED
    assert world.log.list("SWE", STOCK)[0].facts["way"] == "reconciliation"
    assert len(node.asked("/data/")) == 2


def test_everything_is_asked_for_after_some_days_or_increments(
    growing: Callable[..., Node], world: World
) -> None:
    node = growing(increment(*GOOD), rows=2)
    changed(world, habits=Habits(full_after_increments=1))
    world.harvest()
    assert world.log.list("SWE", STOCK)[0].facts["way"] == "increment"
    world.harvest()
    facts = world.log.list("SWE", STOCK)[0].facts
    assert (facts["way"], facts["increments"]) == ("reconciliation", 0)
    world.now += timedelta(days=6)
    assert world.outcome().reason is FinishReason.NOT_MODIFIED
    world.now += timedelta(days=2)
    world.harvest()
    assert world.log.list("SWE", STOCK)[0].facts["way"] == "reconciliation"
    assert len(node.asked("sdmx-node")) >= 4


def test_the_budget_counts_over_runs_and_an_hour(world: World) -> None:
    changed(world, patience=Patience(requests_per_hour=3))
    node = world.add("SWE")
    node.offers("DF_STOCK_BIRTH", data("SWE,2024,5", ETag='"e"'))
    world.harvest()
    report = world.harvest()  # one request is left, for the document
    assert [o.flow for o in report.outcomes] == [NODE_DOCUMENT]
    report = world.harvest()
    assert [s.why for s in report.skipped] == ["its budget of 3 requests an hour is used up"]
    assert len(node.server.requests) == 3
    budget = world.harvester.ledger.patience.budgets(world.log, [node.partner], world.now)["SWE"]
    assert (budget.limit, budget.spent, budget.left) == (3, 3, 0)
    world.now += timedelta(minutes=61)
    assert world.harvest().skipped == ()


def test_a_killed_attempt_counts_as_all_its_tries(world: World) -> None:
    changed(world, patience=Patience(requests_per_hour=4, reserved=4))
    node = world.add("SWE")
    world.log.open("SWE", STOCK, holder="node-1", now=world.now, lease_seconds=600)
    assert "used up" in world.harvest().skipped[0].why
    assert node.server.requests == []


def test_a_partner_that_asks_for_time_is_left_alone_in_every_flow(world: World) -> None:
    node = world.add("SWE")
    node.offers("DF_FLOW_RES", Answer(503, b"busy", {"Retry-After": "3600"}))
    node.offers("DF_STOCK_BIRTH", data("SWE,2024,5"))
    report = world.harvest()
    assert {o.flow: o.reason.value for o in report.outcomes}["MIGX:DF_FLOW_RES"] == "FAILED"
    assert [(s.flow, s.why) for s in report.skipped] == [(STOCK, "the partner asks to wait 3600 s")]
    asked = len(node.server.requests)
    (skipped,) = world.harvest().skipped
    assert (skipped.flow, "left alone until" in skipped.why) == (NODE_DOCUMENT, True)
    assert len(node.server.requests) == asked
    world.now += timedelta(hours=1, minutes=1)
    world.harvest()
    assert len(node.server.requests) > asked


def test_a_patient_run_waits_longer_after_each_failure(world: World) -> None:
    node = world.add("SWE")
    node.offers("DF_STOCK_BIRTH", Answer(404, b"gone"))
    pauses = []
    for failures in (1, 2, 3):
        world.harvest(patient=True)
        facts = world.log.list("SWE", STOCK)[0].facts
        assert facts["failures"] == failures
        until = datetime.fromisoformat(str(facts["not_before"]))
        pauses.append((until - world.now).total_seconds())
        (skipped,) = world.harvest(patient=True).skipped
        assert "failed" in skipped.why
        world.now = until + timedelta(seconds=1)
    assert all(30 * 2**n <= pause <= 61 * 2**n for n, pause in enumerate(pauses))
    told(node, release=OLD)
    node.server.on("/sdmx/v2/data/dataflow/MIGX/DF_STOCK_BIRTH/1.0.0/*", data("SWE,2024,5"))
    world.now += timedelta(days=1)
    world.harvest(patient=True)
    assert "failures" not in world.log.list("SWE", STOCK)[0].facts


def test_an_impatient_run_asks_at_once(world: World) -> None:
    node = world.add("SWE")
    node.offers("DF_STOCK_BIRTH", Answer(404, b"gone"))
    world.harvest()
    world.harvest()
    assert len(node.asked("/data/")) == 2


def test_leases_are_renewed_while_a_run_lasts(world: World) -> None:
    changed(world, lease_seconds=0.15)
    renewed = threading.Event()
    renew = world.log.renew

    def note(ids: Any, *, until: datetime) -> None:
        renew(ids, until=until)
        renewed.set()

    world.log.renew = note  # type: ignore[method-assign]
    node = world.add("SWE")

    def slowly(handler: PartnerHandler) -> None:
        assert renewed.wait(5)
        data("SWE,2024,5")(handler)

    node.offers("DF_STOCK_BIRTH", slowly)
    assert world.outcome().reason is FinishReason.RELEASED


def test_an_attempt_that_another_process_closed_is_told_as_aborted(world: World) -> None:
    node = world.add("SWE")

    def take_over(handler: PartnerHandler) -> None:
        world.log.close_expired(holder="node-1", now=world.now)
        data("SWE,2024,5")(handler)

    node.offers("DF_STOCK_BIRTH", take_over)
    outcome = world.outcome()
    assert outcome.reason is FinishReason.ABORTED
    assert "lease ended" in outcome.note
    assert world.log.list("SWE", STOCK)[0].reason is FinishReason.ABORTED


def publishes_again(world: World) -> None:
    told(world.nodes[0], release=NEW)
    world.harvest()


@pytest.mark.parametrize("retold", [publishes_again, lambda world: world.harvest(full=True)])
def test_a_partner_whose_data_keeps_failing_is_passed_over_until_it_is_asked_anew(
    retold: Callable[[World], object], world: World
) -> None:
    def piece(*path: str) -> list[dict[str, object]]:
        about = {"area": "SWE", "rows": 1, "origin": "SWE", "hops": len(path), "path": path}
        return [{key: value for key, value in about.items() if value not in (0, ())}]

    node, north = world.add("SWE"), world.add("NORTH", "SWE", "NOR")
    path = node.offers("DF_STOCK_BIRTH", Answer(200, b"<html>"), release=OLD, slices=piece())
    theirs = north.offers(
        "DF_STOCK_BIRTH", data("SWE,2024,5"), release="c" * 64, slices=piece("SWE")
    )
    north.server.on(f"{theirs}?c%5BREF_AREA%5D=SWE", data("SWE,2024,5"))
    for _ in range(3):
        assert {o.partner: o.reason.value for o in world.harvest().failures} == {"SWE": "FAILED"}
    assert north.asked("/data/") == []
    report = world.harvest()
    (skipped,) = [one for one in report.skipped if one.flow == STOCK]
    assert "failed 3 times in a row" in skipped.why
    assert world.log.list("NORTH", STOCK)[0].reason is FinishReason.RELEASED
    assert len(node.asked("/data/")) == 3
    node.server.on(path, data("SWE,2024,6"))
    world.harvest()
    assert len(node.asked("/data/")) == 3  # the same release: nobody says that it is mended
    retold(world)
    assert world.log.list("SWE", STOCK)[0].reason is FinishReason.RELEASED
