"""Columns of one component in several kinds (plain texts, lists, languages) made into one.

A source may give a component one value here and several there; the richest kind it uses is that of
the whole column.
"""

from __future__ import annotations

from collections.abc import Sequence

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
