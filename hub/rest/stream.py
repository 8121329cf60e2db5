"""Sending a stream: the next chunk is made while one is sent; who leaves early stops the making."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from hub.rest.cache import RenderedCache


class StreamResponse(Response):
    """A response whose body comes from an iterator that may wait for files and computation.

    However the sending ends, each of `finish` is called, in order. An iterator that fails breaks
    the connection.
    """

    def __init__(
        self, chunks: Iterator[bytes], headers: Mapping[str, str], *finish: Callable[[], None]
    ) -> None:
        self.status_code = 200
        self.background = None
        self.init_headers(headers)
        self._chunks = chunks
        self._finish = finish

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the message until it ends or nobody is there to take it."""
        gone = asyncio.ensure_future(_disconnected(receive))
        making = asyncio.ensure_future(self._make())
        try:
            start = {"status": self.status_code, "headers": self.raw_headers}
            await send({"type": "http.response.start", **start})
            while (chunk := await making) is not None and not gone.done():
                making = asyncio.ensure_future(self._make())
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            if not gone.done():
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()
            # A chunk being made is waited for: what it reads from cannot be closed before.
            await asyncio.shield(asyncio.ensure_future(self._end(making)))

    async def _make(self) -> bytes | None:
        return await run_in_threadpool(next, self._chunks, None)

    async def _end(self, making: asyncio.Future[bytes | None]) -> None:
        await asyncio.wait([making])
        if not making.cancelled():
            making.exception()  # told already, to who waited for the chunk
        for finish in self._finish:
            await run_in_threadpool(finish)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def filled(
    chunks: Iterator[bytes], cache: RenderedCache, key: str, coding: str | None
) -> Iterator[bytes]:
    """The same chunks, which fill the cache on their way; only all of them make an entry."""
    filling = cache.fill(key, coding)
    if filling is None:
        yield from chunks
        return
    end = partial(cache.abandon, key, filling)
    try:
        for chunk in chunks:
            filling.write(chunk)
            yield chunk
        end = partial(cache.complete, key, filling)
    finally:
        end()


def close(chunks: Iterator[bytes]) -> None:
    """Close a generator of bytes and with it what it reads from."""
    finish = getattr(chunks, "close", None)
    if finish is not None:
        finish()
