"""What a node answers beside SDMX: about itself, about its service, about its health."""

from __future__ import annotations

from hub.errors import (
    BadRequest,
    Internal,
    NotAcceptable,
    NotFound,
    NotSupported,
    Unprocessable,
)
from hub.model.urn import AGENCY_ID, ARTEFACT_ID, VERSION
from hub.rest.compression import COMPRESSION
from hub.rest.declared import JSON
from hub.rest.language import LANG
from hub.rest.negotiation import FORMAT_VERSION, format_for
from hub.rest.openapi import responses
from hub.rest.openapi.components import request_headers, schema
from hub.rest.openapi.places import Place
from hub.rest.openapi.reading import Operations, path_parameter, query_parameter
from hub.rest.provenance import OFFERS, ROOT

_TAG = "The node"
_OBSERVATION = (
    (
        Place(
            "flow",
            {"type": "string", "pattern": rf"^{AGENCY_ID}:{ARTEFACT_ID}(?:\({VERSION}\))?$"},
            "The dataflow, with its version or the latest.",
        ),
        "MIGX:DF_STOCK_BIRTH",
    ),
    (
        Place(
            "key",
            {"type": "string", "pattern": r"^(?!\.{1,2}$)[^\x00-\x1f\x7f/]+$"},
            "The key of one observation: a value for each dimension in the order of the structure, "
            "with dots between them, the period last.",
        ),
        "A.SWE.FB.BIRTH.POL._T._T.PS.2020",
    ),
)
_REFUSALS = (BadRequest, NotAcceptable, NotFound, NotSupported, Unprocessable, Internal)


def pages(node_path: str, own_path: str) -> Operations:
    """The paths beside those of the standard; `own_path` is where this document is."""
    return {
        node_path: {
            "get": _document("node", "Who the node is, and what it publishes.", "NodeDocument")
        },
        own_path: {"get": _document("openapi", "This document.", None)},
        "/health": {"get": _health()},
        f"{ROOT}/{{flow}}/{{key}}": {"get": _provenance()},
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


def _provenance() -> JSON:
    found = responses.found(OFFERS)
    return {
        "operationId": "provenance",
        "tags": [_TAG],
        "summary": "Of what an observation was made, down to the bytes that partners sent.",
        "parameters": [
            *(path_parameter(place, example) for place, example in _OBSERVATION),
            query_parameter(format_for(OFFERS)),
            query_parameter(FORMAT_VERSION),
            query_parameter(LANG),
            query_parameter(COMPRESSION),
            *({"$ref": f"#/components/parameters/{name}"} for name in request_headers()),
        ],
        "responses": {
            "200": {**found, "content": {"application/json": {"schema": schema("Provenance")}}},
            "304": responses.unchanged(),
            **responses.failures(2, _REFUSALS),
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
