"""Changes as one SQL relation over the files that hold them.

Deltas tell most of them. Where readers got another source of a slice, or there is nothing on one
side, the files on both sides do. A row has the columns of the schema, with what the observation
said afterwards or, where it went, said last, and these:

| column  |                                                                  |
|---------|------------------------------------------------------------------|
| `_at`   | the dissemination, by its number                                 |
| `_gone` | true where the observation is not there any more                 |
| `_was`  | true where it was there before                                   |
| `_part` | the data set it belongs to, in the order of the message          |
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from hub.engine import differs, identifier, identifiers, literal
from hub.model import ChangeLog, Column, Schema, SliceVersion, Step, looked_until
from hub.store.lake import Lake
from hub.store.parquet import ADDED, CHANGE, FILE, WITHDRAWN, relation_of
from hub.store.parts import Part, delta_of, state_of

PART = "_part"
_COLUMN, _SLICE = "_column", "_slice"

#: A step with the number of its dissemination; what its rows are read from likewise.
_Numbered = tuple[int, Step]
_File = tuple[int, Part]


@dataclass(frozen=True, slots=True)
class ChangeRelation:
    """Makes relations of changes on a connection, which gets tables that number the files."""

    connection: duckdb.DuckDBPyConnection
    schema: Schema
    lake: Lake

    def every_change(self, log: ChangeLog) -> str:
        """Each change of each dissemination; a dissemination first brings, then takes away."""
        changes = self._changes("every", _numbered(log))
        return f"(SELECT *, 2 * _at + CAST(_gone AS INTEGER) AS {PART} FROM {changes})"

    def net_changes(self, log: ChangeLog) -> str:
        """What became of each observation that changed: first those that went, then the others.

        What came and went since, and was not there when the log begins, is in neither; save what
        readers may have seen who cut the instant to whole seconds (see `looked_until`).
        """
        looked = log.since and looked_until(log.since)
        once: list[_Numbered] = []
        repeatedly: list[_Numbered] = []
        for steps in _by_slice(_numbered(log)):
            (_, first), (_, last) = steps[0], steps[-1]
            is_seen = looked is not None and first.at <= looked
            if len(steps) == 1:
                once += steps
            elif is_seen or (first.before is not None and last.after is not None):
                repeatedly += steps
            else:  # with nothing at one end, all there is at the other is the change
                once.append((0, Step(at=last.at, before=first.before, after=last.after)))
        changes = self._changes("once", once)
        if repeatedly:
            seen = sum(1 for at in log.instants if looked is not None and at <= looked)
            latest = self._latest(self._changes("repeated", repeatedly), seen)
            changes = f"(FROM {changes} UNION ALL FROM {latest})"
        return f"(SELECT *, CAST(NOT _gone AS INTEGER) AS {PART} FROM {changes})"

    def of_dead_series(self, changes: str, log: ChangeLog, *, is_net: bool) -> str:
        """The changes without what went from series that have observations left."""
        steps = _numbered(log)
        if is_net:
            steps = [of_slice[-1] for of_slice in _by_slice(steps)]
        left = self._rows("living", self._states((number, step.after) for number, step in steps))
        when = "TRUE" if is_net else "l._at = c._at"
        same = " AND ".join(f"l.{name} = c.{name}" for name in _quoted(self.schema.key))
        return (
            f"(FROM {changes} c WHERE NOT (c._gone AND EXISTS "
            f"(FROM {left} l WHERE {when} AND {same})))"
        )

    def _latest(self, changes: str, seen: int) -> str:
        """The last change of each observation.

        The first `seen` disseminations may have been seen; what came later and went is passed over.
        """
        was_seen = "arg_min(_was, _at) OVER w"
        if seen:
            was_seen += f" OR bool_or(NOT _gone AND _at < {seen}) OVER w"
        key = identifiers(column.id for column in self.schema.dimensions)
        return (
            f"(FROM {changes} WINDOW w AS (PARTITION BY {key}) "
            f"QUALIFY _at = max(_at) OVER w AND (NOT _gone OR {was_seen}))"
        )

    def _changes(self, name: str, steps: Sequence[_Numbered]) -> str:
        """The changes of some steps; `name` makes the tables of files different ones."""
        deltas, new, gone, others = self._by_kind(steps)
        kinds = []
        if deltas:
            rows = self._rows(f"{name}_deltas", deltas)
            of_delta = f"{CHANGE} = {literal(WITHDRAWN)}", f"{CHANGE} <> {literal(ADDED)}"
            kinds.append(self._all(rows, *of_delta))
        if new:
            kinds.append(self._all(self._rows(f"{name}_new", new), "FALSE", "FALSE"))
        if gone:
            kinds.append(self._all(self._rows(f"{name}_gone", gone), "TRUE", "TRUE"))
        if others or not kinds:
            before = self._rows(f"{name}_before", self._states((n, s.before) for n, s in others))
            after = self._rows(f"{name}_after", self._states((n, s.after) for n, s in others))
            kinds.append(self._compared(before, after))
        return f"({' UNION ALL '.join(kinds)})"

    def _all(self, rows: str, gone: str, was: str) -> str:
        """Every row as a change; `gone` and `was` are expressions."""
        columns = ", ".join(_quoted(self.schema.columns))
        return f"SELECT {columns}, _at, {gone} AS _gone, {was} AS _was FROM {rows}"

    def _compared(self, before: str, after: str) -> str:
        """The rows that differ between two relations."""
        values = (*self.schema.measures, *self.schema.attributes)
        keys = ["_at", *_quoted(self.schema.dimensions)]
        same = " AND ".join(f"b.{key} = a.{key}" for key in keys)
        columns = ", ".join(
            f"CASE WHEN a._at IS NULL THEN b.{name} ELSE a.{name} END AS {name}"
            for name in (*_quoted(self.schema.columns), "_at")
        )
        return (
            f"SELECT {columns}, a._at IS NULL AS _gone, b._at IS NOT NULL AS _was "
            f"FROM {before} b FULL JOIN {after} a ON {same} "
            f"WHERE a._at IS NULL OR b._at IS NULL OR {differs(values, 'a', 'b')}"
        )

    def _rows(self, name: str, files: Sequence[_File]) -> str:
        """The rows of files with `_at`, their number."""
        if not files:
            return f"(SELECT *, CAST(NULL AS BIGINT) AS _at FROM {relation_of((), self.schema)})"
        columns = {
            FILE: pa.array([part.path.as_posix() for _, part in files]),
            _COLUMN: pa.array([part.column for _, part in files], pa.string()),
            _SLICE: pa.array([part.slice for _, part in files], pa.string()),
            "_at": pa.array([number for number, _ in files], pa.int64()),
        }
        self.connection.register(name, pa.table(columns))
        parts = sorted({part for _, part in files}, key=lambda part: part.order)
        rows = relation_of(parts, self.schema, with_file=True)
        cuts = [
            f"(n.{_COLUMN} = {literal(column)} AND n.{_SLICE} = r.{identifier(column)})"
            for column in sorted({part.column for part in parts if part.column is not None})
        ]
        of_slice = " OR ".join([f"n.{_COLUMN} IS NULL", *cuts])
        joined = f"{rows} r JOIN {name} n ON r.{FILE} = n.{FILE} AND ({of_slice})"
        return f"(SELECT r.*, n._at FROM {joined})"

    def _by_kind(
        self, steps: Iterable[_Numbered]
    ) -> tuple[list[_File], list[_File], list[_File], list[_Numbered]]:
        """Steps that a delta tells, that only brought something, only took it away, and others."""
        deltas: list[_File] = []
        new: list[_File] = []
        gone: list[_File] = []
        others: list[_Numbered] = []
        for number, step in steps:
            before, after = step.before, step.after
            delta = delta_of(self.lake, after) if step.is_delta and after is not None else None
            if delta is not None:
                deltas.append((number, delta))
            elif before is None and after is not None:
                new.append((number, state_of(self.lake, after)))
            elif after is None and before is not None:
                gone.append((number, state_of(self.lake, before)))
            elif before is not None:
                others.append((number, step))
        return deltas, new, gone, others

    def _states(self, found: Iterable[tuple[int, SliceVersion | None]]) -> list[_File]:
        return [
            (number, state_of(self.lake, version))
            for number, version in found
            if version is not None
        ]


def _numbered(log: ChangeLog) -> list[_Numbered]:
    numbers = {at: number for number, at in enumerate(log.instants)}
    return [(numbers[step.at], step) for step in log.steps]


def _by_slice(steps: Iterable[_Numbered]) -> list[list[_Numbered]]:
    found: dict[str, list[_Numbered]] = {}
    for number, step in steps:
        found.setdefault(step.slice, []).append((number, step))
    return list(found.values())


def _quoted(columns: Iterable[Column]) -> list[str]:
    return [identifier(column.id) for column in columns]
