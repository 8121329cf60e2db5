"""Slice versions in the catalogue, and the release they make up at an instant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Select,
    Text,
    cast,
    func,
    select,
    type_coerce,
    update,
)

from hub.model import DeltaCounts, Origin, Reference, Release, SliceVersion
from hub.store.json_text import from_json
from hub.store.line import Lines
from hub.store.tables import Instant, from_microseconds
from hub.store.tables import slice_versions as table

#: Which source of a slice readers get, when several offer it: what the node derived, then what
#: the area's own node sent, then what was handed in here (a compilation, on a hub). Of two of the
#: same kind, the one that changed last.
_RANK = {"derivation": 0, "harvest": 1, "submission": 2}
#: The columns a version is made of.
_NAMES = (
    "id",
    "flow",
    "slice",
    "source",
    "digest",
    "delta",
    "file",
    "cut_by",
    "rows",
    "added",
    "revised",
    "withdrawn",
    "origin_kind",
    "origin_detail",
    "structure",
    "structure_digest",
    "committed",
    "visible_from",
    "note",
)


@dataclass(frozen=True, kw_only=True)
class NewSlice:
    """A slice version about to be committed; `base` is the id of the version it was compared to.

    `visible_from` is given where it differs from that of the others committed with it.
    """

    slice: str
    source: str
    base: int | None
    digest: str
    delta: str | None
    rows: int
    counts: DeltaCounts
    facts: Mapping[str, Any]
    origin: Origin
    structure: str
    structure_digest: str
    note: str = ""
    visible_from: datetime | None = None
    file: str | None = None
    cut_by: str | None = None


def flow_name(flow: Reference) -> str:
    """How the catalogue names a flow: without its version, which slices record themselves."""
    return f"{flow.agency}:{flow.id}"


def newest(
    connection: Connection, flow: Reference, visible_at: datetime | None = None
) -> tuple[SliceVersion, ...]:
    """The newest version of every slice from every source; visible at an instant, if given."""
    return tuple(version_of(row) for row in connection.execute(_newest(flow, visible_at)))


def lines(connection: Connection, flow: Reference, at: datetime) -> Lines:
    """By (slice, source), the version visible at an instant and those held back beyond it."""
    held = columns().where(_is_live(flow), table.c.visible_from > at).order_by(table.c.id)
    found = {(v.slice, v.source): [v] for v in newest(connection, flow, at)}
    for row in connection.execute(held):
        version = version_of(row)
        found.setdefault((version.slice, version.source), []).append(version)
    return {key: tuple(line) for key, line in found.items()}


def active(versions: Iterable[SliceVersion]) -> tuple[SliceVersion, ...]:
    """Of several sources of a slice, the one that readers get; ordered by slice.

    A source that has withdrawn everything offers nothing, and hides no other.
    """
    chosen: dict[str, SliceVersion] = {}
    for version in versions:
        present = chosen.get(version.slice)
        if version.rows and (present is None or _precedence(version) < _precedence(present)):
            chosen[version.slice] = version
    return tuple(chosen[key] for key in sorted(chosen))


def release_at(connection: Connection, flow: Reference, at: datetime) -> Release | None:
    """What a flow held at an instant; None where nothing of it was visible."""
    versions = newest(connection, flow, at)
    if not versions:
        return None
    visible_from = max(version.visible_from for version in versions)
    return Release(flow=flow, slices=active(versions), visible_from=visible_from)


def filled_flows(connection: Connection) -> frozenset[str]:
    """The names of the flows of which there are, or were, slice versions, also held back ones."""
    return frozenset(connection.execute(select(table.c.flow).distinct()).scalars())


def history(connection: Connection, flow: Reference) -> tuple[SliceVersion, ...]:
    """Every slice version in the history of a flow, newest first."""
    query = columns().where(_is_live(flow), table.c.removed.is_(None))
    query = query.order_by(table.c.id.desc())
    return tuple(version_of(row) for row in connection.execute(query))


def next_visible(connection: Connection, after: datetime) -> datetime | None:
    """The first instant after one at which something held back becomes visible, in any flow."""
    soonest = func.min(table.c.visible_from, type_=table.c.visible_from.type)
    is_held = table.c.superseded.is_(None) & (table.c.visible_from > after)
    found: datetime | None = connection.execute(select(soonest).where(is_held)).scalar_one()
    return found


def disseminated(
    connection: Connection, until: datetime, most: int, flow: Reference | None = None
) -> list[tuple[str, datetime]]:
    """The flows in which something became visible until an instant, and when; the newest first.

    At most so many; of one flow, if given. What left the history is not among them.
    """
    pair = (table.c.flow, table.c.visible_from)
    query = select(*pair).distinct().order_by(table.c.visible_from.desc(), table.c.flow)
    is_there = table.c.superseded.is_(None) & table.c.removed.is_(None)
    query = query.where(is_there, table.c.visible_from <= until).limit(most)
    if flow is not None:
        query = query.where(table.c.flow == flow_name(flow))
    return [(row.flow, row.visible_from) for row in connection.execute(query)]


def last_visible(
    connection: Connection, until: datetime, after: datetime | None = None
) -> datetime | None:
    """The last instant until one, and after another, at which something became visible."""
    latest = func.max(table.c.visible_from, type_=table.c.visible_from.type)
    query = select(latest).where(table.c.superseded.is_(None), table.c.visible_from <= until)
    if after is not None:
        query = query.where(table.c.visible_from > after)
    found: datetime | None = connection.execute(query).scalar_one()
    return found


def visible_between(
    connection: Connection, flow: Reference, since: datetime | None, until: datetime
) -> tuple[SliceVersion, ...]:
    """The slice versions that became visible after one instant and not after another.

    In the order in which they did; of one slice and source, that is the order they were made in.
    Those that left the history are among them.
    """
    query = columns().where(_is_live(flow), table.c.visible_from <= until)
    if since is not None:
        query = query.where(table.c.visible_from > since)
    rows = connection.execute(query.order_by(table.c.visible_from, table.c.id))
    return tuple(version_of(row) for row in rows)


def facts_of(connection: Connection, versions: Sequence[SliceVersion]) -> dict[int, dict[str, Any]]:
    """The small facts of some slice versions (see `hub.store.facts`), by their ids."""
    ids = [version.id for version in versions]
    found: dict[int, dict[str, Any]] = {}
    for start in range(0, len(ids), 500):  # SQLite bounds the number of parameters
        query = select(table.c.id, table.c.facts)
        rows = connection.execute(query.where(table.c.id.in_(ids[start : start + 500])))
        found |= {row.id: row.facts for row in rows}
    return found


def insert(
    connection: Connection,
    flow: Reference,
    slices: Iterable[NewSlice],
    committed: datetime,
    visible_from: datetime,
) -> None:
    """Write slice versions; they exist when the transaction commits."""
    rows = [
        {
            "flow": flow_name(flow),
            "slice": new.slice,
            "source": new.source,
            "digest": new.digest,
            "delta": new.delta,
            "file": new.file,
            "cut_by": new.cut_by,
            "rows": new.rows,
            "added": new.counts.added,
            "revised": new.counts.revised,
            "withdrawn": new.counts.withdrawn,
            "origin_kind": new.origin.kind,
            "origin_detail": {**dict(new.origin.detail), "name": new.origin.name},
            "structure": new.structure,
            "structure_digest": new.structure_digest,
            "facts": dict(new.facts),
            "committed": committed,
            "visible_from": new.visible_from or visible_from,
            "note": new.note,
        }
        for new in slices
    ]
    connection.execute(table.insert(), rows)


def supersede(connection: Connection, ids: Sequence[int], at: datetime) -> None:
    """Let others take the place of versions that are held back: nobody will ever see them."""
    for start in range(0, len(ids), 500):  # SQLite bounds the number of parameters
        those = table.c.id.in_(ids[start : start + 500])
        connection.execute(update(table).where(those).values(superseded=at))


def _is_live(flow: Reference) -> ColumnElement[bool]:
    return (table.c.flow == flow_name(flow)) & table.c.superseded.is_(None)


def columns() -> Select[Any]:
    """A query for rows that `version_of` takes, as the database has them."""
    return select(*map(_as_stored, _NAMES))


def _as_stored(name: str) -> ColumnElement[Any]:
    column = table.c[name]
    if name == "origin_detail":
        return cast(column, Text)
    return type_coerce(column, BigInteger) if isinstance(column.type, Instant) else column


def _newest(flow: Reference, visible_at: datetime | None) -> Select[Any]:
    latest = select(func.max(table.c.id)).where(_is_live(flow))
    if visible_at is not None:
        latest = latest.where(table.c.visible_from <= visible_at)
    latest = latest.group_by(table.c.slice, table.c.source)
    return columns().where(table.c.id.in_(latest))


def _precedence(version: SliceVersion) -> tuple[int, int]:
    return _RANK.get(version.origin.kind, len(_RANK)), -version.id


def version_of(row: Row[Any]) -> SliceVersion:
    """The slice version a row of the catalogue tells of."""
    return _version(*row)


@lru_cache(maxsize=4_096)
def _version(*row: Any) -> SliceVersion:
    """Versions hardly ever change, and each release is made of hundreds: they are made once."""
    one = dict(zip(_NAMES, row, strict=True))
    detail = from_json(one.pop("origin_detail"))
    name = str(detail.pop("name", ""))
    return SliceVersion(
        counts=DeltaCounts(**{kind: one.pop(kind) for kind in ("added", "revised", "withdrawn")}),
        origin=Origin(kind=one.pop("origin_kind"), name=name, detail=tuple(detail.items())),
        committed=from_microseconds(one.pop("committed")),
        visible_from=from_microseconds(one.pop("visible_from")),
        **one,
    )
