"""The operations of partners that announce releases, and of operators."""

from __future__ import annotations

from typing import Any

from hub.errors import (
    BadRequest,
    Forbidden,
    Internal,
    NotAcceptable,
    NotAuthenticated,
    NotFound,
    NotSupported,
    TooLarge,
)
from hub.rest.backend import NodeFacts
from hub.rest.declared import JSON
from hub.rest.negotiation import FORMAT_VERSION, format_for
from hub.rest.notify import MEDIA_TYPE, MOST_BYTES
from hub.rest.notify import PATH as NOTIFY
from hub.rest.openapi import responses
from hub.rest.openapi.components import SECURITY, schema
from hub.rest.openapi.reading import Operations, query_parameter
from hub.rest.operating import METRICS, OFFERS, PARTNERS
from hub.store.keys import Right

_TAG = "The exchange"
_NOT_TAKEN = "The body is declared as what is not read here, or is compressed."
_TOO_OFTEN = "The key announces more often than it may (the setting `notify_per_hour`)."
_PLAIN, _OPEN_METRICS = "text/plain", "application/openmetrics-text"
_REFUSALS = (BadRequest, NotAuthenticated, Forbidden, NotSupported, Internal)


def operating(facts: NodeFacts) -> Operations:
    """The paths; a partner in the examples has the id that the node itself has."""
    return {
        NOTIFY: {"post": _notify(facts.id)},
        PARTNERS: {"get": _partners()},
        METRICS: {"get": _metrics()},
    }


def _notify(node: str) -> JSON:
    example = {"node": node, "flow": "MIGX:DF_STOCK_BIRTH", "release": "72a87f16452d"}
    content = {MEDIA_TYPE: {"schema": schema("Announcement"), "example": example}}
    failed = _failures((*_REFUSALS, NotFound, TooLarge))
    return {
        "operationId": "notify",
        "tags": [_TAG],
        "summary": "Announces a release of a partner, which is then harvested soon.",
        "description": f"With a key that has the right `{Right.NOTIFY}` for that partner. At most "
        f"{MOST_BYTES:,} bytes. Nothing in it is believed, and no address is taken from it.",
        "security": [{SECURITY: []}],
        "requestBody": {"required": True, "content": content},
        "responses": {
            "202": {
                **responses.of_changes("The partner is due.", ()),
                "content": {MEDIA_TYPE: {"schema": schema("Announced")}},
            },
            **failed,
            "405": responses.failure(2, "The path does not take this method.", "Allow"),
            "415": responses.failure(2, _NOT_TAKEN),
            "429": responses.failure(2, _TOO_OFTEN, "Retry-After"),
        },
    }


def _partners() -> JSON:
    content = {"application/json": {"schema": schema("Exchange")}}
    about = "How the exchange with each partner stands: last attempts, freshness, what is next."
    page = _page("partners", about, content)
    given = [query_parameter(one) for one in (format_for(OFFERS), FORMAT_VERSION)]
    return {**page, "parameters": given}


def _metrics() -> JSON:
    text = {"schema": {"type": "string"}}
    return _page("metrics", "The metrics of the node.", {_PLAIN: text, _OPEN_METRICS: text})


def _page(name: str, about: str, content: JSON) -> JSON:
    found = responses.of_changes("What the node knows now.", ())
    return {
        "operationId": name,
        "tags": [_TAG],
        "summary": about,
        "description": f"With a key that has the right `{Right.STATUS}`.",
        "security": [{SECURITY: []}],
        "responses": {
            "200": {**found, "content": content},
            **_failures((*_REFUSALS, NotAcceptable)),
        },
    }


def _failures(errors: tuple[type, ...]) -> dict[str, JSON]:
    """The responses by which errors are told; who is refused is told what is missing."""
    failed = responses.failures(2, errors)
    for status in ("401", "403"):
        failed[status] = responses.failure(2, failed[status]["description"], "WWW-Authenticate")
    return failed


def operating_schemas() -> dict[str, Any]:
    """The schemas of the bodies."""
    instant = {"type": ["string", "null"], "format": "date-time"}
    text, count = {"type": "string"}, {"type": "integer", "minimum": 0}
    number = {"type": ["integer", "null"]}
    flow = {
        "flow": {**text, "description": "`AGENCY:ID`; empty for the node document."},
        "attempt": number,
        "opened": instant,
        "finished": instant,
        "reason": {"type": ["string", "null"]},
        "note": text,
        "confirmed": instant,
        "fresh_until": instant,
        "is_late": {"type": "boolean"},
        "held": {**number, "description": "What waits for a person, by its number."},
        "open": {**number, "description": "The attempt under way."},
    }
    partner = {
        "id": text,
        "name": text,
        "url": text,
        "areas": {"type": "array", "items": text},
        "every_seconds": count,
        "due": instant,
        "not_before": instant,
        "announced": instant,
        "failures": count,
        "taken_by": {"type": ["string", "null"]},
        "requests_left": count,
        "requests_per_hour": count,
        "quiet_until": instant,
        "is_late": {"type": "boolean"},
        "held": {"type": "array", "items": count},
        "open": {"type": "array", "items": count},
        "flows": {"type": "array", "items": _object(flow)},
    }
    announcement = _object(
        {
            "node": {**text, "pattern": "^[A-Za-z][A-Za-z0-9_-]{0,49}$"},
            "flow": {
                "type": ["string", "null"],
                "pattern": "^[A-Za-z][A-Za-z0-9_.-]{0,99}:[A-Za-z0-9_@$-]{1,99}$",
            },
            "release": {"type": ["string", "null"], "pattern": "^[A-Za-z0-9_.:+-]{1,128}$"},
        },
        required=("node",),
    )
    return {
        "Announcement": {**announcement, "additionalProperties": False},
        "Announced": _object({"partner": text, "due": {**text, "format": "date-time"}}),
        "Exchange": _object(
            {
                "at": {**text, "format": "date-time"},
                "partners": {"type": "array", "items": _object(partner)},
            }
        ),
    }


def _object(properties: JSON, required: tuple[str, ...] | None = None) -> JSON:
    names = list(properties) if required is None else list(required)
    return {"type": "object", "required": names, "properties": properties}
