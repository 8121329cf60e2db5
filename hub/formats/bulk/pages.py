"""The pages of a Parquet file, measured by their headers before any is unpacked.

A page says itself how much it unpacks to, whatever the footer says of its column. Arrow makes room
for that before it looks at the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from hub.formats.bulk.compact import CompactError, CompactReader, Struct
from hub.formats.bulk.fault import refuse
from hub.formats.bulk.footer import Chunk, Footer, RowGroup
from hub.formats.limits import Limits

#: Bytes read for a header at first, and at most: it may hold the least and the greatest value.
_HEADER, _LONGEST_HEADER = 1 << 9, 1 << 24
#: Encodings that are read (Parquet, Encodings); 7, deltas of strings, stands for any length.
_ENCODINGS = frozenset({0, 2, 3, 4, 5, 6, 8, 9})
_DICTIONARY, _DATA_1, _DATA_2 = 7, 5, 8  # the fields of a header that hold what is special
_ENCODING = {_DICTIONARY: 2, _DATA_1: 2, _DATA_2: 4}  # the field of those that holds the encoding


def check_pages(file: BinaryIO, footer: Footer, name: str, limits: Limits) -> None:
    """Raise TooLarge where the pages unpack to more than a node takes.

    Raises Invalid where they are not what the footer says.
    """
    unpacked = 0
    for group in footer.groups:
        for chunk in group.chunks:
            try:
                for size in _sizes(file, chunk, group, name):
                    unpacked += size
                    if unpacked > limits.unpacked_bytes:
                        what = f"it unpacks to {unpacked:,} bytes or more"
                        raise limits.refuse("unpacked_bytes", name, what)
            except (CompactError, KeyError, TypeError, AttributeError) as error:
                message = f"the header of a page cannot be read: {error}"
                raise refuse(name, message, chunk.column) from None


def _sizes(file: BinaryIO, chunk: Chunk, group: RowGroup, name: str) -> Iterator[int]:
    """The size of each page of a column, unpacked."""
    at, values = chunk.start, 0
    while at < chunk.stop and values < chunk.values:
        header, at = _header(file, at, chunk.stop)
        unpacked, packed = header[2], header[3]
        if unpacked < 0 or not 0 <= packed <= chunk.stop - at:
            raise CompactError(f"a page of {packed} bytes, unpacked {unpacked}")
        at += packed
        values += _values(header, unpacked, chunk, name)
        yield unpacked
    if values != chunk.values:
        message = f"{values:,} values where the footer says {chunk.values:,}"
        raise refuse(name, message, chunk.column)
    if not chunk.is_nested and values != group.rows:
        message = f"{values:,} values in {group.rows:,} rows"
        raise refuse(name, message, chunk.column)


def _values(header: Struct, unpacked: int, chunk: Chunk, name: str) -> int:
    """The values of a page; those of a dictionary are not of the rows."""
    kind = next((kind for kind in _ENCODING if kind in header), None)
    if kind is None:
        return 0  # an index
    told = header[kind]
    if told[_ENCODING[kind]] not in _ENCODINGS:
        message = "its encoding is not read here: write it with dictionaries, as is the default"
        raise refuse(name, message, chunk.column)
    count: int = told[1]
    if count < 0 or (kind == _DICTIONARY and count > unpacked):
        raise CompactError(f"a page with {count} values in {unpacked} bytes")
    return 0 if kind == _DICTIONARY else count


def _header(file: BinaryIO, at: int, stop: int) -> tuple[Struct, int]:
    """The header of a page, and where it ends."""
    size = _HEADER
    while True:
        file.seek(at)
        data = file.read(min(size, stop - at))
        reader = CompactReader(data)
        try:
            return reader.struct(), at + reader.at
        except CompactError:
            if size >= min(_LONGEST_HEADER, stop - at):
                raise
            size *= 16
