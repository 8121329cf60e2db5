"""A client that calls an application in process and changes nothing of the target.

Ordinary clients take `..` out of a path, which is a key of API 1.x.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

import httpx
from fastapi import FastAPI

#: Seconds after which a request counts as one that is never answered.
_LONGEST = 60.0


class Client:
    """Sends requests to an ASGI application, one after another."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._runner = asyncio.Runner()

    def close(self) -> None:
        self._runner.close()

    def request(self, method: str, target: str, headers: Mapping[str, str]) -> httpx.Response:
        return self._runner.run(self._request(method, target, headers))

    async def _request(
        self, method: str, target: str, headers: Mapping[str, str]
    ) -> httpx.Response:
        path, _, query = target.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "server": ("node.example", 80),
            "client": ("127.0.0.1", 1),
            "root_path": "",
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [
                (name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()
            ],
        }
        sent: list[dict[str, Any]] = []
        asked = False

        async def receive() -> dict[str, Any]:
            nonlocal asked
            if asked:
                await asyncio.Event().wait()  # the client stays
            asked = True
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        async with asyncio.timeout(_LONGEST):
            await self._app(scope, receive, send)
        start, *rest = sent
        body = b"".join(message.get("body", b"") for message in rest)
        return httpx.Response(start["status"], headers=start["headers"], content=body)
