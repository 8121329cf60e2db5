"""Structures created, replaced and deleted from outside (SDMX REST 2.2, "Maintenance").

A request is one transaction. Each artefact of it is taken or refused for itself; what is taken is
complete: it refers to nothing that is missing, and nothing that stays refers to what is gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, select

from hub.errors import Conflict, CorridorError, NotFound, Unprocessable
from hub.formats.message import Action
from hub.model import Dataflow, Maintainable, ProvisionAgreement, Reference
from hub.model.partial import is_item_scheme, without_item
from hub.store.admission import Draft, Standing, admit, refuse_change, without_broken
from hub.store.artefacts import (
    insert_artefact,
    load_artefacts,
    remove_artefact,
    replace_artefact,
)
from hub.store.releases import flow_name
from hub.store.store import Store
from hub.store.tables import metadata_sets, registrations, slice_versions

_TOLD = 3


class Outcome(StrEnum):
    """What became of an artefact."""

    CREATED = "created"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """What was asked of an artefact, and what became of it: an outcome, or why there is none."""

    reference: Reference
    action: Action
    outcome: Outcome | None = None
    error: CorridorError | None = None


def submit(
    store: Store, given: Iterable[Maintainable], *, by: str, creates: bool = True
) -> tuple[Submitted, ...]:
    """Create artefacts, or replace those that are there; `by` is the key it is done with.

    A partial item scheme changes the items it has. Without `creates`, what is not there is
    refused. The results are in the order of what was given.
    """
    with store.catalogue.writing() as connection:
        at = store.catalogue.stamp(connection)
        drafts = admit(tuple(given), _standing(store, connection), creates=creates)
        told = tuple(_told(draft, creates=creates) for draft in drafts)
        for draft, submitted in zip(drafts, told, strict=True):
            if not draft.is_change:
                continue
            write = insert_artefact if draft.present is None else replace_artefact
            write(connection, draft.artefact, at)
            _record(store, connection, at, submitted, by)
    return told


def delete(store: Store, reference: Reference, *, by: str, item: str | None = None) -> Submitted:
    """Delete an artefact, or one item of a scheme; `by` is the key it is done with."""
    done = Submitted(reference=reference, action=Action.DELETE, outcome=Outcome.DELETED)
    try:
        with store.catalogue.writing() as connection:
            at = store.catalogue.stamp(connection)
            standing = _standing(store, connection)
            present = standing.structures.find(reference)
            if present is None:
                raise NotFound(f"there is no {reference.urn} on this node")
            refuse_change(present, standing)
            if item is None:
                _refuse_needed(present, standing, connection)
                remove_artefact(connection, reference, at)
            else:
                replace_artefact(connection, _reduced(present, item, standing), at)
            _record(store, connection, at, done, by, item)
    except (Conflict, NotFound, Unprocessable) as error:
        return Submitted(reference=reference, action=Action.DELETE, error=error)
    return done


def _standing(store: Store, connection: Connection) -> Standing:
    structures = store.structures_within(connection)
    names = set(connection.execute(select(slice_versions.c.flow).distinct()).scalars())
    flows = (flow.reference for flow in structures.of_type(Dataflow))
    return Standing(
        structures=structures,
        stored={artefact.reference: artefact for artefact in load_artefacts(connection)},
        published=tuple(flow for flow in flows if flow_name(flow) in names),
    )


def _told(draft: Draft, *, creates: bool) -> Submitted:
    reference = draft.artefact.reference
    is_new = draft.present is None and creates
    action = Action.APPEND if is_new else Action.REPLACE
    if draft.error is not None:
        return Submitted(reference=reference, action=action, error=draft.error)
    changed = Outcome.CREATED if is_new else Outcome.REPLACED
    outcome = changed if draft.is_change else Outcome.UNCHANGED
    return Submitted(reference=reference, action=action, outcome=outcome)


def _refuse_needed(present: Maintainable, standing: Standing, connection: Connection) -> None:
    """Raise Conflict where something refers to an artefact, or figures were published under it."""
    parents = [one for one in standing.structures.parents(present) if one != present]
    if parents:
        told = ", ".join(parent.urn for parent in parents[:_TOLD])
        more = f" and {len(parents) - _TOLD} more" if len(parents) > _TOLD else ""
        raise Conflict(f"{present.urn} is referred to by {told}{more}: delete that first")
    if present.reference in standing.published:
        raise Conflict(f"{present.urn} has published figures, which would lose their dataflow")
    reported = metadata_sets.c.context_class == present.artefact_class.value
    under = select(metadata_sets.c.id).where(
        reported, metadata_sets.c.context == str(present.reference)
    )
    if connection.execute(under.limit(1)).first() is not None:
        raise Conflict(f"{present.urn} has metadata sets, which would lose their structure")
    if isinstance(present, ProvisionAgreement):
        named = registrations.c.agreement == str(present.reference)
        registered = select(registrations.c.id).where(named).limit(1)
        if connection.execute(registered).first() is not None:
            raise Conflict(f"{present.urn} has registrations: delete them first")


def _reduced(present: Maintainable, item: str, standing: Standing) -> Maintainable:
    """A scheme without one of its items; raises where it has none, or something refers to it."""
    if not is_item_scheme(present):
        raise Unprocessable(f"{present.urn} has no items: leave out '{item}'")
    draft = Draft(artefact=without_item(present, item), present=present)
    (checked,) = without_broken([draft], standing)
    if checked.error is not None:
        raise checked.error
    return checked.artefact


def _record(
    store: Store,
    connection: Connection,
    at: datetime,
    done: Submitted,
    by: str,
    item: str | None = None,
) -> None:
    verbs = {Outcome.CREATED: "create", Outcome.REPLACED: "replace", Outcome.DELETED: "delete"}
    subject, kind = str(done.reference), done.reference.artefact_class.value
    detail = {"class": kind, "key": by} | ({} if item is None else {"item": item})
    action = f"structure {verbs[done.outcome or Outcome.UNCHANGED]}"
    store.catalogue.record(connection, at, action, subject, **detail)
