"""Which requests are answered so quickly that handing them to a thread would cost more.

The first of a kind is answered in a thread, where it may wait for the catalogue and the lake. Where
that took no longer than a thread costs, the next of its kind is answered where it arrives, as long
as the node is in the same state: all that could be waited for was read then, and is kept.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from starlette.types import Scope

from hub.rest.backend import Backend

#: Seconds for which a worker may keep its other requests waiting.
QUICK = 0.001
_KEPT = 4_096
Kind = tuple[object, ...]


class Quick:
    """The kinds of requests answered quickly in the state the node is in.

    Requests are of a kind that differ in nothing but the languages and codings wanted.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._known: OrderedDict[Kind, object] = OrderedDict()
        self._lock = Lock()

    def learn(self, scope: Scope, state: object | None, seconds: float) -> None:
        """Keep how long it took to write the answer to a request, begun in a state."""
        if state is None or seconds > QUICK:
            return
        kind = _kind(scope)
        with self._lock:
            self._known[kind] = state
            self._known.move_to_end(kind)
            if len(self._known) > _KEPT:
                self._known.popitem(last=False)

    def knows(self, scope: Scope) -> bool:
        """True where a request of the kind was answered quickly, in the state the node is in."""
        state = self._known.get(_kind(scope))
        if state is None or self._backend.state_waits:
            return False
        return self._backend.state() is state


def _kind(scope: Scope) -> Kind:
    accepted = [value for name, value in scope["headers"] if name == b"accept"]
    return (
        scope["method"],
        scope.get("raw_path") or scope["path"],
        scope["query_string"],
        *accepted,
    )
