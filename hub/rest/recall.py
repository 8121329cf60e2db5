"""Requests that were answered before, answered again before anything else is asked.

As long as the node is in the same state, the same request has the same answer: its head is kept,
so that 304 costs a look at the state, and an answer that is held in memory costs its sending. All
else goes the ordinary way.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from hub.rest.answers import settling
from hub.rest.backend import Backend
from hub.rest.cache import Body, RenderedCache
from hub.rest.head import Head, unchanged_headers

#: The headers an answer depends on, and those that ask whether it is another one.
_DECISIVE = frozenset((b"accept", b"accept-encoding", b"accept-language"))
_CONDITIONS = frozenset((b"if-none-match", b"if-modified-since"))
_KEPT = 4_096

Signature = tuple[object, ...]
RawHeaders = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class _Known:
    state: object
    head: Head


class Recalled:
    """The heads of answers by the requests they answered, for the state they were given in."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._known: OrderedDict[Signature, _Known] = OrderedDict()
        self._lock = Lock()

    def state(self) -> object | None:
        """The state of the node, to be asked for before an answer is worked out."""
        return self._backend.state()

    def learn(self, scope: Scope, state: object | None, head: Head) -> None:
        """Keep the head of the answer that a request had in a state."""
        if state is None or scope["method"] != "GET":
            return
        with self._lock:
            self._known[_signature(scope)] = _Known(state, head)
            if len(self._known) > _KEPT:
                self._known.popitem(last=False)

    async def head(self, scope: Scope) -> Head | None:
        """The head of the answer to a request, where it is known and still the same."""
        known = self._known.get(_signature(scope))
        if known is None:
            return None
        waits = self._backend.state_waits
        state = await run_in_threadpool(self.state) if waits else self.state()
        return known.head if known.state is state else None


class Recall:
    """Middleware that answers what is known; `cache` holds the bodies."""

    def __init__(self, app: ASGIApp, recalled: Recalled, cache: RenderedCache) -> None:
        self._app = app
        self._recalled = recalled
        self._cache = cache

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        asked = datetime.now(UTC)
        head = await self._recalled.head(scope)
        conditions = _conditions(scope) if head is not None else {}
        known = head.known(conditions) if head is not None and conditions else None
        body = self._cache.held(head.key) if head is not None and known is None else None
        if known is not None:
            await _send(send, 304, _raw(unchanged_headers(known, asked)), b"")
        elif head is not None and body is not None:
            await _send(send, 200, _whole_headers(head, body, asked), body.content)
            then = settling(self._cache, head)
            if then is not None:
                await then()
        else:
            await self._app(scope, receive, send)


def _signature(scope: Scope) -> Signature:
    """All of a request that decides about its answer."""
    decisive = [pair for pair in scope["headers"] if pair[0] in _DECISIVE]
    return (scope.get("raw_path") or scope["path"], scope["query_string"], *decisive)


def _conditions(scope: Scope) -> dict[str, str]:
    return {
        name.decode("latin-1"): value.decode("latin-1")
        for name, value in scope["headers"]
        if name in _CONDITIONS
    }


def _whole_headers(head: Head, body: Body, asked: datetime) -> RawHeaders:
    length = b"%d" % len(body.content)
    return [*_raw(head.headers(body.coding, asked)), (b"content-length", length)]


def _raw(headers: dict[str, str]) -> RawHeaders:
    return [
        (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()
    ]


async def _send(send: Send, status: int, headers: RawHeaders, content: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
