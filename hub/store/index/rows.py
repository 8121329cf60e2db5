"""The rows of an index, read where they lie: a file mapped into memory, taken apart by ranges."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from hub.store.index.series import Ranges

#: The most rows of a batch that is handed out.
BATCH_ROWS = 32_768
#: A range at least as long is sliced, without copying; shorter ones are gathered.
_SLICED_ROWS = 4_096


class RowFile:
    """An Arrow file of record batches, all but the last of the same length."""

    def __init__(self, file: Path) -> None:
        with file.open("rb") as opened:
            self._map = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
        self._buffer = pa.py_buffer(self._map)
        reader = pa.ipc.open_file(self._buffer)
        self.schema: pa.Schema = reader.schema
        self._pieces = [reader.get_batch(number) for number in range(reader.num_record_batches)]
        self._length = max(1, self._pieces[0].num_rows if self._pieces else 1)

    def read(self, rows: Ranges, columns: list[str]) -> Iterator[pa.RecordBatch]:
        """The rows of some ranges in order, with these columns, in batches of bounded size.

        What a long range has passed is given back to the system, so that reading everything does
        not keep everything.
        """
        places = [self.schema.get_field_index(name) for name in columns]
        long = (rows[:, 1] - rows[:, 0] >= _SLICED_ROWS).nonzero()[0].tolist()
        done = 0
        for number in [*long, len(rows)]:
            yield from self._gathered(rows[done:number], places)
            if number < len(rows):
                yield from self._sliced(int(rows[number, 0]), int(rows[number, 1]), places)
            done = number + 1

    def _sliced(self, start: int, end: int, places: list[int]) -> Iterator[pa.RecordBatch]:
        while start < end:
            number, inside = divmod(start, self._length)
            piece = self._pieces[number].select(places)
            until = min(end, start + BATCH_ROWS, (number + 1) * self._length)
            yield piece.slice(inside, until - start)
            start = until
            if start % self._length == 0:
                self._give_back(number)

    def _gathered(self, rows: Ranges, places: list[int]) -> Iterator[pa.RecordBatch]:
        if not len(rows):
            return
        ends = np.cumsum(rows[:, 1] - rows[:, 0])
        first = 0
        while first < len(rows):
            taken = ends[first - 1] if first else 0
            last = max(first + 1, int(np.searchsorted(ends, taken + BATCH_ROWS, "right")))
            yield self._taken(rows[first:last], places)
            first = last

    def _taken(self, rows: Ranges, places: list[int]) -> pa.RecordBatch:
        """The rows of some ranges as one batch."""
        lengths = rows[:, 1] - rows[:, 0]
        before = np.cumsum(lengths) - lengths
        numbers = np.arange(lengths.sum()) + np.repeat(rows[:, 0] - before, lengths)
        parts = []
        for number in range(int(numbers[0]) // self._length, int(numbers[-1]) // self._length + 1):
            bounds = np.searchsorted(numbers, [number * self._length, (number + 1) * self._length])
            inside = numbers[bounds[0] : bounds[1]] - number * self._length
            if len(inside):
                parts.append(self._of_piece(number, inside, places))
        return parts[0] if len(parts) == 1 else pa.concat_batches(parts)

    def _of_piece(
        self, number: int, inside: npt.NDArray[np.int64], places: list[int]
    ) -> pa.RecordBatch:
        piece = self._pieces[number].select(places)
        start, count = int(inside[0]), len(inside)
        if int(inside[-1]) - start == count - 1:
            return piece.slice(start, count)
        return piece.take(pa.array(inside))

    def _give_back(self, number: int) -> None:
        """Let the system drop the pages of a piece; they are read again when they are needed."""
        if not hasattr(mmap, "MADV_DONTNEED"):  # not on every system
            return
        buffers = [
            buffer for array in self._pieces[number].columns for buffer in array.buffers() if buffer
        ]
        inside = [
            (buffer.address - self._buffer.address, buffer.size)
            for buffer in buffers
            if 0 <= buffer.address - self._buffer.address < self._buffer.size
        ]
        if inside:
            start = min(offset for offset, _ in inside)
            end = max(offset + size for offset, size in inside)
            whole = start - start % mmap.PAGESIZE
            self._map.madvise(mmap.MADV_DONTNEED, whole, end - whole)
