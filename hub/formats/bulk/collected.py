"""The columns of a bulk file, collected batch by batch."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

import pyarrow as pa
import pyarrow.compute as pc

from hub.formats.bounds import check_cells
from hub.formats.bulk.fault import refuse
from hub.formats.bulk.texts import as_texts, first_twice, kind_of, unpacked_bytes
from hub.formats.kinds import CODES, TEXTS
from hub.formats.limits import Limits

#: What pandas calls the index of a table that it writes beside the columns.
_INDEX = re.compile(r"__index_level_[0-9]+__")


class Collected:
    """The columns of a schema; refusals name the file, the column and the row.

    `measures` are columns nearly all of whose numbers differ; `ignored` those that are no part of
    the data.
    """

    def __init__(
        self, schema: pa.Schema, file: str, limits: Limits, measures: Collection[str] = ()
    ) -> None:
        self.rows = 0
        self.ignored = tuple(name for name in schema.names if _INDEX.fullmatch(name))
        self._file = file
        self._limits = limits
        self._unpacked = 0
        self._measures = frozenset(measures)
        self._kinds = {
            field.name: self._kind(field) for field in schema if not _INDEX.fullmatch(field.name)
        }
        self._check_names(schema)
        self._chunks: dict[str, list[pa.Array]] = {name: [] for name in self._kinds}

    def take(self, batches: Iterable[pa.RecordBatch]) -> None:
        """Take batches of the schema. Raises Invalid and TooLarge."""
        for batch in batches:
            check_cells(self._file, self.rows + batch.num_rows, len(self._kinds), self._limits)
            for name, chunks in self._chunks.items():
                array = batch.column(name)
                self._check(array, name)
                chunks.append(self._texts(array, name))
            self.rows += batch.num_rows

    def columns(self) -> dict[str, pa.ChunkedArray]:
        """All columns."""
        found = {}
        for name, chunks in self._chunks.items():
            column = pa.chunked_array(chunks, self._kinds[name])
            found[name] = column.unify_dictionaries() if column.type == CODES else column
        return found

    def _kind(self, field: pa.Field) -> pa.DataType:
        kind = kind_of(field.type)
        if kind is None:
            message = f"it is of type {str(field.type)[:80]}, which no component has"
            raise refuse(self._file, f"{message}: write it as text", field.name)
        is_whole = pa.types.is_integer(field.type)
        return pa.string() if is_whole and field.name in self._measures else kind

    def _check_names(self, schema: pa.Schema) -> None:
        if len(self._kinds) + len(self.ignored) != len(schema.names):
            twice = next(name for name in schema.names if schema.names.count(name) > 1)
            raise refuse(self._file, "there are two columns of this name: keep one", twice)
        check_cells(self._file, 0, len(self._kinds), self._limits)

    def _check(self, array: pa.Array, name: str) -> None:
        """Refuse what is damaged, and what would be too much before it is written out."""
        try:
            array.validate(full=True)
        except pa.ArrowInvalid as error:
            raise refuse(self._file, f"it is damaged: {str(error)[:200]}", name) from None
        self._unpacked += unpacked_bytes(array)
        if self._unpacked > self._limits.unpacked_bytes:
            what = f"{name} unpacks to more than {self._unpacked:,} bytes"
            raise self._limits.refuse("unpacked_bytes", self._file, what)

    def _texts(self, array: pa.Array, name: str) -> pa.Array:
        try:
            texts = as_texts(array)
        except pa.ArrowInvalid:
            broken = self.rows + _first_broken(array)
            raise refuse(self._file, "bytes that are not UTF-8", name, row=broken) from None
        twice = first_twice(texts) if texts.type == TEXTS else None
        if twice is not None:
            message = "two texts in one language"
            raise refuse(self._file, message, name, row=self.rows + twice)
        return texts.cast(self._kinds[name])


def _first_broken(array: pa.Array) -> int:
    """The first row that cannot be text."""
    if pa.types.is_dictionary(array.type):
        place: int = pc.index(array.indices, _first_broken(array.dictionary)).as_py()
        return max(place, 0)
    sound, broken = 0, len(array)  # so many rows are sound; so many are not
    while broken - sound > 1:
        middle = (sound + broken) // 2
        try:
            as_texts(array.slice(0, middle))
            sound = middle
        except pa.ArrowInvalid:
            broken = middle
    return sound
