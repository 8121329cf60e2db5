"""On which line of a file a record begins, found only when somebody asks.

Records and lines differ where quoted fields hold line ends and where lines are blank. The file is
then read again, once, and only the records after which the difference changes are remembered.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property

from hub.formats.csv.text import PIECE, GuardedText


class RecordLines:
    """The lines of the records of a delimited text.

    Records count from 0, after the `skipped` ones of the header; blank lines are no records.
    `reopen` opens the text again from its start.
    """

    def __init__(self, reopen: Callable[[], GuardedText], skipped: int = 1) -> None:
        self._reopen = reopen
        self._skipped = skipped

    def __call__(self, record: int) -> int:
        """The line on which a record begins; the file's first line is 1."""
        records, shifts = self._changes
        return record + shifts[bisect_right(records, record) - 1]

    @cached_property
    def _changes(self) -> tuple[array[int], array[int]]:
        """From which record on the line is the record number plus which shift."""
        records, shifts = array("q"), array("q")
        with self._reopen() as text:
            for _ in range(self._skipped):
                text.read_record()
            line, record = text.next_line, 0
            for skeleton in _skeletons(text):
                if skeleton:
                    if not shifts or shifts[-1] != line - record:
                        records.append(record)
                        shifts.append(line - record)
                    record += 1
                line += 1 + skeleton.count(b"\x00")
        if not records:
            records.append(0)
            shifts.append(line)
        return records, shifts


def _skeletons(text: GuardedText) -> Iterator[bytes]:
    """Yield every record of a text, and b"" for every blank line, with fields in quotes cut down.

    Of a quoted field an `x` is left and a NUL for every line end in it.
    """
    carried = b""
    while piece := text.read(PIECE):
        *complete, carried = _cut(carried + piece)
        yield from complete
    if carried:
        yield from _cut(carried + b"\n")[:-1]


def _cut(text: bytes) -> list[bytes]:
    """Cut a text into skeletons; the last one is what of it has not ended yet."""
    # A CR at the very end may be half of a CR LF: it waits for the next piece.
    held = b"\r" if text.endswith(b"\r") else b""
    parts = text[: len(text) - len(held)].split(b'"')
    if len(parts) % 2 == 0:  # a quoted field has not ended: it waits too
        held = b'"' + parts.pop() + held
    for index in range(1, len(parts), 2):
        parts[index] = b"x" + b"\x00" * _unify(parts[index]).count(b"\n")
    lines = _unify(b"".join(parts)).split(b"\n")
    lines[-1] += held
    return lines


def _unify(text: bytes) -> bytes:
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
