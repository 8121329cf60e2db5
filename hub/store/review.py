"""What partners sent and is held, until a person has decided or it is of no consequence any more.

Of a partner and a flow one thing is held at a time: what came later takes its place. A decision
stays, so that the same content is not asked about again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select, update

from hub.errors import Conflict, NotFound
from hub.store.actors import Actor
from hub.store.catalogue import Catalogue
from hub.store.commit import Together
from hub.store.origins import raw_of
from hub.store.partners import repeat_attempt
from hub.store.tables import waiting as table
from hub.store.waiting import State, Waiting, waiting_from

#: The kind of who sent something that nobody handed in.
PARTNER = "partner"


def held(
    catalogue: Catalogue,
    *,
    flow: str | None = None,
    partners: Collection[str] | None = None,
    states: Collection[State] = (State.WAITING,),
) -> list[Waiting]:
    """What partners sent that is in some state, the oldest first; `flow` is AGENCY:ID."""
    with catalogue.reading() as connection:
        return held_in(connection, flow=flow, partners=partners, states=states)


def held_in(
    connection: Connection,
    *,
    flow: str | None = None,
    partners: Collection[str] | None = None,
    states: Collection[State] = (State.WAITING,),
) -> list[Waiting]:
    """The same, as a transaction sees it."""
    query = _sent().where(table.c.state.in_([state.value for state in states]))
    if flow is not None:
        query = query.where(table.c.flow.startswith(f"{flow}(", autoescape=True))
    found = [waiting_from(row) for row in connection.execute(query).mappings()]
    return [one for one in found if partners is None or one.partner in partners]


def every(catalogue: Catalogue) -> list[Waiting]:
    """Whatever was ever held, the oldest first."""
    return held(catalogue, states=tuple(State))


def one_held(catalogue: Catalogue, id_: int) -> Waiting:
    """What is or was held under a number; raises NotFound."""
    with catalogue.reading() as connection:
        return _one(connection, id_)


def hold(
    catalogue: Catalogue,
    flow: str,
    partner: Actor,
    content: Mapping[str, Any],
    instead: Collection[int] = (),
) -> Waiting:
    """Hold something instead of what was held before; the audit trail is told."""
    with catalogue.writing() as connection:
        at = catalogue.stamp(connection)
        close_superseded(catalogue, connection, at, instead)
        row = {
            "flow": flow,
            "content": dict(content),
            "visible_from": None,
            "note": "",
            "handed_in": at,
            "handed_in_by": partner.row(),
            "state": State.WAITING.value,
            "partner": partner.id,
        }
        (id_,) = connection.execute(table.insert(), row).inserted_primary_key or (0,)
        told = {name: content[name] for name in ("why", "added", "revised", "withdrawn")}
        catalogue.record(connection, at, "hold", flow, waiting=id_, partner=partner.id, **told)
        return _one(connection, id_)


def supersede(catalogue: Catalogue, ids: Collection[int]) -> None:
    """Close what is of no consequence any more: the partner has something else by now.

    What is not held any more stays as it is.
    """
    if ids:
        with catalogue.writing() as connection:
            close_superseded(catalogue, connection, catalogue.stamp(connection), ids)


def superseded_with(catalogue: Catalogue, ids: Callable[[], Iterable[int]]) -> Together:
    """Closes, in the transaction of a release, what is of no consequence any more by then."""

    def write(connection: Connection, at: datetime) -> None:
        close_superseded(catalogue, connection, at, ids())

    return write


def close_superseded(
    catalogue: Catalogue, connection: Connection, at: datetime, ids: Iterable[int]
) -> None:
    """The same within a transaction; what was decided meanwhile stays as it was decided."""
    for id_ in ids:
        found = _one(connection, id_)
        if found.state is State.WAITING:
            _set(connection, id_, State.SUPERSEDED, at)
            told = {"waiting": id_, "partner": found.partner}
            catalogue.record(connection, at, "review supersede", found.flow, **told)


def accepted_with(catalogue: Catalogue, id_: int, by: Actor) -> Together:
    """Writes down that something is accepted, in the transaction of its release.

    An attempt that ended with it stands in the log from then on, so that what the partner said of
    it (its validators, its clock) counts for the next harvest. Raises Conflict where it was decided
    before.
    """

    def write(connection: Connection, at: datetime) -> None:
        _accept(catalogue, connection, at, id_, State.RELEASED, by)

    return write


def accept_unchanged(catalogue: Catalogue, id_: int, by: Actor) -> None:
    """Accept something that no longer changes what readers have."""
    with catalogue.writing() as connection:
        at = catalogue.stamp(connection)
        _accept(catalogue, connection, at, id_, State.UNCHANGED, by)


def reject_held(catalogue: Catalogue, id_: int, by: Actor, reason: str) -> Waiting:
    """Turn down what is held; raises NotFound, and Conflict where it was decided before."""
    with catalogue.writing() as connection:
        at = catalogue.stamp(connection)
        found = _undecided(connection, id_)
        _set(connection, id_, State.REJECTED, at, by, reason)
        told = {"waiting": id_, "partner": found.partner, "by": str(by), "reason": reason}
        catalogue.record(connection, at, "review reject", found.flow, **told)
        return found


def reopen(catalogue: Catalogue, id_: int, by: Actor) -> Waiting:
    """Take a rejection back: what it was about is looked at when it comes again.

    Raises NotFound, and Conflict for what was not rejected.
    """
    with catalogue.writing() as connection:
        at = catalogue.stamp(connection)
        found = _one(connection, id_)
        if found.state is not State.REJECTED:
            raise Conflict(f"{id_} was not rejected, it is {found.state}: only that is taken back")
        _set(connection, id_, State.SUPERSEDED, at, by, found.reason)
        told = {"waiting": id_, "partner": found.partner, "by": str(by)}
        catalogue.record(connection, at, "review reopen", found.flow, **told)
        return found


def close_purged(connection: Connection, ids: Iterable[int], at: datetime, by: Actor) -> None:
    """Close what must not exist any more."""
    for id_ in ids:
        _set(connection, id_, State.PURGED, at, by, "purged")


def raw_of_held(connection: Connection) -> set[str]:
    """The digests of raw bytes that something held came from: released, it will name them."""
    return {digest for one in held_in(connection) for digest in raw_behind(one)}


def raw_behind(one: Waiting) -> tuple[str, ...]:
    """The digests of the raw bytes that something held came from."""
    detail = one.content.get("origin", {}).get("detail", ())
    return raw_of({str(name): str(value) for name, value in detail})


def _accept(
    catalogue: Catalogue, connection: Connection, at: datetime, id_: int, state: State, by: Actor
) -> None:
    found = _undecided(connection, id_)
    _set(connection, id_, state, at, by)
    attempt = found.content.get("attempt")
    reason = "RELEASED" if state is State.RELEASED else "UNCHANGED"
    if isinstance(attempt, int):
        note = f"attempt {attempt} was held, and accepted as {id_} by {by}"
        repeat_attempt(connection, attempt, reason, at, note)
    told = {"waiting": id_, "partner": found.partner, "by": str(by), "outcome": state.value}
    catalogue.record(connection, at, "review accept", found.flow, **told)


def _set(
    connection: Connection,
    id_: int,
    state: State,
    at: datetime,
    by: Actor | None = None,
    reason: str = "",
) -> None:
    who = None if by is None else by.row()
    values = {"state": state.value, "decided": at, "decided_by": who, "reason": reason}
    connection.execute(update(table).where(table.c.id == id_).values(**values))


def _sent() -> Select[Any]:
    return select(table).where(table.c.partner.is_not(None)).order_by(table.c.id)


def _one(connection: Connection, id_: int) -> Waiting:
    row = connection.execute(_sent().where(table.c.id == id_)).mappings().first()
    if row is None:
        raise NotFound(f"nothing is held under the number {id_}: see 'corridor review list'")
    return waiting_from(row)


def _undecided(connection: Connection, id_: int) -> Waiting:
    found = _one(connection, id_)
    if found.state is not State.WAITING:
        by = "" if found.decided_by is None else f" by {found.decided_by}"
        raise Conflict(f"{id_} is not held any more: {found.state}{by}")
    return found
