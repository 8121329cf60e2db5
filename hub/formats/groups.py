"""Attributes of groups: given for a partial key, they hold for every row whose key has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from hub.formats.kinds import coalesced
from hub.formats.levels import encoded

#: How many different sets of dimensions the groups of a message may have.
MOST_KINDS = 64


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups as a message gave them, one row each.

    `table` has the dimensions of their keys and their attributes; a null dimension is not part of
    the key. `dataset` numbers the data set each is of: it holds within that one only.
    """

    table: pa.Table
    dimensions: tuple[str, ...]
    dataset: pa.Array


class ContradictionError(ValueError):
    """A group gives an attribute another value than one before it with the same key.

    `group` is its row in the table of groups.
    """

    def __init__(self, attribute: str, group: int) -> None:
        super().__init__(f"{attribute} has two values for the same key")
        self.attribute = attribute
        self.group = group


class TooManyKindsError(ValueError):
    """The keys of the groups have more different sets of dimensions than any structure."""


def with_groups(rows: pa.Table, dataset: pa.Array, groups: Groups) -> tuple[pa.Table, list[int]]:
    """Give the rows the attributes of the groups they belong to.

    Their own values go first, then those of the groups with the longest keys.

    `dataset` numbers the data set of each row. Returns the rows, and the groups (rows of the table
    of groups) that none belongs to. Raises ContradictionError, TooManyKindsError, and
    MixedKindsError as `coalesced` does.
    """
    attributes = [name for name in groups.table.column_names if name not in groups.dimensions]
    found: dict[str, list[pa.ChunkedArray]] = {
        name: [rows.column(name)] if name in rows.column_names else [] for name in attributes
    }
    unmatched: list[int] = []
    for key, members in _by_key(groups):
        mine, theirs = _codes(rows, dataset, groups, key, members)
        for name in attributes:
            column = groups.table.column(name).take(members)
            given = pc.is_valid(column)
            _check_once(name, theirs.filter(given), column.filter(given), members.filter(given))
            place = pc.index_in(mine, value_set=theirs.filter(given))
            whole = column.filter(given).combine_chunks()
            found[name].append(pa.chunked_array([whole.take(place)], whole.type))
        absent = pc.invert(pc.is_in(theirs, value_set=mine))
        unmatched += members.filter(absent).to_pylist()
    for name, columns in found.items():
        if columns:
            rows = _put(rows, name, coalesced(columns))
    return rows, unmatched


def _put(rows: pa.Table, name: str, column: pa.ChunkedArray) -> pa.Table:
    if name in rows.column_names:
        return rows.set_column(rows.column_names.index(name), name, column)
    return rows.append_column(name, column)


def _by_key(groups: Groups) -> Iterator[tuple[list[str], pa.Array]]:
    """The groups (their rows) by the dimensions their keys have, the longest keys first."""
    present = [name for name in groups.dimensions if name in groups.table.column_names]
    count = groups.table.num_rows
    mask = pa.repeat(pa.scalar(0, pa.int64()), count)
    for place, name in enumerate(present):
        bit = pc.is_valid(groups.table.column(name)).combine_chunks().cast(pa.int64())
        mask = pc.bit_wise_or(mask, pc.shift_left(bit, place))
    kinds = pc.unique(mask).to_pylist()
    if len(kinds) > MOST_KINDS or len(present) > 62:
        raise TooManyKindsError
    for kind in sorted(kinds, key=int.bit_count, reverse=True):
        members = pc.indices_nonzero(pc.equal(mask, kind)).cast(pa.int64())
        yield [name for place, name in enumerate(present) if kind >> place & 1], members


def _codes(
    rows: pa.Table, dataset: pa.Array, groups: Groups, key: Sequence[str], members: pa.Array
) -> tuple[pa.Array, pa.Array]:
    """One number for each key (with its data set), the same for rows and groups."""
    count = rows.num_rows
    numbers = pa.concat_arrays([dataset.cast(pa.int64()), groups.dataset.take(members)])
    for name in key:
        given = (
            rows.column(name).cast(pa.string())
            if name in rows.column_names
            else pa.chunked_array([pa.nulls(count, pa.string())])
        )
        asked = groups.table.column(name).cast(pa.string()).take(members)
        values = encoded(pa.chunked_array([*given.chunks, *asked.chunks], pa.string()))
        places = values.indices.cast(pa.int64())
        wide = pc.add(pc.multiply(numbers, len(values.dictionary)), places)
        numbers = wide.dictionary_encode().indices.cast(pa.int64())  # dense again: no overflow
    return numbers.slice(0, count), numbers.slice(count)


def _check_once(
    attribute: str, codes: pa.Array, values: pa.ChunkedArray, members: pa.Array
) -> None:
    """Raise ContradictionError where a key is given twice, with different values."""
    if len(pc.unique(codes)) == len(codes):
        return
    first: dict[int, object] = {}
    for code, value, group in zip(
        codes.to_pylist(), values.to_pylist(), members.to_pylist(), strict=True
    ):
        if first.setdefault(code, value) != value:
            raise ContradictionError(attribute, group)
