"""Work that begins in turn: one piece after another, and beside what takes longer than a moment.

Answers from afar are waited for side by side. Where partners answer at once, as those on the same
machine or in the same room do, threads would only take the one interpreter from each other.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

#: What takes longer, in seconds, waits for something.
MOMENT = 0.005


class Turns:
    """Lets threads begin pieces of work; each tells when it is over."""

    def __init__(self, moment: float = MOMENT) -> None:
        self._moment = moment
        self._lock = threading.Lock()
        self._running = 0
        self._begun = 0.0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until no piece is running that began a moment ago, then be one."""
        while (left := self._left()) > 0:
            time.sleep(left)
        try:
            yield
        finally:
            with self._lock:
                self._running -= 1

    def _left(self) -> float:
        """How long still to wait; 0 where the piece has begun."""
        with self._lock:
            now = time.monotonic()
            left = self._begun + self._moment - now
            if self._running and left > 0:
                return left
            self._running += 1
            self._begun = now
            return 0.0
