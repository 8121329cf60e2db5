"""What was handed in and waits until a second key approves it, or rejects it.

What a partner sent and is held stands in the same table, see `hub.store.review`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, RowMapping, select, update

from hub.errors import Conflict, NotFound
from hub.store.actors import Actor, actor_from
from hub.store.catalogue import Catalogue
from hub.store.commit import Together
from hub.store.tables import waiting as table


class State(StrEnum):
    """What became of something that waited."""

    WAITING = "waiting"
    RELEASED = "released"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    PURGED = "purged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Something handed in: for which flow, by whom, and what became of it. Instants are in UTC.

    `content` says what it is; only `hub.publish.waiting` knows how. `visible_from` is the end of
    its embargo. `reason` is why it was rejected. `partner` sent it, where it was not handed in.
    """

    id: int
    flow: str
    content: Mapping[str, Any]
    visible_from: datetime | None
    note: str
    handed_in: datetime
    by: Actor
    state: State
    decided: datetime | None
    decided_by: Actor | None
    reason: str
    partner: str | None = None


def add(
    catalogue: Catalogue,
    flow: str,
    content: Mapping[str, Any],
    by: Actor,
    *,
    visible_from: datetime | None,
    note: str,
) -> Waiting:
    """Let something wait; the audit trail is told."""
    with catalogue.writing() as connection:
        at = catalogue.stamp(connection)
        row = {
            "flow": flow,
            "content": dict(content),
            "visible_from": visible_from,
            "note": note,
            "handed_in": at,
            "handed_in_by": by.row(),
            "state": State.WAITING.value,
        }
        (id_,) = connection.execute(table.insert(), row).inserted_primary_key or (0,)
        told = {name: content[name] for name in ("added", "revised", "withdrawn")}
        catalogue.record(connection, at, "hand in", flow, waiting=id_, by=str(by), **told)
        query = select(table).where(table.c.id == id_)
        return waiting_from(connection.execute(query).mappings().one())


def all_waiting(catalogue: Catalogue, *, decided: bool = False) -> list[Waiting]:
    """What was handed in and waits, the oldest first; with what was decided, if wanted."""
    query = select(table).where(table.c.partner.is_(None)).order_by(table.c.id)
    if not decided:
        query = query.where(table.c.state == State.WAITING.value)
    with catalogue.reading() as connection:
        return [waiting_from(row) for row in connection.execute(query).mappings()]


def waiting(catalogue: Catalogue, id_: int) -> Waiting:
    """One thing that waits; raises NotFound, or Conflict where it was decided already."""
    with catalogue.reading() as connection:
        return _undecided(connection, id_)


def decided_with(id_: int, state: State, by: Actor) -> Together:
    """Writes down what was decided, in the transaction of what comes of it.

    Raises Conflict where it was decided before: so of two who decide at once only one does.
    """

    def write(connection: Connection, at: datetime) -> None:
        _decide(connection, id_, state, at, by)

    return write


def close(catalogue: Catalogue, id_: int, state: State, by: Actor, reason: str = "") -> None:
    """Decide that nothing is released; the audit trail is told. Raises as `waiting` does."""
    with catalogue.writing() as connection:
        at = catalogue.stamp(connection)
        found = _decide(connection, id_, state, at, by, reason)
        told = {"waiting": id_, "by": str(found.by), "decided_by": str(by)}
        action = "reject" if state is State.REJECTED else "approve"
        told |= {"reason": reason} if reason else {"outcome": state.value}
        catalogue.record(connection, at, action, found.flow, **told)


def _decide(
    connection: Connection, id_: int, state: State, at: datetime, by: Actor, reason: str = ""
) -> Waiting:
    found = _undecided(connection, id_)
    values = {"state": state.value, "decided": at, "decided_by": by.row(), "reason": reason}
    connection.execute(update(table).where(table.c.id == id_).values(**values))
    return found


def waiting_digests(connection: Connection) -> set[str]:
    """The digests of files that something waiting needs."""
    return _digests(connection, is_waiting=True)


def decided_digests(connection: Connection) -> set[str]:
    """The digests of files that were needed until something was decided, and are not any more."""
    return _digests(connection, is_waiting=False) - waiting_digests(connection)


def _digests(connection: Connection, *, is_waiting: bool) -> set[str]:
    state = table.c.state == State.WAITING.value
    query = select(table.c.content).where(state if is_waiting else ~state)
    contents = connection.execute(query).scalars()
    return {content["digest"] for content in contents if "digest" in content}


def _undecided(connection: Connection, id_: int) -> Waiting:
    row = connection.execute(select(table).where(table.c.id == id_)).mappings().first()
    if row is None:
        raise NotFound(f"nothing waits under the number {id_}: see 'corridor approve'")
    found = waiting_from(row)
    if found.partner is not None:
        raise Conflict(
            f"{id_} was not handed in, {found.partner} sent it: 'corridor review show {id_}' shows "
            "it, 'corridor review accept' and 'corridor review reject' decide on it"
        )
    if found.state is not State.WAITING or found.decided is not None:
        raise Conflict(f"{id_} was decided already: {found.state} by {found.decided_by}")
    return found


def waiting_from(row: RowMapping) -> Waiting:
    """Something that waits, from its row."""
    decided_by = row["decided_by"]
    return Waiting(
        id=row["id"],
        flow=row["flow"],
        content=row["content"],
        visible_from=row["visible_from"],
        note=row["note"],
        handed_in=row["handed_in"],
        by=actor_from(row["handed_in_by"]),
        state=State(row["state"]),
        decided=row["decided"],
        decided_by=None if decided_by is None else actor_from(decided_by),
        reason=row["reason"],
        partner=row["partner"],
    )
