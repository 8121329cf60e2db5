"""Requests that change something: who asks is known before a byte of the body is read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from hub.errors import CorridorError, NotSupported, TooLarge
from hub.rest.authentication import authenticated, challenge
from hub.rest.call import Call, call_of, raw_path
from hub.rest.errors import (
    error_response,
    http_error,
    major_of,
    not_taken,
    too_long,
    unexpected,
)
from hub.rest.media_type import parse_media_type, version_fits
from hub.rest.methods import methods_of
from hub.rest.service import Service
from hub.store import Store
from hub.store.keys import Key, Right


@dataclass(frozen=True, slots=True)
class Change:
    """A request that changes something: what was sent, and the key it was sent with."""

    call: Call
    method: str
    store: Store
    key: Key
    body: bytes


_IN_PARTS = " (the setting max_body_bytes): send it in several requests"
#: Makes a change and answers; it runs in a thread of its own and may wait.
Changing = Callable[[Service, Change], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def receiving(
    service: Service, right: Right, changing: Changing, media_types: tuple[str, ...]
) -> Endpoint:
    """Make the endpoint of changes that need a right; `media_types` are those of its messages."""

    async def endpoint(request: Request) -> Response:
        call, sender = call_of(request, major_of(request), 3), service.sender
        if request.method not in methods_of(raw_path(request)):
            return http_error(request, HTTPException(405), sender)
        if len(raw_path(request)) + len(call.query) > service.limits.url_bytes:
            return too_long(call, service.limits.url_bytes, sender)
        try:
            store = store_of(service)
            key = await run_in_threadpool(authenticated, store, call, right)
            if request.method != "DELETE" and not is_taken(call, media_types):
                return not_taken(call, media_types, sender)
            body = await read_body(request, service.limits.body_bytes, _IN_PARTS)
            change = Change(call, request.method, store, key, body)
            return await run_in_threadpool(changing, service, change)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to read it
        except CorridorError as error:
            response = error_response(call, error, sender)
            response.headers.update(challenge(error, call, right))
            return response
        except Exception as error:
            return unexpected(call, error, sender)

    return endpoint


def store_of(service: Service) -> Store:
    """What changes are made to; raises NotSupported where nothing can be changed."""
    if service.store is None:
        raise NotSupported("changes are not served by this node")
    return service.store


def is_taken(call: Call, media_types: tuple[str, ...]) -> bool:
    """Tell whether a body is declared as one of some types, and is not packed.

    Which version it is, and whether it is XML or JSON where the type does not say, is seen from the
    message itself.
    """
    given = parse_media_type(call.headers.get("content-type", ""))
    packed = call.headers.get("content-encoding", "identity").strip().lower() != "identity"
    known = [parse_media_type(text) for text in media_types]
    return not packed and any(
        one.name == given.name
        and (
            given.version is None or one.version is None or version_fits(one.version, given.version)
        )
        for one in known
    )


async def read_body(request: Request, most: int, remedy: str) -> bytes:
    """Read the body; raises TooLarge as soon as it is known to be longer than `most` bytes."""
    declared = request.headers.get("content-length", "0")
    pieces: list[bytes] = []
    size = int(declared) if declared.isdecimal() else 0
    if size <= most:
        size = 0
        async for piece in request.stream():
            size += len(piece)
            if size > most:
                break
            pieces.append(piece)
    if size > most:
        raise TooLarge(f"the message has more than {most:,} bytes, which are taken at once{remedy}")
    return b"".join(pieces)
