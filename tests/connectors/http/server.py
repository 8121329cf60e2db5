"""A partner to harvest in tests: a real HTTP server on loopback that behaves as it is told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

#: Answers a request by writing to the handler whatever it likes.
Act = Callable[["PartnerHandler"], None]


@dataclass(frozen=True)
class Answer:
    """A plain answer; Content-Length is the body's unless a header says otherwise."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    def __call__(self, handler: PartnerHandler) -> None:
        handler.send_response(self.status)
        headers = {"Content-Length": str(len(self.body))} | self.headers
        if self.status in (204, 304):
            del headers["Content-Length"]
        for name, value in headers.items():
            if value:
                handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(self.body)


class PartnerHandler(BaseHTTPRequestHandler):
    """Hands each request to the answer the server has for its path."""

    server: PartnerServer

    def do_GET(self) -> None:
        self.server.requests.append((self.path, dict(self.headers.items())))
        answers = self.server.answers.get(self.path, [Answer(404, b"nothing here")])
        act = answers.pop(0) if len(answers) > 1 else answers[0]
        act(self)
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class PartnerServer(ThreadingHTTPServer):
    """Answers by path, one after the other, the last for ever; remembers what was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), PartnerHandler)
        self.answers: dict[str, list[Act]] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.closing = threading.Event()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)

    def on(self, path: str, *answers: Act) -> str:
        """Give a path its answers; returns its URL."""
        self.answers[path] = list(answers)
        return self.url + path

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is what many tests are about."""

    def __enter__(self) -> PartnerServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.closing.set()
        self.shutdown()
        self.server_close()
        self._thread.join()
