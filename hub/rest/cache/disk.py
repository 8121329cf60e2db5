"""Bodies in files: written aside, renamed when complete, checked when opened.

    cache/ab/abcd…-gzip     a body, then a trailer: mark, content coding, length of the body
    cache/filling/…         bodies being written; what a killed process leaves there is swept

A file under its key is complete: a process killed while it fills leaves nothing under the key, and
what a failing machine cut short has no trailer. Several processes may share the folder.
"""

from __future__ import annotations

import os
import struct
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_TRAILER = struct.Struct(">8s8sQ")
_MARK = b"CORRIDR1"
#: Bytes read at once from a file that is sent.
BLOCK = 1 << 20
#: Seconds after which a use is noted anew in the file's time of change.
_NOTED_FOR = 60

#: Told the length a body is about to have and by how much it grows; False where there is no room.
Claim = Callable[[int, int], bool]


@dataclass(frozen=True, slots=True)
class Stored:
    """An opened file of the cache. It may be removed meanwhile; its bytes stay readable."""

    file: BinaryIO
    length: int
    coding: str | None

    def content(self) -> bytes:
        """The whole body; closes the file."""
        return b"".join(self.blocks())

    def blocks(self) -> Iterator[bytes]:
        """The body in large pieces; closes the file. Raises OSError where it ends too soon."""
        with self.file:
            left = self.length
            while left:
                block = self.file.read(min(BLOCK, left))
                if not block:
                    raise OSError("a file of the response cache was cut while it was sent")
                left -= len(block)
                yield block


def open_stored(path: Path) -> Stored | None:
    """Open a file of the cache; None where it is absent, unreadable or not whole."""
    try:
        file = path.open("rb", buffering=0)
    except OSError:
        return None
    try:
        facts = os.fstat(file.fileno())
        file.seek(-_TRAILER.size, os.SEEK_END)
        mark, coding, length = _TRAILER.unpack(file.read(_TRAILER.size))
        file.seek(0)
    except (OSError, struct.error):
        mark = b""
    if mark != _MARK or length + _TRAILER.size != facts.st_size:
        file.close()
        return None
    if time.time() - facts.st_mtime > _NOTED_FOR:
        with suppress(OSError):  # just removed by another process
            os.utime(path)
    return Stored(file, length, coding.rstrip(b"\x00").decode("ascii") or None)


class Filling:
    """A body on its way into the cache. A failure to write ends the filling, not the answer."""

    def __init__(self, path: Path, folder: Path, coding: str | None, claim: Claim) -> None:
        self._path = path
        self._coding = coding
        self._claim = claim
        self._length = 0
        handle, name = tempfile.mkstemp(dir=folder)
        self._file: BinaryIO | None = os.fdopen(handle, "wb", buffering=0)
        self._work = Path(name)

    def write(self, chunk: bytes) -> None:
        """Add a piece of the body; where there is no room, the filling ends."""
        if self._file is None:
            return
        try:
            if self._claim(self._length + len(chunk), len(chunk)):
                _write_all(self._file, chunk)
                self._length += len(chunk)
                return
        except OSError:
            pass  # a full or failing disk: answers go on without the cache
        self.abandon()

    def complete(self) -> None:
        """Put the whole body under its key."""
        if self._file is None:
            return
        coding = (self._coding or "").encode("ascii")
        try:
            _write_all(self._file, _TRAILER.pack(_MARK, coding, self._length))
            self._file.close()
            self._path.parent.mkdir(exist_ok=True)
            self._work.replace(self._path)
        except OSError:
            pass  # as above; or it took so long that it was swept
        self.abandon()

    def abandon(self) -> None:
        """Leave nothing behind; after `complete`, or called again, it does nothing."""
        file, self._file = self._file, None
        if file is not None:
            with suppress(OSError):
                file.close()
            with suppress(OSError):
                self._work.unlink(missing_ok=True)


def _write_all(file: BinaryIO, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[file.write(left) :]
