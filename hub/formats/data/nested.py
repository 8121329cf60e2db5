"""Columns whose cells hold several values (lists) or a text in several languages (maps)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from hub.formats.data.piece import TEXT, Encoding, Piece, Varied, spell, spell_column
from hub.formats.data.rows import Rows


def is_list(array: pa.Array) -> bool:
    """True for a column of lists (a map is none)."""
    return bool(pa.types.is_list(array.type) or pa.types.is_large_list(array.type))


def is_map(array: pa.Array) -> bool:
    """True for a column of texts in several languages."""
    return bool(pa.types.is_map(array.type))


def items(array: pa.Array) -> pa.Array:
    """The items of all lists, in order."""
    return array.flatten()


def join_list(array: pa.Array, piece: Piece, between: str) -> Varied:
    """Join the texts of each list's items (one a row of `piece`); empty lists are absent."""
    lengths = pc.list_value_length(array)
    texts = spell_column([piece.or_else("")], pc.sum(lengths).as_py() or 0)
    return _joined(lengths, texts, between)


def spell_list(array: pa.Array, encode: Encoding, between: str) -> Varied:
    """Spell each item and join those of a list."""
    return join_list(array, spell(items(array), encode), between)


def spell_map(
    array: pa.Array, encode: Callable[[pa.Array, pa.Array], pa.Array], between: str
) -> Varied:
    """Spell each text with its language, `encode(languages, texts)`, and join those of a cell."""
    lists = array.cast(pa.list_(pa.struct([("key", pa.string()), ("value", pa.string())])))
    languages, texts = (field.cast(TEXT) for field in pc.list_flatten(lists).flatten())
    spelt = encode(languages, texts.fill_null(""))
    return _joined(pc.list_value_length(lists), spelt, between)


def _joined(lengths: pa.Array, texts: pa.Array, between: str) -> Varied:
    zero = pa.array([0], pa.int64())
    ends = pc.cumulative_sum(lengths.fill_null(0).cast(pa.int64()))
    offsets = pa.concat_arrays([zero, ends])
    joined = pc.binary_join(pa.LargeListArray.from_arrays(offsets, texts), pa.scalar(between, TEXT))
    present = pc.greater(lengths.fill_null(0), 0)
    return Varied(pc.if_else(present, joined, pa.scalar(None, TEXT)))


def simplified(rows: Rows, languages: Sequence[str]) -> Rows:
    """The rows without lists and maps, for messages of SDMX 2.1, which has neither.

    Several values are separated by a space, as in a list type of XML Schema; of a text in several
    languages the best match remains.
    """
    names = rows.batch.schema.names
    arrays = [_simple(array, languages) for array in rows.batch.columns]
    return Rows(pa.RecordBatch.from_arrays(arrays, names=names), rows.fixed)


def _simple(array: pa.Array, languages: Sequence[str]) -> pa.Array:
    if is_list(array):
        return spell_list(array, lambda values: values, " ").texts
    if is_map(array):
        return _best_texts(array, languages)
    return array


def _best_texts(array: pa.Array, languages: Sequence[str]) -> pa.Array:
    """RFC 4647 lookup on each row, then English, then whatever there is."""
    wanted: list[str] = []
    for language in (*languages, "en"):
        while language:
            wanted.append(language.lower())
            language = language.rpartition("-")[0]
    known: dict[str, str] = {}
    for tag in array.keys.unique().drop_null().to_pylist():
        known.setdefault(tag.lower(), tag)
    order = dict.fromkeys([known[tag] for tag in wanted if tag in known] + sorted(known.values()))
    found = [pc.map_lookup(array, tag, "first").cast(TEXT) for tag in order]
    return pc.coalesce(*found) if found else pa.nulls(len(array), TEXT)
