"""The text of an SDMX-JSON document, of which only a window is held at any time."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from hub.errors import Finding, Invalid
from hub.formats.limits import Limits

#: Bytes read at a time.
PIECE = 1 << 19
_BOM = codecs.BOM_UTF8
_SPACE = re.compile(rb"[ \t\r\n]*+")


class JsonText:
    """A file in UTF-8 read from start to end: `window` from `at` on is what comes next.

    Reading raises TooLarge beyond the size of a file, and Invalid for bytes that are not UTF-8.
    """

    def __init__(self, source: BinaryIO, file: str, limits: Limits) -> None:
        self.file = file
        self.limits = limits
        self.window = b""
        self.at = 0
        self._start = 0  # of the window, in the file
        self._lines = 0  # that ended before the window
        self._line_start = 0  # in the file, of the line on which the window starts
        self._read = 0
        self._decoder: Any = codecs.getincrementaldecoder("utf-8")()
        self._source = source
        self.fill(len(_BOM))
        self.at = len(_BOM) if self.window.startswith(_BOM) else 0

    @property
    def offset(self) -> int:
        """Where in the file is what comes next."""
        return self._start + self.at

    @property
    def held(self) -> int:
        """The number of bytes held from here on."""
        return len(self.window) - self.at

    def fill(self, size: int) -> None:
        """Hold at least so many bytes from here on, or all there are; let go what lies before."""
        held = self.held
        if held >= size:
            return
        self._let_go()
        parts = [self.window]
        while held < size and (piece := self._source.read(PIECE)):
            parts.append(piece)
            held += len(piece)
            self._check(parts)
        self.window = b"".join(parts)
        if held < size:
            self._check([self.window, b""])

    def peek(self) -> bytes:
        """The next byte after white space, which is passed over; b"" at the end."""
        self._pass_space()
        while self.at == len(self.window):
            self.fill(1)
            if not self.window:
                return b""
            self._pass_space()
        return self.window[self.at : self.at + 1]

    def take(self, expected: bytes, place: str) -> bytes:
        """Pass over the next byte, which must be one of some; Invalid where it is not."""
        found = self.peek()
        if not found or found not in expected:
            listed = " or ".join(f"'{chr(sign)}'" for sign in expected)
            raise self.malformed(f"expected {listed}", place)
        self.at += 1
        return found

    def malformed(self, message: str, place: str, ahead: int = 0) -> Invalid:
        """The refusal of what is no JSON, so many bytes ahead; `place` is what it stands in."""
        is_end = self.at + ahead >= len(self.window)
        told = "not well-formed JSON: " + ("it ends too soon" if is_end else message)
        return self.refuse("json-not-well-formed", told, place, ahead)

    def _pass_space(self) -> None:
        space = _SPACE.match(self.window, self.at)
        self.at = space.end() if space else self.at

    def where(self) -> str:
        """The file and the line on which the next byte stands, for a refusal."""
        return f"{self.file}, line {self._position(self.at)[0]}"

    def refuse(self, rule: str, message: str, place: str = "", ahead: int = 0) -> Invalid:
        """The refusal of what stands so many bytes ahead, with line and column."""
        line, column = self._position(self.at + ahead)
        text = f"{message}, column {column}" + (f", at {place}" if place else "")
        finding = Finding(rule=rule, message=text, file=self.file, line=line)
        return Invalid(f"{self.file}, line {line}: {text}", [finding])

    def _position(self, at: int) -> tuple[int, int]:
        """The line and the column (in bytes), both from 1, of a place in the window."""
        before = self.window[:at]
        last = before.rfind(b"\n")
        start = self._line_start if last < 0 else self._start + last + 1
        return self._lines + before.count(b"\n") + 1, self._start + at - start + 1

    def _let_go(self) -> None:
        line, column = self._position(self.at)
        self._lines = line - 1
        self._line_start = self.offset - column + 1
        self._start = self.offset
        self.window, self.at = self.window[self.at :], 0

    def _check(self, parts: list[bytes]) -> None:
        """Check the last part of what will be the window."""
        piece = parts[-1]
        self._read += len(piece)
        if self._read > self.limits.bytes:
            raise self.limits.refuse_size(self.file, f"more than {self.limits.bytes:,} bytes")
        carried = len(self._decoder.getstate()[0])
        if not carried and piece.isascii():
            return
        try:
            self._decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            self.window = b"".join(parts)
            byte, offset = error.object[error.start], self._read - len(piece) - carried
            offset += error.start
            message = f"byte 0x{byte:02X} at offset {offset} is not UTF-8; save the file as UTF-8"
            raise self.refuse("json-encoding", message, ahead=offset - self.offset) from None


@contextmanager
def opened(path: Path, limits: Limits) -> Iterator[JsonText]:
    """The text of a file, for as long as the block lasts."""
    with path.open("rb") as source:
        yield JsonText(source, path.name, limits)
