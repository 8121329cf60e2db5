"""When partners are harvested next, and by whom: rows that any number of workers share.

A worker claims the partners that are due. A claim is a lease: the worker that has it renews it
while it works, and what a killed one left is free again when it ends. Nothing here stamps an
instant, as readers see nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, or_, select, update

from hub.errors import NotFound
from hub.store.catalogue import Catalogue
from hub.store.tables import notices, partners, schedules


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a partner is harvested; instants are UTC.

    `every` is None where the node's setting counts. It is not asked again before `not_before`,
    whatever is announced. `announced` is when it last announced a release, `failures` how many
    harvests failed one after the other. `taken_by` names the worker that has it now.
    """

    partner: str
    every: timedelta | None
    due: datetime
    not_before: datetime | None = None
    announced: datetime | None = None
    failures: int = 0
    taken_by: str | None = None
    taken_until: datetime | None = None

    def is_taken(self, now: datetime) -> bool:
        """True while a worker has it."""
        return self.taken_by is not None and (self.taken_until or now) > now


def all_schedules(catalogue: Catalogue) -> Mapping[str, Schedule]:
    """What is planned, by partner; one that no worker has seen yet is not there."""
    with catalogue.reading() as connection:
        rows = connection.execute(select(schedules)).mappings()
        return {row["partner"]: _schedule(row) for row in rows}


def plan_missing(catalogue: Catalogue, first: Callable[[], datetime]) -> Sequence[str]:
    """Plan the partners that are not yet; `first` says when one is harvested first."""
    lacking = select(partners.c.id).where(partners.c.id.not_in(select(schedules.c.partner)))
    with catalogue.reading() as connection:
        if connection.execute(lacking.limit(1)).first() is None:
            return ()
    with catalogue.writing() as connection:
        catalogue.hold(connection)  # of two that find one missing, one adds it
        missing = list(connection.execute(lacking.order_by(partners.c.id)).scalars())
        for partner in missing:
            connection.execute(schedules.insert().values(**_new(partner, None, first())))
    return missing


def set_every(catalogue: Catalogue, partner: str, every: timedelta | None) -> Schedule:
    """Harvest a partner so often from now on (None: as the setting says). Raises NotFound.

    It is due no later than that from now, and at once where nothing was planned yet.
    """
    with catalogue.writing() as connection:
        at = catalogue.stamp(connection)
        row = _of(connection, partner, at)
        seconds = None if every is None else int(every.total_seconds())
        soonest = row["due"] if every is None else min(row["due"], at + every)
        connection.execute(
            update(schedules)
            .where(schedules.c.partner == partner)
            .values(every=seconds, due=soonest)
        )
        catalogue.record(connection, at, "partner set", partner, every=seconds)
        return _schedule({**row, "every": seconds, "due": soonest})


def claim(
    catalogue: Catalogue,
    holder: str,
    now: datetime,
    lease: timedelta,
    most: int,
    due_by: datetime | None = None,
) -> Sequence[Schedule]:
    """Take partners that nobody has and that are due, by `due_by` or now: the longest due first."""
    is_free = or_(schedules.c.taken_until.is_(None), schedules.c.taken_until <= now)
    query = (
        select(schedules)
        .where(schedules.c.due <= (due_by or now), is_free)
        .order_by(schedules.c.due, schedules.c.partner)
        .limit(most)
    )
    with catalogue.reading() as connection:  # mostly nothing is due: then nothing is locked
        if connection.execute(query.limit(1)).first() is None:
            return ()
    with catalogue.writing() as connection:
        rows = connection.execute(query.with_for_update(skip_locked=True)).mappings().all()
        names = [row["partner"] for row in rows]
        taken = {"taken_by": holder, "taken_until": now + lease}
        connection.execute(update(schedules).where(schedules.c.partner.in_(names)).values(**taken))
    return [_schedule({**row, **taken}) for row in rows]


def renew(catalogue: Catalogue, holder: str, until: datetime) -> None:
    """Keep what a worker has for longer."""
    _release(catalogue, holder, {"taken_until": until})


def give_back(catalogue: Catalogue, holder: str) -> None:
    """Let others take what a worker had; it is due as before."""
    _release(catalogue, holder, {"taken_by": None, "taken_until": None})


def settle(
    catalogue: Catalogue,
    taken: Schedule,
    *,
    due: datetime,
    not_before: datetime | None,
    failures: int,
    started: datetime,
) -> None:
    """Plan a partner that was harvested anew, and give it back.

    What was announced after `started` may not be in what was harvested: then it is due at once, or
    when it may be asked again. A claim that was lost meanwhile is left to who has it.
    """
    mine = (schedules.c.partner == taken.partner) & (schedules.c.taken_by == taken.taken_by)
    with catalogue.writing() as connection:
        row = connection.execute(select(schedules).where(mine).with_for_update()).mappings().first()
        if row is None:
            return
        announced = row["announced"]
        if announced is not None and announced >= started:
            due = min(due, max(announced, not_before or announced))
        values = {"due": due, "not_before": not_before, "failures": failures}
        free = {"taken_by": None, "taken_until": None}
        connection.execute(update(schedules).where(mine).values(**values, **free))


@dataclass(frozen=True, slots=True)
class Rate:
    """How often something may be done: once in `interval`, and `burst` times at once."""

    interval: timedelta
    burst: int


def announce(
    catalogue: Catalogue, key: str, partner: str, rate: Rate
) -> tuple[Schedule | None, timedelta]:
    """Bring the next harvest of a partner forward, for a key.

    Gives what is planned now; or None, and how long the key must wait, where it announces more
    often than `rate` allows. Raises NotFound for a partner that is none.
    """
    now = catalogue.now()
    with catalogue.writing() as connection:
        wait = _spend(catalogue, connection, key, rate, now)
        if wait > timedelta(0):
            return None, wait
        row = _of(connection, partner, now)
        soonest = max(now, row["not_before"] or now)
        due = min(row["due"], soonest)
        changed = update(schedules).where(schedules.c.partner == partner)
        connection.execute(changed.values(announced=now, due=due))
        return _schedule({**row, "announced": now, "due": due}), timedelta(0)


def _spend(
    catalogue: Catalogue, connection: Connection, key: str, rate: Rate, now: datetime
) -> timedelta:
    """Count one use of a key; how long it must wait instead where it is ahead of its rate.

    One instant is all that is kept: when the key will have paid for what it did (the generic cell
    rate algorithm).
    """
    mine = notices.c.key == key
    query = select(notices.c.until).where(mine).with_for_update()
    until: datetime | None = connection.execute(query).scalar_one_or_none()
    if until is None:
        catalogue.hold(connection)  # of two that find no row, one adds it
        until = connection.execute(query).scalar_one_or_none()
    paid = max(now, until or now)
    wait = paid + rate.interval - now - rate.burst * rate.interval
    if wait > timedelta(0):
        return wait
    values = {"until": paid + rate.interval}
    if until is None:
        connection.execute(notices.insert().values(key=key, **values))
    else:
        connection.execute(update(notices).where(mine).values(**values))
    return timedelta(0)


def _of(connection: Connection, partner: str, first: datetime) -> RowMapping:
    """The row of a partner, made where no worker has yet; raises NotFound."""
    query = select(schedules).where(schedules.c.partner == partner).with_for_update()
    row = connection.execute(query).mappings().first()
    if row is not None:
        return row
    known = select(partners.c.id).where(partners.c.id == partner)
    if connection.execute(known.with_for_update()).first() is None:
        raise NotFound(f"there is no partner {partner}: see 'corridor partner list'")
    row = connection.execute(query).mappings().first()  # another may have made it meanwhile
    if row is None:
        connection.execute(schedules.insert().values(**_new(partner, None, first)))
        row = connection.execute(query).mappings().one()
    return row


def _release(catalogue: Catalogue, holder: str, values: Mapping[str, Any]) -> None:
    with catalogue.writing() as connection:
        connection.execute(update(schedules).where(schedules.c.taken_by == holder).values(**values))


def _new(partner: str, every: int | None, due: datetime) -> dict[str, Any]:
    return {"partner": partner, "every": every, "due": due, "failures": 0}


def _schedule(row: Mapping[str, Any] | RowMapping) -> Schedule:
    every = row["every"]
    return Schedule(
        partner=row["partner"],
        every=None if every is None else timedelta(seconds=every),
        due=row["due"],
        not_before=row["not_before"],
        announced=row["announced"],
        failures=row["failures"],
        taken_by=row["taken_by"],
        taken_until=row["taken_until"],
    )
