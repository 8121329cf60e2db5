"""The last check of every reader: what it read is within the limits of the node."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from hub.formats.limits import Limits
from hub.formats.message import RawData

_ENTRIES = pa.list_(pa.struct([("key", pa.string()), ("value", pa.string())]))


def within(raw: RawData, limits: Limits) -> RawData:
    """What was read, as it is. Raises TooLarge where it goes beyond a limit, with the place.

    Readers check the same on their way where a short source can stand for much.
    """
    check_cells(raw.source, raw.table.num_rows, raw.table.num_columns, limits)
    if raw.table.num_rows <= limits.distinct_values and raw.table.nbytes <= limits.text_bytes:
        return raw  # all texts together are within what a single one may be
    for name in raw.table.column_names:
        column = raw.table.column(name)
        _check_distinct(raw.source, name, column, limits)
        _check_texts(raw, name, column, limits)
    return raw


def check_cells(where: str, rows: int, columns: int, limits: Limits) -> None:
    """Raise TooLarge for more rows times columns than a node takes, or too many columns."""
    if columns > limits.columns:
        raise limits.refuse("columns", where, f"{columns:,} components")
    if rows * columns > limits.cells:
        what = f"{rows:,} observations or more with {columns:,} components"
        raise limits.refuse("cells", where, f"{what}, {rows * columns:,} values")


def _check_distinct(file: str, name: str, column: pa.ChunkedArray, limits: Limits) -> None:
    """Refuse a coded column with too many different values."""
    if pa.types.is_dictionary(column.type) and column.num_chunks:
        count = len(column.chunk(0).dictionary)
        if count > limits.distinct_values:
            what = f"{name} has {count:,} different values"
            raise limits.refuse("distinct_values", file, what)


def _check_texts(raw: RawData, name: str, column: pa.ChunkedArray, limits: Limits) -> None:
    """Refuse a text that is too long, with the place of the first."""
    start = 0
    for chunk in column.chunks:
        rows, texts = _texts(chunk)
        longest = _longest(texts, limits.text_bytes)
        # the codes of a column are those of all its chunks: the row may be in another
        row = _first_longer(rows, texts, limits.text_bytes) if longest > limits.text_bytes else None
        if row is not None:
            what = f"a text of {name} has {longest:,} bytes"
            where = f"{raw.source}{_place(raw, start + row)}"
            raise limits.refuse("text_bytes", where, what)
        start += len(chunk)


def _texts(chunk: pa.Array) -> tuple[pa.Array | None, pa.Array]:
    """All texts of a column, and the row of each where that is not its own place."""
    if pa.types.is_map(chunk.type):
        chunk = chunk.cast(_ENTRIES)
        return pc.list_parent_indices(chunk), pc.struct_field(pc.list_flatten(chunk), "value")
    if pa.types.is_list(chunk.type):
        return pc.list_parent_indices(chunk), pc.list_flatten(chunk)
    return None, chunk


def _longest(texts: pa.Array, limit: int) -> int:
    """How long the longest text is; 0 where all of them together are within the limit."""
    if pa.types.is_dictionary(texts.type):
        texts = texts.dictionary
    if texts.nbytes <= limit:
        return 0
    return pc.max(pc.binary_length(texts)).as_py() or 0


def _first_longer(rows: pa.Array | None, texts: pa.Array, limit: int) -> int | None:
    """The first row with a longer text, if there is any."""
    if pa.types.is_dictionary(texts.type):
        long = pc.indices_nonzero(pc.greater(pc.binary_length(texts.dictionary), limit))
        found = pc.is_in(texts.indices, long.cast(texts.indices.type))
    else:
        found = pc.greater(pc.binary_length(texts), limit)
    place = int(pc.index(found, True).as_py())
    if place < 0:
        return None
    return place if rows is None else int(rows[place].as_py())


def _place(raw: RawData, row: int) -> str:
    line, place = raw.line(row), raw.place(row)
    if line is not None:
        return f", line {line}"
    return "" if place is None else f", at {place}"
