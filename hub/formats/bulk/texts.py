"""Columns of bulk files as readers give them: every value is text, whatever its type there."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from hub.formats.data.piece import spell_floats
from hub.formats.kinds import CODES, LIST, TEXTS

_TEXT = pa.string()
_INDEX = pa.int32()
_ENTRIES = pa.list_(pa.struct([("key", _TEXT), ("value", _TEXT)]))


def kind_of(type_: pa.DataType) -> pa.DataType | None:
    """The type of the column that values of a type become; None for what has no text."""
    if pa.types.is_map(type_):
        parts = (_plain(type_.key_type), _plain(type_.item_type))
        return TEXTS if all(_is_text(part) for part in parts) else None
    if pa.types.is_list(type_) or pa.types.is_large_list(type_):
        return LIST if _is_single(_plain(type_.value_type)) else None
    if not _is_single(_plain(type_)):
        return None
    return _TEXT if _is_fraction(type_) else CODES


def as_texts(array: pa.Array) -> pa.Array:
    """The values of a column of a type that `kind_of` knows; what is empty is absent.

    Raises pa.ArrowInvalid for bytes that are not UTF-8.
    """
    kind = kind_of(array.type)
    if kind == LIST:
        return _lists(array)
    return _languages(array) if kind == TEXTS else _singles(array)


def unpacked_bytes(array: pa.Array) -> int:
    """How many bytes the texts of a column take that have to be written out for each row."""
    if pa.types.is_map(array.type):
        return _written_out(array.keys) + _written_out(array.items)
    if pa.types.is_list(array.type) or pa.types.is_large_list(array.type):
        return _written_out(pc.list_flatten(array))
    if pa.types.is_dictionary(array.type):
        return unpacked_bytes(array.dictionary)
    return _written_out(array) if pa.types.is_string_view(array.type) else 0


def first_twice(array: pa.Array) -> int | None:
    """The first row of texts in languages that has two in one language, if any has."""
    entries = array.cast(_ENTRIES)
    languages = pc.struct_field(pc.list_flatten(entries), "key").dictionary_encode()
    rows = pc.list_parent_indices(entries).cast(pa.int64())
    count = len(languages.dictionary) + 1
    pairs = pc.add(pc.multiply(rows, count), languages.indices.cast(pa.int64()))
    found = pc.value_counts(pairs)
    several = found.field("values").filter(pc.greater(found.field("counts"), 1))
    return int(pc.min(several).as_py()) // count if len(several) else None


def _plain(type_: pa.DataType) -> pa.DataType:
    return type_.value_type if pa.types.is_dictionary(type_) else type_


def _is_text(type_: pa.DataType) -> bool:
    """True for texts, also those not marked as such."""
    kinds = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    return any(is_(type_) for is_ in (*kinds, pa.types.is_binary, pa.types.is_large_binary))


def _is_fraction(type_: pa.DataType) -> bool:
    """True for numbers nearly all of which differ."""
    return bool(pa.types.is_floating(type_) or pa.types.is_decimal(type_))


def _is_single(type_: pa.DataType) -> bool:
    kinds = (pa.types.is_integer, pa.types.is_boolean, pa.types.is_date, pa.types.is_timestamp)
    is_other = any(is_(type_) for is_ in (*kinds, pa.types.is_null))
    return is_other or _is_fraction(type_) or _is_text(type_)


def _written_out(array: pa.Array) -> int:
    if pa.types.is_dictionary(array.type):
        lengths = _lengths(array.dictionary)
        lengths = None if lengths is None else lengths.take(array.indices)
    else:
        lengths = _lengths(array)
    return 0 if lengths is None else int(pc.sum(lengths.cast(pa.int64())).as_py() or 0)


def _lengths(array: pa.Array) -> pa.Array | None:
    """The bytes of each text; None for what is no text, and short."""
    if pa.types.is_string_view(array.type):
        # Each view has 16 bytes; the first four are the length.
        parts = pa.Array.from_buffers(
            _INDEX, 4 * (array.offset + len(array)), [None, array.buffers()[1]]
        )
        rows = pa.arange(array.offset, array.offset + len(array))
        lengths = parts.take(pc.multiply(rows, 4))
        return pc.if_else(array.is_valid(), lengths, 0)
    return pc.binary_length(array) if _is_text(array.type) else None


def _singles(array: pa.Array) -> pa.Array:
    if _is_fraction(array.type):
        return _spelt(array)
    if pa.types.is_null(array.type):
        array = array.cast(_TEXT)
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    texts, places = _spelt(array.dictionary), array.indices.cast(_INDEX)
    empty = pc.indices_nonzero(pc.fill_null(pc.equal(texts, ""), True))
    if len(empty):
        is_empty = pc.is_in(places, value_set=empty.cast(_INDEX))
        places = pc.if_else(is_empty, pa.scalar(None, _INDEX), places)
    return pa.DictionaryArray.from_arrays(places, texts)


def _spelt(array: pa.Array) -> pa.Array:
    """Single values as texts, as XML Schema spells them."""
    type_ = array.type
    if pa.types.is_timestamp(type_):
        return _instants(array)
    if pa.types.is_float64(type_):
        return spell_floats(array).cast(_TEXT)
    texts = array.cast(_TEXT)
    if not pa.types.is_floating(type_):
        return texts
    for word, spelt in (("nan", "NaN"), ("inf", "INF"), ("-inf", "-INF")):
        texts = pc.if_else(pc.equal(texts, word), spelt, texts)
    return texts


def _instants(array: pa.Array) -> pa.Array:
    """Instants in UTC, and local times without a zone; fractions of a second where they are any."""
    if array.type.tz is not None:
        array = array.cast(pa.timestamp(array.type.unit, "UTC"))
    texts = pc.replace_substring(array.cast(_TEXT), " ", "T")
    texts = pc.replace_substring_regex(texts, r"\.0+(Z?)$", r"\1")
    return pc.replace_substring_regex(texts, r"(\.[0-9]*[1-9])0+(Z?)$", r"\1\2")


def _lists(array: pa.Array) -> pa.Array:
    values = _singles(pc.list_flatten(array)).cast(_TEXT)
    offsets, kept, absent = _without_empty(pc.list_value_length(array), values)
    return pa.ListArray.from_arrays(offsets, values.filter(kept), mask=absent).cast(LIST)


def _languages(array: pa.Array) -> pa.Array:
    entries = array.cast(_ENTRIES)
    languages, texts = pc.list_flatten(entries).flatten()
    offsets, kept, absent = _without_empty(pc.list_value_length(entries), texts)
    return pa.MapArray.from_arrays(offsets, languages.filter(kept), texts.filter(kept), mask=absent)


def _without_empty(lengths: pa.Array, texts: pa.Array) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Where lists begin without the empty texts in them, which texts stay, and who has none."""
    zero = pa.array([0], pa.int64())
    kept = pc.fill_null(pc.not_equal(texts, ""), False)
    before = pa.concat_arrays([zero, pc.cumulative_sum(kept.cast(pa.int64()))])
    ends = pc.cumulative_sum(pc.fill_null(lengths, 0).cast(pa.int64()))
    offsets = before.take(pa.concat_arrays([zero, ends]))
    absent = pc.equal(offsets.slice(1), offsets.slice(0, len(lengths)))
    return offsets.cast(_INDEX), kept, absent
