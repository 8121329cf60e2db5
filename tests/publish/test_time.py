"""Releases in time: embargoes, what was held at an instant, clocks that stand or jump."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hub.publish import Outcome
from hub.store import Store
from tests.publish.stock import FLOW, SettableClock, by_year, raw, submit

TOMORROW = datetime(2026, 1, 16, 9, 30, tzinfo=UTC)


def value(amount: int, year: int = 2020) -> dict[str, str]:
    return {"OBS_VALUE": str(amount), "TIME_PERIOD": str(year)}


def test_what_is_held_back_is_seen_when_its_time_comes(store: Store, clock: SettableClock) -> None:
    before = submit(store, raw(value(1)))
    held = submit(store, raw(value(2)), visible_from=TOMORROW)
    assert held.outcome is Outcome.RELEASED
    assert held.visible_from == TOMORROW
    assert held.committed is not None
    assert held.committed < TOMORROW
    assert held.release == before.release, "the report names what readers see"
    clock.time = TOMORROW - timedelta(microseconds=1)
    assert by_year(store) == {"2020": 1}
    clock.time = TOMORROW
    assert by_year(store) == {"2020": 2}
    release = store.release(FLOW)
    assert release is not None
    assert release.visible_from == TOMORROW
    assert by_year(store, TOMORROW - timedelta(microseconds=1)) == {"2020": 1}


def test_a_first_release_can_be_held_back(store: Store, clock: SettableClock) -> None:
    held = submit(store, raw(value(2)), visible_from=TOMORROW)
    assert held.release is None
    assert store.release(FLOW) is None
    assert len(store.newest(FLOW)) == 1
    clock.time = TOMORROW
    assert by_year(store) == {"2020": 2}


def test_another_source_is_not_held_back(store: Store) -> None:
    submit(store, raw(value(1)), visible_from=TOMORROW)
    submit(store, raw(value(2)), source="COMPILED")
    assert by_year(store) == {"2020": 2}


def test_an_embargo_in_the_past_is_none(store: Store, clock: SettableClock) -> None:
    report = submit(store, raw(value(1)), visible_from=clock.time - timedelta(days=1))
    assert report.visible_from == report.committed
    assert by_year(store) == {"2020": 1}


def test_every_release_can_be_asked_for_at_its_instant(store: Store, clock: SettableClock) -> None:
    held: dict[datetime, tuple[str | None, dict[str, float]]] = {}
    for step in range(1, 5):
        clock.pass_(minutes=7)
        report = submit(store, raw(value(step), value(step, 2000 + step)))
        assert report.committed is not None
        held[report.committed] = report.release, by_year(store)
    clock.pass_(minutes=7)
    first = min(held)
    assert store.release(FLOW, first - timedelta(microseconds=1)) is None
    for (instant, (id_, seen)), (following, _) in pairwise([*held.items(), (clock.time, ("", {}))]):
        for at in (instant, following - timedelta(microseconds=1)):
            release = store.release(FLOW, at)
            assert release is not None
            assert release.id == id_
            assert by_year(store, at) == seen


def test_instants_increase_while_the_clock_stands(store: Store) -> None:
    """What was just published is seen, although the clock has not passed its instant."""
    instants = []
    for amount in range(3):
        report = submit(store, raw(value(amount)))
        instants.append(report.committed)
        assert by_year(store) == {"2020": amount}
        release = store.release(FLOW)
        assert release is not None
        assert report.release == release.id
    assert instants == sorted(set(instants))  # type: ignore[type-var]


def test_instants_increase_when_the_clock_jumps_back(store: Store, clock: SettableClock) -> None:
    first = submit(store, raw(value(1)))
    clock.pass_(hours=-5)
    second = submit(store, raw(value(2)))
    assert first.committed is not None
    assert second.committed is not None
    assert second.committed - first.committed == timedelta(microseconds=1)
    assert by_year(store) == {"2020": 2}
    assert by_year(store, first.committed) == {"2020": 1}


def test_another_process_stamps_later_instants(
    store: Store, open_again: Callable[..., Store], clock: SettableClock
) -> None:
    slow = SettableClock(clock.time - timedelta(hours=1))
    first = submit(store, raw(value(1)))
    second = submit(open_again(slow), raw(value(2)))
    assert first.committed is not None
    assert second.committed is not None
    assert second.committed > first.committed
    assert by_year(store) == {"2020": 2}
