"""Loaded structures in the catalogue, beside the shared ones that come with the program."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from hub.errors import Conflict
from hub.model import KINDS, ArtefactClass, Codelist, Maintainable, Schema
from hub.store.catalogue import Catalogue
from hub.store.tables import artefacts


def encode(artefact: Maintainable) -> str:
    """An artefact as JSON text: the form the catalogue keeps.

    What an artefact does not say is left out, so that the text of one stays what it is when
    others of its kind can say more.
    """
    return msgspec.json.encode(_said(artefact)).decode()


def _said(value: Any) -> Any:
    """A value without the parts that are as they are by default."""
    if isinstance(value, tuple):
        return [_said(each) for each in value]
    if not is_dataclass(value):
        return value
    return {
        field.name: _said(held)
        for field in fields(value)
        if (held := getattr(value, field.name)) != field.default
    }


def decode(class_name: str, body: str) -> Maintainable:
    """The artefact that `encode` wrote."""
    return msgspec.json.decode(body, type=KINDS[ArtefactClass(class_name)])


def load_artefacts(connection: Connection) -> list[Maintainable]:
    """All artefacts of the catalogue, in the order of their names."""
    query = select(artefacts.c["class"], artefacts.c.body).order_by(*artefacts.primary_key)
    rows = connection.execute(query)
    return [decode(class_name, body) for class_name, body in rows]


def add_artefacts(catalogue: Catalogue, new: Iterable[Maintainable]) -> tuple[int, int]:
    """Add artefacts in one transaction; returns how many were new and how many were there.

    A stable version never changes: Conflict when one is there with another content.
    """
    added = same = 0
    with catalogue.writing() as connection:
        at = catalogue.stamp(connection)
        for artefact in new:
            body = encode(artefact)
            key = {
                "class": artefact.artefact_class.value,
                "agency": artefact.agency,
                "id": artefact.id,
                "version": artefact.version,
            }
            found = connection.execute(
                select(artefacts.c.body).where(
                    *(artefacts.c[name] == value for name, value in key.items())
                )
            ).scalar_one_or_none()
            if found is not None and decode(key["class"], found) == artefact:
                same += 1
                continue
            if found is not None:
                raise Conflict(
                    f"{artefact.urn} is there with another content: a version never changes, "
                    "give the new content a new version; nothing was loaded"
                )
            connection.execute(artefacts.insert().values(**key, body=body, loaded=at))
            added += 1
        if added:
            catalogue.record(connection, at, "structures load", "", added=added)
    return added, same


def is_within(given: Maintainable, present: Maintainable) -> bool:
    """True where an artefact is the one that is there, or a code list with some of its codes.

    Messages often carry an excerpt of a cross-domain list, under its own id and version.
    """
    if isinstance(given, Codelist) and isinstance(present, Codelist):
        return {code.id for code in given.items} <= set(present.by_id)
    return given == present


def schema_digest(schema: Schema) -> str:
    """SHA-256 of what a schema was made of: structure, constraints, lists."""
    parts: list[Maintainable] = [schema.structure, *schema.constraints]
    lists = {c.enumeration.reference: c.enumeration for c in schema.columns if c.enumeration}
    parts.extend(lists.values())
    digest = hashlib.sha256()
    for part in parts:
        digest.update(encode(part).encode())
    return digest.hexdigest()
