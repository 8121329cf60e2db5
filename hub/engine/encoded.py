"""Dictionary-encoded columns of texts, in as few bytes a row as their different texts need."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

#: How many numbers from 0 on a type of integers holds.
_SIZES = ((1 << 7, pa.int8()), (1 << 15, pa.int16()), (1 << 31, pa.int32()))
_WIDEST = pa.dictionary(pa.int32(), pa.string())


def smallest(count: int) -> pa.DataType:
    """The smallest type of integers that tells so many things apart."""
    return next(type_ for size, type_ in _SIZES if count <= size)


def narrowed(column: pa.DictionaryArray) -> pa.DictionaryArray:
    """The same texts, with indices of the smallest type."""
    indices = column.indices.cast(smallest(len(column.dictionary)))
    return pa.DictionaryArray.from_arrays(indices, column.dictionary)


def whole(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """A column of texts, encoded or not, as one array with one dictionary."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    if column.num_chunks == 1:
        return column.chunk(0)
    return narrowed(together(column.chunks))


def together(chunks: Iterable[pa.DictionaryArray]) -> pa.DictionaryArray:
    """Encoded arrays, each with a dictionary and a type of indices of its own, as one array."""
    wide = [
        pa.DictionaryArray.from_arrays(chunk.indices.cast(pa.int32()), chunk.dictionary)
        for chunk in chunks
    ]
    if not wide:
        return pa.array([], _WIDEST)
    return pa.chunked_array(wide).unify_dictionaries().combine_chunks()
