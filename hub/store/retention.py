"""Retention: how far back the history of slice versions goes.

A version may go where a later one of the same slice and source became visible at the horizon or
before: who asks for an instant from the horizon on gets that one. So what readers see now, what is
held back, and what the next delta is made against always stay. A version that goes leaves its row
as a tombstone; its files stay until nobody can be reading them any more (see `hub.store.sweep`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, or_, select, update

from hub.model import Reference
from hub.store.catalogue import Catalogue
from hub.store.origins import RAW, RAW_BEFORE, raw_of
from hub.store.releases import flow_name
from hub.store.tables import FILES
from hub.store.tables import slice_versions as table


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many versions of a flow left its history, or would."""

    flow: str
    versions: int


def forget(
    catalogue: Catalogue, horizon: datetime, *, dry_run: bool = False
) -> tuple[Forgotten, ...]:
    """Turn versions that only instants before the horizon need into tombstones, flow by flow."""
    query = select(table.c.flow, func.count()).where(_superseded(horizon)).group_by(table.c.flow)
    if dry_run:
        with catalogue.reading() as connection:
            return _forgotten(connection.execute(query).all())
    with catalogue.writing() as connection:
        catalogue.hold(connection)
        found = _forgotten(connection.execute(query).all())
        if found:
            at = catalogue.stamp(connection)
            connection.execute(update(table).where(_superseded(horizon)).values(removed=at))
            for one in found:
                since = history_since(connection, one.flow)
                told = None if since is None else since.isoformat()
                catalogue.record(
                    connection, at, "forget", one.flow, versions=one.versions, since=told
                )
    return found


def history_since(connection: Connection, flow: Reference | str) -> datetime | None:
    """The instant from which the history of a flow is complete; None where all of it is there."""
    name = flow if isinstance(flow, str) else flow_name(flow)
    first_kept = (
        select(func.min(case((table.c.removed.is_(None), table.c.id))))
        .where(table.c.flow == name, table.c.superseded.is_(None))
        .group_by(table.c.slice, table.c.source)
        .having(func.count(table.c.removed) > 0)
    )
    since = func.max(table.c.visible_from, type_=table.c.visible_from.type)
    found: datetime | None = connection.execute(
        select(since).where(table.c.id.in_(first_kept))
    ).scalar_one()
    return found


def forgotten(flow: Reference, at: datetime, since: datetime) -> str:
    """What is said of a question about an instant before the history of a flow begins."""
    return (
        f"{flow} is no longer known as it was at {at.isoformat()}: its history is kept from "
        f"{since.isoformat()} on; ask for an instant from then on"
    )


def needed_digests(
    connection: Connection, removed_since: datetime, among: Collection[str] | None = None
) -> set[str]:
    """The digests of files that slice versions need.

    Versions removed or superseded since an instant still need theirs: who began to read before may
    go on. `among` limits the search to some digests.
    """
    is_needed = and_(
        *(
            or_(gone.is_(None), gone > removed_since)
            for gone in (table.c.removed, table.c.superseded)
        )
    )
    found: set[str] = set()
    for column in FILES:
        query = select(column).where(is_needed, column.is_not(None)).distinct()
        if among is not None:
            query = query.where(column.in_(among))
        found.update(connection.execute(query).scalars())
    return found


def clear_facts(connection: Connection, digests: Collection[str]) -> None:
    """Empty the facts of tombstones whose files are gone: they are the larger part of the rows."""
    is_left = or_(table.c.removed.is_not(None), table.c.superseded.is_not(None))
    is_gone = is_left & func.coalesce(table.c.file, table.c.digest).in_(digests)
    connection.execute(update(table).where(is_gone).values(facts={}))


def raw_digests(connection: Connection) -> set[str]:
    """The digests of the raw bytes that versions in the history came from."""
    names = (table.c.origin_detail[name].as_string() for name in (RAW, RAW_BEFORE))
    query = select(*names).where(
        table.c.removed.is_(None), table.c.superseded.is_(None), table.c.origin_kind == "harvest"
    )
    found = connection.execute(query.distinct()).all()
    origins = ({RAW: raw or "", RAW_BEFORE: before or ""} for raw, before in found)
    return {digest for origin in origins for digest in raw_of(origin)}


def _superseded(horizon: datetime) -> ColumnElement[bool]:
    later = table.alias("later")
    is_superseded = exists().where(
        later.c.flow == table.c.flow,
        later.c.slice == table.c.slice,
        later.c.source == table.c.source,
        later.c.id > table.c.id,
        later.c.visible_from <= horizon,
        later.c.superseded.is_(None),
    )
    return table.c.removed.is_(None) & table.c.superseded.is_(None) & is_superseded


def _forgotten(rows: Collection[tuple[str, int]]) -> tuple[Forgotten, ...]:
    return tuple(Forgotten(flow, count) for flow, count in sorted(rows))
