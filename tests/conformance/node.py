"""The node under test: one home, read with its indexes and without, over both APIs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from tests.conformance.asgi import Client

ORIGIN = {"origin": "https://page.example"}


@dataclass(frozen=True)
class Node:
    """Asks the node in process; targets are below /sdmx unless they begin with another root.

    `plain` is the same node without an index: other code finds the same rows there.
    """

    indexed: Client
    plain: Client

    def get(
        self,
        target: str,
        accept: str | None = None,
        *,
        method: str = "GET",
        plain: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Ask, and check what holds of every answer."""
        client = self.plain if plain else self.indexed
        target = f"/sdmx{target}" if target.startswith(("/v1", "/v2")) else target
        sent = {**ORIGIN, **({} if accept is None else {"accept": accept}), **(headers or {})}
        response = client.request(method, target, sent)
        assert response.status_code < 500 or response.status_code == 501, response.text
        assert response.headers["access-control-allow-origin"] == "*"
        assert "ETag" in response.headers["access-control-expose-headers"]
        if method != "OPTIONS":
            assert {"Accept", "Accept-Encoding", "Accept-Language"} <= _listed(response, "vary")
        return response


def _listed(response: httpx.Response, name: str) -> set[str]:
    return {word.strip() for word in response.headers.get(name, "").split(",")}
