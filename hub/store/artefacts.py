"""Loaded structures in the catalogue, beside the shared ones that come with the program."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, literal, select, union_all

from hub.errors import Conflict
from hub.model import KINDS, ArtefactClass, Codelist, Item, Maintainable, Reference, Schema
from hub.model.partial import is_item_scheme
from hub.store.catalogue import Catalogue
from hub.store.tables import artefacts as table
from hub.store.tables import former_artefacts

_EVER = datetime.max.replace(tzinfo=UTC)


def encode(artefact: Maintainable) -> str:
    """An artefact as JSON text: the form the catalogue keeps.

    What an artefact does not say is left out, so that the text of one stays what it is when
    others of its kind can say more.
    """
    return msgspec.json.encode(_said(artefact)).decode()


def _said(value: Any) -> Any:
    """A value without the parts that are as they are by default."""
    kind = type(value)
    if kind is str:
        return value
    if isinstance(value, tuple):
        return [_said(each) for each in value]
    if not is_dataclass(kind):
        return value
    return {
        name: _said(held)
        for name, default in _fields(kind)
        if (held := getattr(value, name)) != default
    }


@functools.cache
def _fields(kind: type[Any]) -> tuple[tuple[str, Any], ...]:
    """The names of the fields of a dataclass, each with its default."""
    return tuple((field.name, field.default) for field in fields(kind))


def decode(class_name: str, body: str) -> Maintainable:
    """The artefact that `encode` wrote."""
    return msgspec.json.decode(body, type=KINDS[ArtefactClass(class_name)])


def load_artefacts(connection: Connection, until: datetime = _EVER) -> list[Maintainable]:
    """The artefacts the catalogue holds, or held at an instant, in the order of their names."""
    held = (
        select(one.c["class"], one.c.agency, one.c.id, one.c.version, one.c.body).where(condition)
        for one, condition in (
            (table, table.c.loaded <= until),
            (
                former_artefacts,
                and_(former_artefacts.c.loaded <= until, former_artefacts.c.ended > until),
            ),
        )
    )
    found = union_all(*held).subquery()
    query = select(found.c["class"], found.c.body).order_by(
        found.c["class"], found.c.agency, found.c.id, found.c.version
    )
    rows = connection.execute(query)
    return [decode(class_name, body) for class_name, body in rows]


def add_artefacts(
    catalogue: Catalogue, connection: Connection, new: Iterable[Maintainable], at: datetime
) -> tuple[int, int]:
    """Add artefacts; returns how many were new and how many were there.

    A version that is there does not change by loading: Conflict when its content is another. An
    item scheme that says it is partial is there where all it has is.
    """
    added = same = 0
    for artefact in new:
        found = connection.execute(select(table.c.body).where(_is(artefact.reference))).scalar()
        if found is not None and _is_part(artefact, decode(artefact.artefact_class.value, found)):
            same += 1
            continue
        if found is not None:
            raise Conflict(
                f"{artefact.urn} is there with another content: a version never changes by "
                "loading, give the new content a new version; nothing was loaded"
            )
        insert_artefact(connection, artefact, at)
        added += 1
    if added:
        catalogue.record(connection, at, "structures load", "", added=added)
    return added, same


def insert_artefact(connection: Connection, artefact: Maintainable, at: datetime) -> None:
    """Add an artefact that is not there."""
    named = _named(artefact.reference)
    connection.execute(table.insert().values(**named, body=encode(artefact), loaded=at))


def replace_artefact(connection: Connection, artefact: Maintainable, at: datetime) -> None:
    """Give an artefact another content; what it was is kept as it was until then."""
    _keep_former(connection, artefact.reference, at)
    changed = {"body": encode(artefact), "loaded": at}
    connection.execute(table.update().where(_is(artefact.reference)).values(**changed))


def remove_artefact(connection: Connection, reference: Reference, at: datetime) -> None:
    """Take an artefact away; what it was is kept as it was until then."""
    _keep_former(connection, reference, at)
    connection.execute(table.delete().where(_is(reference)))


def _keep_former(connection: Connection, reference: Reference, at: datetime) -> None:
    present = select(*table.primary_key, table.c.loaded, literal(at, table.c.loaded.type))
    names = [*(column.name for column in table.primary_key), "loaded", "ended", "body"]
    query = present.add_columns(table.c.body).where(_is(reference))
    connection.execute(former_artefacts.insert().from_select(names, query))


def _is(reference: Reference) -> ColumnElement[bool]:
    return and_(*(table.c[name] == value for name, value in _named(reference).items()))


def _named(reference: Reference) -> dict[str, str]:
    return {
        "class": reference.artefact_class.value,
        "agency": reference.agency,
        "id": reference.id,
        "version": reference.version,
    }


def is_within(given: Maintainable, present: Maintainable) -> bool:
    """True where an artefact is the one that is there, or a code list with some of its codes.

    Messages often carry an excerpt of a cross-domain list, under its own id and version.
    """
    if isinstance(given, Codelist) and isinstance(present, Codelist):
        return {code.id for code in given.items} <= set(present.by_id)
    return given == present


def _is_part(given: Maintainable, present: Maintainable) -> bool:
    """True for an artefact as it is there, and for a partial scheme of which all items are."""
    if given == present:
        return True
    if not given.is_partial or not is_item_scheme(given):
        return False
    known = {item.id: item for item in _items(present)}
    whole: Any = {"items": _items(present), "is_partial": present.is_partial}
    return replace(given, **whole) == present and all(
        known.get(item.id) == item for item in _items(given)
    )


def _items(scheme: Maintainable) -> tuple[Item, ...]:
    return getattr(scheme, "items", ())


def schema_digest(schema: Schema) -> str:
    """SHA-256 of what a schema was made of: structure, constraints, lists."""
    parts: list[Maintainable] = [schema.structure, *schema.constraints]
    lists = {c.enumeration.reference: c.enumeration for c in schema.columns if c.enumeration}
    parts.extend(lists.values())
    digest = hashlib.sha256()
    for part in parts:
        digest.update(encode(part).encode())
    return digest.hexdigest()
