"""Selections that need no engine: conditions on the key and on time, answered by the directory.

They are nearly all that clients ask. What else a query can say (attributes, measures, an order of
its own) is left to the engine; answers are the same.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hub.engine import repeated, storage_type
from hub.model import (
    FLOATS,
    INTEGERS,
    Column,
    ComponentFilter,
    KeyPattern,
    Operator,
    Role,
    Schema,
    Selection,
)
from hub.model.representation import EXACT_TEXT
from hub.store.conditions import fitting_periods
from hub.store.index import OpenIndex
from hub.store.index.series import Allowed, Ranges
from hub.store.source import Reading

_NUMERIC = INTEGERS | FLOATS | EXACT_TEXT


@dataclass(frozen=True, slots=True)
class Wanted:
    """A selection as what the directory understands: alternatives of allowed codes, and periods.

    `periods` None means all.
    """

    alternatives: tuple[Allowed, ...]
    periods: frozenset[str] | None


def wanted_of(reading: Reading, index: OpenIndex, selection: Selection) -> Wanted | None:
    """What a selection wants of the directory; None where it says more than that understands."""
    schema = reading.schema
    of_key: dict[str, Sequence[str]] = {}
    periods: set[str] | None = None
    for one in selection.filters:
        column = schema.by_id.get(one.component)
        if column is None or not _is_understood(column):
            return None
        if column.role is Role.TIME:
            fit = fitting_periods(one, reading.periods, selection.reporting_year_start)
            periods = {*fit} if periods is None else periods.intersection(fit)
        else:
            fit = [text for text in index.series.values(column.id) if _fits(text, one)]
            of_key[column.id] = _both(of_key.get(column.id), fit)
    patterns: Iterable[KeyPattern] = selection.keys or ((),)
    if any(len(pattern) > len(schema.key) for pattern in patterns):
        return None
    alternatives = tuple(_allowed(schema, pattern, of_key) for pattern in _together(patterns))
    return Wanted(alternatives, None if periods is None else frozenset(periods))


def read_direct(
    reading: Reading, selection: Selection, columns: Sequence[str], order: Sequence[str]
) -> tuple[pa.Schema, Iterator[pa.RecordBatch]] | None:
    """Answer a selection from the index; None where that takes the engine."""
    index = reading.index
    counts = selection.first_n is not None or selection.last_n is not None
    if index is None or order or selection.sort:
        return None
    wanted = wanted_of(reading, index, selection)
    if wanted is None or (counts and not _counts_fit(reading, wanted)):
        return None
    found = index.series.find(wanted.alternatives)
    if counts:
        rows = index.series.first_and_last(found, selection.first_n, selection.last_n)
    else:
        rows = index.series.rows(found)
    fields = [_field(index, reading.schema.by_id[name]) for name in columns]
    arrow = pa.schema(fields)
    return arrow, _read(reading.schema, index, rows, selection, wanted.periods, arrow)


def _counts_fit(reading: Reading, wanted: Wanted) -> bool:
    """True where the first and last observations of a series are the ends of its rows."""
    in_order = reading.schema.time is not None and not reading.out_of_order
    return in_order and wanted.periods is None


def _read(
    schema: Schema,
    index: OpenIndex,
    rows: Ranges,
    selection: Selection,
    periods: frozenset[str] | None,
    arrow: pa.Schema,
) -> Iterator[pa.RecordBatch]:
    """Batches of some rows, as far as they are of the periods and on the page asked for."""
    varying = [name for name in arrow.names if name not in index.fixed]
    if periods is None:
        batches = index.rows.read(_page(rows, selection), varying or _any_column(index))
    else:
        time = schema.dimensions[-1].id  # who asks for periods has a time dimension
        read = index.rows.read(rows, list(dict.fromkeys([*varying, time])))
        batches = _paged(_of_periods(read, time, periods), selection)
    for batch in batches:
        yield pa.RecordBatch.from_arrays(
            [
                batch.column(field.name)
                if field.name not in index.fixed
                else repeated(index.fixed[field.name], batch.num_rows, field.type)
                for field in arrow
            ],
            schema=arrow,
        )


def _field(index: OpenIndex, column: Column) -> pa.Field:
    if column.id not in index.fixed:
        return index.rows.schema.field(column.id)
    kind = storage_type(column)
    is_text = pa.types.is_string(kind) and not index.fixed[column.id].null_count
    return pa.field(column.id, pa.dictionary(pa.int8(), kind) if is_text else kind)


def _any_column(index: OpenIndex) -> list[str]:
    first: list[str] = index.rows.schema.names[:1]
    return first


def _page(rows: Ranges, selection: Selection) -> Ranges:
    """The part of some rows that offset and limit leave."""
    if not selection.offset and selection.limit is None:
        return rows
    ends = np.cumsum(rows[:, 1] - rows[:, 0])
    total = int(ends[-1]) if len(ends) else 0
    start = min(selection.offset, total)
    end = total if selection.limit is None else min(total, start + selection.limit)
    before = ends - (rows[:, 1] - rows[:, 0])
    cut = np.stack(
        (
            rows[:, 0] + np.clip(start - before, 0, None),
            rows[:, 1] - np.clip(ends - end, 0, None),
        ),
        axis=1,
    )
    return cut[cut[:, 1] > cut[:, 0]]


def _paged(batches: Iterator[pa.RecordBatch], selection: Selection) -> Iterator[pa.RecordBatch]:
    skip, left = selection.offset, selection.limit
    for batch in batches:
        if left == 0:
            return
        taken = batch.slice(min(skip, batch.num_rows), left)
        skip -= batch.num_rows - taken.num_rows if skip else 0
        left = None if left is None else left - taken.num_rows
        if taken.num_rows:
            yield taken


def _of_periods(
    batches: Iterator[pa.RecordBatch], time: str, periods: frozenset[str]
) -> Iterator[pa.RecordBatch]:
    wanted = pa.array(sorted(periods), pa.string())
    for batch in batches:
        kept = batch.filter(_are_in(batch.column(time), wanted))
        if kept.num_rows:
            yield kept


def _are_in(times: pa.Array, wanted: pa.Array) -> pa.Array:
    if not pa.types.is_dictionary(times.type):
        return pc.is_in(times, value_set=wanted)
    return pc.take(pc.is_in(times.dictionary, value_set=wanted), times.indices)


def _is_understood(column: Column) -> bool:
    """True for time, and for dimensions whose values compare as text."""
    is_number = column.text_type in _NUMERIC and not column.is_coded
    return column.role is Role.TIME or (column.role is Role.DIMENSION and not is_number)


def _together(patterns: Iterable[KeyPattern]) -> Iterable[KeyPattern]:
    """The same keys as fewer patterns: those that differ in one position become one.

    API 2.x has no other way to ask for several codes of a dimension than whole keys.
    """
    left = list(dict.fromkeys(patterns))
    longest = max(len(pattern) for pattern in left)
    for position in range(longest if len(left) > 1 else 0):
        groups: dict[tuple[object, ...], list[KeyPattern]] = {}
        for pattern in left:
            around = (pattern[:position], pattern[position : position + 1] == ((),))
            groups.setdefault((*around, pattern[position + 1 :], len(pattern)), []).append(pattern)
        left = [_joined(alike, position) for alike in groups.values()]
    return left


def _joined(alike: Sequence[KeyPattern], position: int) -> KeyPattern:
    """One pattern for several that differ in a position, which none or all of them leave open."""
    first = alike[0]
    if len(alike) == 1:
        return first
    texts = dict.fromkeys(text for pattern in alike for text in pattern[position])
    return (*first[:position], tuple(texts), *first[position + 1 :])


def _allowed(schema: Schema, pattern: KeyPattern, of_key: Allowed) -> Allowed:
    allowed = dict(of_key)
    for column, texts in zip(schema.key, pattern, strict=False):
        if texts:
            allowed[column.id] = _both(allowed.get(column.id), texts)
    return allowed


def _both(left: Sequence[str] | None, right: Sequence[str]) -> Sequence[str]:
    if left is None:
        return right
    kept = {*left}
    return [text for text in right if text in kept]


def _fits(text: str, wanted: ComponentFilter) -> bool:
    return any(
        all(_HOLDS[each.operator](text, each.value) for each in predicates)
        for predicates in wanted.alternatives
    )


#: Conditions on a text; its order is that of code points, as in the engine.
_HOLDS: Mapping[Operator, Callable[[str, str], bool]] = {
    Operator.EQ: operator.eq,
    Operator.NE: operator.ne,
    Operator.LT: operator.lt,
    Operator.LE: operator.le,
    Operator.GT: operator.gt,
    Operator.GE: operator.ge,
    Operator.CONTAINS: operator.contains,
    Operator.NOT_CONTAINS: lambda text, value: value not in text,
    Operator.STARTS_WITH: str.startswith,
    Operator.ENDS_WITH: str.endswith,
}
