"""Parquet files put together byte by byte, so that they can say what no writer would."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

I32, I64, BINARY, LIST, STRUCT = 5, 6, 8, 9, 12
MAGIC = b"PAR1"
BYTE_ARRAY = 6


def varint(number: int) -> bytes:
    parts = []
    while number > 127:
        parts.append(number & 127 | 128)
        number >>= 7
    return bytes([*parts, number])


def integer(number: int) -> bytes:
    return varint(number << 1 if number >= 0 else (-number << 1) - 1)


def text(value: str | bytes) -> bytes:
    content = value if isinstance(value, bytes) else value.encode()
    return varint(len(content)) + content


def listed(items: Sequence[bytes], kind: int = STRUCT) -> bytes:
    return bytes([0xF0 | kind]) + varint(len(items)) + b"".join(items)


def struct(fields: dict[int, tuple[int, Any]]) -> bytes:
    """A struct of fields by number: their type, and their value or bytes."""
    out, last = b"", 0
    for number, (kind, value) in sorted(fields.items()):
        spelt = integer(value) if kind in (I32, I64) else value
        out += bytes([number - last << 4 | kind]) + spelt
        last = number
    return out + b"\x00"


def element(name: str, *, children: int = 0, kind: int = BYTE_ARRAY) -> bytes:
    """An element of a schema: a group of so many children, else a column of optional values."""
    fields = {3: (I32, 1), 4: (BINARY, text(name))}
    return struct(fields | ({5: (I32, children)} if children else {1: (I32, kind), 6: (I32, 0)}))


def page(content: bytes, values: int, *, unpacked: int | None = None, encoding: int = 0) -> bytes:
    """A data page (v1) whose header says it has so many values and unpacks to so many bytes."""
    told = struct({1: (I32, values), 2: (I32, encoding), 3: (I32, 3), 4: (I32, 3)})
    size = len(content) if unpacked is None else unpacked
    header = {1: (I32, 0), 2: (I32, size), 3: (I32, len(content)), 5: (STRUCT, told)}
    return struct(header) + content


def dictionary(content: bytes, values: int) -> bytes:
    """A page with a dictionary of so many values."""
    told = struct({1: (I32, values), 2: (I32, 0)})
    size = (I32, len(content))
    return struct({1: (I32, 2), 2: size, 3: size, 7: (STRUCT, told)}) + content


def parquet(
    pages: bytes,
    *,
    name: str = "A",
    rows: int = 1,
    values: int | None = None,
    total_rows: int | None = None,
    has_dictionary: bool = False,
    data_page: int | None = None,
    size: int | None = None,
    codec: int = 0,
    elements: Sequence[bytes] | None = None,
) -> bytes:
    """A file of one column of texts with these pages, and a footer that says what is given."""
    first = len(MAGIC)
    metadata = {
        **{1: (I32, BYTE_ARRAY), 2: (LIST, listed([integer(0)], I32))},
        **{3: (LIST, listed([text(name)], BINARY)), 4: (I32, codec)},
        **{5: (I64, rows if values is None else values), 6: (I64, len(pages))},
        **{7: (I64, len(pages) if size is None else size)},
        **{9: (I64, first if data_page is None else data_page)},
    }
    if has_dictionary:
        metadata[11] = (I64, first)
    chunk = struct({2: (I64, first), 3: (STRUCT, struct(metadata))})
    group = struct({1: (LIST, listed([chunk])), 2: (I64, len(pages)), 3: (I64, rows)})
    schema = elements or [element("root", children=1), element(name)]
    return with_footer(
        pages,
        {
            **{1: (I32, 1), 2: (LIST, listed(schema))},
            **{3: (I64, rows if total_rows is None else total_rows), 4: (LIST, listed([group]))},
        },
    )


def with_footer(pages: bytes, fields: dict[int, tuple[int, Any]]) -> bytes:
    """A file with a footer of these fields."""
    footer = struct(fields)
    return MAGIC + pages + footer + len(footer).to_bytes(4, "little") + MAGIC


def texts(*values: str) -> bytes:
    """Texts as a page holds them in plain encoding, each of them defined."""
    levels = varint(len(values) << 1) + b"\x01"  # a run of ones
    plain = b"".join(len(v.encode()).to_bytes(4, "little") + v.encode() for v in values)
    return len(levels).to_bytes(4, "little") + levels + plain
