"""Reads Thrift's compact protocol, in which Parquet says what is in a file.

Only so much of it as is needed to look before Arrow reads: Arrow takes a footer at its word.
"""

from __future__ import annotations

from typing import Any

Struct = dict[int, Any]

# Types of the protocol; a Boolean field has its value in its type.
_TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = 1, 2, 3, 7, 8, 9, 10, 11, 12
_INTEGERS = (4, 5, 6)
#: Structs and containers in each other; those of Parquet go half as deep.
_DEPTH = 16
_VARINT_BYTES = 10


class CompactError(ValueError):
    """Bytes that are not of the protocol."""


class CompactReader:
    """Reads values from bytes, from `at` on, which moves past what was read.

    All methods raise CompactError for what is malformed, cut off or nested too deep.
    """

    def __init__(self, data: bytes | memoryview, at: int = 0) -> None:
        self.at = at
        self._data = data

    def struct(self, depth: int = _DEPTH) -> Struct:
        """A struct: its fields by their numbers."""
        fields: Struct = {}
        number = 0
        while head := self._byte():
            delta, kind = head >> 4, head & 15
            number = number + delta if delta else self._integer()
            fields[number] = kind == _TRUE if kind in (_TRUE, _FALSE) else self._value(kind, depth)
        return fields

    def _value(self, kind: int, depth: int) -> Any:
        if kind in _INTEGERS:
            return self._integer()
        if kind == _BINARY:
            return self._take(self._varint())
        if depth == 0:
            raise CompactError("nested too deep")
        if kind == _STRUCT:
            return self.struct(depth - 1)
        if kind in (_LIST, _SET):
            return self._list(depth - 1)
        if kind == _MAP:
            return self._map(depth - 1)
        if kind in (_TRUE, _FALSE, _BYTE):  # Booleans have a byte of their own in containers
            return self._byte()
        if kind == _DOUBLE:
            return self._take(8)
        raise CompactError(f"a value of the unknown type {kind}")

    def _list(self, depth: int) -> list[Any]:
        head = self._byte()
        size = head >> 4 if head >> 4 != 15 else self._varint()
        return [self._value(head & 15, depth) for _ in self._range(size)]

    def _map(self, depth: int) -> list[tuple[Any, Any]]:
        size = self._varint()
        kinds = self._byte() if size else 0
        return [
            (self._value(kinds >> 4, depth), self._value(kinds & 15, depth))
            for _ in self._range(size)
        ]

    def _range(self, size: int) -> range:
        """Every item takes a byte at least."""
        if size > len(self._data) - self.at:
            raise CompactError("it ends too soon")
        return range(size)

    def _integer(self) -> int:
        number = self._varint()
        return (number >> 1) ^ -(number & 1)

    def _varint(self) -> int:
        number = 0
        for place in range(_VARINT_BYTES):
            byte = self._byte()
            number |= (byte & 127) << 7 * place
            if byte < 128:
                return number
        raise CompactError("a number without end")

    def _byte(self) -> int:
        try:
            byte = self._data[self.at]
        except IndexError:
            raise CompactError("it ends too soon") from None
        self.at += 1
        return byte

    def _take(self, size: int) -> bytes:
        if size > len(self._data) - self.at:
            raise CompactError("it ends too soon")
        start, self.at = self.at, self.at + size
        return bytes(self._data[start : self.at])
