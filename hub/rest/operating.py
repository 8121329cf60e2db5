"""What operators see, with a key that has the right to: partners, metrics.

How the exchange stands is nobody's business but theirs: what partners did wrong, which addresses
they have, when they are asked next. Answers are of this moment, and kept by nobody.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from federation.status import look
from hub.errors import CorridorError
from hub.rest.authentication import authenticated, challenge
from hub.rest.call import Call, call_of, raw_path
from hub.rest.errors import error_response, too_long, unexpected
from hub.rest.head import VARY
from hub.rest.media_type import MediaType
from hub.rest.metrics import written_metrics
from hub.rest.negotiation import Offer, choose
from hub.rest.receiving import store_of
from hub.rest.service import Service
from hub.store import Store
from hub.store.harvests import AttemptCounts
from hub.store.keys import Right

PARTNERS, METRICS = "/api/partners", "/metrics"
OFFERS = (Offer(MediaType("application/json"), None),)

#: Content type and body.
Shown = tuple[str, bytes]
Showing = Callable[[Service, Store, Call], Shown]


def showing(service: Service, show: Showing, segments: int) -> Callable[[Request], Response]:
    """Make the endpoint of what operators see; its path has so many segments.

    It is not a coroutine, so it runs in a thread of its own and may wait for the catalogue.
    """

    def endpoint(request: Request) -> Response:
        call, sender = call_of(request, 2, segments), service.sender
        if len(raw_path(request)) + len(call.query) > service.limits.url_bytes:
            return too_long(call, service.limits.url_bytes, sender)
        try:
            store = store_of(service)
            authenticated(store, call, Right.STATUS)
            call.check()
            content_type, body = show(service, store, call)
        except CorridorError as error:
            response = error_response(call, error, sender)
            response.headers.update(challenge(error, call, Right.STATUS))
            return response
        except Exception as error:
            return unexpected(call, error, sender)
        headers = {"Content-Type": content_type, "Vary": VARY, "Cache-Control": "no-store"}
        return Response(b"" if call.is_head else body, headers=headers)

    return endpoint


def show_partners(_service: Service, store: Store, call: Call) -> Shown:
    """How the exchange with each partner stands, `/api/partners`."""
    content_type = choose(OFFERS, call.accept, call.parameters).content_type
    exchange = look(store)
    told = {"at": exchange.at.isoformat(), "partners": exchange.rows()}
    return content_type, json.dumps(told, ensure_ascii=False).encode()


def showing_metrics(store: Store | None) -> Showing:
    """What shows the metrics of the node, `/metrics`, and remembers what it counted."""
    counts = None if store is None else AttemptCounts(store.catalogue)

    def show(service: Service, store: Store, call: Call) -> Shown:
        return written_metrics(
            service, store, counts or AttemptCounts(store.catalogue), call.accept
        )

    return show
