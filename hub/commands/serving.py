"""`serve`: the node answers over HTTP."""

from __future__ import annotations

from typing import Annotated

import typer

from hub.commands.context import Home, console, home_of
from hub.rest.serving import server_for
from hub.store import open_store


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="The address to listen on.", show_default=False)] = "",
    port: Annotated[
        int | None,
        typer.Option(help="The port to listen on.", show_default=False, min=0, max=65535),
    ] = None,
    home: Home = None,
) -> None:
    """Serve the node over HTTP until it is told to stop."""
    store = open_store(home_of(context, home))
    try:
        settings = store.settings
        address = host or settings.host
        listening = settings.port if port is None else port
        console().print(f"{settings.node} listens on http://{address}:{listening}")
        server_for(store, address, listening).run()
    finally:
        store.close()
