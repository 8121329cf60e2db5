"""Metadata sets in the catalogue, with what they were before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, and_, func, literal, select, union_all

from hub.errors import Conflict, NotFound
from hub.formats.message import Action
from hub.model import (
    ArtefactClass,
    InternationalString,
    MetadataSet,
    Reference,
    Structures,
    parse_reference,
)
from hub.model.version import is_stable
from hub.store.artefacts import encode
from hub.store.maintenance import Outcome
from hub.store.store import Store
from hub.store.tables import former_metadata_sets as former
from hub.store.tables import metadata_sets as table

_EVER = datetime.max.replace(tzinfo=UTC)
_TOGETHER = 50
#: Actions that put a set in the place of one that is there; Append would have to know both.
_REPLACING = (None, Action.REPLACE, Action.INFORMATION)


@dataclass(frozen=True, slots=True)
class Change:
    """A metadata set, and what is asked to be done with it; None as Replace."""

    action: Action | None
    metadata_set: MetadataSet


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataEntry:
    """A metadata set by what queries ask for; `loaded` is when it became what it is (UTC)."""

    reference: Reference
    context: Reference
    targets: tuple[str, ...]
    name: InternationalString
    loaded: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The metadata sets that readers see at an instant, and when one last came, changed or went.

    `changed` None where there never was one.
    """

    entries: tuple[MetadataEntry, ...]
    changed: datetime | None


class _Undone(Exception):
    """Ends a transaction that was only to tell what would become of it."""


def change_metadata(
    store: Store, admit: Callable[[Structures], Sequence[Change]], *, dry_run: bool = False
) -> tuple[tuple[Reference, Outcome], ...]:
    """Do the changes that `admit` makes of the structures of the moment, in one transaction.

    A set of a stable version (X.Y.Z from 1.0.0 on, without an extension) never changes and is
    never deleted; others do, and what they were is kept. Append and Merge create a set only: one
    that is there is replaced as a whole. Raises Conflict or NotFound; then nothing is done. A dry
    run does nothing either, and tells what would become of each set.
    """
    done: list[tuple[Reference, Outcome]] = []
    try:
        with store.catalogue.writing() as connection:
            at = store.catalogue.stamp(connection)
            for change in admit(store.structures_within(connection)):
                outcome, reference = _change(connection, change, at), change.metadata_set.reference
                done.append((reference, outcome))
                if outcome is not Outcome.UNCHANGED:
                    told = outcome.value
                    action, subject = "metadata load", str(reference)
                    store.catalogue.record(connection, at, action, subject, outcome=told)
            if dry_run:
                raise _Undone
    except _Undone:
        pass
    return tuple(done)


def metadata_shelf(store: Store, at: datetime | None = None) -> Shelf:
    """The metadata sets there are, or were at an instant, in the order of their names."""
    until = _EVER if at is None else at
    columns = ("agency", "id", "version", "context_class", "context", "targets", "names", "loaded")
    held = [
        select(*(one.c[name] for name in columns)).where(condition)
        for one, condition in (
            (table, table.c.loaded <= until),
            (former, and_(former.c.loaded <= until, former.c.ended > until)),
        )
    ]
    found = union_all(*held).subquery()
    query = select(found).order_by(found.c.agency, found.c.id, found.c.version)
    with store.catalogue.reading() as connection:
        rows = connection.execute(query).all()
        instants = [
            connection.execute(
                select(func.max(instant, type_=instant.type)).where(instant <= until)
            ).scalar_one()
            for instant in (table.c.loaded, former.c.loaded, former.c.ended)
        ]
    changed = max((instant for instant in instants if instant is not None), default=None)
    return Shelf(entries=tuple(_entry(row) for row in rows), changed=changed)


def read_sets(store: Store, entries: Iterable[MetadataEntry]) -> Iterator[MetadataSet]:
    """Read the sets of some entries, in their order; only a few are in memory at once.

    What was replaced or deleted meanwhile is read as it was.
    """
    waiting = iter(entries)
    while together := tuple(islice(waiting, _TOGETHER)):
        with store.catalogue.reading() as connection:
            bodies = [_body(connection, entry) for entry in together]
        yield from (msgspec.json.decode(body, type=MetadataSet) for body in bodies)


def _body(connection: Connection, entry: MetadataEntry) -> str:
    for one in (table, former):
        query = select(one.c.body).where(_is(one, entry.reference), one.c.loaded == entry.loaded)
        body: str | None = connection.execute(query).scalar()
        if body is not None:
            return body
    raise NotFound(f"{entry.reference.urn} is no longer on this node")


def _change(connection: Connection, change: Change, at: datetime) -> Outcome:
    one = change.metadata_set
    reference = one.reference
    body = connection.execute(select(table.c.body).where(_is(table, reference))).scalar()
    if change.action is Action.DELETE:
        if body is None:
            raise NotFound(f"there is no {reference.urn} on this node; nothing was loaded")
        _refuse_stable(reference)
        _keep_former(connection, reference, at)
        connection.execute(table.delete().where(_is(table, reference)))
        return Outcome.DELETED
    if body is None:
        connection.execute(table.insert().values(**_row(one, at)))
        return Outcome.CREATED
    present = msgspec.json.decode(body, type=MetadataSet)
    one = _named(one, present)
    if present == one:
        return Outcome.UNCHANGED
    _refuse_stable(reference)
    if change.action not in _REPLACING:
        raise Conflict(
            f"{reference.urn} is there: hand it in whole with the action Replace, "
            f"{change.action} would leave open what becomes of the rest; nothing was loaded"
        )
    _keep_former(connection, reference, at)
    connection.execute(table.update().where(_is(table, reference)).values(**_row(one, at)))
    return Outcome.REPLACED


def _named(one: MetadataSet, present: MetadataSet) -> MetadataSet:
    """A set that came without a name, as from SDMX-CSV, keeps what it was called and noted with."""
    if one.name:
        return one
    return replace(
        one,
        name=present.name,
        description=one.description or present.description,
        annotations=one.annotations or present.annotations,
    )


def _refuse_stable(reference: Reference) -> None:
    if is_stable(reference.version):
        raise Conflict(
            f"{reference.urn} is there, and a stable version never changes: give the new content a "
            "new version; nothing was loaded"
        )


def _keep_former(connection: Connection, reference: Reference, at: datetime) -> None:
    names = [column.name for column in table.columns]
    present = select(*table.columns, literal(at, former.c.ended.type)).where(_is(table, reference))
    connection.execute(former.insert().from_select([*names, "ended"], present))


def _row(one: MetadataSet, at: datetime) -> dict[str, Any]:
    context = one.context
    if context is None:
        raise Conflict(f"{one.reference} is reported for no metadata flow; nothing was loaded")
    return {
        "agency": one.agency,
        "id": one.id,
        "version": one.version,
        "context_class": context.artefact_class.value,
        "context": str(context),
        "targets": list(one.targets),
        "names": [list(pair) for pair in one.name.texts],
        "body": encode(one),
        "loaded": at,
    }


def _entry(row: Row[Any]) -> MetadataEntry:
    reference = Reference(ArtefactClass.METADATA_SET, row.agency, row.id, row.version)
    context = parse_reference(row.context, ArtefactClass(row.context_class))
    return MetadataEntry(
        reference=reference,
        context=context,
        targets=tuple(row.targets),
        name=InternationalString(tuple((tag, text) for tag, text in row.names)),
        loaded=row.loaded,
    )


def _is(one: Any, reference: Reference) -> ColumnElement[bool]:
    return and_(
        one.c.agency == reference.agency,
        one.c.id == reference.id,
        one.c.version == reference.version,
    )
