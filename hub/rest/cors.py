"""Cross-origin access: every answer, errors and 304 included, may be read from any page."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.rest.methods import methods_of

EXPOSED = (
    "ETag, Last-Modified, Content-Language, Content-Encoding, Content-Type, Retry-After, Allow, "
    "Location, WWW-Authenticate"
)
#: Keys are never sent by a browser of its own accord, so a page can only use one it was given.
_ASKED = (
    "Accept, Accept-Encoding, Accept-Language, Authorization, Content-Type, If-None-Match, "
    "If-Modified-Since"
)


class CrossOrigin:
    """Adds the CORS headers to what an application answers, and answers OPTIONS itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it where it asks for options only."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Access-Control-Allow-Origin"] = "*"
                headers["Access-Control-Expose-Headers"] = EXPOSED
            await send(message)

        if scope["method"] == "OPTIONS":
            await _answer_options(scope["path"], send_with_headers)
        else:
            await self._app(scope, receive, send_with_headers)


async def _answer_options(path: str, send: Send) -> None:
    methods = ", ".join(methods_of(path))
    headers = {
        "Allow": methods,
        "Access-Control-Allow-Methods": methods,
        "Access-Control-Allow-Headers": _ASKED,
        "Access-Control-Max-Age": "86400",
    }
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": 204, "headers": raw})
    await send({"type": "http.response.body", "body": b""})
