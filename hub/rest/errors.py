"""How requests that fail are answered: always in SDMX form, never with the node's insides."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from http import HTTPStatus
from math import ceil
from uuid import uuid4

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from hub.errors import BadRequest, CorridorError, Internal, NotAcceptable, NotFound
from hub.rest.call import Call, call_of, raw_path
from hub.rest.faults import Sender, error_type, fault, fault_message, status_of
from hub.rest.head import VARY
from hub.rest.methods import methods_of
from hub.rest.negotiation import Offer, choose
from hub.rest.offers import (
    data_offers,
    metadata_offers,
    schema_offers,
    structure_offers,
    structure_result_offers,
)
from hub.rest.parameters import Parameters

log = logging.getLogger("corridor.rest")

#: Codes of SDMX 2.1 for statuses that no error class stands for; from 1000 they are custom.
_CODES_V1 = {404: 100, 405: 1405, 414: 1414}
_TEXTS = {
    404: "there is nothing at {path}; the resources are /sdmx/v2/structure, /sdmx/v2/data, "
    "/sdmx/v2/availability, /sdmx/v2/metadata, /sdmx/v2/registration, and those of API 1.5 "
    "under /sdmx/v1",
    405: "{method} is not possible here; use {allowed}",
}


def error_response(call: Call, error: CorridorError, sender: Sender) -> Response:
    """Answer a request with an error."""
    content_type = _error_type(call)
    body = fault(error, content_type, call.major, sender)
    return _response(status_of(error, call.major), content_type, body, call)


def unexpected(call: Call, error: Exception, sender: Sender) -> Response:
    """Answer a request at which the node failed; what happened is in its log, under a number."""
    number = uuid4().hex[:12]
    log.error("request failed [%s]", number, exc_info=error)
    told = Internal(f"the node failed at this request; its log has the reason under {number}")
    return error_response(call, told, sender)


def empty_response(call: Call, sender: Sender) -> Response:
    """Answer a query that nothing matches: 404 with code 100 on 1.x, 204 on 2.x."""
    if call.major == 1:
        return error_response(call, NotFound("no results match the query"), sender)
    return Response(status_code=204, headers={"Vary": VARY})


def too_long(call: Call, most: int, sender: Sender) -> Response:
    """Answer a request whose path and query are longer than the node reads."""
    text = f"the URL is longer than {most} bytes; ask in several requests, or use wildcards"
    return _plain(call, 414, text, sender)


def not_taken(call: Call, media_types: Sequence[str], sender: Sender) -> Response:
    """Answer a request whose body is declared as what is not read there."""
    given = call.headers.get("content-type", "")
    packed = call.headers.get("content-encoding", "")
    what = f"{given or 'a body without Content-Type'}{f', packed as {packed}' if packed else ''}"
    text = f"'{what[:200]}' is not taken here; send, without packing it, {', '.join(media_types)}"
    return _plain(call, 415, text, sender)


def too_often(call: Call, wait: timedelta, sender: Sender) -> Response:
    """Answer a request that is made more often than it may be, with how long to wait."""
    seconds = ceil(wait.total_seconds())
    response = _plain(call, 429, f"too many requests: wait {seconds} s before the next", sender)
    response.headers["Retry-After"] = str(seconds)
    return response


def http_error(request: Request, error: HTTPException, sender: Sender) -> Response:
    """Answer what no route takes: an unknown path or method."""
    call = call_of(request, major_of(request), 2)
    template = _TEXTS.get(error.status_code, HTTPStatus(error.status_code).phrase)
    path, allowed = raw_path(request), ", ".join(methods_of(raw_path(request)))
    text = template.format(path=path[:200], method=request.method, allowed=allowed)
    response = _plain(call, error.status_code, text, sender)
    if error.status_code == 405:
        response.headers["Allow"] = allowed
    return response


def major_of(request: Request) -> int:
    """The API version that a path belongs to."""
    return 1 if raw_path(request).startswith("/sdmx/v1") else 2


def _plain(call: Call, status: int, text: str, sender: Sender) -> Response:
    code = _CODES_V1.get(status, status) if call.major == 1 else status
    content_type = _error_type(call)
    body = fault_message(code, [text], content_type, call.major, sender)
    return _response(status, content_type, body, call)


def error_types(major: int) -> tuple[str, ...]:
    """The types of message that errors of an API version may come as."""
    offered = (str(offer.media_type) for offer in _error_offers(major, "", is_registry=False))
    return tuple(dict.fromkeys(error_type(name, major) for name in offered))


def _error_offers(major: int, resource: str, *, is_registry: bool) -> tuple[Offer[object], ...]:
    """What the type of an error is chosen among: all messages of the API, fitting ones first."""
    registry = structure_result_offers()
    data, structures = data_offers(major), structure_offers(major)
    ordered = (*data, *structures) if resource == "data" else (*structures, *data)
    metadata = metadata_offers(major)
    first = metadata if resource == "metadata" else ()
    messages = (*first, *ordered, *schema_offers(major), *metadata)
    return (*registry, *messages) if is_registry else (*messages, *registry)


def _error_type(call: Call) -> str:
    """The type of message the request asks for; where that fails, the default of the API."""
    offers = _error_offers(call.major, call.resource, is_registry=call.is_registry)
    default = structure_result_offers()[0].form.media_type if call.is_registry else None
    for parameters in (_readable(call), Parameters()):
        try:
            negotiated = choose(offers, call.accept, parameters).content_type
        except NotAcceptable:
            break
        except BadRequest:
            continue  # what is wrong may be a parameter; the headers still say what can be read
        return error_type(negotiated, call.major)
    return error_type(default, call.major)


def _readable(call: Call) -> Parameters:
    """The parameters of a request, none of them where the query string is malformed."""
    try:
        return call.parameters
    except BadRequest:
        return Parameters()


def _response(status: int, content_type: str, body: bytes, call: Call) -> Response:
    headers = {"Vary": VARY, "Content-Type": content_type, "Cache-Control": "no-store"}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = "60"
    return Response(b"" if call.is_head else body, status_code=status, headers=headers)
