"""The values above the series: of a whole release they are few, and the same for every request."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Lock

import pyarrow as pa
import pyarrow.compute as pc

from hub.model import Release, Schema, Selection

Read = Callable[[Release, Schema, Selection, Sequence[str]], pa.RecordBatchReader]
Ask = Callable[[Release, Schema, Selection, Sequence[str]], pa.Table]
_KEPT = 64
_ROWS_KEPT = 10_000
#: Rows gathered from batches before they are made distinct once more.
_GATHERED = 50_000
_ROW = "\x00row"


class DistinctRows:
    """Finds the different rows of some columns.

    Plain ones the store finds by itself (`ask`); others are found batch by batch, in bounded
    memory. What was found in whole releases is kept for the releases asked for last.
    """

    def __init__(self, read: Read, ask: Ask | None = None) -> None:
        self._read = read
        self._ask = ask
        self._kept: OrderedDict[tuple[object, ...], pa.Table] = OrderedDict()
        self._lock = Lock()

    def __call__(
        self, release: Release, schema: Schema, selection: Selection, columns: Sequence[str]
    ) -> pa.Table:
        """The different rows of a selection, in an order that is the same every time."""
        key = (release.id, schema.structure.reference, tuple(columns))
        if not _is_whole(selection):
            return self._find(release, schema, selection, columns)
        with self._lock:
            kept = self._kept.get(key)
        if kept is None:
            kept = self._find(release, schema, selection, columns)
            if kept.num_rows <= _ROWS_KEPT:
                self._keep(key, kept)
        return kept

    def _find(
        self, release: Release, schema: Schema, selection: Selection, columns: Sequence[str]
    ) -> pa.Table:
        if self._ask is not None and _is_plain(schema, selection, columns):
            return self._ask(release, schema, selection, columns)
        with self._read(release, schema, selection, columns) as reader:
            found: list[pa.Table] = [reader.schema.empty_table()]
            for batch in reader:
                found.append(distinct_rows(pa.Table.from_batches([batch])))
                if sum(table.num_rows for table in found) > _GATHERED:
                    found = [distinct_rows(_joined(found))]
        return distinct_rows(_joined(found))

    def _keep(self, key: tuple[object, ...], table: pa.Table) -> None:
        with self._lock:
            self._kept[key] = table
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)


def distinct_rows(table: pa.Table) -> pa.Table:
    """The different rows of a table, in the order in which they are first met.

    Of lists and texts in several languages it counts only whether there is a value.
    """
    keys = pa.table(
        [
            pc.is_valid(column) if pa.types.is_nested(column.type) else _plain(column)
            for column in table.columns
        ],
        names=table.column_names,
    )
    rows = keys.append_column(_ROW, pa.arange(0, table.num_rows))
    firsts = rows.group_by(table.column_names).aggregate([(_ROW, "min")])[f"{_ROW}_min"]
    return table.take(firsts.combine_chunks().sort())


def _joined(tables: Sequence[pa.Table]) -> pa.Table:
    """Tables of one schema as one; dictionaries, which may differ, are resolved."""
    return pa.concat_tables(
        [pa.table([_plain(c) for c in t.columns], names=t.column_names) for t in tables]
    )


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    is_encoded = pa.types.is_dictionary(column.type)
    return column.cast(column.type.value_type) if is_encoded else column


def _is_plain(schema: Schema, selection: Selection, columns: Sequence[str]) -> bool:
    """True where a selection leaves out no observation by count, and no column is nested."""
    counts = (selection.first_n, selection.last_n, selection.limit, selection.offset or None)
    nested = (schema.by_id[name].is_list or schema.by_id[name].is_multilingual for name in columns)
    return all(count is None for count in counts) and not any(nested)


def _is_whole(selection: Selection) -> bool:
    """True where a selection means every observation of a release."""
    unlimited = Selection(attributes=selection.attributes, measures=selection.measures)
    any_key = not any(any(values for values in pattern) for pattern in selection.keys)
    return any_key and replace(selection, keys=(), sort=()) == unlimited
