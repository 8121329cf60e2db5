"""Partners and attempts in the catalogue, as rows; `federation` gives them their meaning."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.exc import IntegrityError

from hub.errors import Conflict, NotFound
from hub.store.catalogue import Catalogue
from hub.store.tables import attempts, partners, schedules


def add_partner(catalogue: Catalogue, row: Mapping[str, Any]) -> None:
    """Add a partner; raises Conflict where its id is known."""
    try:
        with catalogue.writing() as connection:
            at = catalogue.stamp(connection)
            connection.execute(partners.insert().values(**row))
            catalogue.record(connection, at, "partner add", row["id"], url=row["url"])
    except IntegrityError as error:
        raise Conflict(
            f"partner {row['id']} is known already: see it with 'corridor partner show "
            f"{row['id']}', remove it first to add it anew"
        ) from error


def all_partners(catalogue: Catalogue) -> list[dict[str, Any]]:
    """Every partner, by id."""
    with catalogue.reading() as connection:
        found = connection.execute(select(partners).order_by(partners.c.id)).mappings()
        return [dict(row) for row in found]


def remove_partner(catalogue: Catalogue, partner: str) -> None:
    """Forget a partner; what it sent stays. Raises NotFound."""
    with catalogue.writing() as connection:
        at = catalogue.stamp(connection)
        done = connection.execute(partners.delete().where(partners.c.id == partner))
        if not done.rowcount:
            raise NotFound(f"there is no partner {partner}: see 'corridor partner list'")
        connection.execute(schedules.delete().where(schedules.c.partner == partner))
        catalogue.record(connection, at, "partner remove", partner)


def open_attempts(
    catalogue: Catalogue,
    names: Collection[str],
    flow: str,
    holder: str,
    now: datetime,
    lease: timedelta,
) -> tuple[dict[str, int], dict[str, str]]:
    """Open an attempt at a flow for each of some partners, in one transaction.

    Returns their ids by partner; and, for those at which somebody else is, who that is.
    """
    with catalogue.writing() as connection:
        catalogue.stamp(connection)  # locks: of two that try at once, one sees the other's row
        busy = connection.execute(
            select(attempts.c.partner, attempts.c.holder, attempts.c.lease_until).where(
                attempts.c.flow == flow, attempts.c.reason.is_(None), attempts.c.lease_until > now
            )
        ).all()
        taken = {
            row.partner: f"{row.holder} is harvesting {flow or 'the node document'} of "
            f"{row.partner}; its lease ends at {row.lease_until.isoformat(timespec='seconds')}"
            for row in busy
            if row.partner in names
        }
        about = {"flow": flow, "holder": holder, "opened": now, "lease_until": now + lease}
        rows = [
            {"partner": name, **about, "note": "", "facts": {}}
            for name in names
            if name not in taken
        ]
        return insert_attempts(connection, rows), taken


def insert_attempts(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Write attempts, of each partner one; returns their ids by partner."""
    if not rows:
        return {}
    query = attempts.insert().returning(attempts.c.partner, attempts.c.id)
    return {row.partner: row.id for row in connection.execute(query, rows)}


def finish_attempts(
    catalogue: Catalogue, ended: Sequence[Mapping[str, Any]], now: datetime
) -> set[int]:
    """Close attempts in one transaction: id, reason, note and facts of each.

    Returns the ids of those that were closed already, which stay as they are.
    """
    with catalogue.writing() as connection:
        found = open_among(connection, [one["id"] for one in ended])
        rows = [
            {"which": one["id"], **{name: one[name] for name in ("reason", "note", "facts")}}
            for one in ended
            if one["id"] in found
        ]
        if rows:
            query = update(attempts).where(attempts.c.id == bindparam("which"))
            connection.execute(query.values(finished=now), rows)
    return {one["id"] for one in ended} - found


def open_among(connection: Connection, ids: Collection[int]) -> set[int]:
    """Those of some attempts that are open; others cannot close them until the transaction ends."""
    ordered = sorted(set(ids))
    found: set[int] = set()
    for start in range(0, len(ordered), 500):  # SQLite bounds the number of parameters
        some = attempts.c.id.in_(ordered[start : start + 500])
        query = select(attempts.c.id).where(some, attempts.c.reason.is_(None))
        found.update(connection.execute(query.with_for_update()).scalars())
    return found


def repeat_attempt(
    connection: Connection, attempt: int, reason: str, at: datetime, note: str
) -> None:
    """Write down an attempt that ended now, with what is known of an earlier one, if it is there.

    The raw bytes, validators and clock are those of the earlier one; nothing was asked for this.
    """
    query = select(attempts).where(attempts.c.id == attempt)
    row = connection.execute(query).mappings().first()
    if row is not None:
        again = {name: value for name, value in row.items() if name != "id"}
        again["facts"] = row["facts"] | {"requests": 0, "wire_bytes": 0}
        ended = {"opened": at, "lease_until": at, "finished": at, "reason": reason, "note": note}
        connection.execute(attempts.insert().values(again | ended))


def find_attempts(
    catalogue: Catalogue,
    partner: str | None = None,
    flow: str | None = None,
    reasons: Collection[str] | None = None,
    limit: int = 100,
) -> list[dict[str, Any]]:
    """Attempts that fit, the newest first."""
    query = select(attempts).order_by(attempts.c.id.desc()).limit(limit)
    if partner is not None:
        query = query.where(attempts.c.partner == partner)
    if flow is not None:
        query = query.where(attempts.c.flow == flow)
    if reasons is not None:
        query = query.where(attempts.c.reason.in_(list(reasons)))
    with catalogue.reading() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def attempts_with(catalogue: Catalogue, ids: Collection[int]) -> list[dict[str, Any]]:
    """The attempts with these ids, in no order; those that are not there are left out."""
    wanted = sorted(set(ids))
    found: list[dict[str, Any]] = []
    with catalogue.reading() as connection:
        for start in range(0, len(wanted), 500):  # SQLite bounds the number of parameters
            query = select(attempts).where(attempts.c.id.in_(wanted[start : start + 500]))
            found.extend(dict(row) for row in connection.execute(query).mappings())
    return found


def abort_attempts(
    catalogue: Catalogue, reason: str, holder: str, now: datetime
) -> list[dict[str, Any]]:
    """Close what is open with an expired lease or was opened by `holder`; returns it."""
    with catalogue.writing() as connection:
        stale = attempts.c.reason.is_(None) & (
            (attempts.c.lease_until <= now) | (attempts.c.holder == holder)
        )
        # Locked, so that one that is being finished now is left as it ends.
        query = select(attempts).where(stale).with_for_update()
        found = connection.execute(query).mappings().all()
        if found:
            ids = [row["id"] for row in found]
            connection.execute(
                update(attempts)
                .where(attempts.c.id.in_(ids))
                .values(reason=reason, finished=now, note="the process that made it ended")
            )
        return [dict(row) for row in found]
