"""When a partner is harvested next: its interval, spread, and longer pauses after failures."""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from federation.harvest import FlowOutcome
from federation.partners import FinishReason

#: A harvest begins within this part of its interval after the last one began. So partners that
#: were added together drift apart, and what is promised every six hours is there within six hours.
_SPREAD = (0.8, 0.95)
#: A new partner is harvested within this part of its interval, and within so long.
_FIRST, _FIRST_AT_MOST = 0.1, timedelta(minutes=5)
#: The pause after a first failure; it doubles with each further one, up to the interval.
_PAUSE = timedelta(minutes=5)
#: When to try again where another harvest of the same partner was under way.
_BUSY = timedelta(minutes=1)
_RANDOM = random.SystemRandom()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How a worker goes about: how often it looks, how much it takes, how long it waits.

    It looks for partners that are due every `look` seconds, and takes at most `batch` of them in
    one run, so that several workers share what there is. `lease` is how long a claim lasts that
    nobody renews. Told to stop, it gives attempts under way `grace` seconds.
    """

    look: float = 5.0
    batch: int = 20
    lease: timedelta = timedelta(minutes=3)
    grace: float = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """When a partner is due, before when it is not asked at all, how often it failed in a row."""

    due: datetime
    not_before: datetime | None
    failures: int


def first_due(added: datetime, every: timedelta) -> datetime:
    """When a partner is harvested first that was planned at `added`: soon, but not all at once."""
    return added + _RANDOM.uniform(0, 1) * min(every * _FIRST, _FIRST_AT_MOST)


def next_times(
    outcomes: Collection[FlowOutcome],
    *,
    every: timedelta,
    failures: int,
    started: datetime,
    now: datetime,
) -> Times:
    """When a partner is harvested next, by how its attempts of a run ended.

    Where one FAILED (the partner or the network), it is asked again sooner than its interval says,
    at first; where its data was REFUSED, asking sooner would bring the same. Without any outcome
    another harvest had it.
    """
    if not outcomes:
        return Times(due=now + min(_BUSY, every), not_before=None, failures=failures)
    regular = max(now, started + _RANDOM.uniform(*_SPREAD) * every)
    if not any(one.reason in (FinishReason.FAILED, FinishReason.ABORTED) for one in outcomes):
        return Times(due=regular, not_before=None, failures=0)
    pause = min(_PAUSE * 2 ** min(failures, 30), every)
    again = now + _RANDOM.uniform(0.5, 1) * pause
    return Times(due=min(again, regular), not_before=min(again, regular), failures=failures + 1)
