"""When a partner is harvested next: after its interval, spread, or sooner after a failure."""

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
#: When to look again where nothing could be asked: another harvest of the same partner was under
#: way, or it was to be left alone.
_SOON = timedelta(minutes=1)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """Until when a partner is left alone; None where it is not.

    `failed` is when what failed may be tried again, the earliest of its flows; `whole` is until
    when nothing of it is asked: because it asked for that, or its budget is used up.
    """

    failed: datetime | None = None
    whole: datetime | None = None


def next_times(
    outcomes: Collection[FlowOutcome],
    leave: Leave,
    *,
    every: timedelta,
    failures: int,
    started: datetime,
    now: datetime,
) -> Times:
    """When a partner is harvested next, by how its attempts of a run ended.

    Where one FAILED (the partner or the network), it is asked again as soon as it may be, and no
    later than its interval says; where its data was REFUSED, asking sooner would bring the same.
    Without any outcome nothing could be asked.
    """
    regular = max(now, started + _RANDOM.uniform(*_SPREAD) * every)
    has_failed = any(one.reason is FinishReason.FAILED for one in outcomes)
    if not outcomes:
        due = max(now + _SOON, leave.failed or now)
    elif has_failed:
        failures += 1
        due = max(now + _SOON, leave.failed or now)
    else:
        failures, due = 0, regular
    due = min(due, max(regular, now + _SOON))
    return Times(due=max(due, leave.whole or due), not_before=leave.whole, failures=failures)
