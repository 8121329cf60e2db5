"""Computing observations again from the archive: the bytes that came, the method that made them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isclose

import pyarrow as pa
import pyarrow.compute as pc

from federation.derivation import EMIGRANTS
from federation.provenance.archive import Archive, ReadAgain
from federation.provenance.cells import Cell, Filters, Rows, cell_of, pick, rows_of
from federation.provenance.explain import input_schemas, make
from federation.provenance.sources import Sources
from federation.provenance.values import (
    Difference,
    Explanation,
    Input,
    Outcome,
    Part,
    Verdict,
)
from hub.engine import arrow_field
from hub.model import Reference, Release, Schema
from hub.store import Store

#: Sums of the same numbers by another version of the engine may differ in their last digits.
_TOLERANCE = 1e-12
_Read = Mapping[Reference, Mapping[str, ReadAgain]]


def verify(store: Store, told: Sequence[Explanation]) -> list[Verdict]:
    """Compute explained observations again from archived bytes, in the order they are given.

    The bytes are read by the readers and bounds of a harvest, the figure is made by the method
    that made it. What was handed in at this node is read from its slice version, under its hash.
    A single destination's figure needs the bytes of that destination, a sum those of all slices.
    """
    archive, sources = Archive(store), Sources(store)
    found: dict[int, Verdict] = {}
    groups: dict[tuple[Reference, tuple[str, ...]], list[int]] = {}
    for place, one in enumerate(told):
        if one.is_derived:
            made_from = tuple(release.id for release in one.releases)
            groups.setdefault((one.flow, made_from), []).append(place)
        else:
            found[place] = _plain(store, archive, one)
    for places in groups.values():
        group = [told[place] for place in places]
        verdicts = _Again(store, archive, sources, group[0]).verdicts(group)
        found |= dict(zip(places, verdicts, strict=True))
    return [found[place] for place in range(len(told))]


def _plain(store: Store, archive: Archive, told: Explanation) -> Verdict:
    """Look for an observation that was not derived in what its slice came from."""
    schema = store.schema(told.flow)
    cell = cell_of(told.key, schema)
    read = archive.read(told.source, schema)
    if read.table is None:
        return Verdict(outcome=Outcome.IMPOSSIBLE, faults=read.faults)
    row = pick(read.table, schema, [cell]).get(cell.key, {})
    measure = schema.measures[0].id
    value = row.get(measure)
    is_equal = bool(row) and _same(told.value, value)
    differences = (
        ()
        if is_equal
        else (Difference(flow=told.flow, key=told.key, held=told.value, archived=value),)
    )
    return _verdict(is_equal, value, differences, [read])


class _Again:
    """The derivation of cells from the same releases, done again from the archive."""

    def __init__(self, store: Store, archive: Archive, sources: Sources, one: Explanation) -> None:
        self._store = store
        self._archive = archive
        self._flow = one.flow
        self._schema = store.schema(one.flow)
        self._schemas = input_schemas(store)
        self._releases = {release.flow: release for release in one.releases}
        self._sources = {
            release.flow: sources.of(release, [version.slice for version in release.slices])
            for release in one.releases
        }

    def verdicts(self, told: Sequence[Explanation]) -> list[Verdict]:
        """Judge explanations by what the archive gives."""
        cells = [cell_of(one.key, self._schema) for one in told]
        needed = set().union(*map(self._needed, cells))
        read = {
            flow: {
                area: self._archive.read(source, self._schemas[flow])
                for area, source in sources.items()
                if area in needed
            }
            for flow, sources in self._sources.items()
        }
        rows = {flow: self._rows(release, read[flow]) for flow, release in self._releases.items()}
        made = make(self._flow, rows, cells, self._schemas)
        figures = pick(made.table, self._schema, cells)
        return [
            self._judge(one, cell, figures.get(cell.key, {}), made.parts(cell), read)
            for one, cell in zip(told, cells, strict=True)
        ]

    def _needed(self, cell: Cell) -> set[str]:
        """The slices whose bytes a cell depends on."""
        if self._flow != EMIGRANTS:
            return {cell.at["ORIG_AREA"], cell.at["DEST_AREA"]}
        every = {area for sources in self._sources.values() for area in sources}
        single = {cell.at["DEST_AREA"]} & every
        return single or every

    def _rows(self, release: Release, read: Mapping[str, ReadAgain]) -> Rows:
        """Reads a release, with slices as the archive has them."""
        schema = self._schemas[release.flow]
        tables = {area: one.table for area, one in read.items() if one.table is not None}
        held = rows_of(self._store, release, schema)
        return _Mixed(schema, tables, held)

    def _judge(
        self,
        told: Explanation,
        cell: Cell,
        figure: Mapping[str, object],
        parts: Sequence[Part],
        read: _Read,
    ) -> Verdict:
        needed = self._needed(cell)
        involved = [
            one for slices in read.values() for area, one in slices.items() if area in needed
        ]
        if any(one.table is None for one in involved):
            faults = tuple(fault for one in involved for fault in one.faults)
            return Verdict(outcome=Outcome.IMPOSSIBLE, faults=faults)
        value = figure.get("OBS_VALUE")
        again = value if isinstance(value, float) else None
        differences = tuple(_differences(told.inputs(), _inputs(parts)))
        return _verdict(_same(told.value, again), again, differences, involved)


@dataclass(frozen=True, slots=True)
class _Mixed:
    """Rows of a release, those of some slices from elsewhere."""

    schema: Schema
    tables: Mapping[str, pa.Table]
    held: Rows

    def __call__(self, filters: Filters, columns: Sequence[str]) -> pa.RecordBatchReader:
        kind = pa.schema([arrow_field(self.schema.by_id[name]) for name in columns])
        return pa.RecordBatchReader.from_batches(kind, self._batches(filters, kind))

    def _batches(self, filters: Filters, kind: pa.Schema) -> Iterator[pa.RecordBatch]:
        for table in self.tables.values():
            for name, values in filters.items():
                texts = table.column(name).cast(pa.string())
                table = table.filter(pc.is_in(texts, value_set=pa.array(sorted(values))))
            yield from table.select(kind.names).cast(kind).to_batches()
        replaced = pa.array(sorted(self.tables), pa.string())
        by = str(self.schema.slice_by)
        for batch in self.held(filters, kind.names):
            table = pa.Table.from_batches([batch])
            is_replaced = pc.is_in(table.column(by).cast(pa.string()), value_set=replaced)
            yield from table.filter(pc.invert(is_replaced)).cast(kind).to_batches()


def _inputs(parts: Sequence[Part]) -> Iterator[Input]:
    for part in parts:
        yield from part.inputs
        yield from part.weights


def _differences(held: Iterator[Input], again: Iterator[Input]) -> Iterator[Difference]:
    """The inputs that are not the same in the archive, by flow and key."""
    before = {(str(one.flow), one.key): one for one in held}
    after = {(str(one.flow), one.key): one for one in again}
    for name in sorted({*before, *after}):
        one, other = before.get(name), after.get(name)
        values = one.value if one else None, other.value if other else None
        if (one is None) != (other is None) or not _same(*values):
            known = one or other
            if known is not None:
                yield Difference(flow=known.flow, key=known.key, held=values[0], archived=values[1])


def _verdict(
    is_equal: bool,
    value: float | None,
    differences: tuple[Difference, ...],
    read: Sequence[ReadAgain],
) -> Verdict:
    faults = tuple(fault for one in read for fault in one.faults)
    outcome = Outcome.EQUAL
    if differences or not is_equal:
        outcome = Outcome.DIFFERS
    elif faults:
        outcome = Outcome.IMPOSSIBLE
    return Verdict(
        outcome=outcome,
        value=value,
        differences=differences,
        faults=faults,
        notes=tuple(sorted({one.note for one in read if one.note})),
        read=tuple(digest for one in read for digest in one.digests),
    )


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return isclose(one, other, rel_tol=_TOLERANCE)
