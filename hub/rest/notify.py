"""Partners announce their releases, `POST /notify`: what they announce is harvested soon.

Nothing of an announcement is believed. It names a partner for which the key was made; that partner
is then due, where it was registered, and what it has is asked of it itself. No address is taken
from an announcement, and nothing is fetched while it is answered.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from hub.errors import BadRequest, CorridorError, Forbidden
from hub.rest.authentication import authenticated, challenge
from hub.rest.call import Call, call_of, raw_path
from hub.rest.errors import error_response, not_taken, too_long, too_often, unexpected
from hub.rest.head import VARY
from hub.rest.receiving import is_taken, read_body, store_of
from hub.rest.service import Service
from hub.store import Store
from hub.store.keys import Key, Right
from hub.store.schedule import Rate, announce

PATH = "/notify"
MEDIA_TYPE = "application/json"
#: The longest announcement in bytes.
MOST_BYTES = 4_096
#: How many announcements a key may make at once before its rate counts.
BURST = 10
_HOUR = timedelta(hours=1)

log = logging.getLogger("corridor.notify")

NodeId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,49}\Z")]
FlowName = Annotated[
    str, msgspec.Meta(pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,99}:[A-Za-z0-9_@$-]{1,99}\Z")
]
ReleaseId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_.:+-]{1,128}\Z")]


class Announcement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a partner announces: who it is, and, for people, which release of which flow."""

    node: NodeId
    flow: FlowName | None = None
    release: ReleaseId | None = None


Endpoint = Callable[[Request], Awaitable[Response]]


def notifying(service: Service, per_hour: int) -> Endpoint:
    """Make the endpoint; each key may announce so often per hour."""
    rate = Rate(_HOUR / per_hour, BURST)

    async def endpoint(request: Request) -> Response:
        call, sender = call_of(request, 2, 1), service.sender
        if len(raw_path(request)) + len(call.query) > service.limits.url_bytes:
            return too_long(call, service.limits.url_bytes, sender)
        try:
            store = store_of(service)
            key = await run_in_threadpool(authenticated, store, call, Right.NOTIFY)
            if not is_taken(call, (MEDIA_TYPE,)):
                return not_taken(call, (MEDIA_TYPE,), sender)
            body = await read_body(request, MOST_BYTES, "; an announcement is shorter")
            return await run_in_threadpool(_announced, service, store, call, key, rate, body)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to read it
        except CorridorError as error:
            response = error_response(call, error, sender)
            response.headers.update(challenge(error, call, Right.NOTIFY))
            return response
        except Exception as error:
            return unexpected(call, error, sender)

    return endpoint


def _announced(
    service: Service, store: Store, call: Call, key: Key, rate: Rate, body: bytes
) -> Response:
    given = _read(body)
    if not key.may_announce(given.node):
        raise Forbidden(
            f"key {key.id} is not made to announce releases of {given.node}: ask the operator for "
            "one that is"
        )
    planned, wait = announce(store.catalogue, key.id, given.node, rate)
    if planned is None:
        return too_often(call, wait, service.sender)
    log.info(
        "%s announces %s",
        given.node,
        given.flow or "a release",
        extra={"event": "announced", "partner": given.node, "flow": given.flow},
    )
    told = {"partner": given.node, "due": planned.due.isoformat()}
    return Response(
        json.dumps(told).encode(),
        status_code=202,
        media_type=MEDIA_TYPE,
        headers={"Vary": VARY, "Cache-Control": "no-store"},
    )


def _read(body: bytes) -> Announcement:
    try:
        return msgspec.json.decode(body, type=Announcement)
    except msgspec.DecodeError as error:
        raise BadRequest(
            f"this is no announcement: {error}; send "
            '{"node": "SWE", "flow": "MIGX:DF_STOCK_BIRTH", "release": "…"}'
        ) from error
