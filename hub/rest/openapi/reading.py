"""The operations that read: GET of every resource, with each number of its path parameters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hub.rest.compression import COMPRESSION
from hub.rest.declared import JSON, Declared
from hub.rest.language import LANG
from hub.rest.negotiation import FORMAT_VERSION, format_for
from hub.rest.openapi import responses
from hub.rest.openapi.components import request_headers
from hub.rest.openapi.places import Place
from hub.rest.openapi.resources import RESOURCES, Resource

#: How paths and operations are listed: an operation by path and method.
Operations = dict[str, dict[str, JSON]]


def reading() -> Operations:
    """The paths of all resources, each with its GET."""
    return {path: {"get": operation} for resource in RESOURCES for path, operation in _of(resource)}


def _of(resource: Resource) -> Iterator[tuple[str, JSON]]:
    """The paths of one resource; parameters at the end of a path may be left out."""
    for count in range(resource.least, len(resource.places) + 1):
        given = resource.places[:count]
        path = "/".join((resource.root, *(f"{{{place.name}}}" for place in given)))
        yield path, _operation(resource, given)


def _operation(resource: Resource, given: tuple[Place, ...]) -> JSON:
    last = given[-1].name if given else "all"
    return {
        "operationId": f"v{resource.major}-{resource.name.replace('/', '-')}-{last}",
        "tags": [tag_of(resource)],
        "summary": resource.about,
        "parameters": [
            *(path_parameter(*pair) for pair in zip(given, resource.example, strict=False)),
            *(query_parameter(declared) for declared in resource.parameters),
            *(query_parameter(declared) for declared in _negotiating(resource)),
            *({"$ref": f"#/components/parameters/{name}"} for name in request_headers()),
        ],
        "responses": {
            "200": responses.found(resource.offers),
            **({"204": responses.empty()} if resource.may_be_empty else {}),
            "304": responses.unchanged(),
            **responses.failures(resource.major, resource.errors),
        },
    }


def tag_of(resource: Resource) -> str:
    """What the operations of a resource are grouped by."""
    return f"SDMX REST {'1.5' if resource.major == 1 else '2'}: {resource.name.split('/')[0]}"


def _negotiating(resource: Resource) -> tuple[Declared[Any], ...]:
    return (format_for(resource.offers), FORMAT_VERSION, LANG, COMPRESSION)


def path_parameter(place: Place, example: str) -> JSON:
    """A path parameter as an object of the document."""
    return {
        "name": place.name,
        "in": "path",
        "required": True,
        "description": place.about,
        "schema": place.schema,
        "example": example,
    }


def query_parameter(declared: Declared[Any]) -> JSON:
    """A query parameter as an object of the document."""
    told: dict[str, Any] = {
        "name": declared.name,
        "in": "query",
        "description": declared.about,
        **declared.spelling,
        "schema": declared.schema,
    }
    if declared.example is not None:
        told["example"] = declared.example
    return told
