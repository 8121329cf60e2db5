"""Texts as numbers, so that what the engine compares, joins and sorts is small and of fixed width.

The number of a text is its rank among the texts of its column, from 0: numbers are equal, and
ordered, as the texts are. A column that has one value in all rows, or none, is not in the tables
at all: it is `settled`. No text goes into the engine this way, and none has to come out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from hub.engine.encoded import smallest, whole
from hub.engine.sql import identifier


@dataclass(frozen=True, slots=True)
class Ranks:
    """What the numbers in some tables mean.

    `texts` are those of every column of texts, sorted, so that a number is a position. `settled`
    columns are not in the tables: all rows have the only text there is, or all of them none.
    """

    texts: Mapping[str, pa.Array]
    settled: frozenset[str]

    def varying(self, names: Iterable[str]) -> list[str]:
        """Those of some columns that are in the tables."""
        return [name for name in names if name not in self.settled]

    def sql(self, name: str) -> str:
        """A column as it stands in SQL: its name, or the one value it has."""
        if name not in self.settled:
            return identifier(name)
        return "0" if len(self.texts.get(name, ())) else "NULL"

    def numbers(self, name: str, texts: Iterable[str]) -> list[int]:
        """The numbers of those of some texts that occur in a column."""
        wanted = pa.array(list(texts), pa.string())
        numbers: list[int] = pc.index_in(wanted, self.texts[name]).drop_null().to_pylist()
        return numbers

    def spelt(self, table: pa.Table, fields: pa.Schema) -> pa.Table:
        """A table of numbers with the columns of a schema; texts come dictionary-encoded."""
        columns = [self._column(table, field) for field in fields]
        return pa.table(columns, names=fields.names)

    def _column(self, table: pa.Table, field: pa.Field) -> pa.Array | pa.ChunkedArray:
        texts = self.texts.get(field.name)
        if field.name not in self.settled:
            column = table.column(field.name)
            if texts is None:
                return column.cast(field.type)
            return pa.DictionaryArray.from_arrays(column.combine_chunks(), texts)
        if texts is None:
            return pa.nulls(table.num_rows, field.type)
        numbers = pa.nulls(table.num_rows, pa.int8())
        if len(texts):
            numbers = pa.repeat(pa.scalar(0, pa.int8()), table.num_rows)
        return pa.DictionaryArray.from_arrays(numbers, texts)


def ranked(tables: Sequence[pa.Table], keep: Collection[str] = ()) -> tuple[list[pa.Table], Ranks]:
    """Turn the texts of tables with the same columns into numbers that mean the same in each.

    Texts may be dictionary-encoded. Columns in `keep` stay in the tables whatever they hold; a
    table without any would forget how many rows it has.
    """
    columns: list[dict[str, pa.Array]] = [{} for _ in tables]
    texts: dict[str, pa.Array] = {}
    settled: set[str] = set()
    for name in tables[0].column_names:
        given = [table.column(name) for table in tables]
        if _is_text(given[0].type):
            given = [whole(column) for column in given]
            texts[name] = _sorted_texts(given)
        if name not in keep and _is_settled(given, texts.get(name)):
            settled.add(name)
            continue
        if name in texts:
            given = [_numbered(column, texts[name]) for column in given]
        for place, column in zip(columns, given, strict=True):
            place[name] = column
    return [pa.table(found) for found in columns], Ranks(texts, frozenset(settled))


def _is_text(type_: pa.DataType) -> bool:
    return bool(pa.types.is_string(type_) or pa.types.is_dictionary(type_))


def _is_settled(columns: Sequence[pa.Array], texts: pa.Array | None) -> bool:
    """True where all rows have the only text there is, or all have nothing."""
    absent: int = sum(column.null_count for column in columns)
    if texts is not None and len(texts):
        return absent == 0 and len(texts) == 1
    rows: int = sum(len(column) for column in columns)
    return absent == rows


def _sorted_texts(columns: Sequence[pa.DictionaryArray]) -> pa.Array:
    """The different texts that occur in some columns, sorted."""
    texts = pa.concat_arrays([_used(column) for column in columns]).unique()
    return texts.take(pc.array_sort_indices(texts))


def _used(column: pa.DictionaryArray) -> pa.Array:
    """The texts of a dictionary that occur."""
    if column.null_count == len(column):
        return column.dictionary.slice(0, 0)
    if len(column.dictionary) == 1:
        return column.dictionary
    return column.dictionary.take(column.indices.unique().drop_null())


def _numbered(column: pa.DictionaryArray, texts: pa.Array) -> pa.Array:
    type_ = smallest(len(texts))
    if column.indices.type == type_ and column.dictionary.equals(texts):
        return column.indices
    return pc.index_in(column.dictionary, texts).cast(type_).take(column.indices)
