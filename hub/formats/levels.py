"""Values given once for many observations (data set, series, group), laid out over the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from hub.formats.kinds import CODES, coalesced

_NUMBER = pa.int32()


@dataclass(frozen=True, slots=True)
class Level:
    """Values above the observations: row i of the message takes row `index[i]` of `table`.

    A null in `index` means that nothing of this level stands above the row.
    """

    table: pa.Table
    index: pa.Array


def runs(starts: Sequence[int], numbers: Sequence[int | None], rows: int) -> pa.Array:
    """For each of `rows` rows the number of the run it is in; run i begins at row `starts[i]`.

    Rows before the first run have none (null). Of runs that begin at the same row the last counts.
    """
    if not rows:
        return pa.array([], _NUMBER)
    begins = pa.array([0, *starts], pa.int64())
    values = pa.array([None, *numbers], _NUMBER)
    ends = pa.concat_arrays([begins.slice(1), pa.array([rows], pa.int64())])
    kept = pc.greater(ends, begins)
    run_ends, values = ends.filter(kept), values.filter(kept)
    return pc.run_end_decode(pa.RunEndEncodedArray.from_arrays(run_ends, values)).cast(_NUMBER)


def laid_out(rows: pa.Table, levels: Sequence[Level]) -> pa.Table:
    """The rows with what stands above them; where a component has several, the nearest counts.

    `levels` are given nearest first; they come before the rows' own columns. Raises
    MixedKindsError, see `coalesced`.
    """
    found: dict[str, list[pa.ChunkedArray]] = {}
    for level in reversed(levels):
        for name, column in _taken(level).items():
            found.setdefault(name, []).insert(0, column)
    for name in rows.column_names:
        found.setdefault(name, []).insert(0, rows.column(name))
    table = rows.select([])  # keeps the number of rows even where there is no component
    for name, columns in found.items():
        table = table.append_column(name, coalesced(columns))
    return table


def _taken(level: Level) -> dict[str, pa.ChunkedArray]:
    taken = {}
    for name in level.table.column_names:
        column = level.table.column(name)
        if pa.types.is_dictionary(column.type):
            column = column.unify_dictionaries()
        whole = column.combine_chunks()
        taken[name] = pa.chunked_array([whole.take(level.index)], whole.type)
    return taken


def encoded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """One array of codes with one dictionary, of a column of plain texts."""
    if not pa.types.is_dictionary(column.type):
        column = pc.dictionary_encode(column)
    column = column.unify_dictionaries()
    return column.combine_chunks() if column.num_chunks else pa.array([], CODES)
