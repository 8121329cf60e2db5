"""Every connection this process tries to make, as the interpreter itself reports it.

`socket.connect` is raised by every connect of every socket, whichever library asks for it;
`socket.sendto` and `socket.sendmsg` by what needs no connection. Looking a name up is not among
them: the test says what names stand for.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_EVENTS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_OPENED = frozenset({"open", "os.system", "subprocess.Popen"})
_watching: list[Recorder] = []


class Recorder:
    """What was connected to, sent to, and which files were opened."""

    def __init__(self) -> None:
        self.connections: list[Any] = []
        self.opened: list[str] = []


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _EVENTS:
        for one in _watching:
            one.connections.append(arguments[-1])
    elif event in _OPENED:
        for one in _watching:
            one.opened.append(str(arguments[0]))


sys.addaudithook(_note)  # cannot be taken away again, so it is added once


@contextmanager
def recording() -> Iterator[Recorder]:
    """Record while the block lasts."""
    found = Recorder()
    _watching.append(found)
    try:
        yield found
    finally:
        _watching.remove(found)
