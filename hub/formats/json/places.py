"""Where the rows of a data set stand, as JSON pointers, found only when somebody asks."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hub.formats.json.document import refuse
from hub.formats.json.pieces import Members, PieceFile
from hub.formats.json.scan import Span, escaped


@dataclass(frozen=True, slots=True)
class _Piece:
    """Rows read from one piece; `place` is what its members are in. Without span, one row."""

    place: str
    span: Span | None
    has_series: bool = False


class Places:
    """The pieces that rows were read from; what they say is decoded again for a pointer."""

    def __init__(self, source: PieceFile) -> None:
        self._source = source
        self._starts = array("q")
        self._pieces: list[_Piece] = []
        self._decoded: tuple[int, list[str]] = (-1, [])

    def series(self, first: int, place: str, span: Span) -> None:
        """From this row on, rows are the observations of the series in a span."""
        self._note(first, _Piece(place, span, has_series=True))

    def members(self, first: int, place: str, span: Span) -> None:
        """From this row on, rows are the members in a span."""
        self._note(first, _Piece(place, span))

    def row(self, first: int, place: str) -> None:
        """Note that a row stands for a series without observations."""
        self._note(first, _Piece(place, None))

    def pointer(self, row: int) -> str:
        """The JSON pointer of a row."""
        number = bisect_right(self._starts, row) - 1
        if self._decoded[0] != number:
            self._decoded = (number, list(self._pointers(self._pieces[number])))
        return self._decoded[1][row - self._starts[number]]

    def _note(self, first: int, piece: _Piece) -> None:
        self._starts.append(first)
        self._pieces.append(piece)

    def _pointers(self, piece: _Piece) -> Iterator[str]:
        if piece.span is None:
            yield piece.place
            return
        for key, value in self._source.members(piece.span, piece.place):
            place = f"{piece.place}/{escaped(key)}"
            if not piece.has_series:
                yield place
                continue
            _, found = parts_of_series(value, self._source.name, piece.place, key)
            if not found:
                yield place
            for inner, _ in found:
                yield f"{place}/observations/{escaped(inner)}"


def parts_of_series(series: Any, file: str, place: str, key: str) -> tuple[list[Any], Members]:
    """The attributes and the observations of a series, whose name is its key.

    Raises Invalid where they are given twice, or are no array and no object.
    """
    is_object = isinstance(series, tuple)
    parts: dict[str, Any] = dict(series) if is_object else {}
    if is_object and len(parts) != len(series):
        message = "a member of the series is given twice"
        raise refuse(file, "json-twice", message, f"{place}/{escaped(key)}")
    given, found = parts.get("attributes"), parts.get("observations")
    if is_object and isinstance(given, list | None) and isinstance(found, tuple | None):
        return given or [], found or ()
    message = "a series has an array 'attributes' and an object 'observations'"
    raise refuse(file, "json-form", message, f"{place}/{escaped(key)}")
