"""Observations grouped in series: the text around them, opened and closed where the key changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from hub.formats.data.escape import concat
from hub.formats.data.piece import (
    TEXT,
    Fixed,
    Piece,
    Varied,
    chunks,
    spell_column,
    texts_of,
)
from hub.formats.data.rows import Rows

Spelling = Callable[[Rows], list[Piece]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesText:
    """How a format writes series: what opens one, each observation, what closes it, separators.

    `opening` sees the first row of each series, `observation` every row.
    """

    opening: Spelling
    observation: Spelling
    closing: str
    between_series: str = ""
    between_observations: str = ""


def write_series(batches: Iterable[Rows], key: Sequence[str], text: SeriesText) -> Iterator[bytes]:
    """Write rows as series.

    Rows with the same key must follow one another, also from batch to batch; where batches end
    makes no difference to the bytes.
    """
    last: tuple[object, ...] | None = None
    for batch in batches:
        if not len(batch):
            continue
        starts = _starts(batch, key, last)
        head = _heads(batch, starts, text, is_first=last is None)
        yield from chunks([head, *text.observation(batch)], len(batch))
        last = _key_at(batch, key, -1)
    if last is not None:
        yield text.closing.encode()


def write_rows(batches: Iterable[Rows], spelling: Spelling, between: str = "") -> Iterator[bytes]:
    """Write rows without series, with a text of ASCII characters between any two of them."""
    is_first = True
    for batch in batches:
        if not len(batch):
            continue
        for chunk in chunks([Fixed(between), *spelling(batch)], len(batch)):
            yield chunk[len(between) :] if is_first else chunk
            is_first = False


def _starts(batch: Rows, key: Sequence[str], last: tuple[object, ...] | None) -> pa.Array:
    """For each row, whether its key differs from the one before."""
    changed = pa.repeat(pa.scalar(False), len(batch) - 1)
    for name in (name for name in key if name not in batch.fixed):
        found = texts_of(batch.column(name))
        if isinstance(found, str):
            continue
        codes = found[1].fill_null(-1)
        changed = pc.or_(changed, pc.not_equal(codes.slice(1), codes.slice(0, len(codes) - 1)))
    first = _key_at(batch, key, 0)
    return pa.concat_arrays([pa.array([first != last]), changed])


def _heads(batch: Rows, starts: pa.Array, text: SeriesText, *, is_first: bool) -> Piece:
    """What stands before each row: the change of series, or what separates observations."""
    firsts = batch.take(pc.indices_nonzero(starts))
    opened = spell_column(text.opening(firsts), len(firsts))
    heads = concat(text.closing + text.between_series, opened)
    if is_first:
        heads = pa.concat_arrays([opened.slice(0, 1), heads.slice(1)])
    texts = pa.concat_arrays([pa.array([text.between_observations], TEXT), heads])
    number = pc.cumulative_sum(starts.cast(pa.int32()))
    return Varied(texts, pc.if_else(starts, number, pa.scalar(0, pa.int32())))


def _key_at(batch: Rows, key: Sequence[str], place: int) -> tuple[object, ...]:
    return tuple(batch.column(name)[place].as_py() for name in key if name not in batch.fixed)
