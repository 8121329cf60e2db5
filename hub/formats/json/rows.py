"""The observations of one data set, collected piece by piece."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pyarrow as pa

from hub.errors import Invalid
from hub.formats.bounds import check_cells
from hub.formats.groups import Groups
from hub.formats.json.document import refuse
from hub.formats.json.frame import Columns, Frame, key_columns, value_columns
from hub.formats.json.pieces import Members, PieceFile
from hub.formats.json.places import Places, parts_of_series
from hub.formats.json.scan import Entry, Nested, Span, escaped
from hub.formats.json.values import Described, ValueFault
from hub.formats.kinds import stacked, without_columns
from hub.formats.levels import Level, runs
from hub.formats.limits import Limits


class Rows:
    """The rows of a data set; `place` is its JSON pointer."""

    def __init__(self, frame: Frame, source: PieceFile, place: str, limits: Limits) -> None:
        self.count = 0
        self.place = place
        self._frame = frame
        self._file = source.name
        self._source = source
        self._limits = limits
        self._places = Places(source)
        self._group_places = Places(source)
        self._series_starts = array("q")
        self._tables: list[pa.Table] = []
        self._series: list[pa.Table] = []

    def read_observations(self, entries: Sequence[Entry]) -> None:
        """Take observations that stand in no series."""
        self._take_observations(entries, f"{self.place}/observations")

    def read_series(self, entries: Sequence[Entry]) -> None:
        """Take series; one without observations is a row of its own."""
        place = f"{self.place}/series"
        for entry in entries:
            if isinstance(entry, Nested):
                self._take_long_series(entry, f"{place}/{escaped(entry.name)}")
            else:
                self._places.series(self.count, place, entry)
                self._take_series(self._source.members(entry, place), place)

    def _take_series(self, members: Members, place: str) -> None:
        keys: list[str] = []
        attributes: list[Any] = []
        observations: list[str | None] = []
        rows: list[Any] = []
        for key, series in members:
            self._series_starts.append(self.count + len(rows))
            keys.append(key)
            given, found = parts_of_series(series, self._file, place, key)
            attributes.append(given)
            if found:
                inner_keys, inner_rows = zip(*found, strict=True)
                observations += inner_keys
                rows += inner_rows
            else:
                observations.append(None)
                rows.append([])
        self._add_series(keys, attributes, place)
        self._add(observations, rows)

    def _take_long_series(self, series: Nested, place: str) -> None:
        """A series whose members stand in pieces of their own."""
        first = self.count
        self._series_starts.append(first)
        members: list[tuple[str, Any]] = []
        for entry in series.entries:
            if isinstance(entry, Span):
                members += self._source.members(entry, place)
                continue
            members.append((entry.name, ()))
            if entry.name == "observations":
                self._take_observations(entry.entries, f"{place}/observations")
        given, _ = parts_of_series(tuple(members), self._file, f"{self.place}/series", series.name)
        if self.count == first:
            self._places.row(first, place)
            self._add([None], [[]])
        self._add_series([series.name], [given], f"{self.place}/series")

    def _take_observations(self, entries: Sequence[Entry], place: str) -> None:
        for span in entries:
            if isinstance(span, Span):
                self._places.members(self.count, place, span)
                members = self._source.members(span, place)
                self._add([key for key, _ in members], [row for _, row in members])

    def read_groups(self, entries: Sequence[Entry], dataset: int) -> Groups | None:
        """Read the attributes of partial keys."""
        frame = self._frame
        tables: list[pa.Table] = []
        place = f"{self.place}/dimensionGroupAttributes"
        for span in entries:
            if not isinstance(span, Span):
                continue
            self._group_places.members(sum(t.num_rows for t in tables), place, span)
            members = self._source.members(span, place)
            keys, arrays = [key for key, _ in members], [given for _, given in members]
            at = _pointing_to(place, keys)
            columns = self._checked(
                at, partial(key_columns, keys, frame.dimensions, is_partial=True)
            )
            columns |= self._values(at, arrays, frame.group_attributes)
            tables.append(pa.table(columns))
        if not tables:
            return None
        table = stacked(tables)
        dimensions = tuple(dimension.id for dimension in frame.dimensions)
        return Groups(table, dimensions, pa.repeat(pa.scalar(dataset, pa.int64()), len(table)))

    def fixed(self) -> pa.Table:
        """One row: the dimensions that all observations share."""
        first = pa.array([0], pa.int32())
        return _table({d.id: d.by_number(first) for d in self._frame.fixed}, 1)

    def of_dataset(self, attributes: Any) -> pa.Table:
        """One row: the attributes of the data set."""
        place = f"{self.place}/attributes"
        given = [] if attributes is None else attributes
        return _table(self._values(lambda _: place, [given], self._frame.dataset_attributes), 1)

    def table(self) -> pa.Table:
        """The components of the observations themselves."""
        return stacked(self._tables)

    def series(self) -> Level:
        """The components of the series, over the rows."""
        numbers = range(len(self._series_starts))
        return Level(stacked(self._series), runs(self._series_starts, numbers, self.count))

    def pointer(self, row: int) -> str:
        """The JSON pointer of a row."""
        return self._places.pointer(row)

    def pointer_of_group(self, group: int) -> str:
        """The JSON pointer of a group."""
        return self._group_places.pointer(group)

    def _add_series(self, keys: Sequence[str], attributes: Sequence[Any], place: str) -> None:
        at = _pointing_to(place, keys)
        columns = self._checked(at, lambda: key_columns(keys, self._frame.series))
        columns |= self._values(at, attributes, self._frame.series_attributes)
        self._series.append(_table(columns, len(keys)))

    def _add(self, keys: Sequence[str | None], arrays: Sequence[Any]) -> None:
        start = self.count
        self.count += len(keys)

        def at(row: int) -> str:
            return self.pointer(start + row)

        frame = self._frame
        columns = self._checked(at, lambda: key_columns(keys, frame.observation))
        components = (*frame.measures, *frame.observation_attributes)
        columns |= self._values(at, arrays, components)
        for attribute in frame.observation_attributes:
            column = columns.get(attribute.id)
            if column is not None and pa.types.is_string(column.type):
                columns[attribute.id] = column.dictionary_encode()
        self._tables.append(_table(columns, len(keys)))
        check_cells(self._file, self.count, frame.width, self._limits)

    def _values(
        self, at: Callable[[int], str], arrays: Sequence[Any], components: Sequence[Described]
    ) -> Columns:
        if set(map(type, arrays)) - {list}:
            row = next(i for i, given in enumerate(arrays) if type(given) is not list)
            raise refuse(self._file, "json-form", "an array of values belongs here", at(row))
        return self._checked(at, lambda: value_columns(arrays, components))

    def _checked(self, at: Callable[[int], str], make: Callable[[], Columns]) -> Columns:
        try:
            return make()
        except ValueFault as fault:
            raise self._refused(fault, at) from None

    def _refused(self, fault: ValueFault, at: Callable[[int], str]) -> Invalid:
        return refuse(self._file, "json-value", fault.message, at(fault.row))


def _pointing_to(place: str, keys: Sequence[str]) -> Callable[[int], str]:
    return lambda row: f"{place}/{escaped(keys[row])}"


def _table(columns: Columns, rows: int) -> pa.Table:
    return pa.table(columns) if columns else without_columns(rows)
