"""What is done from time to time beside harvesting: each duty by one worker of all, in turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from hub.store.catalogue import Catalogue
from hub.store.tables import duties


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Something to be done again when it is due (UTC); `detail` is what the last one noted."""

    name: str
    due: datetime
    detail: Mapping[str, Any] = field(default_factory=dict)
    taken_by: str | None = None


def find_duty(catalogue: Catalogue, name: str) -> Duty | None:
    """A duty; None where nobody had it yet."""
    with catalogue.reading() as connection:
        query = select(duties).where(duties.c.name == name)
        row = connection.execute(query).mappings().first()
    if row is None:
        return None
    return Duty(name=name, due=row["due"], detail=row["detail"], taken_by=row["taken_by"])


def take_duty(
    catalogue: Catalogue, name: str, holder: str, now: datetime, lease: timedelta
) -> Duty | None:
    """Take a duty that is due; None where it is not, or another worker has it."""
    found = find_duty(catalogue, name)
    if found is not None and found.due > now:
        return None
    taken = {"taken_by": holder, "taken_until": now + lease}
    with catalogue.writing() as connection:
        if found is None:
            catalogue.hold(connection)  # of two that find it missing, one adds it
        query = select(duties).where(duties.c.name == name).with_for_update()
        row = connection.execute(query).mappings().first()
        if row is None:
            new = {"name": name, "due": now, "detail": {}}
            connection.execute(duties.insert().values(**new, **taken))
            return Duty(name=name, due=now, taken_by=holder)
        is_free = or_(duties.c.taken_until.is_(None), duties.c.taken_until <= now)
        mine = (duties.c.name == name) & (duties.c.due <= now) & is_free
        if not connection.execute(update(duties).where(mine).values(**taken)).rowcount:
            return None
        return Duty(name=name, due=row["due"], detail=row["detail"], taken_by=holder)


def renew_duties(catalogue: Catalogue, holder: str, until: datetime) -> None:
    """Keep what a worker has for longer."""
    mine = duties.c.taken_by == holder
    with catalogue.writing() as connection:
        connection.execute(update(duties).where(mine).values(taken_until=until))


def finish_duty(catalogue: Catalogue, duty: Duty, due: datetime, detail: Mapping[str, Any]) -> None:
    """Say when a duty is due again, and give it back; one that was lost meanwhile is left."""
    mine = (duties.c.name == duty.name) & (duties.c.taken_by == duty.taken_by)
    free = {"taken_by": None, "taken_until": None}
    with catalogue.writing() as connection:
        values = {"due": due, "detail": dict(detail), **free}
        connection.execute(update(duties).where(mine).values(**values))


def give_back_duties(catalogue: Catalogue, holder: str) -> None:
    """Let others take what a worker had; it is due as before."""
    mine = duties.c.taken_by == holder
    with catalogue.writing() as connection:
        connection.execute(update(duties).where(mine).values(taken_by=None, taken_until=None))
