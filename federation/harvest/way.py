"""How a flow is asked for: not at all, on condition, what changed since, or everything.

An increment is cheap and may drift from what the partner has: a middle layer answers for it, a
clock is set back, a backup is restored. So everything is asked for from time to time, whatever the
partner says of changes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from connectors.service import Held, Offer, Service
from federation.harvest.past import Past

#: A partner's clock that is further ahead of ours is not believed.
_AHEAD = timedelta(hours=1)


class Way(StrEnum):
    """How a flow is asked for."""

    NOTHING = "nothing"
    CONDITIONAL = "conditional"
    INCREMENT = "increment"
    FULL = "full"
    RECONCILIATION = "reconciliation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """When everything is asked for, and how far back an increment reaches.

    `lag` is taken off the partner's clock: what it commits now may bear an instant a little
    earlier. A partner that tells when its release became visible needs none. Everything is asked
    for when `full_after` is over since it was, or after `full_after_increments` increments.
    """

    lag: timedelta = timedelta(minutes=5)
    full_after: timedelta = timedelta(days=7)
    full_after_increments: int = 20

    def is_due(self, past: Past, now: datetime) -> bool:
        """True where it is time to ask for everything."""
        is_old = past.full_at is not None and now - past.full_at >= self.full_after
        return is_old or past.increments >= self.full_after_increments

    def since(self, past: Past, offer: Offer, now: datetime) -> datetime | None:
        """The watermark: after which instant of the partner's clock changes are asked for.

        The partner's clock at the start of the last complete attempt less the lag; and exactly the
        release that is held, where the partner tells when that became visible: changes are net, so
        what was added just before it and withdrawn since would not be told of after an earlier
        instant. None where the clock is not known, or not to be trusted.
        """
        clock = past.clock
        if clock is None or clock > now + _AHEAD or not past.rows:
            return None
        return clock - self.lag if past.updated is None else past.updated


def asked_name(offer: Offer) -> str:
    """What is asked for, in the partner's words: its flow, the version, the areas if not all."""
    areas = f" of {' '.join(offer.areas)}" if offer.areas else ""
    return f"{offer.source}({offer.version}){areas}"


def way_of(
    past: Past, offer: Offer, service: Service, habits: Habits, now: datetime, full: bool
) -> tuple[Way, Held | None]:
    """How to ask for a flow, and what is held of it."""
    held = past.validators
    if full or held is None or past.asked not in (None, asked_name(offer)):
        return Way.FULL, None
    if habits.is_due(past, now):
        return Way.RECONCILIATION, None
    if offer.release is not None and past.asked and past.release == offer.release:
        return Way.NOTHING, held
    if _went_back(past, offer):
        return Way.RECONCILIATION, None
    since = habits.since(past, offer, now) if service.keeps_updates else None
    if since is not None:
        return Way.INCREMENT, replace(held, since=since)
    return Way.CONDITIONAL, held


def _went_back(past: Past, offer: Offer) -> bool:
    """True where another release than the one held is no newer: a backup was restored, perhaps."""
    if past.updated is None or offer.updated is None or past.release is None:
        return False
    return offer.release != past.release and offer.updated <= past.updated
