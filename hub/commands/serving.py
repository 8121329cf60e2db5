"""`serve`: the node answers over HTTP."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from typing import Annotated

import typer
import uvicorn

from hub.commands.context import Home, Json, store_of, wants_json
from hub.commands.showing import console, print_json
from hub.rest.serving import server_for
from hub.rest.sockets import address_of, listen
from hub.rest.workers import Workers
from hub.store import Store


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="The address to listen on.", show_default=False)] = "",
    port: Annotated[
        int | None,
        typer.Option(
            help="The port to listen on; 0 takes a free one.", show_default=False, min=0, max=65535
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(help="How many processes answer.", show_default=False, min=1, max=256),
    ] = None,
    home: Home = None,
    json: Json = False,
) -> None:
    """Serve the node over HTTP until it is told to stop."""
    with store_of(context, home) as store:
        settings = store.settings
        address = host or settings.host
        with listen(address, settings.port if port is None else port) as listening:
            count = workers or settings.workers
            run = _alone(store, listening) if count == 1 else _together(store, listening, count)
            _tell(settings.node, address_of(listening), wants_json(context, json))
            run()


def _tell(node: str, url: str, as_json: bool) -> None:
    if as_json:
        print_json({"node": node, "url": url})
    else:
        console().print(f"{node} listens on {url}; stop with Ctrl-C")


def _alone(store: Store, listening: socket.socket) -> Callable[[], None]:
    server = server_for(store, *listening.getsockname()[:2])
    _stop_when_told(server)
    return lambda: server.run(sockets=[listening])


def _together(store: Store, listening: socket.socket, count: int) -> Callable[[], None]:
    store.close()  # each worker opens its own
    return Workers(store.settings.home, listening, count).run


def _stop_when_told(server: uvicorn.Server) -> None:
    """Let SIGTERM and Ctrl-C end the server with exit code 0, requests under way answered.

    While it serves, uvicorn has handlers of its own; afterwards it raises the signal again, which
    then comes here. A signal before it serves is not lost either.
    """

    def stop(_number: int, _frame: object) -> None:
        server.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
