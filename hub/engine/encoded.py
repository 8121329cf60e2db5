"""Dictionary-encoded columns of texts, in as few bytes a row as their different texts need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

#: How many numbers from 0 on a type of integers holds.
_SIZES = ((1 << 7, pa.int8()), (1 << 15, pa.int16()), (1 << 31, pa.int32()))
_WIDEST = pa.dictionary(pa.int32(), pa.string())
#: A column of so few rows is not worth another type of indices.
_SHORT = 256


def smallest(count: int) -> pa.DataType:
    """The smallest type of integers that tells so many things apart."""
    return next(type_ for size, type_ in _SIZES if count <= size)


def narrowed(column: pa.DictionaryArray) -> pa.DictionaryArray:
    """The same texts, with indices of the smallest type; a short column stays as it is."""
    if len(column) <= _SHORT:
        return column
    wanted = smallest(len(column.dictionary))
    if column.type.index_type == wanted:
        return column
    return pa.DictionaryArray.from_arrays(column.indices.cast(wanted), column.dictionary)


def whole(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """A column of texts, encoded or not, as one array with one dictionary."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    if column.num_chunks == 1:
        return column.chunk(0)
    return narrowed(together(column.chunks))


def together(chunks: Iterable[pa.DictionaryArray]) -> pa.DictionaryArray:
    """Encoded arrays, each with a dictionary and a type of indices of its own, as one array."""
    given = list(chunks)
    if not given:
        return pa.array([], _WIDEST)
    if len(given) == 1:
        return given[0]
    if all(chunk.type == given[0].type for chunk in given):
        with suppress(pa.ArrowInvalid):  # more texts together than such indices tell apart
            return pa.chunked_array(given).unify_dictionaries().combine_chunks()
    wide = [
        chunk
        if chunk.type == _WIDEST
        else pa.DictionaryArray.from_arrays(chunk.indices.cast(pa.int32()), chunk.dictionary)
        for chunk in given
    ]
    return pa.chunked_array(wide).unify_dictionaries().combine_chunks()


def repeated(texts: Sequence[str], times: Sequence[int]) -> pa.DictionaryArray:
    """A column that has the first of some texts so many times, then the next one."""
    names = sorted(set(texts))
    numbers = {text: number for number, text in enumerate(names)}
    given = np.array([numbers[text] for text in texts], np.int32)
    return pa.DictionaryArray.from_arrays(
        pa.array(np.repeat(given, times)), pa.array(names, pa.string())
    )


def matching(table: pa.Table, wanted: Mapping[str, pa.Array]) -> pa.Table:
    """The rows of a table that have, in every column named, one of the texts wanted there."""
    found = pa.repeat(True, table.num_rows)
    for name, texts in wanted.items():
        column = whole(table.column(name))
        is_wanted = pc.is_in(column.dictionary, value_set=texts)
        if is_wanted.true_count < len(is_wanted) or column.null_count:
            found = pc.and_(found, is_wanted.take(column.indices))
    return table.filter(found)


def joined(tables: Sequence[pa.Table]) -> list[pa.Table]:
    """Tables of the same kind that follow one another, put together: few are faster than many."""
    alike: list[list[pa.Table]] = []
    for table in tables:
        if alike and alike[-1][0].schema.equals(table.schema):
            alike[-1].append(table)
        else:
            alike.append([table])
    return [_combined(each) for each in alike]


def _combined(tables: Sequence[pa.Table]) -> pa.Table:
    found = pa.concat_tables(tables)
    with suppress(pa.ArrowInvalid):  # more texts together than their indices tell apart
        return found.combine_chunks()
    return found
