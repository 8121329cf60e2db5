"""`serve`: the node answers over HTTP."""

from __future__ import annotations

import signal
from typing import Annotated

import typer
import uvicorn

from hub.commands.context import Home, Json, store_of, wants_json
from hub.commands.showing import console, print_json
from hub.rest.serving import server_for
from hub.rest.sockets import address_of, listen


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="The address to listen on.", show_default=False)] = "",
    port: Annotated[
        int | None,
        typer.Option(
            help="The port to listen on; 0 takes a free one.", show_default=False, min=0, max=65535
        ),
    ] = None,
    home: Home = None,
    json: Json = False,
) -> None:
    """Serve the node over HTTP until it is told to stop."""
    with store_of(context, home) as store:
        settings = store.settings
        address = host or settings.host
        listening = listen(address, settings.port if port is None else port)
        with listening:
            url = address_of(listening)
            server = server_for(store, address, listening.getsockname()[1])
            _stop_when_told(server)
            if wants_json(context, json):
                print_json({"node": settings.node, "url": url})
            else:
                console().print(f"{settings.node} listens on {url}; stop with Ctrl-C")
            server.run(sockets=[listening])


def _stop_when_told(server: uvicorn.Server) -> None:
    """Let SIGTERM and Ctrl-C end the server with exit code 0, requests under way answered.

    While it serves, uvicorn has handlers of its own; afterwards it raises the signal again, which
    then comes here. A signal before it serves is not lost either.
    """

    def stop(_number: int, _frame: object) -> None:
        server.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
