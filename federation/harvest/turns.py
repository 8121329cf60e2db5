"""Work that begins in turn: one piece after another, and beside those that wait for something.

Answers from afar are waited for side by side. Where partners answer at once, as those on the same
machine or in the same room do, threads would only take the one interpreter from each other.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

#: What has waited so long, in seconds, waits for something that is elsewhere.
MOMENT = 0.005
#: Beside what takes so many moments others begin, whatever it does.
_LONG = 20


class Turns:
    """Lets threads begin pieces of work; each tells when it is over."""

    def __init__(self, moment: float = MOMENT) -> None:
        self._moment = moment
        self._lock = threading.Lock()
        self._running = 0
        self._latest: _Piece | None = None

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until no piece is running that began just now and is at work, then be one."""
        while isinstance(piece := self._begin(), float):
            time.sleep(piece)
        try:
            yield
        finally:
            with self._lock:
                self._running -= 1
                if self._latest is piece:
                    self._latest = None

    def _begin(self) -> _Piece | float:
        """Begin a piece; or how many seconds to wait, at least, before that is tried again."""
        with self._lock:
            if self._running and self._latest is not None:
                took, waited = self._latest.so_far()
                left = min(self._moment - waited, self._moment * _LONG - took)
                if left > 0:
                    return left
            self._running += 1
            self._latest = piece = _Piece()
            return piece


class _Piece:
    """A piece of work of the thread that makes it."""

    def __init__(self) -> None:
        self._clock = _clock_of_this_thread()
        self._begun = time.monotonic(), self._worked()

    def so_far(self) -> tuple[float, float]:
        """For how many seconds it has been running, and for how many of them it waited.

        What a thread waits for the interpreter is among these. Where a system does not tell what
        threads do, all of it is.
        """
        took = time.monotonic() - self._begun[0]
        return took, took - (self._worked() - self._begun[1])

    def _worked(self) -> float:
        return 0.0 if self._clock is None else time.clock_gettime(self._clock)


def _clock_of_this_thread() -> int | None:
    if sys.platform in ("win32", "darwin"):
        return None
    return time.pthread_getcpuclockid(threading.get_ident())
