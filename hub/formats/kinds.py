"""Columns of one component in several kinds (plain texts, lists, languages) made into one.

A source may give a component one value here and several there; the richest kind it uses is that of
the whole column.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pyarrow as pa
import pyarrow.compute as pc

CODES = pa.dictionary(pa.int32(), pa.string())
LIST = pa.list_(pa.field("item", pa.string()))
TEXTS = pa.map_(pa.string(), pa.string())
#: The language of a text whose language is not told (SDMX 3.0, common:TextType).
LANGUAGE = "en"


class MixedKindsError(ValueError):
    """A row has several values where other rows have a text in several languages."""

    def __init__(self, row: int) -> None:
        super().__init__("several values where other rows have texts in languages")
        self.row = row


def coalesced(columns: Sequence[pa.ChunkedArray]) -> pa.ChunkedArray:
    """Take on each row the first value there is, in the richest of the kinds given.

    Columns are of equal length. Raises MixedKindsError where a list of several values would have
    to become a text in several languages.
    """
    if len(columns) == 1:
        return columns[0]
    kinds = [column.type for column in columns]
    if any(pa.types.is_map(kind) for kind in kinds):
        return _chunked(pc.coalesce(*(_texts(column) for column in columns)), TEXTS)
    if any(pa.types.is_list(kind) for kind in kinds):
        return _chunked(pc.coalesce(*(_lists(column) for column in columns)), LIST)
    plain = pc.coalesce(*(column.cast(pa.string()) for column in columns))
    is_encoded = any(pa.types.is_dictionary(kind) for kind in kinds)
    return _chunked(pc.dictionary_encode(plain) if is_encoded else plain)


def without_columns(rows: int) -> pa.Table:
    """A table of so many rows that has no column yet."""
    return pa.table({"": pa.nulls(rows)}).select([])


def stacked(tables: Sequence[pa.Table]) -> pa.Table:
    """Put tables below one another; what one does not have is null in its rows.

    Each column is of the richest kind it has in any. Raises MixedKindsError as `coalesced` does.
    """
    names = list(dict.fromkeys(name for table in tables for name in table.column_names))
    rows = sum(table.num_rows for table in tables)
    whole = without_columns(rows)
    for name in names:
        whole = whole.append_column(name, _stacked(name, tables))
    return whole


def _stacked(name: str, tables: Sequence[pa.Table]) -> pa.ChunkedArray:
    kinds = {table.schema.field(name).type for table in tables if name in table.column_names}
    kind = _richest(kinds)
    chunks: list[pa.Array] = []
    start = 0
    for table in tables:
        if name not in table.column_names:
            chunks.append(pa.nulls(table.num_rows, kind))
        else:
            try:
                chunks += _converted(table.column(name), kind)
            except MixedKindsError as error:
                raise MixedKindsError(start + error.row) from None
        start += table.num_rows
    column = pa.chunked_array(chunks, kind)
    return column.unify_dictionaries() if kind == CODES else column


def _richest(kinds: Collection[pa.DataType]) -> pa.DataType:
    if any(pa.types.is_map(kind) for kind in kinds):
        return TEXTS
    if any(pa.types.is_list(kind) for kind in kinds):
        return LIST
    return CODES if any(pa.types.is_dictionary(kind) for kind in kinds) else pa.string()


def _converted(column: pa.ChunkedArray, kind: pa.DataType) -> list[pa.Array]:
    if pa.types.is_map(kind):
        return [_texts(column)]
    if pa.types.is_list(kind):
        return [_lists(column)]
    if kind == CODES and column.type != CODES:
        column = pc.dictionary_encode(column.cast(pa.string()))
    return list(column.chunks)


def _chunked(
    values: pa.Array | pa.ChunkedArray, kind: pa.DataType | None = None
) -> pa.ChunkedArray:
    if isinstance(values, pa.ChunkedArray):
        return values
    return pa.chunked_array([values], kind)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _lists(column: pa.ChunkedArray) -> pa.Array:
    """Make every plain value a list of one."""
    if pa.types.is_list(column.type):
        return _whole(column)
    plain = _whole(column.cast(pa.string()))
    return pa.ListArray.from_arrays(
        _offsets(plain), plain.drop_null(), mask=pc.is_null(plain)
    ).cast(LIST)


def _texts(column: pa.ChunkedArray) -> pa.Array:
    """Make every single value a text in the default language."""
    if pa.types.is_map(column.type):
        return _whole(column)
    plain = _single(_whole(column)) if pa.types.is_list(column.type) else column.cast(pa.string())
    plain = _whole(plain)
    texts = plain.drop_null()
    languages = pa.repeat(pa.scalar(LANGUAGE), len(texts))
    return pa.MapArray.from_arrays(_offsets(plain), languages, texts, mask=pc.is_null(plain))


def _single(lists: pa.ListArray) -> pa.Array:
    several = pc.index(pc.greater(pc.list_value_length(lists), 1), True).as_py()
    if several >= 0:
        raise MixedKindsError(several)
    return pc.list_element(pc.if_else(pc.equal(pc.list_value_length(lists), 1), lists, None), 0)


def _offsets(plain: pa.Array) -> pa.Array:
    """Where the lists of one begin, none for a null."""
    ends = pc.cumulative_sum(pc.is_valid(plain).cast(pa.int32()))
    return pa.concat_arrays([pa.array([0], pa.int32()), ends.cast(pa.int32())])
