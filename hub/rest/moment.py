"""What readers see between two changes of the catalogue, looked up once and then kept.

Every request asks first whether something changed. SQLite answers that in microseconds: for each
connection it counts the commits that others made (`PRAGMA data_version`), whichever process they
ran in. So an answer is never older than the commit before its request.
"""

from __future__ import annotations

import sqlite3
import threading
import weakref
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from hub.model import Reference, Release, Structures
from hub.store import Store, flow_name
from hub.store.tables import from_microseconds, to_microseconds

_NEVER = datetime.max.replace(tzinfo=UTC)


class CatalogueWatch:
    """A kept connection to a SQLite catalogue that tells whether others committed to it."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(
            path, timeout=1, isolation_level=None, check_same_thread=False
        )
        weakref.finalize(self, self._connection.close)

    def version(self) -> int:
        """A number that is another one after each commit."""
        with self._lock:
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def next_visible(self, flow: Reference, after: datetime) -> datetime | None:
        """The first instant after one at which a held-back slice of a flow becomes visible."""
        query = "SELECT min(visible_from) FROM slice_version WHERE flow = ? AND visible_from > ?"
        with self._lock:
            row = self._connection.execute(query, (flow_name(flow), to_microseconds(after)))
            found = row.fetchone()[0]
        return None if found is None else from_microseconds(found)


@dataclass(eq=False)
class Moment:
    """What was read while the catalogue had one version: each fact once.

    It ends with the next commit, or at `until`, when something held back becomes visible.
    """

    version: int
    until: datetime = _NEVER
    structures: tuple[Structures, datetime] | None = None
    releases: dict[Reference, Release | None] = field(default_factory=dict)


class Moments:
    """The moments of a store whose catalogue is SQLite. Calls may come from several threads.

    What is read may be newer than the moment it is kept in: then the moment has ended already, and
    the next request begins another.
    """

    def __init__(self, store: Store, catalogue: Path) -> None:
        self._store = store
        self._watch = CatalogueWatch(catalogue)
        self._last: Moment | None = None
        self._ending = threading.Lock()

    def now(self) -> Moment:
        """The present moment: the same object until readers see something else."""
        version, last = self._watch.version(), self._last
        if last is None or last.version != version or self._store.catalogue.now() >= last.until:
            last = self._last = Moment(version)
        return last

    def structures(self) -> tuple[Structures, datetime]:
        """All artefacts, and when they last changed."""
        moment = self.now()
        if moment.structures is None:
            moment.structures = self._store.structures, self._store.structures_changed
        return moment.structures

    def release(self, flow: Reference) -> Release | None:
        """The release of a flow that readers see now."""
        moment = self.now()
        if flow not in moment.releases:
            # Asked before the release is read, so that none becomes visible in between unnoticed.
            next_visible = self._watch.next_visible(flow, self._store.catalogue.now())
            if next_visible is not None:
                with self._ending:
                    moment.until = min(moment.until, next_visible)
            moment.releases[flow] = self._store.release(flow)
        return moment.releases[flow]


def moments_of(store: Store) -> Moments | None:
    """The moments of a store; None where its catalogue cannot tell cheaply whether it changed."""
    url = store.catalogue.engine.url
    if store.catalogue.engine.dialect.name != "sqlite" or not url.database:
        return None
    return Moments(store, Path(url.database))
