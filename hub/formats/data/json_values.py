"""The values of SDMX-JSON: indices of what the message lists, or the values themselves."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from hub.formats.data.escape import concat, json_string
from hub.formats.data.form import DataForm
from hub.formats.data.nested import is_list, is_map, items, join_list, spell_list, spell_map
from hub.formats.data.piece import (
    TEXT,
    Fixed,
    Piece,
    Varied,
    piece_of,
    spell,
    spell_floats,
    texts_of,
)
from hub.formats.data.rows import Rows
from hub.model import FLOATS, INTEGERS, Column, Role, TextType

_NUMBER = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$"
#: Types whose lexical form stands bare where it is a JSON number (SDMX-JSON, data types).
_BARE = INTEGERS | FLOATS | {TextType.NUMERIC}


class Vocabulary:
    """The values of a component met so far, in the order they were first met."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}

    def spell(self, array: pa.Array) -> Piece:
        """The index of each row's value in the message, as text."""
        found = texts_of(array)
        if isinstance(found, str):
            return Fixed(self._place(found))
        texts, rows = found
        met = rows.unique().drop_null()
        places: list[str | None] = [None] * len(texts)
        for row, text in zip(met.to_pylist(), texts.take(met).to_pylist(), strict=True):
            places[row] = self._place(text)
        return Varied(pa.array(places, TEXT), rows)

    def _place(self, text: str) -> str:
        return str(self.places.setdefault(text, len(self.places)))


class Values:
    """Spells the values of one structure of a message, and remembers what it has to list."""

    def __init__(self, form: DataForm) -> None:
        self.form = form
        self.vocabularies: dict[str, Vocabulary] = {}

    def met(self, column: Column) -> list[str]:
        """The values of a component that the message refers to by index, in that order."""
        vocabulary = self.vocabularies.get(column.id)
        return [] if vocabulary is None else list(vocabulary.places)

    def is_indexed(self, column: Column) -> bool:
        """Whether the message holds indices for a component, not values.

        Dimensions and what is coded; in SDMX-JSON 1.0 every attribute and no measure.
        """
        if column.role is Role.MEASURE:
            return column.is_coded and not self.form.is_simple
        is_dimension = column.role is not Role.ATTRIBUTE
        return is_dimension or column.is_coded or self.form.is_simple

    def piece(self, column: Column, batch: Rows) -> Piece:
        """A component's value on each row; absent where the row, or the batch, has none."""
        if column.id not in batch:
            return Fixed(None)
        array = batch.column(column.id)
        if pa.types.is_null(array.type):
            return Fixed(None)
        if is_map(array):
            entries = spell_map(array, _entry, ",")
            return entries.affixed("{", "}")
        if self.is_indexed(column):
            return self._indices(column, array)
        if is_list(array):
            return spell_list(array, lambda values: _bare(column, values), ",").affixed("[", "]")
        return _value(column, array)

    def _indices(self, column: Column, array: pa.Array) -> Piece:
        vocabulary = self.vocabularies.setdefault(column.id, Vocabulary())
        if not is_list(array):
            return vocabulary.spell(array)
        return join_list(array, vocabulary.spell(items(array)), ",").affixed("[", "]")


def spell_array(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces that make a JSON array of each row: null in gaps, nothing at the end of the array."""
    spelt: list[Piece] = []
    later: pa.Array | bool = False  # on which rows a value follows: on none, on all, or an array
    for position in range(len(pieces) - 1, -1, -1):
        comma = "," if position else ""
        piece = pieces[position].affixed(comma)
        spelt.append(_gapless(piece, later, f"{comma}null"))
        if not piece.has_gaps:
            later = True
        elif later is not True and isinstance(piece, Varied):
            valued = pc.invert(piece.is_absent)
            later = valued if later is False else pc.or_(later, valued)
    return [Fixed("["), *reversed(spelt), Fixed("]")]


def _gapless(piece: Piece, later: pa.Array | bool, null: str) -> Piece:
    if isinstance(later, bool) or not piece.has_gaps:
        return piece.or_else(null if later is True else "")
    if isinstance(piece, Fixed):
        gap = pc.if_else(later, pa.scalar(0, pa.int32()), pa.scalar(1, pa.int32()))
        return Varied(pa.array([null, ""], TEXT), gap)
    if piece.index is None:
        return Varied(pc.coalesce(piece.texts, pc.if_else(later, null, "").cast(TEXT)))
    count = len(piece.texts)
    texts = pa.concat_arrays([piece.texts, pa.array([null, ""], TEXT)])
    gap = pc.if_else(later, pa.scalar(count, pa.int32()), pa.scalar(count + 1, pa.int32()))
    return Varied(texts, pc.coalesce(piece.index, gap))


def _value(column: Column, array: pa.Array) -> Piece:
    if pa.types.is_floating(array.type):
        return piece_of(spell_floats(array, quote='"'))
    return spell(array, lambda values: _bare(column, values))


def _bare(column: Column, values: pa.Array) -> pa.Array:
    """Strings as JSON strings; the lexical forms of numbers and Booleans bare."""
    if column.text_type is TextType.BOOLEAN:
        return pc.if_else(
            pc.is_in(values, pa.array(["true", "false"], TEXT)), values, json_string(values)
        )
    if column.is_coded or column.text_type not in _BARE:
        return json_string(values)
    is_number = pc.match_substring_regex(values, pattern=_NUMBER)
    return pc.if_else(is_number, values, json_string(values))


def _entry(languages: pa.Array, texts: pa.Array) -> pa.Array:
    return concat(json_string(languages), ":", json_string(texts))
