"""Sweeping: what nothing needs any more goes, while others publish, harvest and read.

    observations   files that no slice version names (a publish was killed, or another came first),
                   and those of versions that left the history
    waiting        what was handed in for approval, and was decided
    raw            bytes from partners, older than `keep_raw`, that no version in the history came
                   from; those of which no arrival is told; and those that agreements let nobody
                   keep any longer, whatever came from them
    work           files being written by processes that are dead
    indexes        those of releases that readers do not see now, and half made ones
    spill          what the engine of a dead process had moved from memory to disk

Two things keep what is needed. The grace: what was written or found useful since stays, whoever
needs it, and so do the files of versions that left the history since. And where a mistake would
lose observations, order: a publisher that commits and a sweep that takes files away exclude each
other; the sweep looks once more what is named by then, and the publisher whether its files are
still there. So even one that slept for a week releases nothing that is not there.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from hub.engine import spilled
from hub.errors import Conflict
from hub.store.agreements import all_agreements
from hub.store.arrivals import (
    arrivals_of,
    forget_arrivals,
    last_arrivals,
    take_in_arrivals,
)
from hub.store.expiry import EXPIRED, UNDER, Expiry, forget_raw
from hub.store.lock import file_lock
from hub.store.purges import finish_purges
from hub.store.retention import (
    Forgotten,
    clear_facts,
    forget,
    needed_digests,
    raw_digests,
)
from hub.store.review import raw_of_held
from hub.store.store import Store
from hub.store.sweep_files import OldFile, old_entries, old_files, put_back, remove, set_aside
from hub.store.waiting import waiting_digests

#: Longer than any publish, harvest or download takes.
GRACE = timedelta(days=1)
#: Files taken out of the lake in one transaction, for which publishers wait.
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Swept:
    """How many files of one kind went, or would go, and their bytes together."""

    kind: str
    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Sweeping:
    """What one sweep did, or would do: versions that leave the history, and files that go."""

    forgotten: tuple[Forgotten, ...]
    swept: tuple[Swept, ...]


def sweep(store: Store, *, grace: timedelta = GRACE, dry_run: bool = False) -> Sweeping:
    """Shorten the history to what the settings keep, and remove what nothing needs.

    Raises Conflict while another sweep of the node runs.
    """
    if dry_run:
        return _Sweep(store, grace, dry_run=True).run()
    with file_lock(store.lake.work_folder().with_name("sweep.lock")) as is_held:
        if not is_held:
            raise Conflict("another sweep of this node is running: wait for its end")
        put_back(store.lake)
        take_in_arrivals(store.catalogue, store.lake)  # an upgrade may have been killed
        finish_purges(store)
        done = _Sweep(store, grace, dry_run=False).run()
        _record(store, done)
        return done


class _Sweep:
    """One sweep; `cutoff` in the time of the file system, `removed_since` in the catalogue's."""

    def __init__(self, store: Store, grace: timedelta, *, dry_run: bool) -> None:
        self._store = store
        self._lake = store.lake
        self._dry_run = dry_run
        self._now = store.present()
        self._clock = time.time()
        self._cutoff = self._clock - grace.total_seconds()
        # It lies where all processes of the machine have theirs, of other nodes too.
        self._spill_cutoff = self._clock - max(grace, GRACE).total_seconds()
        self._removed_since = self._now - grace

    def run(self) -> Sweeping:
        kept_for = self._store.settings.keep_history
        forgotten: tuple[Forgotten, ...] = ()
        if kept_for is not None:
            horizon = self._now - kept_for
            forgotten = forget(self._store.catalogue, horizon, dry_run=self._dry_run)
        work = self._lake.work_folder().iterdir()
        return Sweeping(
            forgotten,
            (
                self._observations(),
                self._raw(),
                self._waiting(),
                self._told("work", old_entries(work, self._cutoff)),
                self._told("indexes", self._indexes()),
                self._told("spill", old_entries(spilled(), self._spill_cutoff)),
            ),
        )

    def _told(self, kind: str, files: Iterable[OldFile]) -> Swept:
        gone = [file.size for file in files if self._dry_run or remove(file)]
        return Swept(kind, len(gone), sum(gone))

    def _observations(self) -> Swept:
        with self._store.catalogue.reading() as connection:
            needed = needed_digests(connection, self._removed_since)
        files = old_files((self._lake.root / "data").glob("*/*.parquet"), self._cutoff)
        garbage = [file for file in files if file.path.stem not in needed]
        if self._dry_run:
            return self._told("observations", garbage)
        batches = (garbage[i : i + _AT_ONCE] for i in range(0, len(garbage), _AT_ONCE))
        aside = (file for batch in batches for file in self._take_out(batch))
        return self._told("observations", aside)

    def _take_out(self, batch: list[OldFile]) -> list[OldFile]:
        """Set files aside that are not needed, while nobody can commit that they are."""
        digests = {file.path.stem for file in batch}
        with self._store.catalogue.writing() as connection:
            self._store.catalogue.hold(connection)
            needed = needed_digests(connection, self._removed_since, digests)
            clear_facts(connection, digests - needed)
            garbage = (file for file in batch if file.path.stem not in needed)
            taken = (set_aside(self._lake, file, self._cutoff) for file in garbage)
            return [file for file in taken if file is not None]

    def _waiting(self) -> Swept:
        """What was handed in for approval and does not wait any more."""
        with self._store.catalogue.reading() as connection:
            needed = waiting_digests(connection)
        files = old_files((self._lake.root / "waiting").glob("*/*.parquet"), self._cutoff)
        return self._told("waiting", (file for file in files if file.path.stem not in needed))

    def _raw(self) -> Swept:
        kept_for = self._store.settings.keep_raw
        horizon = 0.0 if kept_for is None else self._clock - kept_for.total_seconds()
        catalogue = self._store.catalogue
        with catalogue.reading() as connection:
            named, held = raw_digests(connection), raw_of_held(connection)
            last = last_arrivals(connection)
        expiry = Expiry(all_agreements(catalogue), self._clock)
        files = old_files((self._lake.root / "raw").glob("*/*.bin"), self._cutoff)
        aside: dict[str, OldFile] = {}
        for file in files:
            digest = file.path.stem
            is_told = digest in last and last[digest].timestamp() >= horizon
            if digest in held:
                continue
            if digest in named or is_told:
                under = expiry.over(partial(arrivals_of, catalogue, digest))
                if under is None:
                    continue
                self._expire(digest, under)
            taken = file if self._dry_run else set_aside(self._lake, file, self._cutoff)
            if taken is not None:
                aside[digest] = taken
        if not self._dry_run:
            before = datetime.fromtimestamp(self._cutoff, UTC)
            with catalogue.writing() as connection:
                forget_arrivals(connection, aside, before)
        return self._told("raw", aside.values())

    def _expire(self, digest: str, agreement: int) -> None:
        """Let versions say under which agreement the bytes they came from went."""
        if not self._dry_run:
            with self._store.catalogue.writing() as connection:
                self._store.catalogue.hold(connection)
                forget_raw(connection, [digest], EXPIRED, **{UNDER: str(agreement)})

    def _indexes(self) -> Iterator[OldFile]:
        """Indexes of releases that are not what readers see, and work of dead processes."""
        store = self._store
        current = {
            store.indexes.path(release, store.schema(flow.reference))
            for flow in store.flows()
            if (release := store.release(flow.reference)) is not None
        }
        files = old_entries(store.indexes.folder.glob("*"), self._cutoff)
        return (file for file in files if file.path not in current)


def _record(store: Store, done: Sweeping) -> None:
    """Tell the audit trail of a sweep that removed something."""
    removed = {
        one.kind: {"files": one.files, "bytes": one.bytes} for one in done.swept if one.files
    }
    if removed:
        with store.catalogue.writing() as connection:
            at = store.catalogue.stamp(connection)
            store.catalogue.record(connection, at, "sweep", "", **removed)
