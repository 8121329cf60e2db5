"""The observations of one data set, collected piece by piece."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from hub.errors import Invalid, TooLarge
from hub.formats.groups import Groups
from hub.formats.json.document import refuse
from hub.formats.json.frame import Columns, Frame, key_columns, value_columns
from hub.formats.json.pieces import members
from hub.formats.json.values import Described, ValueFault
from hub.formats.kinds import stacked, without_columns
from hub.formats.levels import Level, runs
from hub.formats.message import Limits

_TEXT = pa.string()


class Rows:
    """The rows of a data set; `place` is its JSON pointer."""

    def __init__(self, frame: Frame, file: str, place: str, limits: Limits) -> None:
        self.count = 0
        self.place = place
        self._frame = frame
        self._file = file
        self._limits = limits
        self._series_starts = array("q")
        self._series_keys: list[pa.Array] = []
        self._keys: list[pa.Array] = []
        self._tables: list[pa.Table] = []
        self._series: list[pa.Table] = []
        self._found_keys: pa.ChunkedArray | None = None
        self._found_series: pa.ChunkedArray | None = None

    def read_observations(self, text: msgspec.Raw) -> None:
        """Take observations that stand in no series."""
        for piece in self._members(text, "observations"):
            self._add([key for key, _ in piece], [row for _, row in piece])

    def read_series(self, text: msgspec.Raw) -> None:
        """Take series; one without observations is a row of its own."""
        for piece in self._members(text, "series"):
            keys: list[str] = []
            attributes: list[Any] = []
            observations: list[str | None] = []
            rows: list[Any] = []
            for key, series in piece:
                self._series_starts.append(self.count + len(rows))
                keys.append(key)
                given, found = self._parts(key, series)
                attributes.append(given)
                if found:
                    inner_keys, inner_rows = zip(*found, strict=True)
                    observations += inner_keys
                    rows += inner_rows
                else:
                    observations.append(None)
                    rows.append([])
            self._add_series(keys, attributes)
            self._add(observations, rows)

    def read_groups(self, text: msgspec.Raw, dataset: int) -> Groups | None:
        """Read the attributes of partial keys."""
        frame, tables = self._frame, []
        for piece in self._members(text, "dimensionGroupAttributes"):
            keys, arrays = [key for key, _ in piece], [given for _, given in piece]
            at = self._pointing_to("dimensionGroupAttributes", keys)
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
        if self._found_keys is None or len(self._found_keys) != self.count:
            self._found_keys = pa.chunked_array(self._keys, _TEXT)
            self._found_series = pa.chunked_array(self._series_keys, _TEXT)
        place = self.place
        if self._found_series is not None and len(self._found_series):
            number = bisect_right(self._series_starts, row) - 1
            place += f"/series/{self._found_series[number].as_py()}"
        key = self._found_keys[row].as_py()
        return place if key is None else f"{place}/observations/{key}"

    def _members(self, text: msgspec.Raw, name: str) -> Any:
        view = memoryview(text)
        if bytes(view[:4]) == b"null":
            return
        if bytes(view[:1]) != b"{":
            message = "an object belongs here"
            raise refuse(self._file, "json-form", message, f"{self.place}/{name}")
        yield from members(view, self._file)

    def _parts(self, key: str, series: Any) -> tuple[list[Any], Sequence[tuple[str, Any]]]:
        """The attributes and the observations of a series."""
        given: Any = None
        found: Any = None
        for name, value in series if isinstance(series, tuple) else ((None, None),):
            if name == "attributes":
                given = value
            elif name == "observations":
                found = value
        is_sound = isinstance(series, tuple) and isinstance(found, tuple | None)
        if not is_sound or not isinstance(given, list | None):
            message = "a series has an array 'attributes' and an object 'observations'"
            raise refuse(self._file, "json-form", message, f"{self.place}/series/{key}")
        return given or [], found or ()

    def _add_series(self, keys: Sequence[str], attributes: Sequence[Any]) -> None:
        at = self._pointing_to("series", keys)
        columns = self._checked(at, lambda: key_columns(keys, self._frame.series))
        columns |= self._values(at, attributes, self._frame.series_attributes)
        self._series.append(_table(columns, len(keys)))
        self._series_keys.append(pa.array(keys, _TEXT))

    def _add(self, keys: Sequence[str | None], arrays: Sequence[Any]) -> None:
        start = self.count
        self._keys.append(pa.array(keys, _TEXT))
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
        width = frame.width
        if self.count * width > self._limits.cells:
            raise TooLarge(
                f"{self._file}: {self.count:,} observations or more with {width:,} components are "
                f"more than {self._limits.cells:,} values, the limit of this node"
            )

    def _values(
        self, at: Callable[[int], str], arrays: Sequence[Any], components: Sequence[Described]
    ) -> Columns:
        if set(map(type, arrays)) - {list}:
            row = next(i for i, given in enumerate(arrays) if type(given) is not list)
            raise refuse(self._file, "json-form", "an array of values belongs here", at(row))
        columns = self._checked(at, lambda: value_columns(arrays, components))
        for name, column in columns.items():
            self._check_length(name, column)
        return columns

    def _checked(self, at: Callable[[int], str], make: Callable[[], Columns]) -> Columns:
        try:
            return make()
        except ValueFault as fault:
            raise self._refused(fault, at) from None

    def _refused(self, fault: ValueFault, at: Callable[[int], str]) -> Invalid:
        return refuse(self._file, "json-value", fault.message, at(fault.row))

    def _pointing_to(self, name: str, keys: Sequence[str]) -> Callable[[int], str]:
        return lambda row: f"{self.place}/{name}/{keys[row]}"

    def _check_length(self, name: str, column: pa.Array) -> None:
        if not pa.types.is_string(column.type):
            return
        longest = pc.max(pc.binary_length(column)).as_py() or 0
        if longest > self._limits.text_bytes:
            raise TooLarge(
                f"{self._file}: a text of {name} has {longest:,} bytes, more than "
                f"{self._limits.text_bytes:,}, the limit of this node"
            )


def _table(columns: Columns, rows: int) -> pa.Table:
    return pa.table(columns) if columns else without_columns(rows)
