"""How often and how soon a partner is asked again: budget, backoff, Retry-After."""

from __future__ import annotations

import random
import threading
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from connectors.http.exchange import Fetched
from hub.errors import PartnerUnavailable

#: Answers after which the same request may succeed later.
PASSING = frozenset({429, 500, 502, 503, 504})
_RANDOM = random.SystemRandom()


class RequestBudget:
    """How many requests one partner gets in one run; safe to use from several threads."""

    def __init__(self, requests: int) -> None:
        self.requests = requests
        self._spent = 0
        self._lock = threading.Lock()

    @property
    def spent(self) -> int:
        """How many requests were made."""
        return self._spent

    @property
    def refusal(self) -> str | None:
        """Why no request is made any more; None while there are some left."""
        if self._spent < self.requests:
            return None
        return f"the budget of {self.requests} requests for this partner and run is used up"

    def spend(self, url: str) -> None:
        """Count one request; raises PartnerUnavailable when the budget is used up."""
        with self._lock:
            why = self.refusal
            if why is not None:
                raise PartnerUnavailable(f"{url} is not asked: {why}")
            self._spent += 1


def backoff(tries: int) -> float:
    """Seconds to wait after so many failed tries: 1, 2, 4 … each with a jitter of half."""
    full = float(2 ** (tries - 1))
    return _RANDOM.uniform(full / 2, full)


def retry_after(fetched: Fetched, now: datetime) -> float | None:
    """The seconds a response asks to wait; None where it does not say (RFC 9110, 10.2.3).

    A date is read against the partner's own Date header: its clock need not be ours.
    """
    text = (fetched.header("retry-after") or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    until = _instant(text)
    if until is None:
        return None
    return max(0.0, (until - (_instant(fetched.header("date")) or now)).total_seconds())


def _instant(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        instant = parsedate_to_datetime(text)
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
