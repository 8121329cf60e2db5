"""Checked observations on their way to a release, and the slices they touch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from hub.formats.message import Action, RawData
from hub.model import Schema
from hub.publish.actions import asks_for
from hub.publish.marks import Marks
from hub.store.parts import Part


@dataclass(frozen=True, slots=True)
class BaseFile:
    """The newest version of a slice there is: where it is, and how many observations it has."""

    part: Part
    rows: int


#: The newest version of each (slice, source) there is.
Base = Mapping[tuple[str, str], BaseFile]


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """Checked observations of one source.

    Texts in `table` may be dictionary-encoded; `actions` are those of its rows, `marks` tell which
    single values rows delete.
    `complete` slices lose what is not in `table`; where it `replaces`, so do all that rows other
    than deletions fall into. `raw` tells where the rows stand in the source.
    """

    source: str
    raw: RawData
    table: pa.Table
    actions: pa.DictionaryArray
    replaces: bool
    complete: tuple[str, ...]
    marks: Marks = field(default_factory=dict)

    def slices(self, schema: Schema, *, deletions: bool = True) -> set[str]:
        """The slices that rows name, with or without deletions."""
        if schema.slice_by is None:
            kept = len(self.actions) if deletions else self._kept().true_count
            return {""} if kept else set()
        areas = self.table.column(schema.slice_by)
        if not deletions:
            areas = areas.filter(self._kept())
        return set(areas.unique().drop_null().to_pylist())

    def complete_slices(self, schema: Schema) -> set[str]:
        """The slices that are given completely."""
        given = self.slices(schema, deletions=False) if self.replaces else set()
        return given | set(self.complete)

    def touched(self, schema: Schema, base: Iterable[tuple[str, str]]) -> set[str]:
        """The slices that may change; `base` are those there are."""
        touched = self.slices(schema) | set(self.complete)
        if self.has_open_deletion(schema):
            touched |= {slice_ for slice_, source in base if source == self.source}
        return touched

    def has_open_deletion(self, schema: Schema) -> bool:
        """True where a deletion does not say in which slice, so means all of them."""
        # Rows that are no deletions have a value for every dimension.
        return schema.slice_by is not None and bool(self.table.column(schema.slice_by).null_count)

    def _kept(self) -> pa.BooleanArray:
        return pc.invert(asks_for(self.actions, Action.DELETE))
