"""The operations that change something, and those that no node serves."""

from __future__ import annotations

from hub.errors import (
    BadRequest,
    Conflict,
    CorridorError,
    Forbidden,
    Internal,
    NotAuthenticated,
    NotFound,
    NotSupported,
    TooLarge,
    Unprocessable,
)
from hub.model import ArtefactClass, Reference
from hub.rest.artefact_types import ANY_TYPE, TYPES_V2, WITH_ITEMS_V2
from hub.rest.backend import NodeFacts
from hub.rest.declared import JSON
from hub.rest.maintenance import MEDIA_TYPES as STRUCTURE_TYPES
from hub.rest.offers import registry_offers, structure_result_offers
from hub.rest.openapi import bodies, responses
from hub.rest.openapi import places as at
from hub.rest.openapi.components import SECURITY
from hub.rest.openapi.places import Place, words
from hub.rest.openapi.reading import Operations, path_parameter
from hub.rest.registration import MEDIA_TYPES as REGISTRATION_TYPES
from hub.store.keys import Right

_STRUCTURE, _REGISTRATION = "/sdmx/v2/structure", "/sdmx/v2/registration"
_SUBSCRIPTION = "/sdmx/v2/subscription"
_KEPT = {name: classes for name, classes in TYPES_V2.items() if name not in ANY_TYPE}
_TYPE = words("artefactType", TYPES_V2, "The type that the message holds, `*` for any.")
_ONE_TYPE = words("artefactType", _KEPT, "The type of the artefact.")
_ONE_ITEM_TYPE = words(
    "artefactType",
    (name for name, classes in _KEPT.items() if set(classes) <= set(WITH_ITEMS_V2)),
    "The type of the item scheme.",
)
_ARTEFACT = (_ONE_TYPE, at.AGENCY, at.ID, at.WRITTEN_VERSION)
_ITEM = (_ONE_ITEM_TYPE, at.AGENCY, at.ID, at.WRITTEN_VERSION, at.ITEM)
_ERRORS: tuple[type[CorridorError], ...] = (
    BadRequest,
    NotAuthenticated,
    Forbidden,
    NotFound,
    Conflict,
    TooLarge,
    Unprocessable,
    Internal,
    NotSupported,
)
_DONE = {
    "200": "All of it was done, and nothing is new.",
    "201": "All of it was done, and something is new.",
    "207": "Some was done and some was not, or for different reasons.",
}
_NOT_TAKEN = "The body is declared as what is not read here, or is compressed."
_NO_SUBSCRIPTIONS = "Subscriptions are not offered: ask with If-None-Match as often as you like."
_NOT_POSSIBLE = "The path does not take this method."


def changing(facts: NodeFacts) -> Operations:
    """The operations by which a node is changed; `facts` are for the examples."""
    agency = facts.agencies[0] if facts.agencies else facts.id
    list_ = bodies.reasons(agency)
    example = ("codelist", agency, list_.id, list_.version, list_.items[0].id)
    body = bodies.structures(facts.id, agency, STRUCTURE_TYPES)
    agreement = Reference(ArtefactClass.PROVISION_AGREEMENT, agency, "PA_DF_STOCK_BIRTH", "1.0.0")
    registration = bodies.registrations(facts.id, agreement.urn, REGISTRATION_TYPES)
    return {
        _STRUCTURE: {"post": _structures("create", "Creates and replaces structures.", body)},
        _path((_TYPE,)): {
            "post": _structures(
                "create-type", "Creates and replaces structures of a type.", body, (_TYPE,), example
            )
        },
        _path(_ARTEFACT): {
            "put": _structures("replace", "Replaces one artefact.", body, _ARTEFACT, example),
            "delete": _structures("delete", "Deletes one artefact.", None, _ARTEFACT, example),
        },
        _path(_ITEM): {
            "delete": _structures(
                "delete-item", "Deletes an item of a scheme.", None, _ITEM, example
            )
        },
        _REGISTRATION: {"post": _registrations(registration)},
        _SUBSCRIPTION: {
            "get": _not_served("v2-subscription", _NO_SUBSCRIPTIONS),
            "post": _not_served("v2-subscription-create", _NO_SUBSCRIPTIONS),
        },
    }


def _path(places: tuple[Place, ...]) -> str:
    return "/".join((_STRUCTURE, *(f"{{{place.name}}}" for place in places)))


def _structures(
    name: str,
    about: str,
    body: JSON | None,
    places: tuple[Place, ...] = (),
    example: tuple[str, ...] = (),
) -> JSON:
    told = tuple(str(offer.media_type) for offer in structure_result_offers())
    return {
        "operationId": f"v2-structure-{name}",
        "tags": ["SDMX REST 2: structure"],
        "summary": about,
        "description": f"With a key that has the right `{Right.STRUCTURES}`.",
        "security": [{SECURITY: []}],
        "parameters": [path_parameter(*pair) for pair in zip(places, example, strict=False)],
        **({} if body is None else {"requestBody": body}),
        "responses": _responses(told),
    }


def _registrations(body: JSON) -> JSON:
    told = tuple(str(offer.media_type) for offer in registry_offers())
    return {
        "operationId": "v2-registration-submit",
        "tags": ["SDMX REST 2: registration"],
        "summary": "Adds, replaces and deletes registrations.",
        "description": f"With a key that has the right `{Right.REGISTRATIONS}`.",
        "security": [{SECURITY: []}],
        "requestBody": body,
        "responses": _responses(told),
    }


def _responses(told: tuple[str, ...]) -> dict[str, JSON]:
    """What a change answers: results in registry messages, where there are any, else an error."""
    failed = responses.failures(2, _ERRORS)
    for status in ("401", "403"):
        failed[status] = responses.failure(2, failed[status]["description"], "WWW-Authenticate")
    # What is refused for the same reason throughout is told artefact by artefact.
    for status in ("404", "409", "422"):
        content = {**responses.of_changes("", told)["content"], **failed[status]["content"]}
        failed[status] = {**failed[status], "content": content}
    done = {
        status: responses.of_changes(about, told, *(("Location",) if status == "201" else ()))
        for status, about in _DONE.items()
    }
    return {
        **done,
        **failed,
        "405": responses.failure(2, _NOT_POSSIBLE, "Allow"),
        "415": responses.failure(2, _NOT_TAKEN),
    }


def _not_served(name: str, about: str) -> JSON:
    major = int(name[1])
    return {
        "operationId": name,
        "tags": ["Not served"],
        "summary": about,
        "responses": responses.failures(major, (BadRequest, NotSupported, Internal)),
    }
