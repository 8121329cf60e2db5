"""Structure requests of both APIs as query values ("Structural metadata queries")."""

from __future__ import annotations

from dataclasses import replace

from hub.errors import BadRequest
from hub.model import StructureQuery
from hub.rest.artefact_types import (
    ANY_TYPE,
    TYPES_V1,
    TYPES_V2,
    WITH_ITEMS_V1,
    WITH_ITEMS_V2,
    classes_of_type,
    constraint_role,
)
from hub.rest.parameters import Parameters
from hub.rest.path import parse_agencies, parse_ids, parse_items, parse_path, parse_versions

_PATH = ("artefactType", "agencyID", "resourceID", "version", "itemID")
DETAILS_V1 = (
    "full",
    "allstubs",
    "referencestubs",
    "allcompletestubs",
    "referencecompletestubs",
    "referencepartial",
)
DETAILS_V2 = (*DETAILS_V1, "raw")
REFERENCES_V1 = ("none", "parents", "parentsandsiblings", "children", "descendants", "all")
REFERENCES_V2 = (*REFERENCES_V1, "ancestors")


def parse_structure_query(path: str, parameters: Parameters) -> StructureQuery:
    """Parse what follows `/structure` in the raw path of API 2.x, and the query string."""
    types = tuple(name for name in TYPES_V2 if name not in ANY_TYPE)
    references = parameters.words("references") or ("none",)
    for reference in references:
        if reference not in (*REFERENCES_V2, *types):
            raise BadRequest(
                f"references={reference} is not possible: use {', '.join(REFERENCES_V2)} "
                "or an artefact type"
            )
    detail = parameters.choice("detail", DETAILS_V2, "full")
    query = _query(path, v1=False, default_version="~", detail=detail, references=references)
    return replace(query, as_of=parameters.instant("asOf"))


def parse_structure_query_v1(path: str, parameters: Parameters) -> StructureQuery:
    """Parse what follows `/v1`, the artefact type first, and the query string."""
    types = tuple(name for name in TYPES_V1 if name != "structure")
    reference = parameters.choice("references", (*REFERENCES_V1, *types), "none")
    detail = parameters.choice("detail", DETAILS_V1, "full")
    return _query(path, v1=True, default_version="latest", detail=detail, references=(reference,))


def _query(
    path: str, *, v1: bool, default_version: str, detail: str, references: tuple[str, ...]
) -> StructureQuery:
    place = parse_path(path, _PATH)
    wildcard, separator = ("all", "+") if v1 else ("*", ",")
    type_ = place.get("artefactType", wildcard)
    classes = classes_of_type(type_, v1=v1)
    items = parse_items(place.get("itemID", wildcard), separator)
    if items and not set(classes) <= set(WITH_ITEMS_V1 if v1 else WITH_ITEMS_V2):
        raise BadRequest(f"a {type_} has no items; leave out '{place.get('itemID', '')}'")
    return StructureQuery(
        classes=classes,
        is_v1=v1,
        constraint_role=constraint_role(type_) if v1 else None,
        agencies=parse_agencies(place.get("agencyID", wildcard), separator),
        ids=parse_ids(place.get("resourceID", wildcard), separator),
        versions=parse_versions(place.get("version", default_version), separator),
        drafts=not v1,
        items=items,
        detail=detail,
        references=references,
    )
