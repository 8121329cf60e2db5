"""`worker` as a program of its own: told to stop, killed in the middle, started again."""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from federation.harvest.catalogued import CataloguedAttempts
from federation.harvest.node import add_partner_to
from federation.partners import Attempt
from federation.worker import Event, Rhythm, Worker
from hub.store import Store, file_lock
from hub.store.schedule import Schedule, all_schedules, set_every
from tests.federation.worker.process import Process, wait_for
from tests.federation.worker.stalling import Stalling, stalling

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are other there")
FLOW = "MIGX:DF_STOCK_BIRTH"
HOUR = timedelta(hours=1)
Start = Callable[..., Process]


@pytest.fixture
def sweden(node: Any, corridor: Any, stock_table: Any, tmp_path: Path) -> Store:
    store: Store = node("SWE")
    file = stock_table.write(tmp_path / "swe.csv", {})
    assert corridor("--home", store.settings.home, "publish", FLOW, file).exit == 0
    return store


@pytest.fixture
def partner(sweden: Store, served: Any) -> Iterator[Stalling]:
    """Sweden, behind what can hold its answers up."""
    with served(sweden) as (url,), stalling(url) as found:
        yield found


@pytest.fixture
def hub(node: Any, partner: Stalling) -> Store:
    """An observatory that harvests Sweden every hour, for the first time now."""
    store: Store = node("EUROBS", role="observatory")
    add_partner_to(store, partner.url, ["SWE"])
    set_every(store.catalogue, "SWE", HOUR)
    return store


@pytest.fixture
def start(hub: Store) -> Iterator[Start]:
    """Start workers of the observatory."""
    with ExitStack() as stack:

        def begin(*options: str, **more: Any) -> Process:
            process = Process(hub.settings.home, *options, **more)
            stack.callback(process.process.kill)
            return process

        yield begin


def attempts(store: Store) -> list[Attempt]:
    """All attempts, the oldest first."""
    return list(reversed(CataloguedAttempts(store.catalogue).list()))


def planned(store: Store) -> Schedule:
    return all_schedules(store.catalogue)["SWE"]


def test_it_works_until_it_is_told_to_stop_and_a_second_one_of_the_home_takes_over(
    corridor: Any, start: Start, hub: Store
) -> None:
    first = start()
    first.wait_for("swept")
    told: list[Event] = []
    second = Worker(store=hub, tell=told.append, rhythm=Rhythm(look=0.1))
    thread = threading.Thread(target=second.run)
    thread.start()
    wait_for(lambda: "standby" in [event.name for event in told])
    for json_ in ((), ("--json",)):
        once = corridor("--home", hub.settings.home, "worker", "--once", *json_)
        assert once.exit == 1
        assert "another worker of this home" in once.out + once.err
    assert (once.json["event"], once.json["reason"]) == ("error", "Conflict")
    assert first.end(signal.SIGTERM) == 0
    assert first.complaints == ""
    names = [event["event"] for event in first.events]
    assert names[0] == "started"
    assert names[-1] == "stopped"
    assert "RELEASED" in first.reasons()
    assert not first.reasons() & {"FAILED", "REFUSED", "ABORTED"}
    assert {event["flow"] for event in first.named("derived")} == {
        "MIGX:DF_EMIGRANTS",
        "MIGX:DF_ASYMMETRY",
    }
    assert first.named("harvested")[0]["partners"] == 1
    now = hub.catalogue.now()
    assert now + 0.5 * HOUR < planned(hub).due < now + HOUR
    assert planned(hub).taken_by is None
    wait_for(lambda: "started" in [event.name for event in told])
    second.stopping.set()
    thread.join()
    assert not [event for event in told if event.name == "attempt"]  # nothing was due any more


def test_killed_in_the_middle_and_started_again_it_goes_on_as_if_nothing_had_been(
    corridor: Any, start: Start, hub: Store, partner: Stalling
) -> None:
    def work() -> list[dict[str, Any]]:
        ran = corridor("--home", hub.settings.home, "worker", "--once", "--json")
        assert ran.exit == 0, ran.err
        return [json.loads(line) for line in ran.out.splitlines()]

    partner.is_open.clear()
    killed = start()
    assert partner.is_waiting.wait(90)
    assert killed.end(signal.SIGKILL) == -signal.SIGKILL
    (left,) = (one for one in attempts(hub) if one.reason is None)
    assert left.flow == FLOW
    assert planned(hub).taken_by is not None
    partner.is_open.set()

    events = work()
    told = [event for event in events if event["event"] == "attempt"]
    assert (told[0]["attempt"], told[0]["reason"]) == (left.id, "ABORTED")
    assert "RELEASED" in {event["reason"] for event in told}
    assert not {event["reason"] for event in told} & {"FAILED", "REFUSED"}
    assert len([event for event in events if event["event"] == "derived"]) == 2
    assert all(one.reason is not None for one in attempts(hub))

    due, before = planned(hub).due, attempts(hub)
    assert [event["event"] for event in work()] == ["started", "stopped"]
    assert (planned(hub).due, attempts(hub)) == (due, before)  # the times are in the catalogue


def test_told_to_stop_in_the_middle_it_lets_an_attempt_end(
    start: Start, hub: Store, partner: Stalling
) -> None:
    partner.is_open.clear()
    process = start()
    assert partner.is_waiting.wait(90)
    process.tell(signal.SIGTERM)
    process.wait_for("stopping")
    partner.is_open.set()
    assert process.end() == 0, process.complaints
    assert process.events[-1]["event"] == "stopped"
    assert "RELEASED" in process.reasons()
    assert all(one.reason is not None for one in attempts(hub))
    assert planned(hub).taken_by is None


def test_told_twice_it_waits_for_nobody_and_leaves_nothing_open(
    start: Start, hub: Store, partner: Stalling
) -> None:
    partner.is_open.clear()
    process = start()
    assert partner.is_waiting.wait(90)
    process.tell(signal.SIGTERM)
    process.wait_for("stopping")
    assert process.end(signal.SIGTERM, seconds=15) == 0
    assert process.complaints == ""
    assert process.events[-1] == {"event": "stopped", "aborted": 1}
    last = attempts(hub)[-1]
    assert (last.flow, last.reason and last.reason.value) == (FLOW, "ABORTED")
    assert planned(hub).taken_by is None
    assert planned(hub).due <= hub.catalogue.now()  # it is still to be done


def test_once_ends_with_3_where_a_partner_failed(
    corridor: Any, hub: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.http.client.backoff", lambda _tries: 0.0)
    with hub.catalogue.writing() as connection:
        connection.exec_driver_sql("UPDATE partner SET url = 'http://127.0.0.1:9'")
    ran = corridor("--home", hub.settings.home, "worker", "--once", "--no-derive", "--no-sweep")
    assert ran.exit == 3
    assert "SWE node document: FAILED" in ran.out
    assert "corridor status" in ran.err
    found = planned(hub)
    assert found.failures == 1
    assert found.due - hub.catalogue.now() < timedelta(minutes=6)  # sooner than in an hour


def test_while_a_harvest_of_the_home_runs_the_worker_waits(
    corridor: Any, hub: Store, partner: Stalling
) -> None:
    with file_lock(hub.settings.home / "harvest.lock") as is_held:
        assert is_held
        ran = corridor("--home", hub.settings.home, "worker", "--once")
    assert ran.exit == 1
    assert "another harvest of this node is running" in ran.err
    assert planned(hub).taken_by is None
    assert attempts(hub) == []


def test_an_interval_is_set_with_the_partner_and_later(
    corridor: Any, node: Any, partner: Stalling
) -> None:
    store: Store = node("EUROBS", role="observatory")
    home = store.settings.home
    added = corridor(
        "--home", home, "partner", "add", partner.url, "--areas", "SWE", "--every", "6h"
    )
    assert added.exit == 0, added.err
    assert planned(store).every == 6 * HOUR
    ran = corridor("--home", home, "partner", "set", "SWE", "--every", "30m", "--json")
    assert ran.json["every_seconds"] == 1800
    assert planned(store).every == timedelta(minutes=30)
    ran = corridor("--home", home, "partner", "set", "SWE", "--every", "default")
    assert "every 1 day, 0:00:00" in ran.out
    assert planned(store).every is None
    for wrong in ("6", "0h", "6 weeks", "", "-1h"):
        ran = corridor("--home", home, "partner", "set", "SWE", "--every", wrong or " ")
        assert ran.exit == 1, wrong
        assert "15m, 6h, 7d" in ran.err
    ran = corridor("--home", home, "partner", "set", "NOR", "--every", "6h")
    assert (ran.exit, "NOR" in ran.err) == (1, True)
