"""The messages of an Arrow stream, measured by what they say before any is unpacked.

An Arrow file is such a stream between two marks, with a table of contents after it that is not
needed here.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from typing import BinaryIO

from hub.formats.bulk.fault import refuse
from hub.formats.bulk.flat import FlatTable, root
from hub.formats.limits import Limits

FILE_MAGIC = b"ARROW1"
#: Where the stream begins in an Arrow file.
FILE_START = 8
CONTINUED = b"\xff\xff\xff\xff"
# Fields of the tables Message and RecordBatch, and kinds of messages (Arrow, Message.fbs).
_KIND, _HEADER, _BODY = 1, 2, 3
_LENGTH, _NODES, _BUFFERS, _COMPRESSION = 0, 1, 2, 3
_SCHEMA, _DICTIONARY, _BATCH = 1, 2, 3
_PREFIX = struct.Struct("<q")

_BESIDE = 64


def start_of(file: BinaryIO) -> int:
    """Where in a file the stream begins."""
    file.seek(0)
    return FILE_START if file.read(len(FILE_MAGIC)) == FILE_MAGIC else 0


def _end_of(file: BinaryIO, name: str) -> int:
    """The size of a file, which as an Arrow file must end with its mark."""
    is_file = start_of(file) == FILE_START
    end = file.seek(0, os.SEEK_END)
    if is_file:
        file.seek(max(0, end - len(FILE_MAGIC)))
        if file.read() != FILE_MAGIC or end < FILE_START + len(FILE_MAGIC):
            raise refuse(name, "it does not end as an Arrow file does: it is cut off")
    return end


def check_stream(file: BinaryIO, name: str, limits: Limits) -> None:
    """Raise TooLarge where the messages stand for more than a node takes.

    Raises Invalid where they are not of the format, or do not stand in the file.
    """
    unpacked = described = values = rows = 0
    try:
        for size, message, body in _messages(file, name, limits):
            described += size
            if described > limits.structure_bytes:
                what = f"{described:,} bytes or more that are not data"
                raise limits.refuse("structure_bytes", name, what)
            kind, header = message.byte(_KIND), message.table(_HEADER)
            if header is None or kind == _SCHEMA:
                continue
            batch = header.table(1) if kind == _DICTIONARY else header
            if kind not in (_DICTIONARY, _BATCH) or batch is None:
                raise refuse(name, f"it holds a message of kind {kind}, which is no table")
            size, held = _unpacked(file, batch, body, name), _values(batch)
            unpacked, values = unpacked + size, values + held
            rows += batch.long(_LENGTH)
            _check(name, unpacked, max(values, rows), limits)
            # lengths and padding take up to `_BESIDE` bytes beside each value and buffer
            beside = (held + len(batch.pairs(_BUFFERS))) * _BESIDE
            if size > held * limits.text_bytes + beside:
                what = f"a text of more than {limits.text_bytes:,} bytes"
                raise limits.refuse("text_bytes", name, what)
    except (struct.error, IndexError) as error:
        raise refuse(name, f"a message cannot be read: {error}") from None


def _values(batch: FlatTable) -> int:
    """How many values a batch says its columns hold."""
    return sum(length for length, _ in batch.pairs(_NODES))


def _check(name: str, unpacked: int, values: int, limits: Limits) -> None:
    if unpacked > limits.unpacked_bytes:
        what = f"it unpacks to {unpacked:,} bytes or more"
        raise limits.refuse("unpacked_bytes", name, what)
    if values > limits.cells:
        raise limits.refuse("cells", name, f"{values:,} values or more")


def _messages(
    file: BinaryIO, name: str, limits: Limits
) -> Iterator[tuple[int, FlatTable, tuple[int, int]]]:
    """Each message: the size of its description, this itself, and where its body stands.

    The mark of the end must be there: without it, a stream cut off between messages looks whole.
    """
    at, end = start_of(file), _end_of(file, name)
    while True:
        file.seek(at)
        head = file.read(8)
        size = int.from_bytes(head[4:], "little")
        if head[:4] != CONTINUED or len(head) < 8 or size > end - at - 8:
            told = f"there is no message at byte {at}, nor the mark of the end"
            raise refuse(name, f"{told}: it is damaged or cut off")
        if not size:
            return
        if size > limits.structure_bytes:
            what = f"a description of {size:,} bytes"
            raise limits.refuse("structure_bytes", name, what)
        message = root(file.read(size))
        start = at + 8 + size
        length = message.long(_BODY)
        if not 0 <= length <= end - start:
            raise refuse(name, f"a message at byte {at} is cut off")
        yield size, message, (start, start + length)
        at = start + length


def _unpacked(file: BinaryIO, batch: FlatTable, body: tuple[int, int], name: str) -> int:
    """What the buffers of a batch take in memory."""
    buffers = batch.pairs(_BUFFERS)
    start, stop = body
    for offset, length in buffers:
        if offset < 0 or length < 0 or offset + length > stop - start:
            raise refuse(name, "a buffer does not stand in its message: it is damaged")
    if batch.table(_COMPRESSION) is None:
        return sum(length for _, length in buffers)
    total = 0
    for offset, length in buffers:
        if length < _PREFIX.size:
            continue
        file.seek(start + offset)
        told = _PREFIX.unpack(file.read(_PREFIX.size))[0]
        if told < -1:
            raise refuse(name, f"a buffer that unpacks to {told} bytes")
        total += length if told == -1 else told
    return total
