"""Arrivals: what is told of bytes each time a partner sent them.

The lake keeps bytes once, under their hash (`hub.store.lake`); how they came stands here: where
from, in answer to what, with which headers, when and how fast.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, func, select

from hub.store.catalogue import Catalogue
from hub.store.lake import Lake
from hub.store.tables import arrivals as table

#: SQLite bounds the number of parameters.
_AT_ONCE = 500


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Bytes that came; `at` is in the time of the file system, `facts` are JSON-compatible."""

    digest: str
    facts: Mapping[str, Any]
    at: datetime = field(default_factory=_now)
    id: str = field(default_factory=lambda: uuid.uuid4().hex)


def note_arrivals(catalogue: Catalogue, arrivals: Collection[Arrival]) -> None:
    """Write arrivals down; those that are there already stay as they are."""
    by_id = {one.id: one for one in arrivals}
    with catalogue.writing() as connection:
        for some in _pieces(by_id):
            known = connection.execute(select(table.c.id).where(table.c.id.in_(some))).scalars()
            new = [by_id[id_] for id_ in set(some).difference(known)]
            rows = [
                {"id": one.id, "digest": one.digest, "at": one.at, "facts": dict(one.facts)}
                for one in sorted(new, key=lambda one: (one.at, one.id))
            ]
            if rows:
                connection.execute(table.insert(), rows)


def arrivals_of(catalogue: Catalogue, digest: str) -> tuple[Arrival, ...]:
    """Every arrival of some bytes, in order of time."""
    with catalogue.reading() as connection:
        query = select(table).where(table.c.digest == digest).order_by(table.c.at, table.c.id)
        return tuple(Arrival(**row) for row in connection.execute(query).mappings())


def last_arrivals(connection: Connection) -> dict[str, datetime]:
    """By the digest of bytes, when they came last."""
    query = select(table.c.digest, func.max(table.c.at, type_=table.c.at.type))
    return {row[0]: row[1] for row in connection.execute(query.group_by(table.c.digest))}


def digests_from(connection: Connection, partner: str, flow: str) -> list[str]:
    """The digests of what a partner sent of a flow (`AGENCY:ID`), parts of it too, in order."""
    named = table.c.facts["flow"].as_string()
    query = select(table.c.digest).where(
        table.c.facts["partner"].as_string() == partner,
        (named == flow) | named.startswith(f"{flow} ", autoescape=True),
    )
    return list(connection.execute(query.order_by(table.c.at, table.c.id)).scalars())


def forget_arrivals(
    connection: Connection, digests: Collection[str], before: datetime | None = None
) -> None:
    """Tell no more of bytes that are gone: of any arrival, or of those before an instant."""
    for some in _pieces(digests):
        query = delete(table).where(table.c.digest.in_(some))
        connection.execute(query if before is None else query.where(table.c.at < before))


def take_in_arrivals(catalogue: Catalogue, lake: Lake) -> int:
    """Write down what nodes before revision 0013 told in files beside the bytes.

    The files go once that is done; a damaged one stays. Returns how many there were.
    """
    count = 0
    files = lake.root.glob("raw/*/*.json")
    while some := list(islice(files, _AT_ONCE)):
        found = {path: one for path in some if (one := _told_in(path)) is not None}
        note_arrivals(catalogue, found.values())
        for path in found:
            path.unlink()
        count += len(found)
    return count


def _told_in(path: Path) -> Arrival | None:
    """What a file `DIGEST.NUMBER.json` tells; None where it is damaged."""
    digest, _, number = path.stem.partition(".")
    try:
        facts = json.loads(path.read_text("utf-8"))
    except ValueError:
        return None
    if not isinstance(facts, dict):
        return None
    at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return Arrival(digest=digest, facts=facts, at=at, id=number)


def _pieces(names: Collection[str]) -> Iterator[Sequence[str]]:
    ordered = sorted(names)
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]
