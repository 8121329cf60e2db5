"""What a writer sees of a batch: its columns, and those that no row differs in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from hub.formats.message import DataSet


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of a data set.

    A column is an array with a value for each row, or, for one of `fixed`, of one value that
    stands for all of them.
    """

    batch: pa.RecordBatch
    fixed: Mapping[str, pa.Array] = field(default_factory=dict)

    def __len__(self) -> int:
        return int(self.batch.num_rows)

    def __contains__(self, name: str) -> bool:
        return name in self.fixed or name in self.batch.schema.names

    def column(self, name: str) -> pa.Array:
        """The values of a column."""
        found = self.fixed.get(name)
        return self.batch.column(name) if found is None else found

    def take(self, places: pa.Array) -> Rows:
        """Some of the rows."""
        if len(places) == 1:
            return Rows(self.batch.slice(places[0].as_py(), 1), self.fixed)
        return Rows(self.batch.take(places), self.fixed)


def rows_of(dataset: DataSet) -> Iterator[Rows]:
    """The rows of a data set, batch by batch."""
    return (Rows(batch, dataset.fixed) for batch in dataset.batches)


def rows_of_table(table: pa.Table) -> Iterable[Rows]:
    """The rows of a small table."""
    return (Rows(batch) for batch in table.combine_chunks().to_batches())


def first_row(table: pa.Table) -> Rows:
    """The first row of a table that has any."""
    return Rows(table.slice(0, 1).combine_chunks().to_batches()[0])
