"""Whether a workbook can be opened without harm: what it unpacks to, and how large its sheets are.

A workbook is a ZIP of XML files. A small one may unpack to more than a memory holds, and a sheet
with two cells, in its first and its last corner, is taken for seventeen thousand million.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from connectors.national.uncomputed import column_number
from hub.errors import Finding, Invalid, TooLarge
from hub.formats.limits import Limits

#: Cells of the rectangle from the first to the last cell of a sheet; about 24 bytes each.
MOST_CELLS = 20_000_000
_PIECE = 1 << 20
_OVERLAP = 64
#: A part is refused that unpacks to more than this many times its size: a table does to some 20.
MOST_TIMES = 100
_SMALL = 4 << 20
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Z]{0,3})([0-9]{1,20})["']""")


def check_workbook(path: Path, limits: Limits) -> None:
    """Unpack a workbook, keeping nothing; Invalid if it is damaged, TooLarge beyond the limits."""
    unpacked = 0
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                sheet = _Extent(path.name, member.filename, limits)
                is_sheet = "worksheets/" in member.filename
                before = unpacked
                for piece in _pieces(archive, member):
                    unpacked += len(piece)
                    if unpacked > limits.unpacked_bytes:
                        what = f"it unpacks to more than {limits.unpacked_bytes:,} bytes"
                        raise limits.refuse("unpacked_bytes", path.name, what)
                    if unpacked - before > max(_SMALL, MOST_TIMES * member.compress_size):
                        raise _bomb(path.name, member)
                    if is_sheet:
                        sheet.take(piece)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        message = f"the workbook is damaged or encrypted: {error}"
        finding = Finding(rule="xlsx-archive", message=message, file=path.name)
        raise Invalid(f"{path.name}: {message}", [finding]) from error


def _bomb(file: str, member: zipfile.ZipInfo) -> TooLarge:
    return TooLarge(
        f"{file}, {member.filename}: it unpacks to more than {MOST_TIMES} times its size, as no "
        "table does; save it anew, or as CSV"
    )


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(member) as file:
        while piece := file.read(_PIECE):
            yield piece


class _Extent:
    """The rectangle that the cells of a sheet take up, as far as seen."""

    def __init__(self, file: str, sheet: str, limits: Limits) -> None:
        self._name = f"{file}, {sheet}"
        self._limits = limits
        self._columns = self._rows = 0
        self._carried = b""

    def take(self, piece: bytes) -> None:
        """Look for cells in the next piece; TooLarge when the rectangle is."""
        text = self._carried + piece
        self._carried = text[-_OVERLAP:]
        places = _PLACE.findall(text)
        if not places:
            return
        letters = {letters for letters, _ in places}
        self._columns = max(self._columns, 1, *(column_number(each.decode()) for each in letters))
        self._rows = max(self._rows, *(int(row) for row in {row for _, row in places}))
        if self._columns > self._limits.columns:
            raise self._limits.refuse("columns", self._name, f"{self._columns:,} columns")
        if self._columns * self._rows > MOST_CELLS:
            raise TooLarge(
                f"{self._name}: {self._rows:,} rows of {self._columns:,} columns are more than "
                f"{MOST_CELLS:,} cells; delete the empty ones, or save the table as CSV"
            )
