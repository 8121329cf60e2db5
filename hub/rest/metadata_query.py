"""Metadata queries of both APIs as values (SDMX REST 2.2, "Metadata queries", and 1.5)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from hub.errors import BadRequest, Unprocessable
from hub.model import ArtefactClass, VersionQuery
from hub.rest.artefact_types import classes_of_type
from hub.rest.data_parameters import AS_OF
from hub.rest.declared import Declared, instant, one_of
from hub.rest.parameters import Parameters, decode
from hub.rest.path import parse_agencies, parse_ids, parse_path, parse_versions

_SETS = (ArtefactClass.METADATA_SET,)
_FLOWS = (ArtefactClass.METADATAFLOW,)
DETAIL = one_of(
    "detail",
    ("full", "allstubs"),
    "full",
    "`allstubs`: sets without their attributes.",
    "allstubs",
)
UPDATED_AFTER = instant(
    "updatedAfter", "Sets that were loaded after an instant.", "2020-01-01T00:00:00Z"
)
METADATA: tuple[Declared[Any], ...] = (DETAIL, AS_OF)
METADATA_V1: tuple[Declared[Any], ...] = (UPDATED_AFTER,)
SET_PATH = ("providerID", "metadatasetID", "version")
FLOW_PATH = ("flowAgencyID", "flowID", "flowVersion", "providerRef")
STRUCTURE_PATH = ("agencyID", "resourceID", "version")
PATH_V1 = ("flowRef", "key", "providerRef")
#: Parameters of data queries that mean nothing for metadata, which has no series and no periods.
OF_DATA = (
    "startPeriod",
    "endPeriod",
    "firstNObservations",
    "lastNObservations",
    "dimensionAtObservation",
    "includeHistory",
)
#: A provider as (agency of its scheme or None, id).
Provider = tuple[str | None, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataQuery:
    """Which metadata sets are meant: by their own identity, their flow, or what they are about.

    `classes` tell which: sets, flows, or structures; agencies, ids and versions are theirs, ()
    for all. `providers` narrows sets by who provides them. `key` (API 1.x) holds for each target
    of the flow the ids wanted, () for any. API 1.x has no drafts. `updated_after` is exclusive.
    """

    by: str
    classes: tuple[ArtefactClass, ...]
    agencies: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    versions: VersionQuery
    is_v1: bool = False
    providers: tuple[Provider, ...] = ()
    key: tuple[tuple[str, ...], ...] = ()
    detail: str = "full"
    as_of: datetime | None = None
    updated_after: datetime | None = None

    @property
    def is_named(self) -> bool:
        """True where it names what it means: by agency and id, on version 1 by id alone."""
        return bool(self.ids and (self.agencies or self.is_v1))


def parse_metadata_query(path: str, parameters: Parameters) -> MetadataQuery:
    """Parse what follows `/metadata` in the raw path of API 2.x, and the query string."""
    kind, _, rest = path.strip("/").partition("/")
    parse = _KINDS.get(decode(kind, "path parameter"))
    if parse is None:
        raise BadRequest(
            f"metadata is not found by '{kind[:80]}': write /metadata/metadataset/…, "
            "/metadata/metadataflow/… or /metadata/structure/…"
        )
    return replace(
        parse(rest),
        detail=DETAIL.read(parameters),
        as_of=AS_OF.read(parameters),
    )


def _by_set(path: str) -> MetadataQuery:
    return _query("set", _SETS, path, SET_PATH)


def _by_flow(path: str) -> MetadataQuery:
    providers = parse_path(path, FLOW_PATH).get("providerRef", "*")
    query = _query("flow", _FLOWS, path, FLOW_PATH)
    return replace(query, providers=_providers(providers, ",", "."))


def _by_structure(path: str) -> MetadataQuery:
    type_, _, rest = path.partition("/")
    classes = classes_of_type(decode(type_, "path parameter artefactType") or "*", v1=False)
    return _query("structure", classes, rest, STRUCTURE_PATH)


def _query(
    by: str, classes: tuple[ArtefactClass, ...], path: str, names: tuple[str, ...]
) -> MetadataQuery:
    """A query by agency, id and version, whose names come first."""
    place = parse_path(path, names)
    return MetadataQuery(
        by=by,
        classes=classes,
        agencies=parse_agencies(place.get(names[0], "*"), ","),
        ids=parse_ids(place.get(names[1], "*"), ","),
        versions=parse_versions(place.get(names[2], "~")),
    )


_KINDS = {"metadataset": _by_set, "metadataflow": _by_flow, "structure": _by_structure}


def parse_metadata_query_v1(path: str, parameters: Parameters) -> MetadataQuery:
    """Parse what follows `/metadata` in the raw path of API 1.x, and the query string.

    The key has a position for each target of the flow, in their order: the id of the artefact, or
    of the item, that a set is about. An empty position is any; `+` is OR. Raises Unprocessable for
    parameters of series and periods.
    """
    place = parse_path(path, PATH_V1)
    if not place.values:
        raise BadRequest("name a metadata flow: /metadata/AGENCY,ID,VERSION/all")
    for name in OF_DATA:
        if parameters.raw(name) is not None:
            raise Unprocessable(f"{name} has no meaning for metadata sets: leave it out")
    parts = place.get("flowRef", "all").split(",")
    if len(parts) > 3:
        raise BadRequest(
            f"'{place.values[0]}' is no metadata flow: write ID or AGENCY,ID or AGENCY,ID,VERSION"
        )
    agency, id_, version = {
        1: ("all", parts[0], "latest"),
        2: (parts[0], parts[-1], "latest"),
        3: (parts[0], parts[len(parts) // 2], parts[-1]),
    }[len(parts)]
    return MetadataQuery(
        by="flow",
        classes=_FLOWS,
        agencies=parse_agencies(agency, "+"),
        ids=parse_ids(id_, "+"),
        versions=parse_versions(version, "+"),
        is_v1=True,
        providers=_providers(place.get("providerRef", "all"), "+", ","),
        key=_key(place.get("key", "all")),
        updated_after=UPDATED_AFTER.read(parameters),
    )


def _providers(text: str, separator: str, between: str) -> tuple[Provider, ...]:
    """Parse providers: an id, or the agency of its scheme before it; () means all."""
    if {"*", "all"} & set(text.split(separator)):
        return ()
    found: list[Provider] = []
    for each in text.split(separator):
        agency, joined, id_ = each.rpartition(between)
        parse_agencies(id_, separator)
        if joined:
            parse_agencies(agency, separator)
        found.append((agency if joined else None, id_))
    return tuple(found)


def _key(text: str) -> tuple[tuple[str, ...], ...]:
    if text == "all":
        return ()
    return tuple(parse_ids(part, "+") if part else () for part in text.split("."))
