"""Registration queries of API 2.x as values (SDMX REST 2.2, "Data registration queries")."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from hub.errors import BadRequest
from hub.model import ArtefactClass, ContextQuery
from hub.model.urn import ARTEFACT_ID
from hub.rest.declared import Declared, instant
from hub.rest.parameters import Parameters, decode
from hub.rest.path import parse_agencies, parse_ids, parse_path, parse_versions

CONTEXTS = {
    "*": None,
    "datastructure": ArtefactClass.DATA_STRUCTURE,
    "dataflow": ArtefactClass.DATAFLOW,
    "provisionagreement": ArtefactClass.PROVISION_AGREEMENT,
}
ID_PATH = ("context", "registrationID")
PROVIDER_PATH = ("context", "agencyID", "providerID")
CONTEXT_PATH = ("context", "agencyID", "resourceID", "version")
_ID = re.compile(ARTEFACT_ID)

UPDATED_AFTER = instant(
    "updatedAfter", "Registrations handed in after an instant.", "2020-01-01T00:00:00Z"
)
UPDATED_BEFORE = instant(
    "updatedBefore", "Registrations handed in before an instant.", "2999-01-01T00:00:00Z"
)
REGISTRATIONS: tuple[Declared[Any], ...] = (UPDATED_AFTER, UPDATED_BEFORE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderQuery:
    """Which data providers are meant, by the agencies of their schemes and their ids; () all."""

    agencies: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationQuery:
    """A registration query: by id, by provider, by context, or for all where it has none of them.

    Both instants are exclusive.
    """

    id: str | None = None
    provider: ProviderQuery | None = None
    context: ContextQuery | None = None
    updated_after: datetime | None = None
    updated_before: datetime | None = None


def parse_registration_query(path: str, parameters: Parameters) -> RegistrationQuery:
    """Parse what follows `/registration` in the raw path, and the query string."""
    kind = decode(path.strip("/").partition("/")[0], "path parameter context") or "*"
    parse = {"id": _by_id, "provider": _by_provider}.get(kind, _by_context)
    return replace(
        parse(path),
        updated_after=UPDATED_AFTER.read(parameters),
        updated_before=UPDATED_BEFORE.read(parameters),
    )


def _by_id(path: str) -> RegistrationQuery:
    id_ = parse_path(path, ID_PATH).get("registrationID", "")
    if not _ID.fullmatch(id_):
        raise BadRequest(f"'{id_}' is not the id of a registration: write one after /id/")
    return RegistrationQuery(id=id_)


def _by_provider(path: str) -> RegistrationQuery:
    place = parse_path(path, PROVIDER_PATH)
    return RegistrationQuery(
        provider=ProviderQuery(
            agencies=parse_agencies(place.get("agencyID", "*"), ","),
            ids=parse_ids(place.get("providerID", "*"), ","),
        )
    )


def _by_context(path: str) -> RegistrationQuery:
    place = parse_path(path, CONTEXT_PATH)
    kind = place.get("context", "*")
    if kind not in CONTEXTS:
        raise BadRequest(
            f"registrations are not found by '{kind}': use id, provider, {', '.join(CONTEXTS)}"
        )
    query = ContextQuery(
        context=CONTEXTS[kind],
        agencies=parse_agencies(place.get("agencyID", "*"), ","),
        ids=parse_ids(place.get("resourceID", "*"), ","),
        versions=parse_versions(place.get("version", "*")),
    )
    return RegistrationQuery(context=None if query == ContextQuery() else query)
