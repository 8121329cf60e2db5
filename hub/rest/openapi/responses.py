"""Answers as the document describes them: status codes, their media types, headers and errors."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Sequence
from typing import Any

from hub.errors import CODES, CorridorError
from hub.rest.declared import JSON
from hub.rest.errors import error_types
from hub.rest.negotiation import Offer
from hub.rest.openapi.components import header, schema

_ANY = ("Access-Control-Allow-Origin", "Access-Control-Expose-Headers")
_VALIDATED = (*_ANY, "Vary", "Cache-Control", "ETag", "Last-Modified")
_ERROR = (*_ANY, "Vary", "Cache-Control")
_TOO_LONG = "The URL is longer than the node reads (the setting `max_url_bytes`)."
_NOTHING = "Nothing matches; there is no body."


def found(offers: Sequence[Offer[Any]]) -> JSON:
    """200: the message, in one of the forms that are offered."""
    return {
        "description": "The message asked for.",
        "headers": _headers(*_VALIDATED, "Content-Encoding", "Content-Language"),
        "content": {str(offer.media_type): content(offer.media_type.name) for offer in offers},
    }


def content(media_type: str) -> JSON:
    """What is said of the body of a media type: what JSON holds; other forms have schemas apart."""
    kind = media_type.removeprefix("application/vnd.sdmx.")
    named = {
        "data+json": "DataMessage",
        "structure+json": "StructureMessage",
        "metadata+json": "MetadataMessage",
        "schema+json": "JSONSchema",
    }.get(kind)
    return {"schema": schema(named)} if named else {}


def empty() -> JSON:
    """204: nothing matches."""
    return {"description": _NOTHING, "headers": _headers(*_ANY, "Vary")}


def unchanged() -> JSON:
    """304: the client has it already."""
    return {
        "description": "What the client has is still the answer; there is no body.",
        "headers": _headers(*_VALIDATED),
    }


def failures(major: int, errors: Iterable[type[CorridorError]]) -> dict[str, JSON]:
    """The responses by which some errors, and a URL that is too long, are told."""
    told: dict[int, list[str]] = {414: [_TOO_LONG]}
    for error in errors:
        codes = CODES[error]
        status = codes.http_v1 if major == 1 else codes.http_v2
        told.setdefault(status, []).append(_first_line(error))
    return {str(status): failure(major, " ".join(told[status])) for status in sorted(told)}


def failure(major: int, about: str, *more: str) -> JSON:
    """The response by which one kind of error is told; `more` are further headers it has."""
    return {
        "description": about,
        "headers": _headers(*_ERROR, *more),
        "content": {name: _error_content(name) for name in error_types(major)},
    }


def of_changes(about: str, media_types: Iterable[str], *more: str) -> JSON:
    """The response that tells for each thing of a message what became of it."""
    return {
        "description": about,
        "headers": _headers(*_ERROR, *more),
        "content": {name: {} for name in media_types},
    }


def _error_content(media_type: str) -> JSON:
    return {"schema": schema("Errors")} if "json" in media_type else {}


def _headers(*names: str) -> JSON:
    return {name: header(name) for name in names}


def _first_line(error: type[CorridorError]) -> str:
    """What an error class is for, from its docstring."""
    return inspect.cleandoc(error.__doc__ or "").partition("\n")[0]
