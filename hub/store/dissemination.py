"""What readers saw change, release by release: counts, notes and the largest revisions."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from sqlalchemy import Connection

from hub.model import ArtefactClass, Dataflow, DeltaCounts, Reference, Step
from hub.store import releases
from hub.store.difference import Changed, Pair, compare, largest_revisions
from hub.store.history import change_log
from hub.store.retention import history_since
from hub.store.store import Store
from hub.store.tables import MICROSECOND

#: Of so many instants at which something became visible, some may be of sources nobody reads.
_LOOKED_AT = 4
_KEPT = 1_024


@dataclass(frozen=True, slots=True, kw_only=True)
class Dissemination:
    """One release as readers saw it: what it changed against what they had before.

    `release` is its id, `revisions` the largest, `notes` what was said of it.
    """

    flow: Dataflow
    at: datetime
    release: str
    counts: DeltaCounts
    revisions: tuple[Changed, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Seen:
    """The steps of one dissemination, before anything is read from the lake."""

    flow: Dataflow
    at: datetime
    release: str
    steps: tuple[Step, ...]
    notes: tuple[str, ...]


class Disseminations:
    """The newest releases of a store; what is read from the lake for one is kept."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: OrderedDict[object, tuple[DeltaCounts, tuple[Changed, ...]]] = OrderedDict()
        self._lock = Lock()

    def newest(
        self, most: int, revisions: int, flow: Reference | None = None
    ) -> list[Dissemination]:
        """At most so many, the newest first; of all flows, or of one.

        `revisions` are told of each, at most. Nothing that is held back is among them, nor told in
        any of them.
        """
        store = self._store
        structures = store.structures  # opens what is due
        with store.catalogue.reading() as connection:
            until = store.catalogue.last(connection)
            found = releases.disseminated(connection, until, most * _LOOKED_AT, flow)
            flows = {
                name: known
                for name in dict.fromkeys(name for name, _ in found)
                if isinstance(
                    known := structures.latest(ArtefactClass.DATAFLOW, *name.split(":")), Dataflow
                )
            }
            seen = [
                one
                for name, known in flows.items()
                for one in _seen(connection, known, [at for by, at in found if by == name], until)
            ]
        seen.sort(key=lambda one: (one.at, one.flow.urn), reverse=True)
        return [self._told(one, revisions) for one in seen[:most]]

    def _told(self, seen: _Seen, revisions: int) -> Dissemination:
        pairs = [(step.before, step.after) for step in seen.steps]
        key = (seen.flow.reference, seen.at, revisions, *(_digests(pair) for pair in pairs))
        with self._lock:
            known = self._known.get(key)
        if known is None:
            known = self._read(seen, revisions)
            with self._lock:
                self._known[key] = known
                if len(self._known) > _KEPT:
                    self._known.popitem(last=False)
        counts, largest = known
        return Dissemination(
            flow=seen.flow,
            at=seen.at,
            release=seen.release,
            counts=counts,
            revisions=largest,
            notes=seen.notes,
        )

    def _read(self, seen: _Seen, revisions: int) -> tuple[DeltaCounts, tuple[Changed, ...]]:
        """Count what steps changed; the catalogue knows most of it."""
        counts, untold, revised = DeltaCounts(), [], []
        for step in seen.steps:
            told = _counts(step)
            if told is None:
                untold.append((step.before, step.after))
            else:
                counts += told
            if told is None or told.revised:
                revised.append((step.before, step.after))
        schema = self._store.schema(seen.flow.reference)
        counts += compare(self._store, schema, untold, 0).counts
        return counts, largest_revisions(self._store, schema, revised, revisions)


def _seen(
    connection: Connection, flow: Dataflow, instants: Sequence[datetime], until: datetime
) -> Iterator[_Seen]:
    """The disseminations of a flow at some instants, given the newest first."""
    since = min(instants) - MICROSECOND
    kept = history_since(connection, flow.reference)
    if kept is not None:
        since = max(since, kept)
    log = change_log(connection, flow.reference, since, until)
    versions = releases.visible_between(connection, flow.reference, since, until)
    for at in log.instants:
        steps = tuple(step for step in log.steps if step.at == at and _is_change(step))
        release = releases.release_at(connection, flow.reference, at)
        if steps and release is not None:
            notes = _unique(version.note for version in versions if version.visible_from == at)
            yield _Seen(flow, at, release.id, steps, notes)


def _counts(step: Step) -> DeltaCounts | None:
    """What a step changed, where the catalogue knows it."""
    if step.before is None and step.after is not None:
        return DeltaCounts(added=step.after.rows)
    if step.after is None and step.before is not None:
        return DeltaCounts(withdrawn=step.before.rows)
    if step.is_delta and step.after is not None:
        return step.after.counts
    return None


def _is_change(step: Step) -> bool:
    one, other = _digests((step.before, step.after))
    return one != other


def _digests(pair: Pair) -> tuple[str | None, str | None]:
    before, after = pair
    return (before.digest if before else None), (after.digest if after else None)


def _unique(notes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(note for note in notes if note))
