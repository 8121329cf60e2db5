"""The text of columns, and rows put together from it: how messages are built without a row loop.

A piece is what one column contributes to each row of a batch. For a coded column it is one text
for each distinct value and an index for each row, so that escaping and affixes are done once a
value. Rows are then joined by Arrow into one string column, whose value buffer is the message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from hub.formats.data.escape import concat, encoded

TEXT = pa.large_string()
#: Rows joined at a time, and the bytes they may grow to: the size of a chunk on the wire.
ROWS = 32_768
CHUNK_BYTES = 32 << 20
#: Below this, whole numbers are spelt with all digits; from the other on, Arrow uses an exponent.
_ALL_DIGITS, _EXPONENT = 1e15, 1e9

Encoding = Callable[[pa.Array], pa.Array]


@dataclass(frozen=True, slots=True)
class Fixed:
    """One text for all rows of a batch; None means that they have no value."""

    text: str | None

    @property
    def has_gaps(self) -> bool:
        """True where the rows have no value."""
        return self.text is None

    def affixed(self, before: str, after: str = "") -> Fixed:
        """Put a text before and after the value."""
        return self if self.text is None else Fixed(f"{before}{self.text}{after}")

    def or_else(self, absent: str) -> Fixed:
        """Give the rows this text where they have no value."""
        return Fixed(absent) if self.text is None else self


@dataclass(frozen=True, slots=True)
class Varied:
    """A text for each row of a batch: `texts[index]`, or `texts` itself where there is no index.

    Null means that the row has no value.
    """

    texts: pa.Array
    index: pa.Array | None = None

    @property
    def is_absent(self) -> pa.Array:
        """For each row, whether it has no value."""
        return pc.is_null(self.texts if self.index is None else self.index)

    @property
    def has_gaps(self) -> bool:
        """True where a row may have no value."""
        return bool((self.texts if self.index is None else self.index).null_count)

    def affixed(self, before: str, after: str = "") -> Varied:
        """Put a text before and after each value."""
        return Varied(concat(before, self.texts, after), self.index)

    def or_else(self, absent: str) -> Varied:
        """Give the rows without a value this text."""
        if not self.has_gaps:
            return self
        if self.index is None:
            return Varied(self.texts.fill_null(absent))
        texts = pa.concat_arrays([self.texts, pa.array([absent], TEXT)])
        return Varied(texts, self.index.fill_null(len(self.texts)))

    def at(self, start: int, rows: int) -> pa.Array:
        """The texts of some rows."""
        if self.index is None:
            return self.texts.slice(start, rows)
        return self.texts.take(self.index.slice(start, rows))


Piece = Fixed | Varied


def piece_of(texts: pa.Array, index: pa.Array | None = None) -> Piece:
    """A piece of texts; a single one without an index stands for every row."""
    if index is None and len(texts) == 1:
        return Fixed(texts[0].as_py())
    return Varied(texts, index)


def texts_of(array: pa.Array) -> str | tuple[pa.Array, pa.Array]:
    """The distinct values of an array as texts, and for each row the index of its value.

    Values that no row has are left out so far as they stand at the ends. Where all rows have the
    same value, common in sorted data, it is that alone.
    """
    if len(array) == 1 and array[0].is_valid:
        return _one_text(array)
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    elif array.dictionary.null_count:
        array = array.dictionary_decode().dictionary_encode()
    values, index = array.dictionary, array.indices
    first, last = (bound.as_py() for bound in pc.min_max(index).values())
    if first is None:
        return values.slice(0, 0).cast(TEXT), index.cast(pa.int32())
    if first == last and not index.null_count:
        return _one_text(values.slice(first, 1))
    index = index.cast(pa.int32())
    if first:
        index = pc.subtract(index, pa.scalar(first, pa.int32()))
    return values.slice(first, last - first + 1).cast(TEXT), index


def _one_text(array: pa.Array) -> str:
    value = array[0].as_py()
    return value if isinstance(value, str) else str(array.cast(TEXT)[0].as_py())


def spell(array: pa.Array, encode: Encoding) -> Piece:
    """Spell a column of single values: text as encoded, numbers and Booleans as XML Schema does.

    Doubles have the shortest form that reads back as the same number, without a trailing `.0`;
    what is not finite is NaN, INF or -INF.
    """
    kind = array.type
    if len(array) and array.null_count == len(array):
        return Fixed(None)
    if pa.types.is_dictionary(kind) or is_text(kind):
        found = texts_of(array)
        if isinstance(found, str):
            return Fixed(encoded(encode, found))
        return Varied(encode(found[0]), found[1])
    if pa.types.is_boolean(kind):
        return Varied(pa.array(["false", "true"], TEXT), array.cast(pa.int32()))
    if pa.types.is_floating(kind):
        return piece_of(spell_floats(array))
    return piece_of(array.cast(TEXT))


def is_text(kind: pa.DataType) -> bool:
    """True for plain strings of either offset width."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def spell_floats(array: pa.Array, quote: str = "") -> pa.Array:
    """Spell doubles; `quote` stands around what is not finite and has no bare spelling.

    Whole numbers below 10**15 have all their digits; a double holds them exactly.
    """
    size = pc.abs(array)
    whole = array.cast(pa.int64(), safe=False)
    is_whole = pc.and_(
        pc.equal(whole.cast(array.type, safe=False), array), pc.less(size, _ALL_DIGITS)
    )
    if pc.all(is_whole).as_py() is not False:
        return whole.cast(TEXT)  # counts: several times faster than spelling doubles
    texts = pc.add(array, 0.0).cast(TEXT)  # no minus before zero
    long = pc.and_(is_whole, pc.greater_equal(size, _EXPONENT))
    if pc.any(long).as_py():
        texts = pc.if_else(long, whole.cast(TEXT), texts)
    if pc.all(pc.is_finite(array)).as_py() is not False:
        return texts
    sign = pc.if_else(pc.greater(array, 0), "INF", "-INF")
    word = concat(quote, pc.if_else(pc.is_nan(array), "NaN", sign).cast(TEXT), quote)
    return pc.if_else(pc.is_finite(array), texts, word)


def spell_rows(pieces: Sequence[Piece], rows: int) -> Iterator[pa.Array]:
    """Join the pieces of each row; arrays of rows of a bounded size, in order."""
    parts = _folded(pieces, rows)
    step = _step(parts, rows)
    for start in range(0, rows, step):
        count = min(step, rows - start)
        if len(parts) == 1 and isinstance(parts[0], Fixed):
            yield pa.repeat(pa.scalar(parts[0].text, TEXT), count)
        else:
            texts = (p.text or "" if isinstance(p, Fixed) else p.at(start, count) for p in parts)
            yield concat(*texts)


def _step(parts: Sequence[Piece], rows: int) -> int:
    """How many rows may be joined at once, so that no chunk grows beyond its bound."""
    varied = [part.texts for part in parts if isinstance(part, Varied)]
    fixed = sum(4 * len(part.text or "") for part in parts if isinstance(part, Fixed))
    if rows <= ROWS and rows * (fixed + sum(texts.nbytes for texts in varied)) <= CHUNK_BYTES:
        return max(1, rows)  # few rows, or short texts: nothing to look at more closely
    widest = fixed + sum(pc.max(pc.binary_length(texts)).as_py() or 0 for texts in varied)
    return max(1, min(ROWS, CHUNK_BYTES // max(widest, 1)))


def spell_column(pieces: Sequence[Piece], rows: int) -> pa.Array:
    """Join the pieces of each row into one array."""
    return pa.concat_arrays(list(spell_rows(pieces, rows)) or [pa.array([], TEXT)])


def chunks(pieces: Sequence[Piece], rows: int) -> Iterator[bytes]:
    """Join the pieces of all rows into chunks of bytes (UTF-8)."""
    for texts in spell_rows(pieces, rows):
        yield value_bytes(texts)


def value_bytes(texts: pa.Array) -> bytes:
    """The texts of an array of large strings one after another: its value buffer."""
    _, offsets, values = texts.buffers()
    if values is None:
        return b""
    bounds = memoryview(offsets).cast("q")
    start, end = bounds[texts.offset], bounds[texts.offset + len(texts)]
    return values.slice(start, end - start).to_pybytes()  # type: ignore[no-any-return]


def _folded(pieces: Sequence[Piece], rows: int) -> list[Piece]:
    """Put fixed texts together, and before what varies, where that is done once a value."""
    folded: list[Piece] = []
    pending: list[str] = []
    for piece in pieces:
        if isinstance(piece, Fixed):
            pending.append(piece.text or "")
            continue
        before = "".join(pending)
        pending.clear()
        if piece.index is not None and len(piece.texts) < rows:
            folded.append(piece.affixed(before))
        else:
            folded += [Fixed(before), piece]
    return [*folded, Fixed("".join(pending))]
