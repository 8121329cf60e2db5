"""A plain HTTP/1.1 client over sockets that are kept alive; it costs as little as a client can.

It measures a server, so it does what a client must and no more: it sends bytes, finds the end of
the header, and counts the body by its length or its chunks (RFC 9112, 6 and 7).
"""

from __future__ import annotations

import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

HOST = "127.0.0.1"
_TIMEOUT = 600.0
_BUFFER = 1 << 20


@dataclass
class Reply:
    """A reply as it comes in: `feed` it with bytes until `is_done`.

    `size` counts the bytes of the body as received (of the content coding, if any). The body is
    written to `sink` where one is given.
    """

    sink: BinaryIO | None = None
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    size: int = 0
    is_done: bool = False
    _line: bytearray = field(default_factory=bytearray)
    _left: int = 0
    _is_chunked: bool = False
    _is_last: bool = False

    def feed(self, data: memoryview) -> None:
        """Take what came from the server."""
        if not self.status:
            data = self._head(data)
        if not self._is_chunked:
            self._take(data)
            self.is_done = bool(self.status) and not self._left
            return
        while data and not self.is_done:
            data = self._take(data) if self._left else self._size_line(data)

    def _head(self, data: memoryview) -> memoryview:
        before = len(self._line)
        self._line += data
        end = self._line.find(b"\r\n\r\n")
        if end < 0:
            return data[:0]
        first, *lines = self._line[:end].decode("latin-1").split("\r\n")
        rest = data[end + 4 - before :]
        self._line.clear()
        self.status = int(first.split(" ", 2)[1])
        pairs = (line.partition(":") for line in lines)
        self.headers = {name.lower(): value.strip() for name, _, value in pairs}
        self._is_chunked = self.headers.get("transfer-encoding") == "chunked"
        has_body = self.status != 304
        self._left = int(self.headers.get("content-length", "0")) if has_body else 0
        return rest

    def _take(self, data: memoryview) -> memoryview:
        """Count bytes of the body; return what follows them."""
        body = data[: self._left]
        if self.sink is not None:
            self.sink.write(body)
        self.size += len(body)
        self._left -= len(body)
        return data[len(body) :]

    def _size_line(self, data: memoryview) -> memoryview:
        """Read a line between chunks: the end of the last, a size, or the end of the message."""
        text = bytes(data[:64])
        end = text.find(b"\n")
        if end < 0:
            self._line += text
            return data[len(text) :]
        line = (bytes(self._line) + text[:end]).strip()
        self._line.clear()
        if line and not self._is_last:
            self._left = int(line.partition(b";")[0], 16)
            self._is_last = not self._left
        elif self._is_last:
            self.is_done = not line
        return data[end + 1 :]


@dataclass(frozen=True, slots=True)
class Timed:
    """A whole reply with its times in seconds: to the first byte of the body, and to the last."""

    status: int
    headers: dict[str, str]
    size: int
    first: float
    seconds: float


def request(target: str, **headers: str) -> bytes:
    """The bytes of a GET request; `accept_encoding="gzip"` becomes a header of that name."""
    lines = [f"GET {target} HTTP/1.1", f"Host: {HOST}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class Connection:
    """One connection that is kept alive, with one request under way at a time."""

    def __init__(self, port: int) -> None:
        self._socket = _connect(port)
        self._buffer = bytearray(_BUFFER)

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def get(self, sent: bytes, sink: BinaryIO | None = None) -> Timed:
        """Send a request and read its reply to the end."""
        begun = time.perf_counter()
        self._socket.sendall(sent)
        reply, first = Reply(sink), 0.0
        while not reply.is_done:
            self._receive(reply)
            if not first and reply.size:
                first = time.perf_counter() - begun
        seconds = time.perf_counter() - begun
        return Timed(reply.status, reply.headers, reply.size, first or seconds, seconds)

    def first_byte(self, sent: bytes) -> float:
        """Seconds to the first byte of the body; the rest is left, the connection is closed."""
        begun = time.perf_counter()
        self._socket.sendall(sent)
        reply = Reply()
        while not reply.size and not reply.is_done:
            self._receive(reply)
        seconds = time.perf_counter() - begun
        self._socket.close()
        _expect(reply, 200)
        return seconds

    def _receive(self, reply: Reply) -> None:
        count = self._socket.recv_into(self._buffer)
        if not count:
            raise ConnectionError("the server closed the connection within a reply")
        reply.feed(memoryview(self._buffer)[:count])


def latencies(port: int, requests: Iterable[bytes], status: int = 200) -> list[Timed]:
    """The replies to requests sent one after another over one connection."""
    with Connection(port) as connection:
        replies = [connection.get(sent) for sent in requests]
    for reply in replies:
        _expect(reply, status)
    return replies


def save(port: int, sent: bytes, file: Path) -> Timed:
    """Write the body of a reply to a file."""
    with Connection(port) as connection, file.open("wb") as sink:
        reply = connection.get(sent, sink)
    _expect(reply, 200)
    return reply


def requests_per_second(
    port: int, requests: Iterator[bytes], seconds: float, status: int, connections: int = 8
) -> float:
    """How many requests are answered in a second, over several connections at once.

    Ends after `seconds`, or earlier where the requests end. Raises where a reply has another
    status than `status`.
    """
    with ExitStack() as stack:
        selector = stack.enter_context(selectors.DefaultSelector())
        counted: Counter[int] = Counter()
        begun = time.perf_counter()
        until = begun + seconds
        for sent in _some(requests, connections):
            connected = stack.enter_context(_connect(port))
            connected.sendall(sent)
            selector.register(connected, selectors.EVENT_READ, Reply())
        buffer = bytearray(_BUFFER)
        while selector.get_map():
            for key, _ in selector.select():
                opened, reply = cast(socket.socket, key.fileobj), key.data
                count = opened.recv_into(buffer)
                if not count:
                    raise ConnectionError("the server closed the connection within a reply")
                reply.feed(memoryview(buffer)[:count])
                if not reply.is_done:
                    continue
                counted[reply.status] += 1
                following = next(requests, None) if time.perf_counter() < until else None
                if following is None:
                    selector.unregister(opened)
                else:
                    opened.sendall(following)
                    selector.modify(opened, selectors.EVENT_READ, Reply())
        elapsed = time.perf_counter() - begun
    if not counted:
        raise RuntimeError("there was nothing left to ask for")
    if set(counted) != {status}:
        raise RuntimeError(f"replies had status {dict(counted)}, expected was {status}")
    return counted[status] / elapsed


def _some(requests: Iterator[bytes], count: int) -> Sequence[bytes]:
    return [sent for _, sent in zip(range(count), requests, strict=False)]


def _connect(port: int) -> socket.socket:
    opened = socket.create_connection((HOST, port), _TIMEOUT)
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return opened


def _expect(reply: Reply | Timed, status: int) -> None:
    if reply.status != status:
        raise RuntimeError(f"the server answered {reply.status}, expected was {status}")
