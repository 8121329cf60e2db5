"""What several operations share: headers, schemas of bodies, request headers, the security scheme.

Messages of SDMX are described as far as every one of them goes; the schemas of the standard say
the rest.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec

from connectors.corridor.document import NodeDocument
from hub.rest.compression import CODINGS
from hub.rest.cors import EXPOSED
from hub.rest.declared import JSON
from hub.rest.head import CACHE, VARY
from hub.store.keys import Right

SECURITY = "key"
_SPECIFICATIONS = "https://github.com/sdmx-twg/sdmx-json"
_INSTANT = {"type": "string", "format": "date-time"}
_META = {
    "type": "object",
    "required": ["id", "prepared", "sender"],
    "properties": {
        "id": {"type": "string"},
        "test": {"type": "boolean"},
        "prepared": _INSTANT,
        "sender": {
            "type": "object",
            "required": ["id"],
            "properties": {"id": {"type": "string"}},
        },
    },
}
_ERROR = {
    "type": "object",
    "required": ["code", "title"],
    "properties": {
        "code": {
            "type": "integer",
            "description": "The HTTP status on API 2, the code of SDMX 2.1 on API 1.",
        },
        "title": {"type": "string", "description": "What was wrong, where, and what is right."},
        "detail": {"type": "string", "description": "Every finding, a line each."},
    },
}


def header(name: str) -> JSON:
    """A reference to a header of answers."""
    return {"$ref": f"#/components/headers/{name}"}


def schema(name: str) -> JSON:
    """A reference to a schema of bodies."""
    return {"$ref": f"#/components/schemas/{name}"}


def _header(about: str, schema: JSON, *, always: bool = False) -> JSON:
    return {"description": about, "required": always, "schema": schema}


def headers() -> dict[str, JSON]:
    """The headers of answers."""
    text = {"type": "string"}
    return {
        "ETag": _header(
            "What identifies these very bytes; send it as If-None-Match.",
            {"type": "string", "pattern": '^"[^"]+"$'},
            always=True,
        ),
        "Last-Modified": _header("When it last changed, deletions included.", text),
        "Vary": _header("What the answer was chosen by.", {"const": VARY}, always=True),
        "Cache-Control": _header(
            "Answers may be kept, but are to be asked for again; errors may not.",
            {"enum": [CACHE, "no-store"]},
            always=True,
        ),
        "Content-Encoding": _header("How the body is compressed.", {"enum": list(CODINGS)}),
        "Content-Language": _header("The language of names, where one was asked for.", text),
        "Access-Control-Allow-Origin": _header(
            "Pages of any origin may read it.", {"const": "*"}, always=True
        ),
        "Access-Control-Expose-Headers": _header(
            "The headers that pages may read.", {"const": EXPOSED}, always=True
        ),
        "Location": _header("Where the one artefact is that was created.", text),
        "WWW-Authenticate": _header("What is missing (RFC 6750).", text, always=True),
        "Retry-After": _header(
            "How many seconds to wait.", {"type": "string", "pattern": "^[0-9]+$"}, always=True
        ),
        "Allow": _header("The methods that the path takes.", text, always=True),
    }


def request_headers() -> dict[str, JSON]:
    """The headers of requests that choose an answer, Accept apart, or ask whether it changed."""
    told = {
        "Accept-Encoding": (f"Content codings: {', '.join(CODINGS)}.", "gzip"),
        "Accept-Language": ("Languages of names, by weight; without it all are sent.", "en"),
        "If-None-Match": ("ETags that the client has; 304 where one is still right.", '"0"'),
        "If-Modified-Since": (
            "When the client last asked, as HTTP-date or in ISO 8601; If-None-Match counts first.",
            "2020-01-01T00:00:00Z",
        ),
    }
    return {
        name: {
            "name": name,
            "in": "header",
            "description": about,
            "schema": {"type": "string"},
            "example": example,
        }
        for name, (about, example) in told.items()
    }


def security() -> JSON:
    """How a caller shows that it may change something."""
    rights = "; ".join(f"`{right}`: {right.about}" for right in Right)
    return {
        "type": "http",
        "scheme": "bearer",
        "description": f"A key of this node, made with `corridor key create`. Rights: {rights}.",
    }


def schemas() -> dict[str, Any]:
    """The schemas of bodies, and those that they refer to."""
    return {
        **_node_document(),
        "DataMessage": _message("A data message of SDMX-JSON."),
        "StructureMessage": _message("A structure message of SDMX-JSON."),
        "SubmittedStructures": _submitted(),
        "MetadataMessage": _message("A metadata message of SDMX-JSON."),
        "JSONSchema": {
            "description": "A JSON Schema of the data messages of one structure.",
            "type": "object",
            "required": ["$schema"],
        },
        "Errors": {
            "description": "Errors in SDMX-JSON.",
            "type": "object",
            "required": ["meta", "errors"],
            "properties": {
                "meta": _META,
                "errors": {"type": "array", "minItems": 1, "items": _ERROR},
            },
        },
        "Provenance": {
            "description": "A document of PROV-JSON.",
            "externalDocs": {
                "description": "The form",
                "url": "https://www.w3.org/submissions/prov-json/",
            },
            "type": "object",
            "required": ["prefix", "entity", "agent"],
            "properties": {
                name: {"type": "object"} for name in ("prefix", "entity", "activity", "agent")
            },
        },
        "Health": {
            "type": "object",
            "required": ["status"],
            "properties": {
                "status": {"enum": ["ok", "unavailable"]},
                "software": {"type": "string"},
            },
        },
    }


def _node_document() -> dict[str, Any]:
    """The schemas of the node document, from the types that write and read it."""
    _, parts = msgspec.json.schema_components(
        [NodeDocument], ref_template="#/components/schemas/{name}"
    )
    # The end of a text is spelt otherwise in ECMA 262 than in Python.
    told: dict[str, Any] = json.loads(json.dumps(parts).replace(r"\\Z", "$"))
    return told


def _submitted() -> JSON:
    """A structure message as it is read: what the header says of it makes no difference."""
    told = _message("A structure message of SDMX-JSON that is handed in.")
    return {**told, "properties": {"meta": {"type": "object"}, "data": {"type": "object"}}}


def _message(about: str) -> JSON:
    return {
        "description": about,
        "externalDocs": {"description": "Its schema, by version", "url": _SPECIFICATIONS},
        "type": "object",
        "required": ["meta", "data"],
        "properties": {"meta": _META, "data": {"type": "object"}},
    }
