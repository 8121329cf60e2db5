"""What `references` adds is what the written artefacts name, followed the long way round.

The graph is made of the URNs in messages of SDMX-ML 3.1, not of what the artefacts say of
themselves, and every kind of references is worked out from it by its definition.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from hub.formats.message import Header
from hub.formats.structure import ML_31, obstacle, write
from hub.model import (
    SINCE_30,
    UNTIL_21,
    AgencyScheme,
    ArtefactClass,
    Maintainable,
    Organisation,
    Reference,
    Structures,
    parse_object_urn,
)
from hub.rest.parameters import parse_parameters
from hub.rest.structure_query import parse_structure_query
from hub.rest.structure_selection import select_structures
from tests.tck import agency

ROOT = AgencyScheme(
    agency="SDMX",
    id="AGENCIES",
    version="1.0",
    items=(Organisation(id=agency.AGENCY), Organisation(id="SDMX")),
)
ARTEFACTS = [
    artefact
    for artefact in (ROOT, *agency.OF_21, *agency.OF_3X)
    if artefact.artefact_class not in UNTIL_21
]
KNOWN = {artefact.reference for artefact in ARTEFACTS}
STRUCTURES = Structures(ARTEFACTS)
HEADER = Header(id="M", prepared=datetime(2026, 1, 1, tzinfo=UTC), sender="T")
_NAMED = re.compile(r">\s*(urn:sdmx:[^<*\s]+)\s*<")


def named_in(artefact: Maintainable) -> set[Reference]:
    """The artefacts whose URNs a message names as the content of an element."""
    message = write(HEADER, [artefact], ML_31).decode()
    return {parse_object_urn(urn).artefact for urn in _NAMED.findall(message)}


def agencies_of(artefact: Maintainable) -> set[Reference]:
    """The schemes with an item for the agency that maintains an artefact."""
    above, _, id_ = artefact.agency.rpartition(".")
    return {
        scheme.reference
        for scheme in ARTEFACTS
        if isinstance(scheme, AgencyScheme)
        and scheme.agency == (above or "SDMX")
        and id_ in {item.id for item in scheme.items}
    }


# what 3.1 tells apart as availability has no identity there
GRAPH = {
    artefact.reference: (named_in(artefact) | agencies_of(artefact)) & KNOWN
    for artefact in ARTEFACTS
    if obstacle(artefact, ML_31) is None
}
Found = set[Reference]


def children(of: Found) -> Found:
    return {child for one in of for child in GRAPH[one]}


def parents(of: Found) -> Found:
    return {one for one, below in GRAPH.items() if below & of}


def closed(of: Found, step) -> Found:
    found: Found = set()
    while (more := found | step(of | found)) != found:
        found = more
    return found


MEANING = {
    "none": lambda of: set(),
    "children": children,
    "parents": parents,
    "descendants": lambda of: closed(of, children),
    "ancestors": lambda of: closed(of, parents),
    "parentsandsiblings": lambda of: parents(of) | children(parents(of)),
    "all": lambda of: parents(of) | children(parents(of)) | closed(of, children),
    "dataflow": lambda of: {
        each for each in children(of) | parents(of) if each.artefact_class is ArtefactClass.DATAFLOW
    },
}


@pytest.mark.parametrize("references", MEANING)
@pytest.mark.parametrize("asked", GRAPH, ids=lambda reference: f"{reference.id}")
def test_nothing_is_missing_and_nothing_else_there(asked: Reference, references: str) -> None:
    path = f"/{asked.artefact_class.rest_name}/{asked.agency}/{asked.id}/{asked.version}"
    parameters = parse_parameters(f"references={references}&detail=raw".encode())
    answer = select_structures(STRUCTURES, parse_structure_query(path, parameters))
    found = {artefact.reference for artefact in answer.artefacts}
    assert found == {asked} | MEANING[references]({asked})


def test_there_is_a_graph() -> None:
    assert len(GRAPH) > 40
    assert sum(map(len, GRAPH.values())) > 100
    classes = {reference.artefact_class for reference in GRAPH}
    assert classes >= SINCE_30 - {ArtefactClass.METADATA_SET}
