"""A client that calls the application in process, whole request to whole response."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import httpx
from fastapi import FastAPI


class Client:
    """Sends requests to an ASGI application; the target is sent as it is written."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    def get(
        self, target: str, accept: str | None = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        return self.request("GET", target, accept, headers)

    def request(
        self,
        method: str,
        target: str,
        accept: str | None = None,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> httpx.Response:
        # Without these, httpx would add its own.
        sent = {"accept": accept or "", "accept-encoding": "", **(headers or {})}
        given = {name: value for name, value in sent.items() if value}
        return asyncio.run(self._send(method, target, given, content))

    async def _send(
        self, method: str, target: str, headers: Mapping[str, str], content: bytes | None
    ) -> httpx.Response:
        transport = httpx.ASGITransport(app=self._app, raise_app_exceptions=False)
        path = target.encode()
        url = httpx.URL(scheme="http", host="node.example", raw_path=path)
        async with httpx.AsyncClient(transport=transport) as client:
            request = client.build_request(method, url, headers=headers, content=content)
            for name in ("accept", "accept-encoding"):
                if name not in headers:
                    del request.headers[name]
            return await client.send(request)
