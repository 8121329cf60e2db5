"""What readers see between two changes of the catalogue, looked up once and then kept.

Every request asks first whether something changed, so an answer is never older than the last
commit before its request.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from hub.model import Reference, Release, Structures
from hub.store import Store, flow_name

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(eq=False)
class Moment:
    """What was read while the catalogue had one version: each fact once.

    It ends with the next commit, or at `until`, when something held back becomes visible.
    """

    version: object
    until: datetime = _NEVER
    structures: tuple[Structures, datetime] | None = None
    changed: datetime | None = None
    filled: frozenset[str] | None = None
    releases: dict[Reference, Release | None] = field(default_factory=dict)


class Moments:
    """The moments of a store. Calls may come from several threads.

    What is read may be newer than the moment it is kept in: then the moment has ended already, and
    the next request begins another.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._watch = store.watch
        self._last: Moment | None = None

    @property
    def wait(self) -> bool:
        """True where `now` asks over a network."""
        return self._watch.waits

    def now(self) -> Moment:
        """The present moment: the same object until readers see something else."""
        version, last = self._watch.version(), self._last
        if last is None or last.version != version or self._store.catalogue.now() >= last.until:
            # Asked after the version: what was committed in between begins another moment.
            last = self._last = Moment(version, self._store.next_visible() or _NEVER)
        return last

    def structures(self) -> tuple[Structures, datetime]:
        """All artefacts, and when they last changed."""
        moment = self.now()
        if moment.structures is None:
            moment.structures = self._store.structures, self._store.structures_changed
        return moment.structures

    def changed(self) -> datetime:
        """When artefacts or any release last changed."""
        moment = self.now()
        if moment.changed is None:
            _, structures = self.structures()
            figures = self._store.last_visible()
            moment.changed = structures if figures is None else max(structures, figures)
        return moment.changed

    def release(self, flow: Reference) -> Release | None:
        """The release of a flow that readers see now."""
        moment = self.now()
        if moment.filled is None:
            moment.filled = self._store.filled_flows()
        if flow not in moment.releases:
            is_there = flow_name(flow) in moment.filled  # of most, nothing ever was
            moment.releases[flow] = self._store.release(flow) if is_there else None
        return moment.releases[flow]
