"""Purges in the catalogue: what must not exist any more, and what is known of that.

A row here is the stub that stays: when, by whom and why something was removed, and which cells or
versions it was, never what they said. `files` are those of the lake that go; `finished` is empty
until they are gone, so that a purge that was killed is brought to its end by the next one, or by
the next sweep.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, select, update

from hub.errors import Invalid
from hub.model import Reference, SliceVersion
from hub.store import releases
from hub.store.actors import USER, Actor
from hub.store.arrivals import digests_from, forget_arrivals
from hub.store.expiry import forget_raw
from hub.store.origins import raw_of
from hub.store.parts import files_of
from hub.store.releases import flow_name
from hub.store.retention import raw_digests
from hub.store.review import close_purged, held_in, raw_behind
from hub.store.store import Store
from hub.store.syncing import sync
from hub.store.tables import FILES, attempts, from_microseconds, purges, to_microseconds
from hub.store.tables import slice_versions as versions
from hub.store.waiting import State, Waiting, decided_digests

#: The digest of the body of many an answer, of every partner: there is nothing in it.
_NOTHING = hashlib.sha256(b"").hexdigest()
#: What restored nodes are told of, beside the catalogue, which may be an older one.
STUBS = "purged.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Purge:
    """What is removed from a flow: cells, or whole slice versions.

    A cell is a value for each dimension, None for any. `versions` are named by slice, source and
    digest, as they were. `by` is who removed them, `reason` why.
    """

    flow: str
    reason: str
    by: str
    cells: tuple[tuple[str | None, ...], ...] = ()
    versions: tuple[tuple[str, str, str], ...] = ()
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    at: datetime | None = None

    @property
    def stub(self) -> dict[str, Any]:
        """The purge as it is kept outside of the catalogue."""
        return {
            "id": self.id,
            "flow": self.flow,
            "cells": [list(cell) for cell in self.cells],
            "versions": [list(version) for version in self.versions],
            "reason": self.reason,
            "by": self.by,
            "at": None if self.at is None else to_microseconds(self.at),
        }


def purge_of(stub: Mapping[str, Any]) -> Purge:
    """The purge that a stub tells of; raises Invalid for one that cannot be read."""
    try:
        at = stub["at"]
        return Purge(
            id=str(stub["id"]),
            flow=str(stub["flow"]),
            cells=tuple(tuple(cell) for cell in stub["cells"]),
            versions=tuple((str(a), str(b), str(c)) for a, b, c in stub["versions"]),
            reason=str(stub["reason"]),
            by=str(stub["by"]),
            at=None if at is None else from_microseconds(int(at)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid(f"this is not the stub of a purge: {error}") from error


@dataclass(frozen=True, slots=True)
class HeldGone:
    """What goes of what partners sent and was to be looked at first (`hub.store.review`).

    Numbers of what is still held, digests of raw bytes, and of files that no version names.
    """

    ids: list[int] = field(default_factory=list)
    raw: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)

    def take(self, one: Waiting) -> None:
        """Let everything go that is there of something held."""
        self.raw.update(raw_behind(one))
        self.files.update(one.content.get("aside", ()))


#: Whoever turned these down, or sent something else since: nobody will release them any more.
_OVER = (State.REJECTED, State.SUPERSEDED, State.PURGED)


def held_gone(
    connection: Connection, flow: Reference, is_to_go: Callable[[Waiting], bool]
) -> HeldGone:
    """What goes of what is held of a flow, with what is left of all that was held and is over."""
    found = HeldGone()
    name = flow_name(flow)
    for one in filter(is_to_go, held_in(connection, flow=name)):
        found.ids.append(one.id)
        found.take(one)
    for one in held_in(connection, flow=name, states=_OVER):
        found.take(one)
    found.raw.difference_update(raw_digests(connection))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewritten:
    """What a slice version is instead: its files, without what was removed.

    `row` are the columns of the catalogue that change; None where the version goes altogether.
    """

    version: SliceVersion
    row: Mapping[str, Any] | None


def every_version(connection: Connection, flow: Reference) -> tuple[SliceVersion, ...]:
    """Every slice version that was ever made of a flow, in order, those that left history too.

    Without those that others took the place of before anybody saw them: a purge drops these.
    """
    is_live = (versions.c.flow == flow_name(flow)) & versions.c.superseded.is_(None)
    rows = connection.execute(releases.columns().where(is_live))
    return tuple(sorted(map(releases.version_of, rows), key=lambda one: one.id))


def raw_of_partners(
    connection: Connection, flow: Reference, touched: Sequence[SliceVersion]
) -> set[str]:
    """The raw bytes that may hold what some versions held.

    All that the partners they came from sent of the flow since: an attempt that found nothing new
    archived the same figures once more, as did one that was killed, or believed only what came
    second.
    """
    name = flow_name(flow)
    found: set[str] = set()
    for partner in {one.source for one in touched if one.origin.kind == "harvest"}:
        mine = [one for one in touched if one.source == partner]
        raw = {digest for one in mine for digest in raw_of(dict(one.origin.detail))}
        query = select(attempts.c.facts).where(
            attempts.c.partner == partner, attempts.c.flow == name
        )
        tried = connection.execute(query.order_by(attempts.c.id)).scalars()
        found |= raw
        found |= _since(raw, [str(facts["raw"]) for facts in tried if facts.get("raw")])
        found |= _since(raw, digests_from(connection, partner, name))
    return found - {_NOTHING}


def _since(first: set[str], digests: Sequence[str]) -> set[str]:
    """Those of some digests from the first on that is one of others."""
    begin = next((place for place, one in enumerate(digests) if one in first), len(digests))
    return set(digests[begin:])


def write_purge(
    store: Store,
    connection: Connection,
    flow: Reference,
    purge: Purge,
    rewritten: Iterable[Rewritten],
    new: Sequence[releases.NewSlice],
    raw: set[str],
    held: HeldGone,
) -> None:
    """Put what versions are instead in their places, and new ones after them.

    What is held back comes after the new versions, as it would have. `held` is closed, and what is
    left of it goes too.
    """
    at = store.catalogue.stamp(connection)
    gone = _drop_superseded(connection, purge.flow) | held.files
    raw = raw | held.raw
    close_purged(connection, held.ids, at, Actor(USER, purge.by))
    for one in rewritten:
        gone.update(files_of(one.version))
        which = versions.c.id == one.version.id
        if one.row is None:
            connection.execute(delete(versions).where(which))
        else:
            connection.execute(update(versions).where(which).values(**one.row))
    if new:
        later = select(versions).where(versions.c.flow == purge.flow, versions.c.visible_from > at)
        rows = [dict(row) for row in connection.execute(later.order_by(versions.c.id)).mappings()]
        ids = [row.pop("id") for row in rows]
        connection.execute(delete(versions).where(versions.c.id.in_(ids)))
        releases.insert(connection, flow, new, at, at)
        if rows:
            connection.execute(versions.insert(), rows)
    forget_raw(connection, raw, "raw_purged")
    forget_arrivals(connection, raw)
    files = [*map(store.lake.data_path, sorted(_unnamed(connection, gone)))]
    files += [*map(store.lake.raw_path, sorted(raw))]
    row = {**purge.stub, "at": at, "finished": None}
    row["files"] = [path.relative_to(store.lake.root).as_posix() for path in files]
    connection.execute(purges.insert().values(row))
    about = {"cells": purge.stub["cells"], "versions": len(purge.versions)}
    about |= {"held": held.ids} if held.ids else {}
    store.catalogue.record(
        connection, at, "purge", purge.flow, id=purge.id, by=purge.by, reason=purge.reason, **about
    )


def superseded_files(connection: Connection, flow: str) -> set[str]:
    """The digests of the files of versions that nobody ever saw."""
    rows = connection.execute(select(*FILES).where(_is_superseded(flow))).all()
    return {digest for row in rows for digest in row if digest is not None}


def _drop_superseded(connection: Connection, flow: str) -> set[str]:
    """Delete the versions that nobody ever saw; returns the digests of their files."""
    found = superseded_files(connection, flow)
    connection.execute(delete(versions).where(_is_superseded(flow)))
    return found


def _is_superseded(flow: str) -> ColumnElement[bool]:
    return (versions.c.flow == flow) & versions.c.superseded.is_not(None)


def known_purges(connection: Connection) -> tuple[Purge, ...]:
    """The purges a catalogue knows, in order of time."""
    rows = connection.execute(select(purges).order_by(purges.c.at)).mappings()
    return tuple(
        purge_of({**row, "at": to_microseconds(row["at"])})  # the stub has microseconds
        for row in rows
    )


def finish_purges(store: Store) -> int:
    """Remove the files of purges that are not finished, and all that is made from releases.

    Returns how many there were. Doing it again does no harm.
    """
    with store.catalogue.reading() as connection:
        ids = connection.execute(select(purges.c.id).where(purges.c.finished.is_(None))).scalars()
        unfinished = list(ids)
        query = select(purges.c.files).where(purges.c.finished.is_(None))
        files = [name for names in connection.execute(query).scalars() for name in names]
        known = known_purges(connection)
        decided = decided_digests(connection)
    if not unfinished:
        return 0
    for digest in decided:  # what was handed in may hold it as well
        store.lake.waiting_path(digest).unlink(missing_ok=True)
    for name in files:
        (store.lake.root / name).unlink(missing_ok=True)
    for folder in (store.settings.home / "cache", store.lake.root / "index"):
        shutil.rmtree(folder, ignore_errors=True)
    write_stubs(store.settings.home, known)
    with store.catalogue.writing() as connection:
        at = store.catalogue.stamp(connection)
        connection.execute(
            update(purges).where(purges.c.id.in_(unfinished)).values(finished=at, files=[])
        )
    return len(unfinished)


def write_stubs(home: Path, known: Iterable[Purge]) -> None:
    """Keep the stubs where a restore of an older backup finds them."""
    work = home / f"{STUBS}.new"
    work.write_text(json.dumps([one.stub for one in known], indent=1), "utf-8")
    sync(work)
    os.replace(work, home / STUBS)
    sync(home)


def read_stubs(path: Path) -> tuple[Purge, ...]:
    """Read the stubs in a file; none where there is no file. Raises Invalid for what is none."""
    if not path.exists():
        return ()
    try:
        stubs = json.loads(path.read_text("utf-8"))
    except (ValueError, UnicodeDecodeError) as error:
        raise Invalid(f"{path} does not hold the stubs of purges: {error}") from error
    if not isinstance(stubs, list) or not all(isinstance(one, dict) for one in stubs):
        raise Invalid(f"{path} does not hold the stubs of purges: it is no list of objects")
    return tuple(map(purge_of, stubs))


def _unnamed(connection: Connection, digests: set[str]) -> set[str]:
    """Those of some digests that no version names any more."""
    named: set[str] = set()
    for column in FILES:
        query = select(column).where(column.in_(digests))
        named.update(connection.execute(query).scalars())
    return digests - named
