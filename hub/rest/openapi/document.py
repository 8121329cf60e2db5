"""The OpenAPI document of a node, `/openapi.json` (OpenAPI 3.1).

It is put together from what the service itself goes by: the types of artefacts and of messages,
the parameters its parsers read, the patterns of ids and versions, the table of errors.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from connectors.corridor.document import PATH as NODE_PATH
from hub.rest.answers import Answer, Message
from hub.rest.backend import NodeFacts
from hub.rest.call import Call
from hub.rest.conditional import Validators, digest
from hub.rest.openapi import components
from hub.rest.openapi.changing import changing
from hub.rest.openapi.operating import operating, operating_schemas
from hub.rest.openapi.pages import pages
from hub.rest.openapi.reading import Operations, reading
from hub.rest.openapi.sharing import shared
from hub.rest.service import Service

PATH = "/openapi.json"
MEDIA_TYPE = "application/json"
_ABOUT = """\
SDMX REST 2.2 under `/sdmx/v2`, for SDMX 3.0 and 3.1, and SDMX REST 1.5 under `/sdmx/v1`, for
SDMX 2.1.

* Parameters at the end of a path may be left out, each number of them is a path here. A trailing
  slash makes no difference.
* Every GET is answered to HEAD too, without a body; every path answers OPTIONS, with `Allow` and
  the headers of CORS.
* A form is chosen by `Accept`, versions with wildcards and weights included, by the short types
  `application/json`, `application/xml` and `text/csv`, or by `format`. Without a choice it is the
  first of those listed. SDMX-CSV takes the options `labels`, `keys` and `timeFormat` in its type.
* Where nothing matches, version 2 answers 204 and version 1.5 answers 404. What is well-formed and
  has no meaning for the structure asked for is 422 on version 2 and 403 on version 1.5.
* Parameters that are not named here are passed over, as the standard allows extensions.
"""


def answer_openapi(service: Service, _call: Call) -> Answer:
    """The document as an answer; it changes with the software and the node's settings alone."""
    body = _written(service.facts, service.base_url)

    def write() -> Message:
        return Message(iter((body,)), is_short=True)

    return Answer(MEDIA_TYPE, Validators(digest(body)), write)


@lru_cache(maxsize=8)
def _written(facts: NodeFacts, base_url: str) -> bytes:
    return json.dumps(document(facts, base_url)).encode()


def document(facts: NodeFacts, base_url: str = "") -> dict[str, Any]:
    """Describe the service of a node; "" as base URL means where the document itself is."""
    contact = {"contact": {"name": facts.contact}} if facts.contact else {}
    described = _together(reading(), changing(facts), pages(NODE_PATH, PATH), operating(facts))
    paths, objects = shared(described)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{facts.name}: migration statistics over SDMX",
            "version": facts.software_version or "0",
            "description": _ABOUT,
            **contact,
        },
        "servers": [{"url": base_url.rstrip("/") or "/"}],
        "externalDocs": {
            "description": "The standard",
            "url": "https://github.com/sdmx-twg/sdmx-rest",
        },
        "tags": [{"name": name} for name in _tags(described)],
        "paths": paths,
        "components": {
            "headers": components.headers(),
            "parameters": {**components.request_headers(), **objects["parameters"]},
            "responses": objects["responses"],
            "schemas": {**components.schemas(), **operating_schemas()},
            "securitySchemes": {components.SECURITY: components.security()},
        },
    }


def _together(*parts: Operations) -> Operations:
    """The operations of several parts by path and method."""
    found: Operations = {}
    for part in parts:
        for path, operations in part.items():
            found.setdefault(path, {}).update(operations)
    return found


def _tags(paths: Operations) -> list[str]:
    """The groups of operations, in the order of their first."""
    named = (
        tag for operations in paths.values() for told in operations.values() for tag in told["tags"]
    )
    return list(dict.fromkeys(named))
