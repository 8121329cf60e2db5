"""Changes become files of the lake, some at a time while the next ones are computed."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

from hub.model import Origin, Schema, SliceVersion
from hub.publish.delta import Change
from hub.store import NewSlice, Store, facts_of_table
from hub.store.artefacts import schema_digest

#: Most of the time of a small file goes into waiting for the disk.
_WRITERS = 4
#: Changes that may wait to be written: they keep what they were computed from in memory.
_WAITING = 16


def write_changes(
    store: Store,
    schema: Schema,
    changes: Iterable[Change],
    origins: Mapping[str, Origin],
    base: Mapping[tuple[str, str], SliceVersion],
) -> list[NewSlice]:
    """Write the files of every change; until they are committed, nobody sees them.

    `origins` are by source, `base` by (slice, source). Where a change cannot be computed or
    written, the files of those before stay in the lake under their hashes, and mean nothing.
    """
    digest = schema_digest(schema)

    def write(change: Change) -> NewSlice:
        before = base.get((change.slice, change.source))
        return NewSlice(
            slice=change.slice,
            source=change.source,
            base=None if before is None else before.id,
            digest=store.lake.put_table(change.state),
            delta=None if change.delta is None else store.lake.put_table(change.delta),
            rows=change.state.num_rows,
            counts=change.counts,
            facts=facts_of_table(schema, change.state),
            origin=origins[change.source],
            structure=str(schema.structure.reference),
            structure_digest=digest,
        )

    written: list[NewSlice] = []
    waiting: deque[Future[NewSlice]] = deque()
    with ThreadPoolExecutor(_WRITERS) as pool:
        for change in changes:
            waiting.append(pool.submit(write, change))
            if len(waiting) > _WAITING:
                written.append(waiting.popleft().result())
        written += [each.result() for each in waiting]
    return written
