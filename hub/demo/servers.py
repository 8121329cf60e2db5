"""Several servers in one thread, for as long as a block lasts."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import uvicorn

from hub.errors import Internal

_START_SECONDS = 30.0
_STOP_SECONDS = 30.0


@contextmanager
def running(servers: Sequence[tuple[uvicorn.Server, socket.socket]]) -> Iterator[None]:
    """Run servers on their sockets while the block lasts; raises Internal if one does not start."""

    async def serve_all() -> None:
        await asyncio.gather(*(server.serve(sockets=[taken]) for server, taken in servers))

    thread = threading.Thread(target=lambda: asyncio.run(serve_all()), name="servers", daemon=True)
    thread.start()
    try:
        until = time.monotonic() + _START_SECONDS
        while not all(server.started for server, _ in servers):
            if time.monotonic() > until or not thread.is_alive():
                raise Internal("the servers of the demonstration did not start")
            time.sleep(0.01)
        yield
    finally:
        for server, _ in servers:
            server.should_exit = True
        thread.join(_STOP_SECONDS)
        for _, taken in servers:
            taken.close()
