"""Where the observations of a release are read: its index, else its Parquet files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import duckdb

from hub.engine import session
from hub.model import Release, Schema, parse_period
from hub.store.facts import ReleaseFacts
from hub.store.index import TABLE, Indexes, OpenIndex
from hub.store.lake import Lake
from hub.store.parquet import relation_of
from hub.store.parts import Part, state_of


@dataclass(frozen=True, slots=True)
class Source:
    """A connection and what stands after FROM; `is_sorted` where rows come in key order.

    `parts` are columns that part the rows into data sets: each has its own series and its own
    order. `periods` are the time periods in their order, () where that is the order of their texts.
    """

    connection: duckdb.DuckDBPyConnection
    relation: str
    is_sorted: bool
    parts: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()


def out_of_order(periods: Sequence[str]) -> tuple[str, ...]:
    """Time periods in their order: what begins first, then what ends first.

    () where that is the order of their texts, as it is where all have the same form.
    """
    parsed = [parse_period(text) for text in sorted(periods)]
    in_time = sorted(parsed, key=lambda period: (period.start, period.end))
    return () if in_time == parsed else tuple(period.text for period in in_time)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Everything needed to read one release: it never changes, so neither does this."""

    release: Release
    schema: Schema
    facts: ReleaseFacts
    lake: Lake
    indexes: Indexes
    memory_limit: str

    @property
    def periods(self) -> Sequence[str]:
        """The time periods of the release."""
        time = self.schema.time
        return self.facts.values.get(time.id, ()) if time is not None else ()

    @cached_property
    def out_of_order(self) -> tuple[str, ...]:
        """The periods in the order of time; () where that is the order of their texts."""
        return out_of_order(self.periods)

    @cached_property
    def index_path(self) -> Path:
        """Where the index of the release is, or will be."""
        return self.indexes.path(self.release, self.schema)

    @property
    def index(self) -> OpenIndex | None:
        """The index of the release, if there is one; who asks lets one be made that is not past."""
        found = self.indexes.get(self.index_path, self.schema)
        if found is None and not self.release.is_past:
            self.indexes.build_later(
                self.index_path, self.release, self.schema, self.facts, self.parts()
            )
        return found

    def parts(self) -> list[Part]:
        """The parts of Parquet files that the release consists of."""
        return [state_of(self.lake, version) for version in self.release.slices]

    @contextmanager
    def source(self) -> Iterator[Source]:
        """An engine on the index if there is one, else on the files."""
        cursor = self._cursor()
        if cursor is not None:
            with cursor:
                yield Source(cursor, TABLE, is_sorted=True, periods=self.out_of_order)
            return
        with session(memory_limit=self.memory_limit) as connection:
            files = relation_of(self.parts(), self.schema)
            yield Source(connection, files, is_sorted=False, periods=self.out_of_order)

    def _cursor(self) -> duckdb.DuckDBPyConnection | None:
        index = self.index
        if index is None:
            return None
        try:
            return index.cursor()
        except duckdb.Error as error:
            self.indexes.discard(self.index_path, error)
            return None
