"""A partner that stops in the middle: it passes requests on to a real node, or holds them."""

from __future__ import annotations

import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError

_PASSED_ON = ("accept", "accept-encoding", "if-none-match", "if-modified-since", "host")
_PASSED_BACK = ("content-type", "content-encoding", "etag", "last-modified", "date")


class Stalling(ThreadingHTTPServer):
    """Passes everything on to `upstream`; while `is_open` is not set, stocks by birth wait.

    The node behind is told the host that was asked, so that its document leads back here.
    """

    daemon_threads = True

    def __init__(self, upstream: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.upstream = upstream
        self.is_open = threading.Event()
        self.is_open.set()
        self.is_waiting = threading.Event()
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A worker that was killed is what the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: Stalling

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        is_data = "/data/" in self.path and "DF_STOCK_BIRTH" in self.path
        if is_data and not self.server.is_open.is_set():
            self.server.is_waiting.set()
            self.server.is_open.wait(120)
        headers = {name: self.headers[name] for name in _PASSED_ON if name in self.headers}
        request = urllib.request.Request(  # noqa: S310 - loopback
            self.server.upstream + self.path, headers=headers
        )
        try:
            with urllib.request.urlopen(request) as answer:  # noqa: S310
                self._answer(answer.status, answer.headers, answer.read())
        except HTTPError as error:
            self._answer(error.code, error.headers, error.read())

    def _answer(self, status: int, headers: object, body: bytes) -> None:
        self.send_response_only(status)
        for name in _PASSED_BACK:
            value = headers[name]  # type: ignore[index]
            if value:
                self.send_header(name, value)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def stalling(upstream: str) -> Iterator[Stalling]:
    """Serve while the block lasts."""
    server = Stalling(upstream)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.is_open.set()
        server.shutdown()
        server.server_close()
        thread.join()
