from __future__ import annotations

import pytest

from hub.errors import BadRequest
from hub.model import Structures
from hub.rest.parameters import parse_parameters
from hub.rest.structure_query import parse_structure_query, parse_structure_query_v1
from hub.rest.structure_selection import StructureAnswer, select_structures
from tests.rest.artefacts import ARTEFACTS

STRUCTURES = Structures(ARTEFACTS)


def answer(target: str, *, v1: bool = False) -> StructureAnswer:
    path, _, query = target.partition("?")
    parse = parse_structure_query_v1 if v1 else parse_structure_query
    return select_structures(STRUCTURES, parse(path, parse_parameters(query.encode())))


def ids(target: str, *, v1: bool = False) -> list[str]:
    return [a.id for a in answer(target, v1=v1).artefacts]


LISTS = ["CL_AREA", "CL_FREQ", "CL_SEX", "CL_STATUS"]
OF_DSD = [*LISTS, "CS_TEST"]


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("codelist", LISTS),
        ("codelist/", LISTS),
        ("codelist/TEST/CL_SEX,CL_FREQ", ["CL_FREQ", "CL_SEX"]),
        ("codelist/*/CL_SEX/~", ["CL_SEX"]),
        ("codelist/all/CL_SEX/latest", ["CL_SEX"]),
        ("codelist/OTHER", []),
        ("process", []),
        ("dataflow/TEST,TEST.SUB", ["DF_A", "DF_BARE", "DF_B"]),
        # Children are direct, descendants are not.
        ("dataflow/TEST/DF_A/1.0.0?references=children", ["DF_A", "DSD"]),
        ("dataflow/TEST/DF_A/1.0.0?references=descendants", ["DF_A", *LISTS, "CS_TEST", "DSD"]),
        ("dataflow/TEST/DF_A/1.0.0?references=parents", ["DF_A", "CON_A", "PA_SCB"]),
        (
            "dataflow/TEST/DF_A/1.0.0?references=parentsandsiblings",
            ["DF_A", "CON_A", "DATA_PROVIDERS", "PA_SCB"],
        ),
        ("codelist/TEST/CL_SEX?references=parents", ["CL_SEX", "DSD"]),
        (
            "codelist/TEST/CL_SEX?references=ancestors",
            ["CL_SEX", "CON_A", "DSD", "DF_A", "DF_A", "DF_BARE", "PA_SCB"],
        ),
        # A type means what is next to the artefact, on either side.
        ("dataflow/TEST/DF_A/1.0.0?references=codelist", ["DF_A"]),
        ("datastructure/TEST/DSD?references=codelist", ["DSD", *LISTS]),
        ("datastructure/TEST/DSD?references=dataconstraint", ["DSD"]),
        ("dataflow/TEST/DF_A/1.0.0?references=dataconstraint", ["DF_A", "CON_A"]),
        (
            "dataflow/TEST/DF_A/1.0.0?references=datastructure,provisionagreement",
            ["DF_A", "DSD", "PA_SCB"],
        ),
        (
            "dataflow/TEST/DF_A/1.0.0?references=all",
            ["DF_A", *LISTS, "CS_TEST", "CON_A", "DATA_PROVIDERS", "DSD", "PA_SCB"],
        ),
    ],
)
def test_what_is_in_the_answer_of_2x(target, expected):
    assert ids(target) == expected


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("codelist/all/CL_SEX+CL_FREQ/latest", ["CL_FREQ", "CL_SEX"]),
        ("contentconstraint", ["CON_A"]),
        ("allowedconstraint", ["CON_A"]),
        ("actualconstraint", []),
        ("organisationscheme", ["DATA_PROVIDERS"]),
        ("dataflow/TEST/DF_A/1.0.0?references=contentconstraint", ["DF_A", "CON_A"]),
        ("hierarchicalcodelist", []),
    ],
)
def test_what_is_in_the_answer_of_1x(target, expected):
    assert ids(target, v1=True) == expected


def test_latest_of_1x_is_not_a_draft():
    assert [a.version for a in answer("dataflow/TEST/DF_A", v1=True).artefacts] == ["1.0.0"]
    assert [a.version for a in answer("dataflow/TEST/DF_A").artefacts] == ["2.0.0-draft"]
    assert [a.version for a in answer("dataflow/TEST/DF_A/+").artefacts] == ["1.0.0"]
    both = answer("dataflow/TEST/DF_A/*").artefacts
    assert [a.version for a in both] == ["2.0.0-draft", "1.0.0"]


def test_everything_is_every_class():
    newest = [a for a in ARTEFACTS if (a.id, a.version) != ("DF_A", "1.0.0")]
    assert {a.reference for a in answer("").artefacts} == {a.reference for a in newest}


@pytest.mark.parametrize(
    ("detail", "matched", "referenced", "complete"),
    [
        ("full", False, False, False),
        ("raw", False, False, False),
        ("allstubs", True, True, False),
        ("allcompletestubs", True, True, True),
        ("referencestubs", False, True, False),
        ("referencecompletestubs", False, True, True),
    ],
)
def test_stubs(detail, matched, referenced, complete):
    found = answer(f"dataflow/TEST/DF_A/1.0.0?references=children&detail={detail}")
    flow, dsd = (a.reference for a in found.artefacts)
    assert (flow in found.stubs, dsd in found.stubs) == (matched, referenced)
    assert found.stubs_are_complete is complete


def test_items_come_without_their_parents_and_children():
    (scheme,) = answer("codelist/TEST/CL_AREA/~/NORD,FRA").artefacts
    assert [item.id for item in scheme.items] == ["NORD", "FRA"]
    assert scheme.is_partial
    assert answer("codelist/TEST/CL_AREA/~/NOSUCH").artefacts == ()
    (whole,) = answer("codelist/TEST/CL_AREA/~/*").artefacts
    assert not whole.is_partial
    with pytest.raises(BadRequest, match="no items"):
        answer("datastructure/TEST/DSD/~/X")


def test_references_cut_to_what_is_allowed_and_used():
    found = answer("dataflow/TEST/DF_A/1.0.0?references=all&detail=referencepartial")
    by_id = {a.id: a for a in found.artefacts}
    areas, sexes = by_id["CL_AREA"], by_id["CL_SEX"]
    # The constraint allows SWE and NOR; their ancestors keep the tree whole.
    assert [code.id for code in areas.items] == ["WORLD", "NORD", "SWE", "NOR"]
    assert areas.is_partial
    assert not sexes.is_partial
    assert {c.id for c in by_id["CS_TEST"].items} == {
        "FREQ", "REF_AREA", "SEX", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "TITLE", "NOTE",
    }  # fmt: skip
