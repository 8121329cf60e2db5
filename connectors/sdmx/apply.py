"""Data of one structure taken through a structure map into another, in one pass of the engine.

Components are copied or looked up, fixed values set, times respelt. What has no target is left out
and told: each reason with the value, and how many rows had it. A value that no map names refuses
the whole, or is left out and told as well, as the annotation `OTHERS` of its map says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from connectors.sdmx.lookup import Found, Lookup, Reason
from connectors.sdmx.reasons import OTHER, Reasons
from connectors.sdmx.times import counted, dated
from connectors.sdmx.told import findings_of, former_states
from dsd.map_building import APART, ONLY
from hub.engine import identifier, identifiers, literal, literals, session
from hub.errors import BadRequest, Finding, Invalid
from hub.formats.message import RawData
from hub.model import (
    ComponentMap,
    FixedValueMap,
    RepresentationMap,
    Schema,
    StructureMap,
    Structures,
    parse_period,
    resolve,
)

ROW, WHY, SAID = "_row", "_why", "_said"
SOURCE, MAPPED = "source", "mapped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """Data under the structure of the target, and what is to be said of the way there."""

    data: RawData
    findings: tuple[Finding, ...]


def apply_map(
    raw: RawData,
    mapping: StructureMap,
    structures: Structures,
    *,
    areas: Collection[str] | None = None,
    memory_limit: str = "2GB",
    spill: Path | None = None,
) -> Mapped:
    """Take data through a map whose target, lists and maps of values are in `structures`.

    `areas` are those of the dimension that cuts the target flow to keep; None keeps all. Every row
    keeps its line. Raises Invalid with every finding where the data lacks a component that the map
    needs, or has a value that no map names and none may be left out for; NotSupported for times in
    a spelling that is not known.
    """
    schema = resolve(mapping.target, structures)
    with session(memory_limit=memory_limit, spill=spill) as connection:
        way = _Way(raw, mapping, structures, schema, connection)
        way.prepare()
        way.make(areas)
        findings = findings_of(connection, way.reasons, raw, mapping)
        errors = [finding for finding in findings if finding.severity == "error"]
        if errors:
            raise Invalid(
                f"{raw.source}: {errors[0].message}; {mapping.reference} cannot be used for it",
                findings,
            )
        former = former_states(connection, schema, raw, mapping)
        return Mapped(data=_data(connection, way), findings=(*findings, *former))


@dataclass(slots=True)
class _Way:
    """A structure map being applied: the SQL of each target, and why rows are left out."""

    raw: RawData
    mapping: StructureMap
    structures: Structures
    schema: Schema
    connection: duckdb.DuckDBPyConnection
    reasons: Reasons = field(default_factory=Reasons)
    targets: dict[str, str] = field(default_factory=dict)
    joins: list[str] = field(default_factory=list)

    def prepare(self) -> None:
        """Register the source, and work out the SQL of every target."""
        self._register()
        for fixed in self.mapping.fixed:
            if fixed.source is not None:
                self._only(fixed)
            elif fixed.target is not None and fixed.values:
                self.targets[fixed.target] = literal(fixed.values[0])
        for number, component in enumerate(self.mapping.components):
            self._component(number, component)
        for epoch in self.mapping.epochs:
            for source, target in epoch.components:
                self._time(source, target, counted(epoch, source, self._frequency(epoch)))
        for pattern in self.mapping.dates:
            for source, target in pattern.components:
                self._time(source, target, dated(pattern, source, self._frequency(pattern)))
        self._needed_values()
        self._apart()

    def make(self, areas: Collection[str] | None) -> None:
        """Make the table `mapped`: every row with its targets, and the reason it is left out."""
        if areas is not None and self.schema.slice_by is not None:
            area = self.targets[self.schema.slice_by]
            why = Reason("", "the partner may not speak for it here")
            self.reasons.add(f"{area} NOT IN ({literals(areas)})", area, why, "area-left-out")
        targets = ", ".join(f"{sql} AS {identifier(id_)}" for id_, sql in self.targets.items())
        self.connection.execute(
            f"CREATE TEMP TABLE {MAPPED} AS SELECT s.{ROW}, {self.reasons.why()} AS {WHY}, "
            f"{self.reasons.said()} AS {SAID}, {targets} FROM {SOURCE} s {' '.join(self.joins)}"
        )

    def _register(self) -> None:
        known = self.raw.table
        names = list(dict.fromkeys(self._read()))
        missing = [name for name in names if name not in known.column_names]
        needed = {
            *(fixed.source for fixed in self.mapping.fixed if fixed.source),
            *(id_ for one in self.mapping.components if one.values is None for id_ in one.sources),
        }
        lacking = [name for name in missing if name in needed]
        if lacking:
            message = f"it has no {', '.join(lacking)}, which {self.mapping.reference} reads"
            finding = Finding(rule="map-source", message=message, file=self.raw.source)
            raise Invalid(f"{self.raw.source}: {message}", [finding])
        columns = {
            name: _text(known.column(name))
            if name in known.column_names
            else pa.nulls(known.num_rows, pa.string())
            for name in names
        }
        columns[ROW] = pa.arange(0, known.num_rows)
        self.connection.register(SOURCE, pa.table(columns))

    def _read(self) -> Iterator[str]:
        """The components of the source that the map reads."""
        yield from (fixed.source for fixed in self.mapping.fixed if fixed.source is not None)
        for component in self.mapping.components:
            yield from component.sources
        for time in (*self.mapping.epochs, *self.mapping.dates):
            yield from (source for source, _ in time.components)

    def _only(self, fixed: FixedValueMap) -> None:
        column = f"s.{identifier(fixed.source or '')}"
        note = next((one.text.best() for one in fixed.annotations if one.type == ONLY), "")
        why = Reason(str(self.mapping.reference), note or "the map is about other values")
        wanted = f"coalesce({column}, '') NOT IN ({literals(fixed.values)})"
        self.reasons.add(wanted, column, why, OTHER, fixed.source)

    def _component(self, number: int, component: ComponentMap) -> None:
        if component.values is None:
            for source, target in zip(component.sources, component.targets, strict=True):
                self.targets[target] = f"s.{identifier(source)}"
            return
        values = self.structures.get(component.values, RepresentationMap)
        lookup = Lookup(values, self.structures)
        time = self._time_source() if lookup.is_dated else None
        keys = [*component.sources, *([time] if time else [])]
        places = [f"k{place}" for place in range(len(keys))]
        found = self._looked_up(lookup, component, time)
        name = f"l{number}"
        self.connection.register(name, found)
        matched = " AND ".join(
            f"coalesce(s.{identifier(key)}, '') = {name}.{place}"
            for key, place in zip(keys, places, strict=True)
        )
        self.joins.append(f"LEFT JOIN {name} ON {matched}")
        for place, target in enumerate(component.targets):
            self.targets[target] = f"{name}.t{place}"
        said = " || ' ' || ".join(f"coalesce(s.{identifier(key)}, '')" for key in component.sources)
        self.reasons.add_looked_up(f"{name}.why", said, " ".join(component.sources))

    def _looked_up(self, lookup: Lookup, component: ComponentMap, time: str | None) -> pa.Table:
        """A row for each combination of values `k…`: its targets `t…`, or `why` there are none."""
        keys = [*component.sources, *([time] if time else [])]
        columns = ", ".join(
            f"coalesce({identifier(key)}, '') AS k{place}" for place, key in enumerate(keys)
        )
        query = f"SELECT DISTINCT {columns} FROM {SOURCE} ORDER BY ALL"
        different = self.connection.sql(query).to_arrow_table()
        texts = [different.column(place).to_pylist() for place in range(len(keys))]
        if not different.num_rows:
            found: Sequence[Found] = ()
        elif time:
            starts = [_first_day(text) for text in texts[-1]]
            found = lookup.find(texts[:-1], starts)
        else:
            found = lookup.find(texts)
        for place in range(len(component.targets)):
            codes = [one.targets[place] if one.targets else None for one in found]
            different = different.append_column(f"t{place}", pa.array(codes, pa.string()))
        whys = [None if one.reason is None else self.reasons.number(one.reason) for one in found]
        return different.append_column("why", pa.array(whys, pa.int32()))

    def _time_source(self) -> str | None:
        """The source component of the time dimension, where it is copied."""
        time = self.schema.time
        for component in self.mapping.components:
            if time is not None and time.id in component.targets and component.values is None:
                return component.sources[component.targets.index(time.id)]
        return None

    def _frequency(self, time: object) -> str | None:
        named = getattr(time, "frequency_dimension", None)
        return self.targets.get(named) if named else None

    def _time(self, source: str, target: str, sql: str) -> None:
        self.targets[target] = sql
        why = Reason(str(self.mapping.reference), "it is no time as the map describes it", True)
        given = f"s.{identifier(source)}"
        self.reasons.add(f"{given} IS NOT NULL AND {sql} IS NULL", given, why, "map-time", source)

    def _needed_values(self) -> None:
        """Rows without a period or a value: series without observations, figures not given."""
        named = str(self.mapping.reference)
        for column in (*self.schema.dimensions, *self.schema.measures):
            sql = self.targets.get(column.id)
            if sql is None or sql.startswith("'"):
                continue
            because = (
                "a series without an observation"
                if column == self.schema.time
                else "the figure is not given"
                if column in self.schema.measures
                else f"{column.id} is empty"
            )
            self.reasons.add(f"{sql} IS NULL", "''", Reason(named, because), "map-empty", column.id)

    def _apart(self) -> None:
        for note in self.mapping.annotations:
            if note.type != APART or not note.title:
                continue
            first, second = (self.targets[id_] for id_ in note.title.split(" "))
            why = Reason(str(self.mapping.reference), note.text.best())
            self.reasons.add(f"{first} = {second}", second, why, "map-apart", note.title)


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column as the engine reads it: its texts, encoded as they come."""
    is_plain = pa.types.is_dictionary(column.type) or pa.types.is_string(column.type)
    return column if is_plain else column.cast(pa.string())


def _first_day(text: str) -> date | None:
    try:
        return parse_period(text).start.date()
    except BadRequest:
        return None


def _data(connection: duckdb.DuckDBPyConnection, way: _Way) -> RawData:
    """The rows that are kept, in their order, under the components of the target."""
    columns = [one.id for one in way.schema.columns if one.id in way.targets]
    query = f"SELECT {ROW}, {identifiers(columns)} FROM {MAPPED} WHERE {WHY} IS NULL ORDER BY {ROW}"
    table = connection.sql(query).to_arrow_table()
    rows = table.column(ROW).combine_chunks()
    made = {name: pc.dictionary_encode(table.column(name)) for name in columns}
    raw = way.raw
    return RawData(
        source=raw.source,
        table=pa.table(made).unify_dictionaries(),
        structure=way.mapping.target,
        actions=None if raw.actions is None else raw.actions.take(rows),
        line=lambda row: raw.line(rows[row].as_py()),
        place=lambda row: raw.place(rows[row].as_py()),
        ignored=raw.ignored,
        findings=raw.findings,
    )
