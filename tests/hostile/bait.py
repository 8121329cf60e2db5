"""A file and an address that hostile files name, and who touched them.

The kernel tells who opens the file (inotify), whatever library does it.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.connectors.http.server import Answer, PartnerServer
from tests.hostile.case import Bait

CONTENT = "what-stands-in-the-bait"
_OPENED_OR_READ = 0x00000020 | 0x00000001


class Watch:
    """The openings of a file since the last time one asked."""

    def __init__(self, path: Path) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        self._handle = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if (
            self._handle < 0
            or libc.inotify_add_watch(self._handle, os.fsencode(path), _OPENED_OR_READ) < 0
        ):
            raise OSError(ctypes.get_errno(), "inotify")

    def was_touched(self) -> bool:
        try:
            return bool(os.read(self._handle, 1 << 16))
        except BlockingIOError:
            return False

    def close(self) -> None:
        os.close(self._handle)


@contextmanager
def laid(folder: Path, server: PartnerServer) -> Iterator[tuple[Bait, Watch]]:
    """The bait, while a block lasts; its address is one of the server."""
    path = folder / "bait.txt"
    path.write_text(CONTENT)
    url = server.on("/bait", Answer(200, CONTENT.encode()))
    watch = Watch(path)
    try:
        yield Bait(path, url), watch
    finally:
        watch.close()
