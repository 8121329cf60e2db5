"""Answers on their way out: validators, content coding, streaming, HEAD.

A response is streamed. Its first chunk is made before the status line is sent, so that a failure
up to there is told as an SDMX error; one later breaks the connection, which no client can take
for a complete message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from hub.rest.call import Call
from hub.rest.compression import compress
from hub.rest.conditional import Validators

#: What the node negotiates on.
VARY = "Accept, Accept-Encoding, Accept-Language"
CACHE = "public, no-cache"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to be sent: its type, what identifies it, and how to write it.

    `write` returns the chunks of the message, or None where nothing matches; it is not called
    where the client has the answer already. `languages` is the Content-Language, "" where
    texts in all languages are sent.
    """

    content_type: str
    validators: Validators
    write: Callable[[], Iterator[bytes] | None]
    languages: str = ""


def respond(call: Call, answer: Answer) -> Response | None:
    """Turn an answer into a response: 304, or 200 with its bytes; None where nothing matches."""
    validators = answer.validators
    if call.coding is not None:
        validators = Validators(f"{validators.digest}-{call.coding}", validators.changed)
    headers = {"Vary": VARY, "Cache-Control": CACHE, **validators.headers()}
    if validators.are_known_to(call.headers):
        return Response(status_code=304, headers=headers)
    chunks = answer.write()
    if chunks is None:
        return None
    if call.coding is not None:
        headers["Content-Encoding"] = call.coding
    if answer.languages:
        headers["Content-Language"] = answer.languages
    headers["Content-Type"] = answer.content_type
    first = next(chunks, b"")
    if call.is_head:
        close(chunks)
        return Response(headers=headers)
    stream = chain((first,), chunks)
    return MessageResponse(compress(stream) if call.coding else stream, chunks, headers)


def close(chunks: Iterator[bytes]) -> None:
    """Close a generator of bytes and with it what it reads from."""
    finish = getattr(chunks, "close", None)
    if finish is not None:
        finish()


class MessageResponse(StreamingResponse):
    """A streamed message that closes its source however the sending ends."""

    def __init__(
        self, stream: Iterator[bytes], source: Iterator[bytes], headers: dict[str, str]
    ) -> None:
        super().__init__(stream, headers=headers)
        self._source = source

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the message; on a broken connection its source is closed too."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            with suppress(ValueError):  # still running in a thread: it is closed when collected
                await run_in_threadpool(close, self._source)
