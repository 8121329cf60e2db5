"""Schema requests of both APIs as query values (SDMX REST 2.2 and 1.5, "Schema queries")."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hub.errors import BadRequest
from hub.model import SchemaQuery, VersionQuery
from hub.rest.data_parameters import AS_OF, DIMENSION_AT_OBSERVATION
from hub.rest.declared import Declared, flag
from hub.rest.parameters import Parameters
from hub.rest.path import ResourcePath, parse_agencies, parse_ids, parse_path, parse_versions

PATH = ("context", "agencyID", "resourceID", "version")
CONTEXTS_V1 = (
    "datastructure",
    "dataflow",
    "provisionagreement",
    "metadatastructure",
    "metadataflow",
)
CONTEXTS_V2 = (*CONTEXTS_V1, "metadataprovisionagreement")


def _asked(parameters: Parameters) -> bool | None:
    """Read `deletion`; None where it is not given."""
    given = parameters.text("deletion") is not None
    return parameters.boolean("deletion") if given else None


DELETION = Declared(
    "deletion",
    _asked,
    {"type": "boolean"},
    "`true`: the schema is for messages that delete, where nothing but keys is required.",
    True,
)
EXPLICIT_MEASURE = flag(
    "explicitMeasure", "Of no effect: structures here have no measure dimension."
)
SCHEMAS: tuple[Declared[Any], ...] = (DIMENSION_AT_OBSERVATION, DELETION, AS_OF)
SCHEMAS_V1: tuple[Declared[Any], ...] = (DIMENSION_AT_OBSERVATION, EXPLICIT_MEASURE, DELETION)


def parse_schema_query(path: str, parameters: Parameters) -> SchemaQuery:
    """Parse what follows `/schema` in the raw path of API 2.x, and the query string."""
    query = _query(path, parameters, CONTEXTS_V2, "~")
    return replace(query, as_of=AS_OF.read(parameters))


def parse_schema_query_v1(path: str, parameters: Parameters) -> SchemaQuery:
    """Parse what follows `/schema` in the raw path of API 1.5, and the query string.

    `explicitMeasure` types the observations of each measure of a measure dimension; structures
    here have none, so that it makes no difference. `deletion`, of API 2.x, is understood too.
    """
    EXPLICIT_MEASURE.read(parameters)
    return _query(path, parameters, CONTEXTS_V1, "latest")


def _query(
    path: str, parameters: Parameters, contexts: tuple[str, ...], latest: str
) -> SchemaQuery:
    place = parse_path(path, PATH)
    context = place.get("context", "")
    if context not in contexts:
        raise BadRequest(f"there is no schema of a '{context}'; use {', '.join(contexts)}")
    is_v1 = contexts is CONTEXTS_V1
    return SchemaQuery(
        context=context,
        agency=_one(place, "agencyID"),
        id=_one(place, "resourceID"),
        versions=_one_version(place.get("version", latest)),
        drafts=not is_v1,
        dimension_at_observation=DIMENSION_AT_OBSERVATION.read(parameters),
        deletion=DELETION.read(parameters),
    )


def _one(place: ResourcePath, name: str) -> str:
    """The one artefact or agency of a mandatory path parameter; wildcards are not possible."""
    parse = parse_agencies if name == "agencyID" else parse_ids
    found = parse(place.get(name, "*"), ",")
    if len(found) != 1:
        given = place.get(name, "")
        told = f"'{given}' is not possible" if given else "it is missing"
        raise BadRequest(f"{name}: {told}; a schema is of one artefact, so name it")
    return found[0]


def _one_version(text: str) -> VersionQuery:
    versions = parse_versions(text)
    if len(versions.patterns) != 1 or versions.patterns[0].wildcard == "*":
        raise BadRequest(
            f"version {text} may mean several; a schema is of one: write a version, "
            "'+' for the latest stable, or '~' for the latest"
        )
    return versions
