"""The rows that workers share: of several, one gets each partner."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.errors import NotFound
from hub.store import Catalogue, init_home
from hub.store import schedule as rows
from hub.store.duties import find_duty, finish_duty, give_back_duties, take_duty
from hub.store.partners import add_partner, remove_partner
from hub.store.schedule import Rate
from tests.store.vintages import Clock

BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
LEASE = timedelta(minutes=3)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock() -> Clock:
    return Clock(BEGUN)


@pytest.fixture
def url(tmp_path: Path, catalogue_url: str, clock: Clock) -> str:
    about = {"node": "HUB", "role": "hub", "areas": ["*"], "catalogue": catalogue_url}
    return init_home(tmp_path / "home", about, clock).catalogue_url


@pytest.fixture
def catalogue(url: str, clock: Clock) -> Iterator[Catalogue]:
    catalogue = Catalogue(url, clock)
    yield catalogue
    catalogue.close()


def add(catalogue: Catalogue, *partners: str) -> None:
    for partner in partners:
        about = {"name": "", "areas": [], "agencies": [], "flows": [], "added": BEGUN}
        add_partner(catalogue, {"id": partner, "url": f"https://{partner}.example", **about})


def settle(
    catalogue: Catalogue, taken: rows.Schedule, due: datetime, not_before: datetime | None = None
) -> None:
    rows.settle(catalogue, taken, due=due, not_before=not_before, failures=0, started=BEGUN)


def test_of_several_workers_one_gets_each_partner(catalogue: Catalogue, url: str) -> None:
    names = [f"P{n:02}" for n in range(40)]
    add(catalogue, *names)
    got: Counter[str] = Counter()
    holders: Counter[str] = Counter()
    lock, faults = threading.Lock(), []
    together = threading.Barrier(4)

    def work(holder: str) -> None:
        own = Catalogue(url, catalogue.now)
        try:
            together.wait()
            rows.plan_missing(own, lambda: BEGUN)
            while taken := rows.claim(own, holder, BEGUN, LEASE, most=3):
                with lock:
                    got.update(one.partner for one in taken)
                    holders[holder] += len(taken)
        except Exception as error:
            faults.append(error)
        finally:
            own.close()

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert got == Counter(names)
    taken = rows.all_schedules(catalogue)
    assert Counter(one.taken_by for one in taken.values()) == holders


def test_what_a_killed_worker_had_is_free_when_its_lease_ends(
    catalogue: Catalogue, clock: Clock
) -> None:
    add(catalogue, "SWE")
    assert rows.plan_missing(catalogue, lambda: BEGUN) == ["SWE"]
    (dead,) = rows.claim(catalogue, "dead", clock(), LEASE, 5)
    assert rows.claim(catalogue, "other", BEGUN + LEASE - MINUTE, LEASE, 5) == ()
    rows.renew(catalogue, "dead", BEGUN + 2 * LEASE)
    assert rows.claim(catalogue, "other", BEGUN + LEASE, LEASE, 5) == ()
    (taken,) = rows.claim(catalogue, "other", BEGUN + 2 * LEASE, LEASE, 5)
    settle(catalogue, dead, BEGUN + 9 * LEASE)  # it wakes up: what it had is another's
    assert rows.all_schedules(catalogue)["SWE"].taken_by == "other"
    settle(catalogue, taken, BEGUN + 8 * LEASE)
    planned = rows.all_schedules(catalogue)["SWE"]
    assert (planned.due, planned.taken_by) == (BEGUN + 8 * LEASE, None)


def test_the_longest_due_come_first_and_what_is_given_back_is_due(catalogue: Catalogue) -> None:
    add(catalogue, "A", "B", "C")
    due = iter([BEGUN, BEGUN - 2 * MINUTE, BEGUN - MINUTE])
    rows.plan_missing(catalogue, lambda: next(due))
    first = rows.claim(catalogue, "w", BEGUN, LEASE, 2)
    assert [one.partner for one in first] == ["B", "C"]
    rows.give_back(catalogue, "w")
    again = rows.claim(catalogue, "v", BEGUN, LEASE, 5)
    assert [one.partner for one in again] == ["B", "C", "A"]


def test_what_became_due_since_can_be_left_out(catalogue: Catalogue) -> None:
    add(catalogue, "A", "B")
    due = iter([BEGUN, BEGUN + MINUTE])
    rows.plan_missing(catalogue, lambda: next(due))
    later = BEGUN + 2 * MINUTE
    assert [one.partner for one in rows.claim(catalogue, "w", later, LEASE, 5, BEGUN)] == ["A"]
    assert [one.partner for one in rows.claim(catalogue, "w", later, LEASE, 5)] == ["B"]


def test_an_interval_is_kept_and_counts_from_now(catalogue: Catalogue, clock: Clock) -> None:
    add(catalogue, "SWE")
    assert rows.set_every(catalogue, "SWE", timedelta(hours=6)).due <= BEGUN + MINUTE
    (taken,) = rows.claim(catalogue, "w", BEGUN + MINUTE, LEASE, 5)
    settle(catalogue, taken, BEGUN + timedelta(hours=6))
    shorter = rows.set_every(catalogue, "SWE", timedelta(hours=1))
    assert shorter.due <= BEGUN + timedelta(hours=1, minutes=1)
    longer = rows.set_every(catalogue, "SWE", timedelta(days=2))
    assert (longer.due, longer.every) == (shorter.due, timedelta(days=2))
    assert rows.set_every(catalogue, "SWE", None).every is None
    with pytest.raises(NotFound, match="NOR"):
        rows.set_every(catalogue, "NOR", timedelta(hours=1))


def test_a_partner_that_is_removed_and_added_anew_has_no_old_times(catalogue: Catalogue) -> None:
    add(catalogue, "SWE")
    rows.set_every(catalogue, "SWE", timedelta(hours=1))
    remove_partner(catalogue, "SWE")
    assert rows.all_schedules(catalogue) == {}
    add(catalogue, "SWE")
    rows.plan_missing(catalogue, lambda: BEGUN)
    assert rows.all_schedules(catalogue)["SWE"].every is None


def test_an_announcement_brings_a_harvest_forward_and_never_back(
    catalogue: Catalogue, clock: Clock
) -> None:
    add(catalogue, "SWE")
    rate = Rate(MINUTE, 10)
    due = iter([BEGUN + timedelta(hours=6)])
    rows.plan_missing(catalogue, lambda: next(due))
    planned, wait = rows.announce(catalogue, "key", "SWE", rate)
    assert planned is not None
    assert (planned.due, wait) == (clock.time, timedelta(0))
    clock.pass_(minutes=5)
    later, _ = rows.announce(catalogue, "key", "SWE", rate)
    assert later is not None
    assert later.due == planned.due  # it is due since then
    with pytest.raises(NotFound, match="NOR"):
        rows.announce(catalogue, "key", "NOR", rate)


def test_it_waits_where_the_partner_asked_to(catalogue: Catalogue, clock: Clock) -> None:
    add(catalogue, "SWE")
    rows.plan_missing(catalogue, lambda: BEGUN)
    (taken,) = rows.claim(catalogue, "w", BEGUN, LEASE, 5)
    again = BEGUN + timedelta(hours=1)
    settle(catalogue, taken, again + timedelta(hours=1), not_before=again)
    planned, _ = rows.announce(catalogue, "key", "SWE", Rate(MINUTE, 10))
    assert planned is not None
    assert planned.due == again


def test_what_is_announced_during_a_harvest_is_harvested_after_it(
    catalogue: Catalogue, clock: Clock
) -> None:
    """It may have come after the flow was asked for."""
    add(catalogue, "SWE")
    rows.plan_missing(catalogue, lambda: BEGUN)
    (taken,) = rows.claim(catalogue, "w", clock(), LEASE, 5)
    clock.pass_(minutes=1)
    rows.announce(catalogue, "key", "SWE", Rate(MINUTE, 10))
    settle(catalogue, taken, BEGUN + timedelta(hours=6))
    assert rows.all_schedules(catalogue)["SWE"].due == BEGUN + MINUTE


def test_a_key_announces_no_more_often_than_its_rate(catalogue: Catalogue, clock: Clock) -> None:
    add(catalogue, "SWE")
    rate = Rate(MINUTE, 3)

    def ask(key: str) -> timedelta:
        return rows.announce(catalogue, key, "SWE", rate)[1]

    assert [ask("a") for _ in range(4)] == [timedelta(0)] * 3 + [MINUTE]
    assert ask("b") == timedelta(0)
    clock.pass_(seconds=30)
    assert ask("a") == timedelta(seconds=30)  # what was refused was not counted
    clock.pass_(seconds=30)
    assert ask("a") == timedelta(0)
    assert ask("a") == MINUTE
    clock.pass_(days=1)
    assert [ask("a") for _ in range(4)] == [timedelta(0)] * 3 + [MINUTE]


def test_a_duty_is_done_by_one_worker_and_again_when_it_is_due(
    catalogue: Catalogue, clock: Clock
) -> None:
    first = take_duty(catalogue, "sweep", "a", BEGUN, LEASE)
    assert first is not None
    assert take_duty(catalogue, "sweep", "b", BEGUN, LEASE) is None
    finish_duty(catalogue, first, BEGUN + timedelta(days=1), {"removed": 3})
    assert take_duty(catalogue, "sweep", "b", BEGUN + timedelta(hours=23), LEASE) is None
    again = take_duty(catalogue, "sweep", "b", BEGUN + timedelta(days=1), LEASE)
    assert again is not None
    assert again.detail == {"removed": 3}
    later = BEGUN + timedelta(days=1) + LEASE
    stolen = take_duty(catalogue, "sweep", "c", later, LEASE)
    assert stolen is not None
    finish_duty(catalogue, again, later + timedelta(days=9), {})  # it was lost
    found = find_duty(catalogue, "sweep")
    assert found is not None
    assert (found.taken_by, found.due) == ("c", BEGUN + timedelta(days=1))
    give_back_duties(catalogue, "c")
    assert take_duty(catalogue, "sweep", "d", later, LEASE) is not None
