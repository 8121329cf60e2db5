"""How often a partner is asked, from one run to the next: budget, backoff, what it asked for.

All of it is read from the log of attempts, so every process that shares the catalogue keeps it.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.http import Fetched, retry_after
from connectors.registry import REQUESTS
from federation.harvest.ports import AttemptLog
from federation.partners import Partner

HOUR = timedelta(hours=1)
_RANDOM = random.SystemRandom()


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What one partner may be asked now: `limit` requests an hour, `spent` in the last one.

    `quiet_until` is set where the partner asked, by Retry-After, to be left alone until then.
    """

    limit: int
    spent: int = 0
    quiet_until: datetime | None = None

    @property
    def left(self) -> int:
        """How many requests may be made now."""
        return max(0, self.limit - self.spent)

    @property
    def refusal(self) -> str | None:
        """Why nothing is asked now; None where something may be."""
        if self.quiet_until is not None:
            until = self.quiet_until.isoformat(timespec="seconds")
            return f"the partner asked to be left alone until {until}"
        if not self.left:
            return f"its budget of {self.limit} requests an hour is used up"
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How a node treats partners that fail, or ask for time.

    After a failure a patient run waits `first`, then twice as long each time up to `most`, each
    with a jitter of half. What a partner asks for by Retry-After is kept up to `longest`. An
    attempt that was killed counts as `reserved` requests.
    """

    requests_per_hour: int = 1_000
    first: timedelta = timedelta(minutes=1)
    most: timedelta = timedelta(hours=6)
    longest: timedelta = timedelta(days=1)
    reserved: int = 4

    def pause(self, failures: int) -> timedelta:
        """How long to wait after so many failures in a row, at least 1."""
        seconds = self.first.total_seconds() * 2.0 ** min(failures - 1, 30)
        full = min(seconds, self.most.total_seconds())
        return timedelta(seconds=full * _RANDOM.uniform(0.5, 1))

    def retry_at(self, fetched: Fetched, now: datetime) -> datetime | None:
        """Until when an answer asks to be left alone; None where it does not."""
        if fetched.status not in (429, 503):
            return None
        seconds = retry_after(fetched, now)
        if seconds is None:
            return None
        return now + min(timedelta(seconds=seconds), self.longest)

    def budgets(
        self, log: AttemptLog, partners: Sequence[Partner], now: datetime
    ) -> Mapping[str, Budget]:
        """The budget of each partner now, by its id."""
        spent = log.spent(since=now - HOUR, asked_since=now - self.longest, reserved=self.reserved)
        found = {}
        for partner in partners:
            requests, retry_at = spent.get(partner.id, (0, None))
            found[partner.id] = Budget(
                limit=min(self.requests_per_hour, REQUESTS.get(partner.profile, sys.maxsize)),
                spent=requests,
                quiet_until=retry_at if retry_at is not None and retry_at > now else None,
            )
        return found
