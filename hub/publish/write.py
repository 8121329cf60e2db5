"""Changes become files of the lake, some at a time while the next ones are computed.

A small file costs what a large one does. So where many slices change a little, as in a harvest of
two hundred countries, they share a file (`hub.store.parts`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

import pyarrow as pa

from hub.engine import arrow_schema
from hub.engine.encoded import joined, trimmed
from hub.model import Origin, Schema, SliceVersion
from hub.publish.delta import Change
from hub.publish.portions import MOST_ROWS
from hub.store import NewSlice, Store, facts_of_table
from hub.store.facts import facts_by_slice
from hub.store.lake import ROW_GROUP
from hub.store.line import Key
from hub.store.parquet import CHANGE, read_encoded
from hub.store.parts import as_fields, digests_of, filled, is_small, put_state, state_of

#: Most of the time of a small file goes into waiting for the disk.
_WRITERS = 4
#: Observations that may wait to be written: they keep what they were computed from in memory.
_MOST_WAITING = MOST_ROWS
#: Slices share a file where so many are small.
LEAST_SHARING = 16


@dataclass(frozen=True)
class Making:
    """Makes slice versions of changes, and their files.

    `origin` tells where a change comes from; `base` is by (slice, source), `compared` has what
    changes were compared with. What is to be equal to a version there is, by `again`, is that.
    """

    store: Store
    schema: Schema
    origin: Callable[[Change], Origin]
    base: Mapping[Key, SliceVersion]
    compared: Mapping[Key, SliceVersion] = field(default_factory=dict)
    again: Mapping[Key, SliceVersion] = field(default_factory=dict)

    def alone(self, change: Change) -> list[NewSlice]:
        """Write a change into files of its own."""
        lake = self.store.lake
        delta = None if change.delta is None else lake.put_table(filled(change.delta))
        same = self.again.get((change.slice, change.source))
        if same is not None and self._is_same(change, same):
            return [self._made(change, same.digest, delta, shared=(same.file, same.cut_by))]
        digest, file = put_state(lake, change.state, self.schema)
        return [self._made(change, digest, delta, shared=(file, None))]

    def _is_same(self, change: Change, version: SliceVersion) -> bool:
        part, fields = state_of(self.store.lake, version), arrow_schema(self.schema)
        held = read_encoded([part], self.schema).table
        return bool(held.cast(fields).equals(change.state.cast(fields)))

    def sharing(self, changes: Sequence[Change]) -> list[NewSlice]:
        """Write changes of different slices, in order of these, into shared files."""
        fields = arrow_schema(self.schema)
        encoded = _joined([change.state for change in changes], fields)
        with ThreadPoolExecutor(1) as pool:  # the engine of files needs no interpreter
            written = pool.submit(self._put_shared, encoded)
            delta = self._put_deltas(changes, fields)
            plain = as_fields(encoded, fields)
            facts = self._facts(changes, plain)
            rows = [change.state.num_rows for change in changes]
            digests = list(digests_of(plain, fields, rows))
            file = written.result()
        return [
            self._made(
                change,
                digest,
                None if change.delta is None else delta,
                facts.get(change.slice),
                (file, self.schema.slice_by),
            )
            for change, digest in zip(changes, digests, strict=True)
        ]

    def _put_shared(self, table: pa.Table) -> str:
        """Write what many versions share; a text that was replaced is in it no more."""
        return self.store.lake.put_table(trimmed(filled(table)), keeps_encoding=True)

    def _put_deltas(self, changes: Sequence[Change], fields: pa.Schema) -> str | None:
        deltas = [change.delta for change in changes if change.delta is not None]
        told = fields.append(pa.field(CHANGE, pa.string()))
        return self._put_shared(_joined(deltas, told)) if deltas else None

    def _facts(self, changes: Sequence[Change], states: pa.Table) -> dict[str, Mapping[str, Any]]:
        """The facts of changes, by slice; where no key comes or goes, those there were.

        None of a slice that is empty now. `states` are what the changes lead to, in their order.
        """
        kept = {change.slice: before for change in changes if (before := self._keeps_keys(change))}
        known = self.store.slice_facts(list(kept.values()))
        facts = {slice_: known[before.id] for slice_, before in kept.items()}
        starts = accumulate((change.state.num_rows for change in changes), initial=0)
        others = [
            states.slice(start, change.state.num_rows)
            for change, start in zip(changes, starts, strict=False)
            if change.slice not in facts
        ]
        return facts | (facts_by_slice(self.schema, pa.concat_tables(others)) if others else {})

    def _keeps_keys(self, change: Change) -> SliceVersion | None:
        """The version that a change was compared with, if it has the same keys."""
        if change.delta is None or change.counts.added or change.counts.withdrawn:
            return None
        return self.compared.get((change.slice, change.source))

    def _made(
        self,
        change: Change,
        digest: str,
        delta: str | None,
        facts: Mapping[str, Any] | None = None,
        shared: tuple[str | None, str | None] = (None, None),
    ) -> NewSlice:
        before = self.base.get((change.slice, change.source))
        return NewSlice(
            slice=change.slice,
            source=change.source,
            base=None if before is None else before.id,
            digest=digest,
            delta=delta,
            file=shared[0],
            cut_by=shared[1],
            rows=change.state.num_rows,
            counts=change.counts,
            facts=facts_of_table(self.schema, change.state) if facts is None else facts,
            origin=self.origin(change),
            structure=str(self.schema.structure.reference),
            structure_digest=self.store.schema_digest(self.schema),
        )

    def may_share(self, change: Change) -> bool:
        """True for a small change that is not to be equal to a version there is."""
        is_again = (change.slice, change.source) in self.again
        tables = (change.state, *([] if change.delta is None else [change.delta]))
        return not is_again and all(is_small(table, self.schema) for table in tables)


def _joined(tables: Sequence[pa.Table], fields: pa.Schema) -> pa.Table:
    """Tables as one, texts still encoded if they are alike in all of them."""
    parts = joined(tables)
    if len(parts) == 1:
        return parts[0]
    return pa.concat_tables([as_fields(part, fields) for part in parts])


def _nobody() -> Collection[str]:
    return ()


def write_changes(
    making: Making,
    changes: Iterable[Change],
    left_out: Callable[[], Collection[str]] = _nobody,
) -> list[NewSlice]:
    """Write the files of every change; until they are committed, nobody sees them.

    `left_out` is asked once all changes are known: of these sources nothing needs to be written any
    more. Where a change cannot be computed or written, the files of those before stay in the lake
    under their hashes, and mean nothing.
    """
    waiting: deque[tuple[int, Future[list[NewSlice]]]] = deque()
    written: list[NewSlice] = []
    small: list[Change] = []
    rows = kept = 0
    with ThreadPoolExecutor(_WRITERS) as pool:
        for change in changes:
            more = _rows(change)
            if making.may_share(change) and kept + more <= _MOST_WAITING:
                small.append(change)
                kept += more
                continue
            waiting.append((more, pool.submit(making.alone, change)))
            rows += more
            while rows > _MOST_WAITING:
                fewer, oldest = waiting.popleft()
                written += oldest.result()
                rows -= fewer
        aside = left_out()
        small = [change for change in small if change.source not in aside]
        if len(small) < LEAST_SHARING:
            waiting.extend((0, pool.submit(making.alone, change)) for change in small)
        else:
            waiting.extend((0, pool.submit(making.sharing, some)) for some in _files(small))
        for _, each in waiting:
            written += each.result()
    return sorted(written, key=lambda one: (one.source, one.slice))


def _files(changes: Sequence[Change]) -> list[list[Change]]:
    """The changes that share a file, a row group: of each slice one, in order of the slices."""
    found: list[list[Change]] = []
    rows: list[int] = []
    for change in sorted(changes, key=lambda one: (one.slice, one.source)):
        more = change.state.num_rows
        for place, some in enumerate(found):
            if some[-1].slice != change.slice and rows[place] + more <= ROW_GROUP:
                some.append(change)
                rows[place] += more
                break
        else:
            found.append([change])
            rows.append(more)
    return found


def _rows(change: Change) -> int:
    rows: int = change.state.num_rows
    return rows if change.delta is None else rows + change.delta.num_rows
