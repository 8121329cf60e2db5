"""The cache of rendered answers: memory over disk, under one bound."""

from __future__ import annotations

import logging
from pathlib import Path
from threading import Lock

from hub.rest.cache.disk import Filling, Stored, open_stored
from hub.rest.cache.memory import Body, Kept
from hub.rest.cache.sweeping import FILLING, sweep

log = logging.getLogger("corridor.rest")

#: What one process holds in memory, and how large a body held there may be.
_MEMORY = 64 << 20
_SMALL = 1 << 20
#: One body takes at most this part of the bound.
_LARGEST = 8
#: The bound is looked after whenever a process wrote this part of it; sweeping leaves a margin, in
#: which four processes have room.
_UNSWEPT = 32
_MARGIN = 8


class RenderedCache:
    """Rendered bodies by key, in a folder of at most so many bytes; 0, or no folder, keeps nothing.

    Keys are names that a file system takes. Calls may come from several threads, and several
    processes may share the folder.
    """

    def __init__(self, folder: Path | None, most_bytes: int) -> None:
        self._folder = folder or Path()
        self._most = most_bytes if folder is not None else 0
        self._memory = Kept(min(_MEMORY, self._most))
        self._lock = Lock()
        self._sweeping = Lock()
        self._under_way: set[str] = set()
        self._unswept = self._most  # what others left is looked at with the first write
        self._is_usable = self._most > 0 and self._make_folder()

    def _make_folder(self) -> bool:
        try:
            (self._folder / FILLING).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            log.warning("rendered answers are not kept: %s", error)
            return False
        return True

    @property
    def keeps(self) -> bool:
        """False where the bound is 0, so that nothing is kept."""
        return self._most > 0

    def held(self, key: str) -> Body | None:
        """The body of a key, if it is in memory; never waits."""
        return self._memory.get(key)

    def find(self, key: str) -> Body | Stored | None:
        """The body of a key: small ones whole, others as an opened file that must be closed."""
        held = self._memory.get(key)
        if held is not None or not self._is_usable:
            return held
        stored = open_stored(self._path(key))
        if stored is None or stored.length > _SMALL:
            return stored
        try:
            body = Body(stored.content(), stored.coding)
        except OSError:
            return None
        self._memory.put(key, body)
        return body

    def hold(self, key: str, body: Body) -> bool:
        """Keep a whole body in memory until it is asked for again; False where it is too large.

        Most small answers never are; so only what is used a second time is put on disk, by
        whoever finds that it `waits`.
        """
        return len(body.content) <= _SMALL and self._memory.put(key, body, waits=True)

    def waits(self, key: str) -> bool:
        """True where a body is in memory only; then `settle` is due once it was used."""
        return self._memory.waits(key)

    def settle(self, key: str) -> None:
        """Put a body that waits in memory on disk, where other processes find it."""
        body = self._memory.take_waiting(key)
        if body is not None:
            self.store(key, body)

    def store(self, key: str, body: Body) -> None:
        """Put a whole body on disk."""
        filling = self.fill(key, body.coding)
        if filling is not None:
            filling.write(body.content)
            self.complete(key, filling)

    def fill(self, key: str, coding: str | None) -> Filling | None:
        """Begin to fill; None where the body is under way already, or nothing is kept.

        What is begun must be ended by `complete` or `abandon`.
        """
        if not self._is_usable:
            return None
        with self._lock:
            if key in self._under_way:
                return None
            self._under_way.add(key)
        try:
            return Filling(self._path(key), self._folder / FILLING, coding, self._claim)
        except OSError:
            self._under_way.discard(key)
            self._is_usable = self._make_folder()  # somebody may have emptied the home
            return None

    def complete(self, key: str, filling: Filling) -> None:
        """End a filling whose body is whole."""
        filling.complete()
        self._under_way.discard(key)

    def abandon(self, key: str, filling: Filling) -> None:
        """End a filling whose body is not whole."""
        filling.abandon()
        self._under_way.discard(key)

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / key

    def _claim(self, length: int, added: int) -> bool:
        """Tell whether a body may grow to a length; makes room where much was written."""
        if length > self._most // _LARGEST:
            return False
        with self._lock:
            self._unswept += added
            is_due = self._unswept > self._most // _UNSWEPT
        if is_due and self._sweeping.acquire(blocking=False):
            try:
                sweep(self._folder, self._most - self._most // _MARGIN)
                with self._lock:
                    self._unswept = added
            finally:
                self._sweeping.release()
        return True
