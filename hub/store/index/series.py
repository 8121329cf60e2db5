"""The directory of an index: which series there are, and which rows are theirs.

Series stand in the order of their keys, codes as small integers in columns of their own. A
condition on the key first narrows by the leading dimensions, by bisection, then looks at the
columns of the others; it never looks at an observation.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hub.model import Schema
from hub.store.index.files import COUNT, PERIODS

#: The codes allowed for some dimensions of the key; all, where a dimension is not named.
Allowed = Mapping[str, Sequence[str]]
#: Numbers of series from the first to before the second, in order, not touching.
Ranges = npt.NDArray[np.int64]
#: As many ranges are narrowed further by bisection; more are looked at as one.
_MOST_BISECTED = 64


class SeriesDirectory:
    """The series of a release.

    `fixed` are the dimensions with one code in the whole release.
    """

    def __init__(self, schema: Schema, table: pa.Table, fixed: Mapping[str, Any]) -> None:
        self._fixed = {column.id: fixed[column.id] for column in schema.key if column.id in fixed}
        varying = [column.id for column in schema.key if column.id not in fixed]
        whole = {name: _whole(table, name) for name in varying}
        self._codes = {name: _integers(array) for name, array in whole.items()}
        self._texts = {name: array.dictionary.to_pylist() for name, array in whole.items()}
        self._places = {
            name: {text: place for place, text in enumerate(texts)}
            for name, texts in self._texts.items()
        }
        counts = table.column(COUNT).to_numpy()
        self._ends = np.concatenate(([0], np.cumsum(counts)))
        listed = (table.schema.metadata or {}).get(PERIODS.encode())
        self._sets: list[list[str]] | None = None if listed is None else json.loads(listed)
        self._set_of = None if listed is None else table.column(PERIODS).to_numpy()

    @property
    def count(self) -> int:
        """How many series there are."""
        return len(self._ends) - 1

    def values(self, dimension: str) -> list[str]:
        """The codes that a dimension of the key could have."""
        fixed = self._fixed.get(dimension)
        return self._texts[dimension] if fixed is None else [fixed]

    def find(self, wanted: Iterable[Allowed]) -> Ranges:
        """The series that fit any of some conditions."""
        found = [self._fitting(allowed) for allowed in wanted]
        return found[0] if len(found) == 1 else _united(found)

    def rows(self, ranges: Ranges) -> Ranges:
        """The rows of some series, as ranges."""
        return np.asarray(self._ends[ranges], dtype=np.int64)

    def first_and_last(self, ranges: Ranges, first: int | None, last: int | None) -> Ranges:
        """The first and the last so many rows of each series, as ranges."""
        series = _numbers(ranges)
        starts, ends = self._ends[series], self._ends[series + 1]
        from_start = np.minimum(ends, starts + (first or 0))
        from_end = np.maximum(from_start, ends - (last or 0))
        parts = np.stack((starts, from_start, from_end, ends), axis=1).reshape(-1, 2)
        return _joined(parts[parts[:, 1] > parts[:, 0]])

    def found(
        self, ranges: Ranges, periods: frozenset[str] | None
    ) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...], int, int] | None:
        """What some series hold, of the observations in some periods (None: in all).

        Returns the values of each dimension, the periods, and how many series and observations
        there are; None where the directory does not know the periods of its series.
        """
        if self._sets is None or self._set_of is None:
            return None
        series = _numbers(ranges)
        held = [[p for p in one if periods is None or p in periods] for one in self._sets]
        counts = np.array([len(one) for one in held], dtype=np.int64)[self._set_of[series]]
        series = series[counts > 0]
        values: dict[str, tuple[str, ...]] = {
            name: (fixed,) if len(series) else () for name, fixed in self._fixed.items()
        }
        for name, codes in self._codes.items():
            present = np.bincount(codes[series], minlength=1).nonzero()[0]
            values[name] = tuple(sorted(self._texts[name][place] for place in present))
        sets = np.bincount(self._set_of[series], minlength=1).nonzero()[0]
        met = tuple(sorted({period for place in sets for period in held[place]}))
        return values, met, len(series), int(counts.sum())

    def _fitting(self, allowed: Allowed) -> Ranges:
        codes: dict[str, list[int]] = {}
        for name, texts in allowed.items():
            if name in self._fixed:
                if self._fixed[name] not in texts:
                    return _none()
                continue
            places = self._places[name]
            codes[name] = sorted({places[text] for text in texts if text in places})
            if not codes[name]:
                return _none()
        ranges = np.array([[0, self.count]], dtype=np.int64)
        for name in self._codes:
            many = name not in codes or len(ranges) * len(codes[name]) > _MOST_BISECTED
            if many or not len(ranges):
                break
            ranges = self._bisected(ranges, name, codes.pop(name))
        return self._masked(ranges, codes) if codes else _joined(ranges)

    def _bisected(self, ranges: Ranges, name: str, wanted: list[int]) -> Ranges:
        """Narrow ranges in which a dimension is in order."""
        found = []
        for start, end in ranges.tolist():
            part = self._codes[name][start:end]
            sought = np.array(wanted, dtype=part.dtype)
            bounds = (part.searchsorted(sought, side) for side in ("left", "right"))
            found.append(start + np.stack(tuple(bounds), axis=1))
        together = np.concatenate(found).astype(np.int64)
        return together[together[:, 1] > together[:, 0]]

    def _masked(self, ranges: Ranges, wanted: Mapping[str, list[int]]) -> Ranges:
        """Look at every series of some ranges."""
        if not len(ranges):
            return ranges
        series = None if len(ranges) == 1 else _numbers(ranges)
        start, end = (int(ranges[0, 0]), int(ranges[0, 1])) if len(ranges) == 1 else (0, 0)
        mask: npt.NDArray[np.bool_] | None = None
        for name, codes in wanted.items():
            all_ = self._codes[name]
            part = all_[start:end] if series is None else all_[series]
            fits = part == codes[0] if len(codes) == 1 else _among(part, codes)
            mask = fits if mask is None else mask & fits
        places = np.zeros(0, np.int64) if mask is None else mask.nonzero()[0]
        return _ranges_of(places + start if series is None else series[places])


def _whole(table: pa.Table, name: str) -> pa.DictionaryArray:
    """A column as codes in the order of their texts."""
    column = table.column(name)
    if pa.types.is_dictionary(column.type):  # an ENUM, whose values are sorted
        whole = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
        return whole if isinstance(whole, pa.Array) else whole.chunk(0)
    texts = pa.array(sorted(column.unique().to_pylist()), pa.string())
    places = pc.index_in(column.combine_chunks(), value_set=texts)
    return pa.DictionaryArray.from_arrays(places, texts)


def _integers(array: pa.DictionaryArray) -> npt.NDArray[Any]:
    numbers: npt.NDArray[Any] = array.indices.to_numpy()
    return numbers


def _among(part: npt.NDArray[Any], codes: Sequence[int]) -> npt.NDArray[np.bool_]:
    table = np.zeros(int(np.iinfo(part.dtype).max) + 1 if part.dtype.itemsize < 4 else 0, np.bool_)
    if not len(table):
        return np.isin(part, codes)
    table[codes] = True
    found: npt.NDArray[np.bool_] = table[part]
    return found


def _none() -> Ranges:
    return np.empty((0, 2), dtype=np.int64)


def _numbers(ranges: Ranges) -> npt.NDArray[np.int64]:
    """Every number in some ranges."""
    if len(ranges) == 1:
        return np.arange(ranges[0, 0], ranges[0, 1])
    lengths = ranges[:, 1] - ranges[:, 0]
    before = np.cumsum(lengths) - lengths
    numbers: Ranges = np.arange(lengths.sum()) + np.repeat(ranges[:, 0] - before, lengths)
    return numbers


def _ranges_of(numbers: npt.NDArray[np.int64]) -> Ranges:
    """Ranges of ascending numbers."""
    if not len(numbers):
        return _none()
    breaks = (np.diff(numbers) != 1).nonzero()[0]
    starts = numbers[np.concatenate(([0], breaks + 1))]
    ends = numbers[np.concatenate((breaks, [len(numbers) - 1]))] + 1
    return np.stack((starts, ends), axis=1).astype(np.int64)


def _joined(ranges: Ranges) -> Ranges:
    """Ascending ranges, those that touch made one."""
    if len(ranges) < 2:
        return ranges
    apart = (ranges[1:, 0] != ranges[:-1, 1]).nonzero()[0]
    starts = ranges[np.concatenate(([0], apart + 1)), 0]
    ends = ranges[np.concatenate((apart, [len(ranges) - 1])), 1]
    return np.stack((starts, ends), axis=1)


def _united(found: Sequence[Ranges]) -> Ranges:
    """The union of ranges, which may overlap."""
    return (
        _ranges_of(np.unique(np.concatenate([_numbers(one) for one in found])))
        if found
        else (_none())
    )
