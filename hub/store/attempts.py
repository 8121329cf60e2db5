"""Attempts in the catalogue, many at a time: what is known of them, what they cost, their leases.

One at a time they are opened and closed in `hub.store.partners`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    ScalarSelect,
    Subquery,
    case,
    func,
    literal,
    select,
    true,
    union_all,
    update,
)

from hub.errors import Conflict
from hub.store.catalogue import Catalogue
from hub.store.partners import insert_attempts, open_among
from hub.store.tables import attempts, partners

#: How far the clocks of processes that share a catalogue may be apart.
_SKEW = timedelta(minutes=15)
#: SQLite bounds the number of parameters.
_MOST = 500


@dataclass(frozen=True, slots=True)
class Spent:
    """What attempts of a partner cost since an instant; `retry_at` is the latest of their facts."""

    requests: int
    retry_at: str | None


def settle_attempts(
    catalogue: Catalogue,
    flow: str,
    rows: Sequence[Mapping[str, Any]],
    holder: str,
    now: datetime,
) -> dict[str, int]:
    """Write attempts at a flow that are over as they begin; returns their ids by partner.

    `rows` have partner, reason, note and facts. A partner at which somebody else is now is left
    out.
    """
    wanted = [row["partner"] for row in rows]
    about = {"flow": flow, "holder": holder, "opened": now, "lease_until": now, "finished": now}
    with catalogue.writing() as connection:
        catalogue.stamp(connection)  # locks, as opening one does
        busy = _busy(connection, flow, wanted, now)
        free = [{**row, **about} for row in rows if row["partner"] not in busy]
        return insert_attempts(connection, free)


def _busy(connection: Connection, flow: str, names: Sequence[str], now: datetime) -> set[str]:
    found = connection.execute(
        select(attempts.c.partner).where(
            attempts.c.flow == flow, attempts.c.reason.is_(None), attempts.c.lease_until > now
        )
    )
    return {row.partner for row in found} & set(names)


def renew_attempts(catalogue: Catalogue, ids: Collection[int], until: datetime) -> None:
    """Let the leases of attempts that are open end later."""
    with catalogue.writing() as connection:
        for some in _pieces(ids):
            connection.execute(
                update(attempts)
                .where(attempts.c.id.in_(some), attempts.c.reason.is_(None))
                .values(lease_until=until)
            )


def require_open(connection: Connection, ids: Collection[int]) -> None:
    """Raise Conflict unless all attempts are open, inside a transaction that stamped.

    One whose lease ended was closed by others, who may have taken newer data since.
    """
    lost = sorted(set(ids) - open_among(connection, ids))
    if lost:
        raise Conflict(
            f"attempt {', '.join(map(str, lost))} was closed by another process, for its lease "
            "had ended; nothing of it was taken"
        )


def latest_attempts(
    catalogue: Catalogue,
    flows: Collection[str],
    sets: Mapping[str, Collection[str]],
    partner: str | None = None,
) -> dict[tuple[str, str], dict[str, int]]:
    """The ids of the newest closed attempts, by (partner, flow) and the name of a set of reasons.

    A set without reasons means any. Partners and sets for which there is none are left out.
    """
    if not flows:
        return {}
    wanted = union_all(*(select(literal(flow).label("flow")) for flow in sorted(flows))).subquery()
    columns = [_newest(wanted, reasons).label(f"of_{name}") for name, reasons in sets.items()]
    query = select(partners.c.id, wanted.c.flow, *columns).join_from(partners, wanted, true())
    if partner is not None:
        query = query.where(partners.c.id == partner)
    with catalogue.reading() as connection:
        named = {
            (row[0], row[1]): {
                name: id_ for name, id_ in zip(sets, row[2:], strict=True) if id_ is not None
            }
            for row in connection.execute(query)
        }
    return {place: by_set for place, by_set in named.items() if by_set}


def _newest(wanted: Subquery, reasons: Collection[str]) -> ScalarSelect[Any]:
    """The id of a partner's newest closed attempt, by the index over (partner, flow, id)."""
    query = select(attempts.c.id).where(
        attempts.c.partner == partners.c.id,
        attempts.c.flow == wanted.c.flow,
        attempts.c.reason.is_not(None),
    )
    if reasons:
        query = query.where(attempts.c.reason.in_(sorted(reasons)))
    return query.order_by(attempts.c.id.desc()).limit(1).scalar_subquery()


def spent_since(
    catalogue: Catalogue,
    since: datetime,
    asked_since: datetime,
    reserved: int,
    partner: str | None = None,
) -> dict[str, Spent]:
    """By partner, the requests made since `since`, and what was asked since `asked_since`.

    An attempt that is open or was killed has not told how many it made; it counts as `reserved`.
    Partners without attempts are left out.
    """
    ended = func.coalesce(attempts.c.finished, attempts.c.lease_until)
    requests = func.coalesce(attempts.c.facts["requests"].as_integer(), reserved)
    counted = func.coalesce(func.sum(case((ended > since, requests), else_=0)), 0)
    retry_at = func.max(attempts.c.facts["retry_at"].as_string())
    query = select(attempts.c.partner, counted, retry_at).group_by(attempts.c.partner)
    if partner is not None:
        query = query.where(attempts.c.partner == partner)
    with catalogue.reading() as connection:
        first = _first_since(connection, min(since, asked_since) - _SKEW)
        found = connection.execute(query.where(attempts.c.id >= first))
        return {row[0]: Spent(int(row[1]), row[2]) for row in found}


def _first_since(connection: Connection, since: datetime) -> int:
    """The id of the first attempt opened since an instant: ids rise as attempts are opened."""
    low, high = connection.execute(
        select(func.coalesce(func.min(attempts.c.id), 0), func.coalesce(func.max(attempts.c.id), 0))
    ).one()
    while low < high:
        middle = (low + high) // 2
        query = select(attempts.c.id, attempts.c.opened).where(attempts.c.id >= middle)
        found = connection.execute(query.order_by(attempts.c.id).limit(1)).one()
        if found.opened >= since:
            high = middle
        else:
            low = int(found.id) + 1
    return int(low)


def _pieces(ids: Collection[int]) -> Iterator[list[int]]:
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), _MOST):
        yield ordered[start : start + _MOST]
