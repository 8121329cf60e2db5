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
    """The row groups of a file."""

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
        leaves = _check_schema(told.get(2, []), name, limits)
        footer = Footer(tuple(_groups(told, size, name)))
    except (CompactError, KeyError, TypeError, AttributeError) as error:
        raise refuse(name, f"its footer cannot be read: {error}") from None
    if any(len(group.chunks) != leaves for group in footer.groups):
        raise refuse(name, f"a row group has not the {leaves} columns of the schema")
    _check(footer, told.get(3, 0), name, limits)
    return footer


def _check_schema(elements: list[Struct], name: str, limits: Limits) -> int:
    """The number of columns that have values, nested ones too.

    Refuses what is deeper or wider than data is; Arrow follows a schema by recursion.
    """
    open_: list[int] = []  # children still to come, of each group that is open
    for element in elements:
        while open_ and not open_[-1]:
            open_.pop()
        if open_:
            open_[-1] -= 1
        open_.append(element.get(5, 0))
        if len(open_) > limits.depth:
            what = f"columns nested deeper than {limits.depth:,}"
            raise limits.refuse("depth", name, what)
    leaves = sum(1 for element in elements[1:] if not element.get(5))
    check_cells(name, 0, leaves, limits)
    return leaves


def _groups(told: Struct, size: int, name: str) -> Iterator[RowGroup]:
    for group in told.get(4, []):
        chunks = tuple(_chunk(column, size, name) for column in group[1])
        yield RowGroup(group[3], chunks)


def _chunk(column: Struct, size: int, name: str) -> Chunk:
    facts = column[3]
    path = ".".join(part.decode("utf-8", "replace") for part in facts[3])
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
    for group in footer.groups:
        check_cells(name, rows, len(group.chunks), limits)
        for chunk in group.chunks:
            if chunk.values < 0:
                raise refuse(name, f"it says it has {chunk.values} values", chunk.column)
    values = sum(chunk.values for group in footer.groups for chunk in group.chunks)
    if values > limits.cells:
        raise limits.refuse("cells", name, f"{values:,} values")
