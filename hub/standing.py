"""What stays for a long time is set aside from the garbage collector of the program.

Structures are a million objects that stay. To look through them again and again, as the collector
does for cycles nobody needs any more, would hold up requests, and is a tenth of a short harvest.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

#: How many times as many new objects there are before they are looked through.
_LESS_OFTEN = 10

_lock = threading.Lock()
_blocks = 0


@contextmanager
def set_aside() -> Iterator[None]:
    """While the block lasts, the collector looks through what is made in it only, and less often.

    Blocks may be in one another, and in several threads: what was set aside when the first began
    is looked through again when the last is over.
    """
    global _blocks
    with _lock:
        if not _blocks:
            gc.freeze()
            _look(_LESS_OFTEN)
        _blocks += 1
    try:
        yield
    finally:
        with _lock:
            _blocks -= 1
            if not _blocks:
                _look(1 / _LESS_OFTEN)
                gc.unfreeze()


def _look(times: float) -> None:
    """Let the collector wait for so many times as many new objects as now."""
    first, *others = gc.get_threshold()
    gc.set_threshold(round(first * times), *others)
