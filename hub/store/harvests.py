"""What became of attempts, over all partners: the last of each flow, and how many ended how.

Attempts are kept for ever. Both look at a few rows of each flow, or at those that are new.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from sqlalchemy import CTE, Connection, ScalarSelect, func, select

from hub.store.catalogue import Catalogue
from hub.store.partners import attempts_with
from hub.store.tables import attempts, partners

#: A partner and a flow of it; "" is its node document.
Pair = tuple[str, str]
_none = attempts.c.reason.is_(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvests:
    """The attempts at flows of registered partners.

    `last` are the rows of those opened last that ended, `confirmed` tells when the last one ended
    that ended well, `open` the id of the one under way.
    """

    last: Mapping[Pair, Mapping[str, Any]]
    confirmed: Mapping[Pair, datetime]
    open: Mapping[Pair, int]

    def flows_of(self, partner: str) -> list[str]:
        """The flows of a partner at which there were attempts."""
        return sorted({flow for one, flow in (*self.last, *self.open) if one == partner})


def look_at_harvests(catalogue: Catalogue, good: Collection[str]) -> Harvests:
    """What became of attempts; `good` are the reasons for which one ended well."""
    pairs = _pairs()
    query = select(
        pairs.c.partner,
        pairs.c.flow,
        _newest(pairs, ~_none).label("last"),
        _newest(pairs, attempts.c.reason.in_(list(good))).label("well"),
        _newest(pairs, None).label("newest"),
    ).where(pairs.c.flow.is_not(None))
    with catalogue.reading() as connection:
        found = connection.execute(query).all()
    ids = {id_ for row in found for id_ in row[2:] if id_ is not None}
    rows = {row["id"]: row for row in attempts_with(catalogue, ids)}
    places = {(row.partner, row.flow): row for row in found}
    return Harvests(
        last={place: rows[row.last] for place, row in places.items() if row.last in rows},
        confirmed={
            place: rows[row.well]["finished"] for place, row in places.items() if row.well in rows
        },
        open={
            place: row.newest
            for place, row in places.items()
            if row.newest in rows and rows[row.newest]["reason"] is None
        },
    )


def _pairs() -> CTE:
    """Partners with their flows, by steps along the index from one flow to the next."""
    other = attempts.alias()

    def next_flow(*conditions: Any) -> ScalarSelect[Any]:
        return select(func.min(other.c.flow)).where(*conditions).scalar_subquery()

    first = next_flow(other.c.partner == partners.c.id).label("flow")
    begun = select(partners.c.id.label("partner"), first).cte("pair", recursive=True)
    following = next_flow(other.c.partner == begun.c.partner, other.c.flow > begun.c.flow)
    return begun.union_all(
        select(begun.c.partner, following.label("flow")).where(begun.c.flow.is_not(None))
    )


def _newest(pairs: CTE, condition: Any) -> ScalarSelect[Any]:
    """The id of the newest attempt at a pair, of those for which a condition holds."""
    query = select(attempts.c.id).where(
        attempts.c.partner == pairs.c.partner, attempts.c.flow == pairs.c.flow
    )
    if condition is not None:
        query = query.where(condition)
    return query.order_by(attempts.c.id.desc()).limit(1).scalar_subquery()


class AttemptCounts:
    """How many attempts of each partner ended for each reason.

    Counted are the attempts that were not there, or had not ended, the last time; so a process
    counts each once. It may be used from several threads.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._counted: Counter[tuple[str, str]] = Counter()
        self._until = 0
        self._lock = Lock()

    def count(self) -> Mapping[tuple[str, str], int]:
        """The numbers now, by partner and reason."""
        with self._lock, self._catalogue.reading() as connection:
            newer = attempts.c.id > self._until
            first_open = connection.execute(select(func.min(attempts.c.id)).where(newer, _none))
            last = connection.execute(select(func.max(attempts.c.id))).scalar() or 0
            open_ = first_open.scalar()
            until = last if open_ is None else open_ - 1
            self._counted += _counted(connection, self._until, until)
            self._until = max(self._until, until)
            return self._counted + _counted(connection, self._until, last)


def _counted(connection: Connection, after: int, until: int) -> Counter[tuple[str, str]]:
    """The attempts with ids in a range that ended."""
    query = (
        select(attempts.c.partner, attempts.c.reason, func.count())
        .where(attempts.c.id > after, attempts.c.id <= until, ~_none)
        .group_by(attempts.c.partner, attempts.c.reason)
    )
    return Counter({(partner, reason): n for partner, reason, n in connection.execute(query)})
