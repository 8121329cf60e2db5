"""What changed in a flow between two instants, as readers saw it: told by the catalogue alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from sqlalchemy import Connection

from hub.errors import Unprocessable
from hub.model import ChangeLog, Reference, SliceVersion, Step, looked_until
from hub.store import releases
from hub.store.retention import forgotten, history_since

#: Of each slice, the newest visible version from every source.
_Offers = dict[str, dict[str, SliceVersion]]


def change_log(
    connection: Connection, flow: Reference, since: datetime | None, until: datetime
) -> ChangeLog:
    """The changes that became visible after `since` (None: ever) and not after `until` (UTC).

    A change counts at the instant from which readers saw it, not when it was committed: what was
    held back changed when the embargo ended. Where the history begins later than what is asked
    for, its first change is that all it then held came. Raises Unprocessable where readers had
    something at `since` that is not known any more.
    """
    kept = history_since(connection, flow)
    if kept is None or (since is not None and since >= kept):
        base = releases.newest(connection, flow, since) if since is not None else ()
        later = releases.visible_between(connection, flow, since, until)
        return ChangeLog(since=since, steps=tuple(_steps(base, later)))
    if since is not None and releases.newest(connection, flow, looked_until(since)):
        raise Unprocessable(forgotten(flow, since, kept))
    base = releases.newest(connection, flow, kept)
    first = [Step(at=kept, before=None, after=version) for version in releases.active(base)]
    later = releases.visible_between(connection, flow, kept, until)
    return ChangeLog(since=since, steps=(*first, *_steps(base, later)))


def _steps(base: Iterable[SliceVersion], later: Iterable[SliceVersion]) -> Iterator[Step]:
    """Follow the version that readers get of each slice from instant to instant."""
    offers: _Offers = {}
    for version in base:
        offers.setdefault(version.slice, {})[version.source] = version
    for at, together in groupby(later, key=attrgetter("visible_from")):
        by_slice: dict[str, list[SliceVersion]] = {}
        for version in together:
            by_slice.setdefault(version.slice, []).append(version)
        for slice_ in sorted(by_slice):
            step = _step(at, offers.setdefault(slice_, {}), by_slice[slice_])
            if step is not None:
                yield step


def _step(
    at: datetime, offered: dict[str, SliceVersion], new: Iterable[SliceVersion]
) -> Step | None:
    """What readers of a slice see change when new versions of it become visible; enters them.

    A delta is against the version before it from the same source. Of two that become visible at
    once the first was never seen: then the files on both sides tell the change.
    """
    before = _active(offered)
    times: Counter[str] = Counter()
    for version in new:
        offered[version.source] = version
        times[version.source] += 1
    after = _active(offered)
    if before is after:
        return None
    is_delta = (
        before is not None
        and after is not None
        and before.source == after.source
        and times[after.source] == 1
    )
    return Step(at=at, before=before, after=after, is_delta=is_delta)


def _active(offered: dict[str, SliceVersion]) -> SliceVersion | None:
    return next(iter(releases.active(offered.values())), None)
