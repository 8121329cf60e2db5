"""Small bodies held in memory by each worker process: the ones asked for last."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock


@dataclass(frozen=True, slots=True)
class Body:
    """A whole body as it is sent, and its content coding (None: as it is)."""

    content: bytes
    coding: str | None


class Kept:
    """Bodies by key, least recently used first, of so many bytes together.

    Some are nowhere else yet: who uses one again takes care that it gets on disk (`take_waiting`).
    """

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._bytes = 0
        self._bodies: OrderedDict[str, Body] = OrderedDict()
        self._waiting: set[str] = set()
        self._lock = Lock()

    def get(self, key: str) -> Body | None:
        """The body of a key, which becomes the one used last."""
        with self._lock:
            body = self._bodies.get(key)
            if body is not None:
                self._bodies.move_to_end(key)
            return body

    def put(self, key: str, body: Body, *, waits: bool = False) -> bool:
        """Keep a body, for which those used longest ago make room; False where it is too large."""
        size = len(body.content)
        if size > self._most:
            return False
        with self._lock:
            before = self._bodies.pop(key, None)
            self._bodies[key] = body
            if waits:
                self._waiting.add(key)
            self._bytes += size - (len(before.content) if before else 0)
            while self._bytes > self._most:
                dropped, old = self._bodies.popitem(last=False)
                self._waiting.discard(dropped)
                self._bytes -= len(old.content)
        return True

    def waits(self, key: str) -> bool:
        """True for a body that is nowhere but here."""
        return key in self._waiting

    def take_waiting(self, key: str) -> Body | None:
        """The body of a key if it waits to be put on disk, to whoever asks first."""
        with self._lock:
            if key not in self._waiting:
                return None
            self._waiting.discard(key)
            return self._bodies[key]
