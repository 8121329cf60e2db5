"""The REST service as an ASGI application: which path goes to which resource.

Routes are explicit and take a trailing slash or none: an automatic redirect loses harvesters.
"""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from functools import partial
from time import perf_counter

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hub.errors import CorridorError, NotSupported
from hub.rest.answers import Answer, respond
from hub.rest.artefact_types import TYPES_V1
from hub.rest.backend import Backend, ServiceLimits
from hub.rest.cache import RenderedCache
from hub.rest.call import Call, call_of, raw_path
from hub.rest.cors import CrossOrigin
from hub.rest.data import answer_data
from hub.rest.errors import (
    empty_response,
    error_response,
    http_error,
    major_of,
    too_long,
    unexpected,
)
from hub.rest.feed import PATH as FEED
from hub.rest.feed import answer_feed
from hub.rest.maintenance import MEDIA_TYPES as STRUCTURE_TYPES
from hub.rest.maintenance import change_structures
from hub.rest.metadata import answer_metadata
from hub.rest.methods import methods_of
from hub.rest.node import answer_node, health
from hub.rest.notify import PATH as NOTIFY
from hub.rest.notify import notifying
from hub.rest.openapi import PATH as OPENAPI_PATH
from hub.rest.openapi import answer_openapi
from hub.rest.operating import METRICS, PARTNERS, show_partners, showing, showing_metrics
from hub.rest.provenance import ROOT as PROVENANCE
from hub.rest.provenance import answer_provenance
from hub.rest.quick import Quick
from hub.rest.recall import Recall, Recalled
from hub.rest.receiving import receiving
from hub.rest.registration import MEDIA_TYPES as REGISTRATION_TYPES
from hub.rest.registration import answer_registrations, change_registrations
from hub.rest.schema import answer_schema
from hub.rest.service import Service
from hub.rest.structure import answer_availability, answer_structure
from hub.standing import set_aside
from hub.store import Store
from hub.store.keys import Right

Resource = Callable[[Service, Call], Answer | None]
Endpoint = Callable[[Request], Response | Awaitable[Response]]

V1, V2 = "/sdmx/v1", "/sdmx/v2"
_CHANGES = ("POST", "PUT", "DELETE")


def create_app(
    backend: Backend,
    *,
    limits: ServiceLimits | None = None,
    base_url: str = "",
    cache: RenderedCache | None = None,
    store: Store | None = None,
    notify_per_hour: int = 60,
) -> FastAPI:
    """Make the REST service of a node.

    `base_url` is where partners reach it, without a path of the API; "" takes it from requests.
    `cache` keeps rendered answers; without one, each is written anew. `store` takes changes;
    without one, there are none, and no registrations. A key may announce releases
    `notify_per_hour` times.
    """
    cache = cache or RenderedCache(None, 0)
    recalled = Recalled(backend)
    service = Service(
        backend=backend,
        facts=backend.node(),
        limits=limits or ServiceLimits(),
        cache=cache,
        recalled=recalled,
        quick=Quick(backend),
        base_url=base_url,
        store=store,
    )
    app = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=partial(_started, backend),
    )
    app.add_middleware(Recall, recalled=recalled, cache=cache)
    app.add_middleware(CrossOrigin)

    def on_http_error(request: Request, error: Exception) -> Response:
        known = error if isinstance(error, HTTPException) else HTTPException(500)
        return http_error(request, known, service.sender)

    app.add_exception_handler(HTTPException, on_http_error)
    for path, endpoint in _resources(service).items():
        for pattern in (path, f"{path}/{{rest:path}}"):
            app.add_route(pattern, endpoint, methods=["GET"], include_in_schema=False)
    for path, changing in _changes(service).items():
        for pattern in (path, f"{path}/{{rest:path}}"):
            app.add_route(pattern, changing, methods=list(_CHANGES), include_in_schema=False)
    app.add_route(
        NOTIFY, notifying(service, notify_per_hour), methods=["POST"], include_in_schema=False
    )
    for path, endpoint in (*_node_pages(service).items(), *_for_operators(service).items()):
        app.add_route(path, endpoint, methods=["GET"], include_in_schema=False)
    return app


@asynccontextmanager
async def _started(backend: Backend, _app: FastAPI) -> AsyncIterator[None]:
    """Read the structures before the first request, and set them aside."""
    with suppress(CorridorError):  # a request will tell
        await run_in_threadpool(lambda: backend.structures)
    gc.collect()
    with set_aside():
        yield


def _resources(service: Service) -> Mapping[str, Endpoint]:
    """The resources of both APIs, and what stands beside them, by path."""
    found = {
        f"{V2}/data": _endpoint(service, answer_data, 3),
        f"{V2}/availability": _endpoint(service, answer_availability, 3),
        f"{V2}/structure": _endpoint(service, answer_structure, 3),
        f"{V2}/schema": _endpoint(service, answer_schema, 3),
        f"{V2}/metadata": _endpoint(service, answer_metadata, 3),
        f"{V2}/registration": _endpoint(service, answer_registrations, 3),
        f"{V2}/subscription": _endpoint(service, _no_subscriptions, 3),
        f"{V1}/data": _endpoint(service, answer_data, 3),
        f"{V1}/availableconstraint": _endpoint(service, answer_availability, 3),
        f"{V1}/schema": _endpoint(service, answer_schema, 3),
        f"{V1}/metadata": _endpoint(service, answer_metadata, 3),
        PROVENANCE: _endpoint(service, answer_provenance, 1),
    }
    for type_ in TYPES_V1:
        found[f"{V1}/{type_}"] = _endpoint(service, answer_structure, 2)
    return found


def _changes(service: Service) -> Mapping[str, Endpoint]:
    """What takes changes, by path."""
    structures = receiving(service, Right.STRUCTURES, change_structures, STRUCTURE_TYPES)
    registrations = receiving(
        service, Right.REGISTRATIONS, change_registrations, REGISTRATION_TYPES
    )
    return {
        f"{V2}/structure": structures,
        f"{V2}/registration": registrations,
        f"{V2}/subscription": _endpoint(service, _no_subscriptions, 3),
    }


def _node_pages(service: Service) -> Mapping[str, Endpoint]:
    async def node(request: Request) -> Response:
        def resource(_service: Service, call: Call) -> Answer:
            return answer_node(service, str(request.base_url), call)

        return await _endpoint(service, resource, 2)(request)

    def show_health(_request: Request) -> Response:
        status, body = health(service)
        return JSONResponse(body, status_code=status, headers={"Cache-Control": "no-store"})

    async def feed(request: Request) -> Response:
        def resource(_service: Service, call: Call) -> Answer:
            return answer_feed(service, str(request.base_url), call)

        return await _endpoint(service, resource, 1)(request)

    return {
        "/.well-known/sdmx-node": node,
        "/health": show_health,
        FEED: feed,
        OPENAPI_PATH: _endpoint(service, answer_openapi, 1),
    }


def _for_operators(service: Service) -> Mapping[str, Endpoint]:
    return {
        PARTNERS: showing(service, show_partners, 2),
        METRICS: showing(service, showing_metrics(service.store), 1),
    }


def _endpoint(
    service: Service, resource: Resource, skip: int
) -> Callable[[Request], Awaitable[Response]]:
    """Make an endpoint of a resource; `skip` path segments name API and resource.

    It answers in a thread, so it may wait for the backend, but for what is known to be quick.
    """

    def endpoint(request: Request) -> Response:
        call, sender = call_of(request, major_of(request), skip), service.sender
        if len(raw_path(request)) + len(call.query) > service.limits.url_bytes:
            return too_long(call, service.limits.url_bytes, sender)
        if request.method not in methods_of(raw_path(request)):
            return http_error(request, HTTPException(405), sender)
        try:
            return _answer(service, resource, request, call)
        except CorridorError as error:
            return error_response(call, error, sender)
        except Exception as error:
            return unexpected(call, error, sender)

    async def wherever_best(request: Request) -> Response:
        if service.quick.knows(request.scope):
            return endpoint(request)
        return await run_in_threadpool(endpoint, request)

    return wherever_best


def _answer(service: Service, resource: Resource, request: Request, call: Call) -> Response:
    """Answer a call, and learn what helps to answer the next one like it."""
    call.check()
    begun = perf_counter()
    state = service.recalled.state()
    answer = resource(service, call)
    sent = respond(call, answer, service.cache) if answer is not None else None
    if answer is None or sent is None:
        return empty_response(call, service.sender)
    if answer.is_kept:
        service.recalled.learn(request.scope, state, answer.head(call))
        if sent.is_written:
            service.quick.learn(request.scope, state, perf_counter() - begun)
    return sent.response


def _no_subscriptions(_service: Service, _call: Call) -> Answer:
    raise NotSupported(
        "subscriptions are not offered: ask with If-None-Match, or with updatedAfter, as often as "
        "you like"
    )
