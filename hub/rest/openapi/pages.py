"""What a node answers beside SDMX: about itself, about its service, about its health."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hub.errors import BadRequest, CorridorError, Internal, NotAcceptable, NotFound
from hub.formats.atom import MEDIA_TYPE as FEED_TYPE
from hub.rest.compression import COMPRESSION
from hub.rest.declared import JSON, Declared
from hub.rest.feed import FLOW
from hub.rest.feed import PATH as FEED_PATH
from hub.rest.openapi import responses
from hub.rest.openapi.components import request_headers, schema
from hub.rest.openapi.reading import Operations, query_parameter

_TAG = "The node"


def pages(node_path: str, own_path: str) -> Operations:
    """The paths beside those of the standard; `own_path` is where this document is."""
    return {
        node_path: {
            "get": _document("node", "Who the node is, and what it publishes.", "NodeDocument")
        },
        own_path: {"get": _document("openapi", "This document.", None)},
        FEED_PATH: {"get": _feed()},
        "/health": {"get": _health()},
    }


def _document(name: str, about: str, kind: str | None) -> JSON:
    body = {"type": "object"} if kind is None else schema(kind)
    content = {"application/json": {"schema": body}}
    return _page(name, about, content, (), (BadRequest, NotAcceptable, Internal))


def _feed() -> JSON:
    about = "What was released, the newest first, with the largest revisions (Atom, RFC 4287)."
    content = {FEED_TYPE: {"schema": {"type": "string"}}}
    return _page("feed", about, content, (FLOW,), (BadRequest, NotFound, NotAcceptable, Internal))


def _page(
    name: str,
    about: str,
    content: JSON,
    parameters: Sequence[Declared[Any]],
    errors: Sequence[type[CorridorError]],
) -> JSON:
    return {
        "operationId": name,
        "tags": [_TAG],
        "summary": about,
        "parameters": [
            *map(query_parameter, (*parameters, COMPRESSION)),
            *({"$ref": f"#/components/parameters/{name}"} for name in request_headers()),
        ],
        "responses": {
            "200": {**responses.found(()), "content": content},
            "304": responses.unchanged(),
            **responses.failures(2, errors),
        },
    }


def _health() -> JSON:
    content = {"application/json": {"schema": schema("Health")}}
    told = {"200": "The node answers.", "503": "The catalogue does not answer."}
    return {
        "operationId": "health",
        "tags": [_TAG],
        "summary": "Whether the node can answer; for load balancers.",
        "responses": {
            status: {**responses.of_changes(about, ()), "headers": {}, "content": content}
            for status, about in told.items()
        },
    }
