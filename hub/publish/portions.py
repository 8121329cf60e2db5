"""Slices taken together in portions of bounded size: what is given for them, and what there was.

A slice is never cut, since an attribute may have one value in all of it; so a portion is as large
as its largest slice, or the bound. In a portion texts are numbers (`hub.engine.ranks`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hub.engine.encoded import joined, repeated, together
from hub.engine.ranks import Ranks, ranked
from hub.formats.message import Action
from hub.model import Schema
from hub.publish.actions import MERGING
from hub.publish.incoming import Base, Incoming
from hub.publish.marks import is_marking
from hub.store.parts import Part
from hub.store.recent import read_recent

#: Columns beside those of the schema: who stands behind a row, what it asks for, where it is from.
SOURCE, ACTION, PART, ROW = "_source", "_action", "_part", "_row"
#: What stands in the column of actions.
PLAIN, MERGE, DELETE, CLEAR = range(4)
_NUMBERS = {
    **dict.fromkeys((action.value for action in MERGING), MERGE),
    Action.DELETE.value: DELETE,
}
#: Where observations are, and their source.
_File = tuple[Part, str]
#: Observations, given and held, from which on no further slice is taken into a portion.
MOST_ROWS = 1 << 19


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """Some slices, in order of (source, slice).

    `given` has the columns ACTION, PART and ROW too: the submission a row is from, and its row
    there; and for each component of `marked` one that tells whether the row deletes its value
    (`mark_of`). `base` is what there was, `remaining` what of it is not given completely.
    """

    slices: tuple[tuple[str, str], ...]
    given: pa.Table
    base: pa.Table
    remaining: pa.Table
    ranks: Ranks
    marked: tuple[str, ...] = ()


def mark_of(component: str) -> str:
    """The column of `given` that marks the value of a component; no component has such an id."""
    return f"mark of {component}"


def portions(
    schema: Schema, incoming: Sequence[Incoming], base: Base, most_rows: int = MOST_ROWS
) -> Iterator[Portion]:
    """Cut what is given into portions, the slices in order of (source, slice).

    Raises NotFound where the lake has lost the file of a slice.
    """
    parts: dict[str, list[_Part]] = {}
    touched: set[tuple[str, str]] = set()
    for number, each in enumerate(incoming):
        parts.setdefault(each.source, []).append(_Part(schema, number, each))
        touched |= {(each.source, slice_) for slice_ in each.touched(schema, base)}
    slices: list[tuple[str, str]] = []
    rows = 0
    for source, slice_ in sorted(touched):
        held = base.get((slice_, source))
        more = sum(part.count(slice_) for part in parts[source])
        more += held.rows if held is not None else 0
        if slices and rows + more > most_rows:
            yield _portion(schema, parts, base, slices)
            slices, rows = [], 0
        slices.append((source, slice_))
        rows += more
    if slices:
        yield _portion(schema, parts, base, slices)


def _portion(
    schema: Schema, parts: dict[str, list[_Part]], base: Base, slices: Sequence[tuple[str, str]]
) -> Portion:
    by_source: dict[str, list[str]] = {}
    for source, slice_ in slices:
        by_source.setdefault(source, []).append(slice_)
    given: list[_Rows] = []
    ended: list[_File] = []
    going_on: list[_File] = []
    for source, names in by_source.items():
        given += [part.rows(names) for part in parts[source]]
        complete = set().union(*(part.complete for part in parts[source]))
        for name in names:
            if (name, source) in base:
                found = (base[name, source].part, source)
                (ended if name in complete else going_on).append(found)
    marked = tuple(sorted({name for rows in given for name in rows.part.marks}))
    replaced, remaining = _held(schema, ended), _held(schema, going_on)
    bare = _bare(given)
    tables, ranks = ranked([*bare, replaced, remaining], keep=[schema.dimensions[0].id, *marked])
    numbered = pa.concat_tables(tables[: len(bare)])
    for name, column in _asked(given, marked).items():
        numbered = numbered.append_column(name, column)
    return Portion(
        slices=tuple(slices),
        given=numbered,
        base=pa.concat_tables(tables[len(bare) :]),
        remaining=tables[-1],
        ranks=ranks,
        marked=marked,
    )


def _bare(given: Sequence[_Rows]) -> list[pa.Table]:
    """The observations given, and their sources."""
    sources = repeated([rows.part.incoming.source for rows in given], _counts(given))
    tables: list[pa.Table] = []
    start = 0
    for table in joined([rows.table for rows in given]):
        tables.append(table.append_column(SOURCE, sources.slice(start, table.num_rows)))
        start += table.num_rows
    return tables


def _asked(given: Sequence[_Rows], marked: Sequence[str]) -> dict[str, pa.Array]:
    """What each row given asks for, and where it is from."""
    actions = together(rows.of(rows.part.incoming.actions) for rows in given)
    special = [_NUMBERS.get(name, PLAIN) for name in actions.dictionary.to_pylist()]
    kinds = pa.array(special, pa.int8()).take(actions.indices)
    marks = {name: pa.concat_arrays(rows.marks(name) for rows in given) for name in marked}
    if marks:
        kinds = pc.if_else(is_marking(marks, len(kinds)), pa.scalar(CLEAR, pa.int8()), kinds)
    numbers = np.array([rows.part.number for rows in given], np.int32)
    return {
        ACTION: kinds,
        PART: pa.array(np.repeat(numbers, _counts(given))),
        ROW: pa.concat_arrays(rows.places for rows in given).cast(pa.int32()),
        **{mark_of(name): found for name, found in marks.items()},
    }


def _counts(given: Sequence[_Rows]) -> list[int]:
    return [len(rows.places) for rows in given]


def _held(schema: Schema, files: list[_File]) -> pa.Table:
    """The observations of some files, each of a source."""
    files.sort(key=lambda one: (one[0].order, one[1]))  # as whoever looks at the same has them
    found = read_recent([part for part, _ in files], schema)
    return found.table.append_column(SOURCE, found.told([source for _, source in files]))


@dataclass(frozen=True, slots=True)
class _Rows:
    """Some rows of what one source gives, and their places there; `start` where they follow."""

    part: _Part
    table: pa.Table
    places: pa.Array
    start: int | None

    def of(self, column: pa.Array) -> pa.Array:
        """The same rows of a column that has all rows of the source."""
        if self.start is None:
            return column.take(self.places)
        return column.slice(self.start, len(self.places))

    def marks(self, name: str) -> pa.Array:
        """Which of them delete the value of a component."""
        marked = self.part.marks.get(name)
        return pa.repeat(False, len(self.places)) if marked is None else self.of(marked)


class _Part:
    """What one source gives, cut by slice."""

    def __init__(self, schema: Schema, number: int, incoming: Incoming) -> None:
        self.incoming = incoming
        self.number = number
        self.marks = incoming.marks
        self._schema = schema

    @cached_property
    def complete(self) -> set[str]:
        """The slices that are given completely."""
        return self.incoming.complete_slices(self._schema)

    def count(self, slice_: str) -> int:
        """How many rows name a slice."""
        start, end = self._bounds.get(slice_, (0, 0))
        return end - start

    def rows(self, slices: Sequence[str]) -> _Rows:
        """The rows of slices that follow one another, and deletions in all slices."""
        table, order = self.incoming.table, self._order
        bounds = [self._bounds[slice_] for slice_ in slices if slice_ in self._bounds]
        start, end = (bounds[0][0], bounds[-1][1]) if bounds else (0, 0)
        everywhere = max((end for _, end in self._bounds.values()), default=0)
        if order is None and everywhere == table.num_rows:
            return _Rows(self, table.slice(start, end - start), pa.arange(start, end), start)
        given = pa.arange(0, table.num_rows) if order is None else order
        places = pa.concat_arrays([given.slice(start, end - start), given.slice(everywhere)])
        return _Rows(self, table.take(places), places, None)

    @property
    def _order(self) -> pa.Array | None:
        """Places of the rows by slice, those that name none last; None where they stand so."""
        return self._cut[0]

    @property
    def _bounds(self) -> dict[str, tuple[int, int]]:
        """Where in that order the rows of each slice begin and end."""
        return self._cut[1]

    @cached_property
    def _cut(self) -> tuple[pa.Array | None, dict[str, tuple[int, int]]]:
        table, name = self.incoming.table, self._schema.slice_by
        if name is None:
            return None, {"": (0, table.num_rows)}
        texts = table.column(name).unique()
        if len(texts) == 1 and not texts.null_count:  # as of a country's own office
            return None, {texts[0].as_py(): (0, table.num_rows)}
        (numbered,), ranks = ranked([table.select([name])], keep=[name])
        numbers = numbered.column(0).combine_chunks()
        order = pc.array_sort_indices(numbers).cast(pa.int64())
        counts = {one["values"]: one["counts"] for one in numbers.value_counts().to_pylist()}
        bounds: dict[str, tuple[int, int]] = {}
        start = 0
        for number, text in enumerate(ranks.texts[name].to_pylist()):
            bounds[text] = start, start + counts[number]
            start += counts[number]
        is_sorted = order.equals(pa.arange(0, len(order)))
        return None if is_sorted else order, bounds
