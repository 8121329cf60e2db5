"""The node's own application with routes beside it to compare with.

`uvicorn --factory benchmarks.server:app` serves the node in CORRIDOR_HOME. `/constant` is a fixed
small body, `/constant/{bytes}` one of that size, `/static/{name}` a file of the folder
BENCH_STATIC. They are found and sent as the node's own answers are, and do nothing, so that what
they cost is what any answer of this server costs.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from hub.rest.serving import build_app
from hub.store import open_store


def app() -> FastAPI:
    """Make the application of the node in CORRIDOR_HOME."""
    made = build_app(open_store(Path(os.environ["CORRIDOR_HOME"])))
    made.add_route("/constant", _constant)
    made.add_route("/constant/{size:int}", _constant)
    made.add_route("/static/{name}", _static)
    return made


async def _constant(request: Request) -> Response:
    return PlainTextResponse(_body(int(request.path_params.get("size", 16))))


@cache
def _body(size: int) -> bytes:
    return b"x" * size


async def _static(request: Request) -> Response:
    return FileResponse(Path(os.environ["BENCH_STATIC"], request.path_params["name"]))
