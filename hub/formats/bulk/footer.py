"""What a Parquet file says is in it, read and bounded before Arrow acts on it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from hub.formats.bounds import check_cells
from hub.formats.bulk.compact import CompactError, CompactReader, Struct
from hub.formats.bulk.fault import refuse
from hub.formats.limits import Limits

_MAGIC = b"PAR1"
_TAIL = 8
#: What comes of reading a struct that is not what it should be.
MALFORMED = (CompactError, LookupError, TypeError, AttributeError, UnicodeDecodeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A column in a row group: its pages stand between two bytes of the file.

    `column` is the path of the column, which is nested where it has several steps; `values` how
    many it says it has, nulls among them.
    """

    column: str
    is_nested: bool
    values: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class RowGroup:
    """A part of the rows: how many, and their columns."""

    rows: int
    chunks: tuple[Chunk, ...]


@dataclass(frozen=True, slots=True)
class Footer:
    """The paths of the columns of a file, and its row groups."""

    columns: tuple[str, ...]
    groups: tuple[RowGroup, ...]

    @property
    def rows(self) -> int:
        """The number of rows of the file."""
        return sum(group.rows for group in self.groups)


def read_footer(file: BinaryIO, name: str, limits: Limits) -> Footer:
    """Read the footer of a Parquet file.

    Raises Invalid for one that is malformed or contradicts itself, TooLarge beyond the limits.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _TAIL))
    tail = file.read(_TAIL)
    length = int.from_bytes(tail[:4], "little")
    if tail[4:] != _MAGIC or length > size - _TAIL - len(_MAGIC):
        raise refuse(name, "it does not end as a Parquet file does: it is damaged or cut off")
    if length > limits.structure_bytes:
        raise limits.refuse("structure_bytes", name, f"a footer of {length:,} bytes")
    file.seek(size - _TAIL - length)
    try:
        told = CompactReader(file.read(length)).struct()
        leaves = _leaves(told[2], name, limits)
        footer = Footer(tuple(leaves), tuple(_groups(told, size, name)))
        _check(footer, told[3], name, limits)
    except MALFORMED as error:
        raise refuse(name, f"its footer cannot be read: {error}") from None
    return footer


def _leaves(elements: list[Struct], name: str, limits: Limits) -> list[str]:
    """The paths of the columns that have values, in order.

    Refuses what is deeper or wider than data is; Arrow follows a schema by recursion.
    """
    open_: list[tuple[str, int]] = []  # the groups that are open, and children still to come
    leaves = []
    for element in elements:
        while open_ and not open_[-1][1]:
            open_.pop()
        if open_:
            open_[-1] = (open_[-1][0], open_[-1][1] - 1)
        open_.append((element[4].decode(), element.get(5, 0)))
        if len(open_) > limits.depth:
            what = f"columns nested deeper than {limits.depth:,}"
            raise limits.refuse("depth", name, what)
        if not element.get(5):
            leaves.append(".".join(step for step, _ in open_[1:]))
        check_cells(name, 0, len(leaves), limits)
    return leaves


def _groups(told: Struct, size: int, name: str) -> Iterator[RowGroup]:
    for group in told.get(4, []):
        chunks = tuple(_chunk(column, size, name) for column in group[1])
        yield RowGroup(group[3], chunks)


def _chunk(column: Struct, size: int, name: str) -> Chunk:
    facts = column[3]
    path = ".".join(part.decode() for part in facts[3])
    if 1 in column:
        raise refuse(name, "its columns stand in other files", path)
    start, dictionary = facts[9], facts.get(11, 0)
    if 0 < dictionary < start:
        start = dictionary
    stop = start + facts[7]
    if not 0 <= start <= stop <= size:
        raise refuse(name, "its pages do not stand in the file: it is damaged or cut off", path)
    is_nested = len(facts[3]) > 1
    return Chunk(column=path, is_nested=is_nested, values=facts[5], start=start, stop=stop)


def _check(footer: Footer, told: int, name: str, limits: Limits) -> None:
    rows = footer.rows
    if rows != told or any(group.rows < 0 for group in footer.groups):
        raise refuse(name, f"it says it has {told:,} rows, and its row groups {rows:,}")
    check_cells(name, rows, len(footer.columns), limits)
    for group in footer.groups:
        if tuple(chunk.column for chunk in group.chunks) != footer.columns:
            raise refuse(name, "a row group has other columns than the schema")
        for chunk in group.chunks:
            if chunk.values < 0:
                raise refuse(name, f"it says it has {chunk.values} values", chunk.column)
    values = sum(chunk.values for group in footer.groups for chunk in group.chunks)
    if values > limits.cells:
        raise limits.refuse("cells", name, f"{values:,} values")
