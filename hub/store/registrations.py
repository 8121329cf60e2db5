"""Registrations of data in the catalogue (SDMX REST 2.2, "Data registration queries")."""

from __future__ import annotations

import uuid
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, select

from hub.errors import Conflict, CorridorError, NotFound, Unprocessable
from hub.formats.message import Action
from hub.model import ArtefactClass, ProvisionAgreement, Structures, parse_reference
from hub.model.registration import DataSource, Registration
from hub.store.maintenance import Outcome
from hub.store.store import Store
from hub.store.tables import registrations as table


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A registration as it was asked for or as it is now, and what became of it."""

    registration: Registration
    outcome: Outcome | None = None
    error: CorridorError | None = None


def register(
    store: Store, wanted: Iterable[tuple[Action, Registration]], *, by: str
) -> tuple[Registered, ...]:
    """Add, replace and delete registrations; `by` is the key it is done with.

    All in one transaction, in order; each is done or refused for itself. The id of a new one, and
    when one was updated, are given here.
    """
    with store.catalogue.writing() as connection:
        at = store.catalogue.stamp(connection)
        structures = store.structures_within(connection)
        writing = _Writing(store, connection, structures, at, by)
        return tuple(writing.do(action, registration) for action, registration in wanted)


def find_registrations(
    store: Store,
    *,
    id_: str | None = None,
    agreements: Container[str] | None = None,
    updated_after: datetime | None = None,
    updated_before: datetime | None = None,
) -> tuple[Registration, ...]:
    """The registrations that readers see now and that fit, by instant of their last update.

    `agreements` are provision agreements as AGENCY:ID(VERSION), None for any. Both instants are
    exclusive.
    """
    query = select(table).order_by(table.c.updated, table.c.id)
    if id_ is not None:
        query = query.where(table.c.id == id_)
    if updated_after is not None:
        query = query.where(table.c.updated > updated_after)
    if updated_before is not None:
        query = query.where(table.c.updated < updated_before)
    with store.catalogue.reading() as connection:
        now = store.catalogue.present(connection)
        rows = connection.execute(query).mappings().all()
    fitting = (row for row in rows if agreements is None or row["agreement"] in agreements)
    found = (_registration(row) for row in fitting)
    return tuple(registration for registration in found if registration.is_valid_at(now))


@dataclass(frozen=True, slots=True)
class _Writing:
    store: Store
    connection: Connection
    structures: Structures
    at: datetime
    by: str

    def do(self, action: Action, given: Registration) -> Registered:
        """Do one thing that is asked; what is refused changes nothing."""
        verbs = {Action.REPLACE: self._replace, Action.DELETE: self._delete}
        try:
            return verbs.get(action, self._add)(given)
        except (Conflict, NotFound, Unprocessable) as error:
            return Registered(registration=given, error=error)

    def _add(self, given: Registration) -> Registered:
        if given.id is not None:
            raise Conflict(
                f"this node gives new registrations their ids: leave out '{given.id}', or use the "
                "action Replace for one that is there"
            )
        added = self._checked(replace(given, id=uuid.uuid4().hex))
        self.connection.execute(table.insert().values(**_row(added)))
        self._record("add", added)
        return Registered(registration=added, outcome=Outcome.CREATED)

    def _replace(self, given: Registration) -> Registered:
        self._find(given)
        changed = self._checked(given)
        self.connection.execute(
            table.update().where(table.c.id == changed.id).values(**_row(changed))
        )
        self._record("replace", changed)
        return Registered(registration=changed, outcome=Outcome.REPLACED)

    def _delete(self, given: Registration) -> Registered:
        present = self._find(given)
        self.connection.execute(table.delete().where(table.c.id == present.id))
        self._record("delete", present)
        return Registered(registration=present, outcome=Outcome.DELETED)

    def _find(self, given: Registration) -> Registration:
        if given.id is None:
            raise Unprocessable("say which registration is meant: its id is missing")
        query = select(table).where(table.c.id == given.id)
        row = self.connection.execute(query).mappings().first()
        if row is None:
            raise NotFound(f"there is no registration {given.id} on this node")
        return _registration(row)

    def _checked(self, given: Registration) -> Registration:
        """A registration with its agreement as it is known here, updated now."""
        given.source.check()
        if given.valid_from and given.valid_to and given.valid_to < given.valid_from:
            raise Unprocessable("the registration would end before it begins")
        agreement = self.structures.find(given.agreement)
        if not isinstance(agreement, ProvisionAgreement):
            raise Conflict(
                f"there is no {given.agreement.urn} on this node: hand the agreement in before"
            )
        return replace(given, agreement=agreement.reference, updated=self.at)

    def _record(self, verb: str, done: Registration) -> None:
        subject, agreement = done.id or "", str(done.agreement)
        self.store.catalogue.record(
            self.connection,
            self.at,
            f"registration {verb}",
            subject,
            agreement=agreement,
            key=self.by,
        )


def _row(registration: Registration) -> Mapping[str, Any]:
    return {
        "id": registration.id,
        "agreement": str(registration.agreement),
        "source": msgspec.to_builtins(registration.source),
        "indexed": list(registration.indexed),
        "valid_from": registration.valid_from,
        "valid_to": registration.valid_to,
        "updated": registration.updated,
    }


def _registration(row: RowMapping) -> Registration:
    agreement = ArtefactClass.PROVISION_AGREEMENT
    return Registration(
        id=row["id"],
        agreement=parse_reference(row["agreement"], agreement),
        source=msgspec.convert(row["source"], DataSource),
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        updated=row["updated"],
        indexed=tuple(row["indexed"]),
    )
