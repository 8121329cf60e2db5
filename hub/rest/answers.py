"""Answers on their way out: from the cache, or written now, whole or as a stream; HEAD.

A short message is written whole before it is sent. A longer one is streamed; its first chunk is
made before the status line is sent, so that a failure up to there is told as an SDMX error; one
later breaks the connection, which no client can take for a complete message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

from starlette.background import BackgroundTask
from starlette.responses import Response

from hub.rest.cache import Body, RenderedCache, Stored
from hub.rest.call import Call
from hub.rest.compression import LEAST_BYTES, compress
from hub.rest.conditional import Validators
from hub.rest.head import Head, unchanged_headers
from hub.rest.stream import StreamResponse, close, filled


@dataclass(frozen=True, slots=True)
class Message:
    """A message to be written as its chunks are taken; a short one is written before it is sent."""

    chunks: Iterator[bytes]
    is_short: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to be sent: its type, what identifies it, and how to write it.

    `write` returns the message, or None where nothing matches; it is not called where the client,
    or the cache, has the answer already. `languages` is the Content-Language, ""
    where texts in all languages are sent. `is_packed` tells that its bytes are compressed already,
    `is_kept` that `validators` stand for every byte of it, so that it may be kept under them.
    """

    content_type: str
    validators: Validators
    write: Callable[[], Message | None]
    languages: str = ""
    is_packed: bool = False
    is_kept: bool = True

    def head(self, call: Call) -> Head:
        """What is known of the answer to a call before it is written."""
        codings = (None,) if self.is_packed else call.codings
        return Head(self.content_type, self.validators, self.languages, codings)


@dataclass(frozen=True, slots=True)
class Sent:
    """A response; `is_written` tells that all of its bytes were written for it, just now."""

    response: Response
    is_written: bool = False


def respond(call: Call, answer: Answer, cache: RenderedCache) -> Sent | None:
    """Turn an answer into a response: 304, or 200 with its bytes; None where nothing matches."""
    head = answer.head(call)
    known = head.known(call.headers)
    if known is not None:
        return Sent(Response(status_code=304, headers=unchanged_headers(known, call.asked)))
    if answer.is_kept:
        rendered = cache.find(head.key)
        if isinstance(rendered, Body):
            return Sent(_whole(call, head, rendered, settling(cache, head)))
        if rendered is not None:
            return Sent(_stored(call, head, rendered))
    message = answer.write()
    if message is None:
        return None
    kept_in = cache if answer.is_kept and cache.keeps else None
    if message.is_short:
        written = _short(call, head, b"".join(message.chunks), kept_in)
        return Sent(written, is_written=True)
    return Sent(_streamed(call, head, message.chunks, kept_in))


def settling(cache: RenderedCache, head: Head) -> BackgroundTask | None:
    """What is to be done when an answer was sent from memory: it may be nowhere else yet."""
    return BackgroundTask(cache.settle, head.key) if cache.waits(head.key) else None


def _whole(call: Call, head: Head, body: Body, then: BackgroundTask | None = None) -> Response:
    headers = {**head.headers(body.coding, call.asked), "Content-Length": str(len(body.content))}
    return Response(b"" if call.is_head else body.content, headers=headers, background=then)


def _stored(call: Call, head: Head, stored: Stored) -> Response:
    headers = {**head.headers(stored.coding, call.asked), "Content-Length": str(stored.length)}
    if call.is_head:
        stored.file.close()
        return StreamResponse(iter(()), headers)
    return StreamResponse(stored.blocks(), headers, lambda: stored.file.close())


def _short(call: Call, head: Head, message: bytes, cache: RenderedCache | None) -> Response:
    body = _packed(message, head)
    if cache is not None and not cache.hold(head.key, body):
        cache.store(head.key, body)  # before it is sent, so that the next request finds it
    return _whole(call, head, body)


def _streamed(
    call: Call, head: Head, chunks: Iterator[bytes], cache: RenderedCache | None
) -> Response:
    """Send a message while it is written, and fill the cache with it."""
    coding = head.codings[0]
    begun = next(chunks, b"")
    if call.is_head:
        close(chunks)
        return StreamResponse(iter(()), head.headers(coding, call.asked))
    stream: Iterator[bytes] = chain((begun,), chunks)
    packed = stream if coding is None else compress(stream, coding)
    sent = packed if cache is None else filled(packed, cache, head.key, coding)
    return StreamResponse(
        sent, head.headers(coding, call.asked), lambda: close(sent), lambda: close(chunks)
    )


def _packed(message: bytes, head: Head) -> Body:
    """A whole message in the best coding; one too short to gain by it as it is, where it may."""
    coding = head.codings[0]
    if coding is None or (len(message) < LEAST_BYTES and None in head.codings):
        return Body(message, None)
    return Body(b"".join(compress(iter((message,)), coding)), coding)
