"""The client finds the end of a reply, however its bytes are cut."""

from __future__ import annotations

import io
import itertools

import pytest

from benchmarks.client import Reply

PLAIN = b'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: "x"\r\n\r\nhello'
#: A chunk that ends like the end of a message, one extension, one trailer.
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"5\r\na,0\r\n\r\n8;x=y\r\nb,0\r\n\r\n0\r\n0\r\nTrailer: z\r\n\r\n"
)
NOT_MODIFIED = b"HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n"


def fed(data: bytes, step: int) -> tuple[Reply, bytes]:
    sink = io.BytesIO()
    reply = Reply(sink)
    for place in range(0, len(data), step):
        assert not reply.is_done
        reply.feed(memoryview(data)[place : place + step])
    return reply, sink.getvalue()


@pytest.mark.parametrize("step", [1, 2, 3, 7, 1_000])
def test_the_end_is_found(step: int):
    reply, body = fed(PLAIN, step)
    assert (reply.is_done, reply.status, body) == (True, 200, b"hello")
    assert reply.headers["etag"] == '"x"'


@pytest.mark.parametrize("step", [1, 2, 3, 7, 1_000])
def test_chunks_are_put_together(step: int):
    reply, body = fed(CHUNKED, step)
    assert (reply.is_done, body, reply.size) == (True, b"a,0\r\nb,0\r\n\r\n0", 13)


def test_304_has_no_body():
    reply, _ = fed(NOT_MODIFIED, 10)
    assert (reply.is_done, reply.status, reply.size) == (True, 304, 0)


def test_a_cut_off_reply_is_not_done():
    for data, end in itertools.product((PLAIN, CHUNKED), (1, 3)):
        reply, _ = fed(data[:-end], 5)
        assert not reply.is_done
