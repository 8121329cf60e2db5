"""The pages of a Parquet file, measured by their headers before any is unpacked.

A page says itself how much it unpacks to, whatever the footer says of its column. Arrow makes room
for that before it looks at the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from hub.formats.bulk.compact import CompactError, CompactReader, Struct
from hub.formats.bulk.fault import refuse
from hub.formats.bulk.footer import MALFORMED, Chunk, Footer, RowGroup
from hub.formats.limits import Limits

#: Bytes read for a header at first, and at most: it may hold the least and the greatest value.
_HEADER, _LONGEST_HEADER = 1 << 9, 1 << 24
# Encodings (Parquet, Encodings): by dictionary, and texts after their lengths.
_BY_DICTIONARY, _LENGTHS = (2, 8), 6
#: Those that are read; deltas of strings (7) stand for texts of any length.
_ENCODINGS = frozenset({0, 3, 4, 5, _LENGTHS, 9, *_BY_DICTIONARY})
_DICTIONARY, _DATA_1, _DATA_2 = 7, 5, 8  # the fields of a header that hold what is special
_BESIDE = 64
_ENCODING = {_DICTIONARY: 2, _DATA_1: 2, _DATA_2: 4}  # the field of those that holds the encoding


@dataclass(slots=True)
class _Measured:
    """A column of a row group, as far as its pages were measured.

    `unpacked` are bytes of pages; `dictionary` those of its dictionary, to which `referring` values
    refer. It has a long text where a page has fewer values than texts of the greatest length fill.
    """

    values: int = 0
    unpacked: int = 0
    dictionary: int = 0
    referring: int = 0
    has_lengths: bool = False
    has_long_text: bool = False

    @property
    def bytes(self) -> int:
        """What it unpacks to at most; Arrow cannot give texts after their lengths as codes."""
        written_out = self.dictionary * self.referring if self.has_lengths else 0
        return self.unpacked + written_out


def check_pages(file: BinaryIO, footer: Footer, name: str, limits: Limits) -> list[frozenset[str]]:
    """The columns of each row group whose texts can be read as codes.

    Raises TooLarge where the pages unpack to more than a node takes, Invalid where they are not
    what the footer says.
    """
    unpacked = 0
    codes = []
    for group in footer.groups:
        encoded = set()
        for chunk in group.chunks:
            try:
                measured = _measure(file, chunk, name, limits)
            except MALFORMED as error:
                message = f"the header of a page cannot be read: {error}"
                raise refuse(name, message, chunk.column) from None
            _check_values(measured, chunk, group, name)
            unpacked += measured.bytes
            _check_unpacked(unpacked, name, limits)
            if measured.has_long_text:
                what = f"a text of {chunk.column} has more than {limits.text_bytes:,} bytes"
                raise limits.refuse("text_bytes", name, what)
            if not measured.has_lengths:
                encoded.add(chunk.column)
        codes.append(frozenset(encoded))
    return codes


def _check_unpacked(unpacked: int, name: str, limits: Limits) -> None:
    if unpacked > limits.unpacked_bytes:
        what = f"it unpacks to {unpacked:,} bytes or more"
        raise limits.refuse("unpacked_bytes", name, what)


def _check_values(measured: _Measured, chunk: Chunk, group: RowGroup, name: str) -> None:
    if measured.values != chunk.values:
        message = f"{measured.values:,} values where the footer says {chunk.values:,}"
        raise refuse(name, message, chunk.column)
    if not chunk.is_nested and chunk.values != group.rows:
        message = f"{chunk.values:,} values in {group.rows:,} rows"
        raise refuse(name, message, chunk.column)


def _measure(file: BinaryIO, chunk: Chunk, name: str, limits: Limits) -> _Measured:
    measured, at = _Measured(), chunk.start
    while at < chunk.stop and measured.values < chunk.values:
        header, at = _header(file, at, chunk.stop)
        unpacked, packed = header[2], header[3]
        if unpacked < 0 or not 0 <= packed <= chunk.stop - at:
            raise CompactError(f"a page of {packed} bytes, unpacked {unpacked}")
        at += packed
        measured.unpacked += unpacked
        _check_unpacked(measured.unpacked, name, limits)
        kind = next((kind for kind in _ENCODING if kind in header), None)
        if kind is None:
            continue  # an index
        count, encoding = header[kind][1], header[kind][_ENCODING[kind]]
        if encoding not in _ENCODINGS:
            message = "its encoding is not read here: write it with dictionaries, as is the default"
            raise refuse(name, message, chunk.column)
        if count < 0 or (kind == _DICTIONARY and count > unpacked):
            raise CompactError(f"a page with {count} values in {unpacked} bytes")
        # a page of texts has a length and levels beside each value, fewer bytes than `_BESIDE`
        has_room = (count + 1) * (limits.text_bytes + _BESIDE)
        measured.has_long_text |= unpacked > has_room
        if kind == _DICTIONARY:
            measured.dictionary += unpacked
            continue
        measured.values += count
        measured.referring += count if encoding in _BY_DICTIONARY else 0
        measured.has_lengths |= encoding == _LENGTHS
    return measured


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
