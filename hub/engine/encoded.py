"""Dictionary-encoded columns of texts, in as few bytes a row as their different texts need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

#: How many numbers from 0 on a type of integers holds.
_SIZES = ((1 << 7, pa.int8()), (1 << 15, pa.int16()), (1 << 31, pa.int32()))
_WIDEST = pa.dictionary(pa.int32(), pa.string())
#: A column of so few rows is not worth another type of indices.
_SHORT = 256
_Numbers = np.ndarray[Any, np.dtype[np.int64]]


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


def occurring(table: pa.Table, wanted: pa.Table) -> _Numbers:
    """The rows of a table whose values in the columns of another stand in a row there together.

    The columns are of texts, encoded or not. A row that lacks one of them is like none.
    """
    names = wanted.column_names
    pairs = [(whole(table.column(name)), whole(wanted.column(name))) for name in names]
    rows = np.arange(table.num_rows)
    keys, sought = np.zeros(table.num_rows, np.int64), np.zeros(wanted.num_rows, np.int64)
    for column, other in sorted(pairs, key=lambda pair: -len(pair[1].dictionary)):
        texts = other.dictionary
        is_whole = not column.null_count and not other.null_count
        if is_whole and len(texts) == 1 and column.dictionary.equals(texts):
            continue  # it tells nothing apart
        sought = _with(sought, _numbers(other, texts, slice(None)), len(texts))
        known = np.unique(sought[sought >= 0])  # numbered anew, they are small however many columns
        sought = _places(sought, known)
        keys = _places(_with(keys, _numbers(column, texts, rows), len(texts)), known)
        if (is_like := keys >= 0).all():
            continue
        rows, keys = rows[is_like], keys[is_like]
    return rows


def _numbers(column: pa.DictionaryArray, texts: pa.Array, rows: _Numbers | slice) -> _Numbers:
    """Where among some texts each of some rows of a column is; -1: nowhere."""
    indices = column.indices
    if column.null_count:
        indices = indices.cast(pa.int32()).fill_null(len(column.dictionary))
    places = pc.index_in(column.dictionary, texts).fill_null(-1).to_numpy()
    found: _Numbers = np.append(places, -1)[indices.to_numpy()[rows]]
    return found


def _with(keys: _Numbers, numbers: _Numbers, count: int) -> _Numbers:
    """Keys of one column more, whose texts have numbers up to a count; -1 where either is."""
    return np.where((keys < 0) | (numbers < 0), -1, keys * count + numbers)


def _places(keys: _Numbers, known: _Numbers) -> _Numbers:
    """Where among some sorted keys each is; -1: nowhere."""
    if not len(known):
        return np.full(len(keys), -1, np.int64)
    if known[-1] < len(keys):  # few enough to be looked up in a list of all
        listed = np.full(known[-1] + 2, -1, np.int64)
        listed[known] = np.arange(len(known))
        found: _Numbers = listed[np.minimum(keys, known[-1] + 1)]  # the last is -1, as that of -1
        return found
    places = np.searchsorted(known, keys)
    places[places == len(known)] = 0
    return np.where(known[places] == keys, places, -1)


def trimmed(table: pa.Table) -> pa.Table:
    """A table whose dictionaries hold the texts that occur, and no others."""
    columns = [
        _trimmed(whole(column)) if pa.types.is_dictionary(column.type) else column
        for column in table.columns
    ]
    return pa.table(columns, names=table.column_names)


def _trimmed(column: pa.DictionaryArray) -> pa.DictionaryArray:
    there = np.zeros(len(column.dictionary), np.bool_)
    there[column.indices.unique().drop_null().to_numpy()] = True
    if there.all():
        return column
    places = pa.array(np.cumsum(there) - 1, column.indices.type)
    texts = column.dictionary.filter(pa.array(there))
    return pa.DictionaryArray.from_arrays(places.take(column.indices), texts)


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
