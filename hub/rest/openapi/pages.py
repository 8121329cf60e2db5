"""What a node answers beside SDMX: about itself, about its service, about its health."""

from __future__ import annotations

from hub.errors import BadRequest, Internal, NotAcceptable
from hub.rest.compression import COMPRESSION
from hub.rest.declared import JSON
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
        "/health": {"get": _health()},
    }


def _document(name: str, about: str, kind: str | None) -> JSON:
    body = {"type": "object"} if kind is None else schema(kind)
    found = responses.found(())
    return {
        "operationId": name,
        "tags": [_TAG],
        "summary": about,
        "parameters": [
            query_parameter(COMPRESSION),
            *({"$ref": f"#/components/parameters/{name}"} for name in request_headers()),
        ],
        "responses": {
            "200": {**found, "content": {"application/json": {"schema": body}}},
            "304": responses.unchanged(),
            **responses.failures(2, (BadRequest, NotAcceptable, Internal)),
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
