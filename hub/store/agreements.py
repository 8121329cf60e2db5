"""Agreements with partners: who gives what, from when to when, on which basis, kept for how long.

An agreement is written down by the operator; nothing a partner says makes or widens one. What ended
stays in the list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, delete, select, update

from hub.errors import Conflict, NotFound
from hub.settings import parse_duration
from hub.store.actors import Actor, actor_from
from hub.store.catalogue import Catalogue
from hub.store.tables import agreements as table


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is agreed with a partner.

    `flows` are named AGENCY:ID, `areas` as ISO 3166-1 alpha-3; none named are all that the partner
    gives. It holds from `valid_from` until before `valid_to` (None: until somebody ends it).
    `retention` says how long raw bytes are kept after they came, as `90d` or `5y` ("": as the
    settings say). `artefact` is the provision agreement in SDMX, as AGENCY:ID(VERSION), or "".
    """

    partner: str
    flows: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    valid_from: datetime
    valid_to: datetime | None = None
    basis: str
    retention: str = ""
    contact: str = ""
    artefact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Terms as they are written down; instants are in UTC.

    `ended` is when somebody ended it before its time, `ended_why` the reason.
    """

    id: int
    terms: Terms
    added: datetime
    by: Actor
    ended: datetime | None = None
    ended_why: str = ""

    @property
    def until(self) -> datetime | None:
        """When it is over; None where no end is known."""
        ends = [end for end in (self.terms.valid_to, self.ended) if end is not None]
        return min(ends) if ends else None

    @property
    def retention(self) -> timedelta | None:
        """How long raw bytes are kept; None where it does not say."""
        return parse_duration(self.terms.retention) if self.terms.retention else None

    def covers(self, flow: str) -> bool:
        """True where it is about a flow; "" stands for any."""
        return not flow or not self.terms.flows or flow in self.terms.flows

    def is_in_force(self, at: datetime) -> bool:
        """True where it holds at an instant."""
        until = self.until
        return self.terms.valid_from <= at and (until is None or at < until)


def add_agreement(catalogue: Catalogue, terms: Terms, by: Actor) -> Agreement:
    """Write an agreement down; the audit trail is told."""
    with catalogue.writing() as connection:
        at = catalogue.stamp(connection)
        row = {
            "partner": terms.partner,
            "flows": list(terms.flows),
            "areas": list(terms.areas),
            "valid_from": terms.valid_from,
            "valid_to": terms.valid_to,
            "basis": terms.basis,
            "retention": terms.retention,
            "contact": terms.contact,
            "artefact": terms.artefact,
            "added": at,
            "added_by": by.row(),
        }
        (id_,) = connection.execute(table.insert(), row).inserted_primary_key or (0,)
        told = {"agreement": id_, "by": str(by), **_told(terms)}
        catalogue.record(connection, at, "agreement add", terms.partner, **told)
        return _one(connection, id_)


def all_agreements(catalogue: Catalogue, partner: str | None = None) -> list[Agreement]:
    """Every agreement, or those with one partner, in order of their numbers."""
    query = select(table).order_by(table.c.id)
    if partner is not None:
        query = query.where(table.c.partner == partner)
    with catalogue.reading() as connection:
        return [_agreement(row) for row in connection.execute(query).mappings()]


def one_agreement(catalogue: Catalogue, id_: int) -> Agreement:
    """One agreement; raises NotFound."""
    with catalogue.reading() as connection:
        return _one(connection, id_)


def end_agreement(catalogue: Catalogue, id_: int, by: Actor, reason: str) -> Agreement:
    """End an agreement now; raises NotFound, and Conflict where it is over already."""
    with catalogue.writing() as connection:
        at = catalogue.stamp(connection)
        found = _one(connection, id_)
        if found.until is not None and found.until <= at:
            raise Conflict(f"agreement {id_} ended on {found.until:%Y-%m-%d} already")
        values = {"ended": at, "ended_why": reason}
        connection.execute(update(table).where(table.c.id == id_).values(**values))
        told = {"agreement": id_, "by": str(by), "reason": reason}
        catalogue.record(connection, at, "agreement end", found.terms.partner, **told)
        return _one(connection, id_)


def remove_agreement(catalogue: Catalogue, id_: int, by: Actor, reason: str) -> Agreement:
    """Remove an agreement that was written down by mistake; the audit trail keeps what it said.

    Raises NotFound.
    """
    with catalogue.writing() as connection:
        at = catalogue.stamp(connection)
        found = _one(connection, id_)
        connection.execute(delete(table).where(table.c.id == id_))
        told = {"agreement": id_, "by": str(by), "reason": reason, **_told(found.terms)}
        catalogue.record(connection, at, "agreement remove", found.terms.partner, **told)
        return found


def _told(terms: Terms) -> dict[str, object]:
    """What the audit trail is told of terms."""
    return {
        "flows": list(terms.flows),
        "areas": list(terms.areas),
        "valid_from": terms.valid_from.isoformat(),
        "valid_to": None if terms.valid_to is None else terms.valid_to.isoformat(),
        "basis": terms.basis,
        "retention": terms.retention,
    }


def _one(connection: Connection, id_: int) -> Agreement:
    row = connection.execute(select(table).where(table.c.id == id_)).mappings().first()
    if row is None:
        raise NotFound(f"there is no agreement {id_}: see 'corridor agreement list'")
    return _agreement(row)


def _agreement(row: RowMapping) -> Agreement:
    return Agreement(
        id=row["id"],
        terms=Terms(
            partner=row["partner"],
            flows=tuple(row["flows"]),
            areas=tuple(row["areas"]),
            valid_from=row["valid_from"],
            valid_to=row["valid_to"],
            basis=row["basis"],
            retention=row["retention"],
            contact=row["contact"],
            artefact=row["artefact"],
        ),
        added=row["added"],
        by=actor_from(row["added_by"]),
        ended=row["ended"],
        ended_why=row["ended_why"],
    )
