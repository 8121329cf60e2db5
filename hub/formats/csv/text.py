"""The bytes of a delimited text file, checked while they stream by.

What is checked is what is parsed: the parser reads from here, so a file is read once and may be
larger than memory. Quoting is that of RFC 4180: a field may be enclosed in double quotes, then it
may hold separators, line ends and doubled quotes; elsewhere a double quote is an error.
"""

from __future__ import annotations

import codecs
import io
import re
from pathlib import Path
from typing import Any

from hub.errors import Finding, Invalid
from hub.formats.limits import Limits

PIECE = 1 << 18
_LINE_END = re.compile(rb"\r\n?|\n")


class LineCount:
    """Counts line ends (LF, CR LF or CR) over pieces of a text."""

    def __init__(self) -> None:
        self.total = 0
        self._after_return = False

    def add(self, text: bytes) -> None:
        """Count those of the next piece."""
        self.total = self.at(text)
        if text:
            self._after_return = text.endswith(b"\r")

    def at(self, text: bytes) -> int:
        """The count there would be after a text, without taking it in."""
        split = self._after_return and text.startswith(b"\n")
        ends = text.count(b"\n") + text.count(b"\r") - text.count(b"\r\n")
        return self.total + ends - split


class GuardedText(io.RawIOBase):
    """A readable stream of the text of a file in UTF-8, without its byte order mark.

    `encoding` is the file's own. Reading raises TooLarge beyond the limits, and Invalid, with the
    place, for bytes that are not of the encoding, NUL characters and quotes out of place.
    """

    def __init__(
        self,
        path: Path,
        limits: Limits,
        *,
        encoding: str = "utf-8",
        separator: str = ",",
        name: str | None = None,
    ) -> None:
        super().__init__()
        self.name = name or path.name
        self.limits = limits
        self.encoding = encoding
        #: The line on which the record read last begins, and the one after it.
        self.record_line = 0
        self.next_line = 1
        self._file = path.open("rb")
        self._decoder: Any = codecs.getincrementaldecoder(encoding)("strict")
        self._quotes = _QuoteCheck(separator.encode())
        self._lines = LineCount()
        self._bytes = 0
        self._run = 0
        self._pending = b""
        self._ended = False
        self._first = True

    @property
    def lines(self) -> int:
        """The number of line ends read so far."""
        return self._lines.total

    def readable(self) -> bool:
        """True: the stream can be read."""
        return True

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()

    def read(self, size: int = -1) -> bytes:
        """Read up to `size` bytes of checked text; fewer only at the end."""
        wanted = size if size >= 0 else self.limits.bytes
        parts, length = [self._pending], len(self._pending)
        while length < wanted and not self._ended:
            parts.append(self._piece())
            length += len(parts[-1])
        text = b"".join(parts)
        self._pending = text[wanted:]
        return text[:wanted]

    def rest(self, most: int) -> bytes | None:
        """What is left of the text, if it is at most so many bytes; else it is still to be read."""
        text = self.read(most + 1)
        if len(text) <= most:
            return text
        self._pending = text + self._pending
        return None

    def read_record(self) -> bytes:
        """Read the next record, without its line end; quoted line ends belong to it.

        Blank lines before it are skipped; b"" at the end of the text.
        """
        lines = LineCount()
        text = b""
        while not text and (piece := self.read(PIECE)):
            text = piece.lstrip(b"\r\n")
            lines.add(piece[: len(piece) - len(text)])
        while (end := _record_end(text)) is None and not self._ended:
            text += self.read(PIECE)
        record, rest = text[: end[0] if end else None], text[end[1] :] if end else b""
        self.record_line = self.next_line + lines.total
        lines.add(text[: len(text) - len(rest)])
        self._pending = rest + self._pending
        self.next_line += lines.total
        return record.rstrip(b"\r\n")

    def _piece(self) -> bytes:
        raw = self._file.read(min(PIECE, self.limits.line_bytes + 1))
        self._ended = not raw
        text = self._decode(raw)
        self._bytes += len(raw)
        if self._bytes > self.limits.bytes:
            raise self.limits.refuse_size(self.name, f"more than {self.limits.bytes:,} bytes")
        if b"\x00" in text:
            line = self._lines.at(text[: text.index(b"\x00")]) + 1
            raise self._refuse("nul", line, "a NUL character, which no text holds: is it binary?")
        self._measure_lines(text)
        self._check_quotes(text)
        self._lines.add(text)
        return text

    def _check_quotes(self, text: bytes) -> None:
        misplaced = self._quotes.check(text, self._ended)
        if misplaced is not None:
            raise self._refuse("quote", misplaced + 1, _MISPLACED)
        if self._quotes.open_bytes > self.limits.text_bytes:
            where = f"{self.name}, line {self._quotes.lines + 1}"
            what = f"a field in quotes of more than {self.limits.text_bytes:,} bytes"
            raise self.limits.refuse("text_bytes", where, what, "is its quote never closed?")

    def _decode(self, raw: bytes) -> bytes:
        if self.encoding == "utf-8" and raw.isascii() and not self._decoder.getstate()[0]:
            self._first = self._first and not raw
            return raw
        try:
            text: str = self._decoder.decode(raw, final=self._ended)
        except UnicodeDecodeError as error:
            raise self._not_decoded(error) from None
        if self._first and text:
            text, self._first = text.removeprefix("\ufeff"), False
        return text.encode()

    def _not_decoded(self, error: UnicodeDecodeError) -> Invalid:
        carried = len(self._decoder.getstate()[0])
        offset = self._bytes - carried + error.start
        line = self._lines.at(error.object[: error.start]) + 1
        byte = error.object[error.start]
        return self._refuse(
            "encoding",
            line,
            f"byte 0x{byte:02X} at offset {offset} is not {self.encoding.upper()}; save the file "
            "as UTF-8, or name its encoding in a mapping file",
        )

    def _measure_lines(self, text: bytes) -> None:
        first, last = _LINE_END.search(text), max(text.rfind(b"\n"), text.rfind(b"\r"))
        longest = self._run + (first.start() if first else len(text))
        if longest > self.limits.line_bytes:
            raise self.limits.refuse(
                "line_bytes",
                f"{self.name}, line {self._lines.total + 1}",
                f"a line of more than {self.limits.line_bytes:,} bytes",
                "a file without line ends is not a table",
            )
        self._run = self._run + len(text) if last < 0 else len(text) - last - 1

    def _refuse(self, rule: str, line: int, message: str) -> Invalid:
        finding = Finding(rule=f"csv-{rule}", message=message, file=self.name, line=line)
        return Invalid(f"{self.name}, line {line}: {message}", [finding])


_MISPLACED = (
    "a double quote inside a field that is not enclosed in quotes, or after its closing quote, or "
    "an opening quote that is never closed; enclose the field in quotes and double those inside"
)


def _record_end(text: bytes) -> tuple[int, int] | None:
    """Find the end of the first record and the start of the next; None if it is not there yet."""
    quoted = False
    for match in re.finditer(rb'"|\r\n|\r(?!\Z)|\n', text):
        if match[0] == b'"':
            quoted = not quoted
        elif not quoted:
            return match.span()
    return None


class _QuoteCheck:
    """Checks that quotes stand where RFC 4180 has them, over pieces of a text."""

    def __init__(self, separator: bytes) -> None:
        edge = b"[" + re.escape(separator) + rb'\n\r"]'
        # Possessive throughout: one pass, no backtracking, whatever the input.
        self._sound = re.compile(
            rb'(?:[^"]*+(?<=' + edge + rb')"[^"]*+"(?=' + edge + rb'))*+[^"]*+'
        )
        self._open = re.compile(rb"(?<=" + edge + rb')"[^"]*+"?\Z')
        self._carried = b"\n"
        self._lines = LineCount()

    @property
    def open_bytes(self) -> int:
        """The bytes so far of a field in quotes that has not ended, at least."""
        return len(self._carried) - len(b'\n""')  # before it, its quotes

    @property
    def lines(self) -> int:
        """The number of line ends before that field."""
        return self._lines.total

    def check(self, text: bytes, is_last: bool) -> int | None:
        """Check the next piece; the number of line ends before a misplaced quote, or None."""
        if len(self._carried) == 1 and b'"' not in text:
            self._lines.add(text)
            self._carried = text[-1:] or self._carried
            return None
        text = self._carried + text + (b"\n" if is_last else b"")
        sound = self._sound.match(text, 1)
        end = sound.end() if sound else 1
        is_open = not is_last and self._open.match(text, end)
        if end < len(text) and not is_open:
            return self._lines.at(text[1:end])
        self._lines.add(text[1:end])
        self._carried = text[end - 1 :]
        return None
