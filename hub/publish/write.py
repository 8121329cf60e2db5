"""Changes become files of the lake, some at a time while the next ones are computed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

import pyarrow as pa

from hub.model import Origin, Schema, SliceVersion
from hub.publish.delta import Change
from hub.publish.portions import MOST_ROWS
from hub.store import NewSlice, Store, facts_of_table
from hub.store.artefacts import schema_digest

#: Most of the time of a small file goes into waiting for the disk.
_WRITERS = 4
#: Observations that may wait to be written: they keep what they were computed from in memory.
_MOST_WAITING = MOST_ROWS


def write_changes(
    store: Store,
    schema: Schema,
    changes: Iterable[Change],
    origin: Callable[[Change], Origin],
    base: Mapping[tuple[str, str], SliceVersion],
) -> list[NewSlice]:
    """Write the files of every change; until they are committed, nobody sees them.

    `origin` tells where a change comes from; `base` is by (slice, source). Where a change cannot
    be computed or written, the files of those before stay in the lake under their hashes, and mean
    nothing.
    """
    digest = schema_digest(schema)

    def write(change: Change) -> NewSlice:
        before = base.get((change.slice, change.source))
        return NewSlice(
            slice=change.slice,
            source=change.source,
            base=None if before is None else before.id,
            digest=store.lake.put_table(_filled(change.state)),
            delta=None if change.delta is None else store.lake.put_table(_filled(change.delta)),
            rows=change.state.num_rows,
            counts=change.counts,
            facts=facts_of_table(schema, change.state),
            origin=origin(change),
            structure=str(schema.structure.reference),
            structure_digest=digest,
        )

    written: list[NewSlice] = []
    waiting: deque[tuple[int, Future[NewSlice]]] = deque()
    rows = 0
    with ThreadPoolExecutor(_WRITERS) as pool:
        for change in changes:
            waiting.append((_rows(change), pool.submit(write, change)))
            rows += _rows(change)
            while rows > _MOST_WAITING:
                fewer, oldest = waiting.popleft()
                written.append(oldest.result())
                rows -= fewer
        written += [each.result() for _, each in waiting]
    return written


def _filled(table: pa.Table) -> pa.Table:
    """The columns of a table that hold anything: a file needs no others."""
    rows = table.num_rows
    kept = [
        name
        for name, column in zip(table.column_names, table.columns, strict=True)
        if column.null_count < rows or not rows
    ]
    return table.select(kept)


def _rows(change: Change) -> int:
    rows: int = change.state.num_rows
    return rows if change.delta is None else rows + change.delta.num_rows
