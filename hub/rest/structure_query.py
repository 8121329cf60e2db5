"""Structure requests of both APIs as query values ("Structural metadata queries")."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

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
from hub.rest.data_parameters import AS_OF
from hub.rest.declared import Declared, one_of, some_of
from hub.rest.parameters import Parameters
from hub.rest.path import parse_agencies, parse_ids, parse_items, parse_path, parse_versions

PATH = ("artefactType", "agencyID", "resourceID", "version", "itemID")
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
_ABOUT_DETAIL = "How much of each artefact is sent."
_ABOUT_REFERENCES = "Which artefacts come with those asked for: by relation, or of a type."

DETAIL = one_of("detail", DETAILS_V2, "full", _ABOUT_DETAIL, "allstubs")
DETAIL_V1 = one_of("detail", DETAILS_V1, "full", _ABOUT_DETAIL, "allstubs")
REFERENCES = some_of(
    "references",
    (*REFERENCES_V2, *(name for name in TYPES_V2 if name not in ANY_TYPE)),
    "none",
    _ABOUT_REFERENCES,
    "children",
)
REFERENCE_V1 = one_of(
    "references",
    (*REFERENCES_V1, *(name for name in TYPES_V1 if name != "structure")),
    "none",
    _ABOUT_REFERENCES,
    "children",
)
STRUCTURES: tuple[Declared[Any], ...] = (DETAIL, REFERENCES, AS_OF)
STRUCTURES_V1: tuple[Declared[Any], ...] = (DETAIL_V1, REFERENCE_V1)


def parse_structure_query(path: str, parameters: Parameters) -> StructureQuery:
    """Parse what follows `/structure` in the raw path of API 2.x, and the query string."""
    references, detail = REFERENCES.read(parameters), DETAIL.read(parameters)
    query = _query(path, v1=False, default_version="~", detail=detail, references=references)
    return replace(query, as_of=AS_OF.read(parameters))


def parse_structure_query_v1(path: str, parameters: Parameters) -> StructureQuery:
    """Parse what follows `/v1`, the artefact type first, and the query string."""
    reference, detail = REFERENCE_V1.read(parameters), DETAIL_V1.read(parameters)
    return _query(path, v1=True, default_version="latest", detail=detail, references=(reference,))


def _query(
    path: str, *, v1: bool, default_version: str, detail: str, references: tuple[str, ...]
) -> StructureQuery:
    place = parse_path(path, PATH)
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
