"""The transaction that makes a release exist."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from hub.model import DeltaCounts, Schema
from hub.store import releases
from hub.store.line import Place, place_at
from hub.store.parts import files_of
from hub.store.releases import NewSlice, flow_name
from hub.store.store import Store

#: Writes more in the same transaction, at the instant it was given.
Together = Callable[[Connection, datetime], None]


def all_of(*parts: Together) -> Together:
    """Writes several things in the same transaction, one after another."""

    def write(connection: Connection, at: datetime) -> None:
        for part in parts:
            part(connection, at)

    return write


@dataclass(frozen=True, slots=True)
class Made:
    """Slice versions whose files are written: new ones, and those that are carried on after them.

    `place` is where they stood in their lines when they were computed.
    """

    schema: Schema
    new: Sequence[NewSlice]
    carried: Sequence[NewSlice]
    place: Place

    @property
    def held(self) -> tuple[datetime, ...]:
        """When the versions carried on become visible."""
        return tuple(sorted({one.visible_from for one in self.carried if one.visible_from}))

    @property
    def superseded(self) -> list[int]:
        """The ids of the versions whose place others take."""
        keys = [(one.slice, one.source) for one in self.new]
        return [version.id for key in keys for version in self.place.later.get(key, ())]

    @property
    def files(self) -> set[str]:
        """The digests of all files."""
        return {digest for one in (*self.new, *self.carried) for digest in files_of(one)}


def commit(
    store: Store,
    made: Made,
    visible_from: datetime | None,
    told: Mapping[str, str],
    together: Together | None = None,
) -> tuple[datetime, datetime] | None:
    """Make slice versions exist; returns when they were committed, and when they become visible.

    `told` is what else the audit trail is told of the release.

    None when their lines changed since they were read, or their files were swept away, for they
    were written so long ago.
    """
    flow = made.schema.context
    with store.catalogue.writing() as connection:
        committed = store.catalogue.stamp(connection)
        store.refuse_changed(connection, made.schema)
        if not store.lake.has_data(made.files):
            return None
        visible = max(committed, visible_from or committed)
        present = place_at(releases.lines(connection, flow, committed), visible)
        keys = [(one.slice, one.source) for one in made.new]
        if any(present.ids(key) != made.place.ids(key) for key in keys):
            return None
        releases.supersede(connection, made.superseded, committed)
        releases.insert(connection, flow, [*made.new, *made.carried], committed, visible)
        _record(store, connection, made, (committed, visible), told)
        if together is not None:
            together(connection, committed)
    return committed, visible


def _record(
    store: Store,
    connection: Connection,
    made: Made,
    instants: tuple[datetime, datetime],
    told: Mapping[str, str],
) -> None:
    """Tell the audit trail who released what."""
    committed, visible = instants
    counts = sum((one.counts for one in made.new), start=DeltaCounts())
    detail: dict[str, object] = {
        "slices": len(made.new),
        "sources": sorted({one.source for one in made.new}),
        "added": counts.added,
        "revised": counts.revised,
        "withdrawn": counts.withdrawn,
        **told,
        "held_until": visible.isoformat() if visible > committed else "",
        "applied_again": [at.isoformat() for at in made.held],
    }
    kept = {name: value for name, value in detail.items() if value not in ("", [])}
    flow = flow_name(made.schema.context)
    store.catalogue.record(connection, committed, "release", flow, **kept)
