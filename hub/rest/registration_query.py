"""Registration queries of API 2.x as values (SDMX REST 2.2, "Data registration queries")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from hub.errors import BadRequest
from hub.model import ArtefactClass, ContextQuery
from hub.model.urn import ARTEFACT_ID
from hub.rest.parameters import Parameters, decode
from hub.rest.path import parse_agencies, parse_ids, parse_path, parse_versions

_CONTEXTS = {
    "*": None,
    "datastructure": ArtefactClass.DATA_STRUCTURE,
    "dataflow": ArtefactClass.DATAFLOW,
    "provisionagreement": ArtefactClass.PROVISION_AGREEMENT,
}
_ID = re.compile(ARTEFACT_ID)


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
    after, before = parameters.instant("updatedAfter"), parameters.instant("updatedBefore")
    kind, _, rest = path.strip("/").partition("/")
    kind = decode(kind, "path parameter context") or "*"
    if kind == "id":
        return RegistrationQuery(id=_id(rest), updated_after=after, updated_before=before)
    if kind == "provider":
        return RegistrationQuery(
            provider=_provider(rest), updated_after=after, updated_before=before
        )
    return RegistrationQuery(
        context=_context(kind, rest), updated_after=after, updated_before=before
    )


def _id(path: str) -> str:
    id_ = parse_path(path, ("registrationID",)).get("registrationID", "")
    if not _ID.fullmatch(id_):
        raise BadRequest(f"'{id_}' is not the id of a registration: write one after /id/")
    return id_


def _provider(path: str) -> ProviderQuery:
    place = parse_path(path, ("agencyID", "providerID"))
    return ProviderQuery(
        agencies=parse_agencies(place.get("agencyID", "*"), ","),
        ids=parse_ids(place.get("providerID", "*"), ","),
    )


def _context(kind: str, path: str) -> ContextQuery | None:
    if kind not in _CONTEXTS:
        raise BadRequest(
            f"registrations are not found by '{kind}': use id, provider, {', '.join(_CONTEXTS)}"
        )
    place = parse_path(path, ("agencyID", "resourceID", "version"))
    query = ContextQuery(
        context=_CONTEXTS[kind],
        agencies=parse_agencies(place.get("agencyID", "*"), ","),
        ids=parse_ids(place.get("resourceID", "*"), ","),
        versions=parse_versions(place.get("version", "*")),
    )
    return None if query == ContextQuery() else query
