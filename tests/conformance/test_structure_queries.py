"""Every type, in every form, detail and kind of references: answers that the schemas accept.

In a usual run every two values meet; `CONFORMANCE=all` (`make conformance`) tries everything.
"""

from __future__ import annotations

import os
from itertools import combinations

import pytest

from dsd import shared_structures
from hub.formats.structure import FORMS, JSON_10, JSON_21, ML_31, Model, StructureForm
from hub.rest import create_app
from hub.rest.artefact_types import ANY_TYPE, TYPES_V1, TYPES_V2
from hub.rest.structure_query import DETAILS_V1, DETAILS_V2, REFERENCES_V1, REFERENCES_V2
from tests.conformance.identities import identities
from tests.conformance.pairs import Case, every, pairwise
from tests.formats.structure import judges
from tests.rest.client import Client
from tests.rest.memory import MemoryBackend
from tests.tck import agency

BY_NAME = {str(form): form for form in FORMS}
VTL = {name for name in TYPES_V2 if name.endswith("scheme")} & {
    "transformationscheme",
    "rulesetscheme",
    "userdefinedoperatorscheme",
    "customtypescheme",
    "namepersonalisationscheme",
    "vtlmappingscheme",
}
#: Types of 3.x that are not in SDMX 2.1 in any way.
ONLY_3 = {
    "valuelist",
    "hierarchyassociation",
    "metadataproviderscheme",
    "metadataprovisionagreement",
    "metadataconstraint",
}
PARAMETERS_V2 = {
    "type": [name for name in TYPES_V2 if name not in ANY_TYPE],
    "references": [*REFERENCES_V2, "codelist", "agencyscheme,dataflow,categorisation"],
    "detail": list(DETAILS_V2),
    "form": list(BY_NAME),
}
PARAMETERS_V1 = {
    "type": list(TYPES_V1),
    "references": [*REFERENCES_V1, "codelist", "contentconstraint"],
    "detail": list(DETAILS_V1),
    "form": [str(form) for form in FORMS if form.model is Model.V21],
}
combined = every if os.environ.get("CONFORMANCE") == "all" else pairwise


@pytest.fixture(scope="module")
def client() -> Client:
    backend = MemoryBackend()
    backend.structures = shared_structures().with_([*agency.OF_21, *agency.OF_3X])
    return Client(create_app(backend))


def named(case: Case) -> str:
    return "-".join(case.values())


def has_no_place(type_: str, form: StructureForm) -> bool:
    return (form == JSON_10 and type_ in VTL) or (form.model is Model.V21 and type_ in ONLY_3)


def ask(client: Client, root: str, case: Case) -> bytes | None:
    """The answer, None where the form has no such artefacts; its kind and schema are checked."""
    form = BY_NAME[case["form"]]
    target = f"{root}?references={case['references']}&detail={case['detail']}"
    response = client.get(target, form.media_type)
    if has_no_place(case["type"], form):
        if response.status_code == 406:
            return None
        assert case["references"] != "none"
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == form.media_type
    judges.check(response.content, form)
    return response.content


@pytest.mark.parametrize("case", combined(PARAMETERS_V2), ids=named)
def test_answers_of_2x_are_valid(client: Client, case: Case) -> None:
    message = ask(client, f"/sdmx/v2/structure/{case['type']}/{agency.AGENCY}", case)
    if message is not None:
        assert identities(message, BY_NAME[case["form"]])


@pytest.mark.parametrize("case", combined(PARAMETERS_V1), ids=named)
def test_answers_of_1x_are_valid(client: Client, case: Case) -> None:
    message = ask(client, f"/sdmx/v1/{case['type']}/{agency.AGENCY}", case)
    if message is not None:
        assert identities(message, BY_NAME[case["form"]])


@pytest.mark.parametrize("type_", PARAMETERS_V2["type"])
@pytest.mark.parametrize("form", [ML_31, JSON_21], ids=str)
def test_only_what_was_asked_for_is_in_an_answer_without_references(
    client: Client, type_: str, form: StructureForm
) -> None:
    response = client.get(f"/sdmx/v2/structure/{type_}/{agency.AGENCY}", form.media_type)
    kinds = {kind for kind, owner, _ in identities(response.content, form) if owner}
    lists = {"codelist", "geographiccodelist", "geogridcodelist"}
    assert kinds <= (lists if type_ == "codelist" else {type_})


def test_the_shared_structures_are_valid_in_every_form(client: Client) -> None:
    for form in FORMS:
        response = client.get("/sdmx/v2/structure/*/MIGX?references=descendants", form.media_type)
        assert response.status_code == 200
        judges.check(response.content, form)


def test_pairs_leave_no_pair_out() -> None:
    parameters = {"a": ["1", "2", "3"], "b": ["x", "y"], "c": ["p", "q", "r", "s"]}
    met = {pair for case in pairwise(parameters) for pair in _pairs(case)}
    assert met == {pair for case in every(parameters) for pair in _pairs(case)}
    assert len(pairwise(parameters)) < len(every(parameters))


def _pairs(case: Case) -> set[frozenset[tuple[str, str]]]:
    return {frozenset(pair) for pair in combinations(case.items(), 2)}
