"""Several servers in one thread, for as long as a block lasts."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import uvicorn

from hub.errors import Conflict, Internal

_START_SECONDS = 30.0
_STOP_SECONDS = 30.0


def listen(host: str, port: int) -> socket.socket:
    """Take a port; raises Conflict where another program has it."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise Conflict(
            f"port {port} is taken by another program: choose another with --port "
            "(the demonstration needs it and the eight after it)"
        ) from error
    return listening


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
