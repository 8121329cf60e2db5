"""Reading changes: a selection of them becomes the data sets of a message, in one stream."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from hub.engine import identifier, identifiers, session
from hub.model import ChangeLog, Schema, Selection
from hub.store.conditions import condition_of
from hub.store.history_sql import PART, ChangeRelation
from hub.store.lake import Lake
from hub.store.reading import open_batches, select_sql
from hub.store.source import Source, out_of_order


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One data set of changes: what a dissemination brought, or took away, in so many rows.

    `at` is when readers first saw it, in UTC; None for net changes, which may be of several times.
    """

    number: int
    at: datetime | None
    is_deletion: bool
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeReading:
    """What is needed to read changes: each of them, or what they come to (`is_net`)."""

    log: ChangeLog
    schema: Schema
    lake: Lake
    memory_limit: str
    is_net: bool

    @property
    def facts(self) -> None:
        """Nothing is known of changes before they are read."""

    @property
    def periods(self) -> Sequence[str]:
        """The time periods of what changed."""
        with self.changes() as changes:
            return periods_of(changes, self.schema)

    @contextmanager
    def source(self) -> Iterator[Source]:
        """Open what changed and is there."""
        with self.changes() as changes:
            there = f"(FROM {changes.relation} WHERE NOT _gone)"
            yield Source(changes.connection, there, is_sorted=False)

    @contextmanager
    def changes(self, *, by_series: bool = False) -> Iterator[Source]:
        """Open the changes; `by_series` where rows stand for series, which go as a whole."""
        with session(memory_limit=self.memory_limit) as connection:
            relation = ChangeRelation(connection, self.schema, self.lake)
            made = relation.net_changes if self.is_net else relation.every_change
            found = made(self.log)
            if by_series:
                found = relation.of_dead_series(found, self.log, is_net=self.is_net)
            yield Source(connection, found, is_sorted=False, parts=(PART,))


class Changes:
    """A selection of changes, opened: its data sets are known, its rows are read once.

    `columns` are the components wanted. Where the time dimension is not among them, rows stand for
    series. `order` is as in reading a release, within each data set. Pages count rows over all data
    sets. Raises Unprocessable for a component the structure does not have. Close it, or read it to
    its end.
    """

    def __init__(
        self,
        reading: ChangeReading,
        selection: Selection,
        columns: Sequence[str],
        order: Sequence[str] = (),
    ) -> None:
        schema = reading.schema
        self._schema, self._columns, self._order = schema, tuple(columns), tuple(order)
        self._selection, self._log, self._is_net = selection, reading.log, reading.is_net
        is_by_series = schema.time is not None and schema.time.id not in columns
        with ExitStack() as stack:
            source = stack.enter_context(reading.changes(by_series=is_by_series))
            counts = selection.first_n is not None or selection.last_n is not None
            about_time = selection.filters or selection.sort or counts
            periods = periods_of(source, schema) if about_time else ()
            self._source = replace(source, periods=out_of_order(periods))
            self._condition = condition_of(schema, selection, periods)
            self.parts = tuple(self._parts())
            self._stack = stack.pop_all()

    def close(self) -> None:
        """Give back what is open; what is read to its end has done so."""
        self._stack.close()

    @property
    def rows(self) -> int:
        """How many rows all data sets have."""
        return sum(part.rows for part in self.parts)

    def batches(self) -> pa.RecordBatchReader:
        """The rows of all data sets, one after another; to be asked for once, and last."""
        sql = self._select(self._columns)
        source, stack = self._source, self._stack.pop_all()
        return open_batches(self._schema, self._columns, sql, self._condition, source, stack)

    def distinct(self, columns: Sequence[str]) -> Mapping[int, pa.Table]:
        """The different rows of each data set in some columns, by its number."""
        names = (PART, *columns)
        query = f"SELECT DISTINCT {identifiers(names)} FROM ({self._select(names)})"
        found = self._source.connection.sql(query, params=self._condition.values).to_arrow_table()
        rows = found.drop_columns(PART)
        return {part.number: rows.filter(pc.equal(found[PART], part.number)) for part in self.parts}

    def _parts(self) -> Iterator[Part]:
        """The data sets that have rows, cut to the page asked for."""
        everything = replace(self._selection, sort=(), offset=0, limit=None)
        in_any_order = replace(self._source, is_sorted=True)
        sql = select_sql(self._schema, everything, (PART,), (), self._condition, in_any_order)
        query = f"SELECT {PART}, count(*) FROM ({sql}) GROUP BY {PART} ORDER BY {PART}"
        counted = self._source.connection.execute(query, self._condition.values).fetchall()
        start, limit = self._selection.offset, self._selection.limit
        stop = start + (sum(rows for _, rows in counted) if limit is None else limit)
        passed = 0
        for number, rows in counted:
            taken = min(passed + rows, stop) - max(passed, start)
            passed += rows
            if taken > 0:
                yield self._part(number, taken)

    def _part(self, number: int, rows: int) -> Part:
        if self._is_net:
            return Part(number=number, at=None, is_deletion=not number, rows=rows)
        at = self._log.instants[number // 2]
        return Part(number=number, at=at, is_deletion=bool(number % 2), rows=rows)

    def _select(self, columns: Sequence[str]) -> str:
        condition, source = self._condition, self._source
        return select_sql(self._schema, self._selection, columns, self._order, condition, source)


def periods_of(source: Source, schema: Schema) -> Sequence[str]:
    """The time periods of a source."""
    if schema.time is None:
        return ()
    query = f"SELECT DISTINCT {identifier(schema.time.id)} FROM {source.relation}"
    return [period for (period,) in source.connection.execute(query).fetchall()]
