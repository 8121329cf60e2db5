"""Reads FlatBuffers, in which Arrow describes each message of a stream.

Only so much of it as is needed to look before Arrow reads: how many values a message has, and what
its buffers unpack to.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

_OFFSET = struct.Struct("<I")
_TABLE = struct.Struct("<i")
_FIELD = struct.Struct("<H")
_LONG = struct.Struct("<q")
_PAIR = struct.Struct("<qq")


@dataclass(frozen=True, slots=True)
class FlatTable:
    """A table in a buffer, from the place where it starts; fields count from 0.

    All methods raise struct.error or IndexError for what does not stand in the buffer.
    """

    data: bytes
    start: int

    def long(self, field: int) -> int:
        """A field of 64 bits; 0 where it is not there."""
        at = self._place(field)
        return int(_LONG.unpack_from(self.data, at)[0]) if at else 0

    def byte(self, field: int) -> int:
        """A field of 8 bits; 0 where it is not there."""
        at = self._place(field)
        return self.data[at] if at else 0

    def table(self, field: int) -> FlatTable | None:
        """A field that is a table; None where it is not there."""
        at = self._place(field)
        return FlatTable(self.data, self._pointed(at)) if at else None

    def pairs(self, field: int) -> list[tuple[int, int]]:
        """A field that is a vector of structs of two numbers of 64 bits."""
        at = self._place(field)
        if not at:
            return []
        first = self._pointed(at)
        count = _OFFSET.unpack_from(self.data, first)[0]
        if count * _PAIR.size > len(self.data):
            raise IndexError("a vector longer than its buffer")
        first += _OFFSET.size
        return [
            (int(one), int(other))
            for one, other in _PAIR.iter_unpack(self.data[first : first + count * _PAIR.size])
        ]

    def _place(self, field: int) -> int:
        """Where a field stands; 0 where it does not."""
        layout = self.start - _TABLE.unpack_from(self.data, self.start)[0]
        if layout < 0:
            raise IndexError("a table outside its buffer")
        at = 2 * _FIELD.size + field * _FIELD.size
        if at >= _FIELD.unpack_from(self.data, layout)[0]:
            return 0
        offset = _FIELD.unpack_from(self.data, layout + at)[0]
        return self.start + int(offset) if offset else 0

    def _pointed(self, at: int) -> int:
        return at + int(_OFFSET.unpack_from(self.data, at)[0])


def root(data: bytes) -> FlatTable:
    """The table a buffer is of."""
    return FlatTable(data, int(_OFFSET.unpack_from(data, 0)[0]))
