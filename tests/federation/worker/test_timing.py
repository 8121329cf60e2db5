"""When partners are harvested next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from federation.harvest import FlowOutcome
from federation.partners import FinishReason
from federation.worker import Leave, Times, first_due, next_times

STARTED = datetime(2026, 1, 1, 12, tzinfo=UTC)
ENDED = STARTED + timedelta(minutes=1)
HOURS = timedelta(hours=1)


def outcomes(*reasons: str) -> list[FlowOutcome]:
    return [
        FlowOutcome(partner="SWE", flow=f"F{n}", attempt=n, reason=FinishReason(reason))
        for n, reason in enumerate(reasons)
    ]


def times(
    *reasons: str,
    failures: int = 0,
    every: timedelta = 6 * HOURS,
    failed: datetime | None = None,
    whole: datetime | None = None,
) -> Times:
    leave = Leave(failed=failed, whole=whole)
    return next_times(
        outcomes(*reasons), leave, every=every, failures=failures, started=STARTED, now=ENDED
    )


def test_two_hundred_partners_that_were_added_together_do_not_come_together() -> None:
    """In no minute of the first ones more than a fifth, in none of the next day more than 5 %."""
    first = [first_due(STARTED, 24 * HOURS) for _ in range(200)]
    assert min(first) >= STARTED
    assert max(first) <= STARTED + timedelta(minutes=5)
    minutes = [int((one - STARTED).total_seconds() // 60) for one in first]
    assert max(minutes.count(minute) for minute in set(minutes)) < 200 * 0.35
    later = [times("UNCHANGED", every=24 * HOURS).due for _ in range(200)]
    minutes = [int((one - STARTED).total_seconds() // 60) for one in later]
    assert max(minutes.count(minute) for minute in set(minutes)) <= 10


@pytest.mark.parametrize("reason", ["RELEASED", "NOT_MODIFIED", "UNCHANGED", "HELD", "REFUSED"])
def test_a_partner_that_answered_is_asked_again_within_its_interval(reason: str) -> None:
    for _ in range(50):
        found = times("UNCHANGED", reason, failures=3)
        assert STARTED + 0.8 * 6 * HOURS <= found.due <= STARTED + 0.95 * 6 * HOURS
        assert found.not_before is None
        assert found.failures == 0


def test_what_failed_is_tried_again_when_it_may_be_and_no_later_than_the_interval_says() -> None:
    again = ENDED + timedelta(minutes=7)
    found = times("UNCHANGED", "FAILED", failures=2, failed=again)
    assert found == Times(due=again, not_before=None, failures=3)
    late = times("FAILED", failed=ENDED + 20 * HOURS)
    assert STARTED + 0.8 * 6 * HOURS <= late.due <= STARTED + 0.95 * 6 * HOURS
    assert times("FAILED", failed=STARTED).due == ENDED + timedelta(minutes=1)


def test_a_partner_that_is_to_be_left_alone_is_not_asked_before() -> None:
    quiet = ENDED + 9 * HOURS
    for reasons in (("RELEASED",), ("FAILED",), ()):
        found = times(*reasons, whole=quiet)
        assert (found.due, found.not_before) == (quiet, quiet)
    sooner = times("RELEASED", whole=ENDED + HOURS)
    assert sooner.due >= STARTED + 0.8 * 6 * HOURS


def test_a_partner_that_another_harvest_has_is_asked_a_little_later() -> None:
    soon = ENDED + timedelta(minutes=1)
    assert times(failures=2) == Times(due=soon, not_before=None, failures=2)
    assert times(failures=2, failed=ENDED + HOURS).due == ENDED + HOURS


def test_a_run_longer_than_the_interval_is_followed_by_the_next() -> None:
    found = next_times(
        outcomes("RELEASED"),
        Leave(),
        every=timedelta(minutes=1),
        failures=0,
        started=STARTED,
        now=STARTED + HOURS,
    )
    assert found.due == STARTED + HOURS
