"""Raw bytes that have been kept as long as agreements with partners allow.

They go even where a version in the history came from them: the figures stay, what they were read
from does not, and the version says so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from sqlalchemy import Connection, select, update

from hub.store.agreements import Agreement
from hub.store.arrivals import Arrival
from hub.store.origins import raw_of, without_raw
from hub.store.tables import slice_versions as versions

#: The details of an origin whose bytes are gone: their digest, and under which agreement they went.
EXPIRED, UNDER = "raw_expired", "raw_expired_under"


class Expiry:
    """Tells of arrivals of raw bytes whether they are over; `now` in seconds since 1970.

    Of several agreements with a partner about a flow the one that began last decides.
    """

    def __init__(self, agreements: Iterable[Agreement], now: float) -> None:
        self._agreements = sorted(agreements, key=lambda one: (one.terms.valid_from, one.id))
        self._now = now

    def over(self, arrivals: Callable[[], Sequence[Arrival]]) -> int | None:
        """The agreement under which bytes go; None while one of their arrivals is to be kept."""
        if not any(one.retention is not None for one in self._agreements):
            return None  # as on most nodes: nothing has to be read
        found = [self._over(one) for one in arrivals()]
        return found[-1] if found and all(one is not None for one in found) else None

    def _over(self, arrival: Arrival) -> int | None:
        came = arrival.at.timestamp()
        partner, flow = arrival.facts.get("partner"), str(arrival.facts.get("flow", ""))
        mine = [a for a in self._agreements if a.terms.partner == partner and a.covers(flow)]
        if not mine or mine[-1].retention is None:
            return None
        is_over = came + mine[-1].retention.total_seconds() <= self._now
        return mine[-1].id if is_over else None


def forget_raw(connection: Connection, raw: Collection[str], kept_as: str, **more: str) -> None:
    """Let no version say it came from bytes that are gone; the digest is a detail `kept_as`."""
    query = select(versions.c.id, versions.c.origin_detail).where(
        versions.c.origin_kind == "harvest"
    )
    for id_, detail in connection.execute(query).all():
        if not set(raw).isdisjoint(raw_of(detail)):
            kept = without_raw(detail, kept_as, **more)
            connection.execute(
                update(versions).where(versions.c.id == id_).values(origin_detail=kept)
            )
