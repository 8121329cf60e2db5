"""Items, stubs, partial schemes and the words of both APIs, over artefacts of every type."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import etree

from dsd import shared_structures
from hub.errors import BadRequest
from hub.formats.structure import ML_21, ML_31
from hub.model import (
    AgencyScheme,
    Category,
    CategoryScheme,
    Codelist,
    DataConstraint,
    HierarchicalCodelist,
    Hierarchy,
    Maintainable,
    Organisation,
    ReportingTaxonomy,
    Structures,
)
from hub.rest import create_app
from hub.rest.parameters import parse_parameters
from hub.rest.structure_query import parse_structure_query, parse_structure_query_v1
from hub.rest.structure_selection import StructureAnswer, select_structures
from tests.rest.client import Client
from tests.rest.memory import MemoryBackend
from tests.tck import agency

ROOT = AgencyScheme(
    agency="SDMX",
    id="AGENCIES",
    version="1.0",
    items=(Organisation(id=agency.AGENCY), Organisation(id="OTHER")),
)
STRUCTURES = Structures([ROOT, *agency.OF_21, *agency.OF_3X])


def answer(target: str, *, v1: bool = False, among: Structures = STRUCTURES) -> StructureAnswer:
    path, _, query = target.partition("?")
    parse = parse_structure_query_v1 if v1 else parse_structure_query
    return select_structures(among, parse(path, parse_parameters(query.encode())))


def found(target: str, *, v1: bool = False) -> dict[str, Maintainable]:
    return {artefact.id: artefact for artefact in answer(target, v1=v1).artefacts}


def tree(items: tuple[Category, ...]) -> list[object]:
    return [[item.id, tree(item.items)] if item.items else item.id for item in items]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("SOCIAL", ["SOCIAL"]),
        ("SOCIAL.POP", [["SOCIAL", ["POP"]]]),
        ("SOCIAL.POP.MIG", [["SOCIAL", [["POP", ["MIG"]]]]]),
        ("SOCIAL.POP,ECON", ["ECON", ["SOCIAL", ["POP"]]]),
        ("POP", None),
        ("SOCIAL.MIG", None),
    ],
)
def test_a_category_comes_with_those_above_it_and_none_below(wanted, expected):
    schemes = found(f"categoryscheme/CONF/CATEGORIES/~/{wanted}")
    if expected is None:
        assert schemes == {}
        return
    scheme = schemes["CATEGORIES"]
    assert isinstance(scheme, CategoryScheme)
    assert tree(scheme.items) == expected
    assert scheme.is_partial


def test_a_reporting_category_keeps_what_it_shows():
    taxonomy = found("reportingtaxonomy/CONF/TAXONOMY/~/REPORT.CHAPTER?references=children")
    assert list(taxonomy) == ["TAXONOMY", "AGENCIES", "DF"]
    scheme = taxonomy["TAXONOMY"]
    assert isinstance(scheme, ReportingTaxonomy)
    assert [item.flows for item in scheme.items[0].items] == [(agency.FLOW.reference,)]


def test_parents_of_items_are_those_that_refer_to_them():
    asked = "categoryscheme/CONF/CATEGORIES/~/{}?references=categorisation"
    assert set(found(asked.format("SOCIAL.POP.MIG"))) == {"CATEGORIES", "CAT_DF"}
    assert set(found(asked.format("ECON"))) == {"CATEGORIES", "CAT_DSD"}
    assert set(found(asked.format("SOCIAL"))) == {"CATEGORIES"}
    assert set(found("dataproviderscheme/CONF/*/~/P2?references=provisionagreement")) == {
        "DATA_PROVIDERS",
        "PA_P2",
    }


@pytest.mark.parametrize(
    ("type_", "item"),
    [
        ("organisationunitscheme", "U2"),
        ("dataconsumerscheme", "C1"),
        ("metadataproviderscheme", "M2"),
        ("transformationscheme", "T1"),
        ("rulesetscheme", "POSITIVE"),
        ("userdefinedoperatorscheme", "SAME"),
        ("customtypescheme", "TEXT"),
        ("namepersonalisationscheme", "int"),
        ("vtlmappingscheme", "V1"),
        ("valuelist", "%E2%82%AC"),
    ],
)
def test_every_item_scheme_has_items_to_ask_for(type_, item):
    (scheme,) = answer(f"{type_}/CONF/*/~/{item}").artefacts
    assert len(scheme.items) == 1
    assert scheme.is_partial


def test_what_has_no_items_says_so():
    for type_ in ("hierarchy", "process", "categorisation", "structuremap", "*"):
        with pytest.raises(BadRequest, match="has no items"):
            answer(f"{type_}/CONF/X/~/Y")


def test_the_words_of_1x():
    assert set(found("organisationscheme/CONF", v1=True)) == {
        "AGENCIES",
        "DATA_PROVIDERS",
        "DATA_CONSUMERS",
        "UNITS",
    }
    assert set(found("attachmentconstraint/CONF", v1=True)) == {"ATTACHED"}
    assert set(found("actualconstraint/CONF", v1=True)) == {"ACTUAL"}
    allowed = found("allowedconstraint/CONF", v1=True).values()
    assert {each.role for each in allowed if isinstance(each, DataConstraint)} == {"Allowed"}
    # the artefact of 3.x comes as the list with one hierarchy that it is in 2.1
    lists = found("hierarchicalcodelist/CONF", v1=True)
    assert set(lists) == {"HCL", "HIERARCHY"}
    assert {type(each) for each in lists.values()} == {HierarchicalCodelist}
    assert {"SET", "SEX_MAP", "CONCEPT_MAP"} <= set(found("structureset/CONF", v1=True))
    one = found("hierarchicalcodelist/CONF/HCL/latest/FLAT", v1=True)["HCL"]
    assert isinstance(one, HierarchicalCodelist)
    assert [hierarchy.id for hierarchy in one.items] == ["FLAT"]


def test_2x_has_the_hierarchies_and_maps_of_2_1():
    hierarchies = found("hierarchy/CONF")
    assert set(hierarchies) == {"HIERARCHY", "HCL_BY_REGION", "HCL_FLAT"}
    assert {type(each) for each in hierarchies.values()} == {Hierarchy}
    assert "SET_SEXES" in found("representationmap/CONF")
    assert "SET_STRUCTURES" in found("structuremap/CONF")
    assert "ATTACHED" not in found("*/CONF")


def test_extended_lists_are_resolved_unless_they_are_wanted_raw():
    (wide, agencies) = answer("codelist/CONF/CL_AREA_WIDE?references=children").artefacts
    assert agencies == ROOT
    assert isinstance(wide, Codelist)
    ids = [code.id for code in wide.items]
    assert ids == ["X_NORDIC", "X_DNK", "X_FIN", "X_NOR", "X_SWE", "DEU", "ITA"]
    assert wide.extensions == ()
    raw = found("codelist/CONF/CL_AREA_WIDE?references=children&detail=raw")
    assert raw["CL_AREA_WIDE"] == agency.WIDER_AREAS
    assert raw["CL_AREA"] == agency.AREA_LIST
    assert "CL_AREA_WIDE" in found("codelist/CONF/CL_AREA?references=parents&detail=raw")
    assert "CL_AREA_WIDE" not in found("codelist/CONF/CL_AREA?references=parents")


def ids(artefact: Maintainable) -> list[str]:
    return [item.id for item in artefact.items]


def test_schemes_are_cut_to_what_the_answer_refers_to():
    partial = found("dataflow/CONF/DF?references=all&detail=referencepartial")
    assert ids(partial["CL_AREA"]) == ["NORDIC", "DNK", "FIN", "NOR", "SWE"]  # with the parent
    assert ids(partial["CL_SEX"]) == ["F", "M"]
    assert ids(partial["CL_INDICATOR"]) == ["I1", "I2"]
    assert "TITLE" in ids(partial["CS"])
    assert "QUALITY" not in ids(partial["CS"])
    categories = partial["CATEGORIES"]
    assert isinstance(categories, CategoryScheme)
    assert tree(categories.items) == [["SOCIAL", [["POP", ["MIG"]]]]]
    assert partial["AGENCIES"].items == ROOT.items[:1]  # CONF maintains all, SDMX's scheme lists it
    assert all(partial[id_].is_partial for id_ in ("CL_AREA", "CL_SEX", "CS", "CATEGORIES"))


def test_schemes_are_cut_at_every_distance():
    partial = found("categorisation/CONF/CAT_DF?references=descendants&detail=referencepartial")
    assert ids(partial["CL_SEX"]) == ["F", "M"]
    assert tree(partial["CATEGORIES"].items) == [["SOCIAL", [["POP", ["MIG"]]]]]
    path = "provisionagreement/CONF/PA_P1"
    agreement = found(f"{path}?references=descendants&detail=referencepartial")
    assert ids(agreement["DATA_PROVIDERS"]) == ["P1"]
    assert ids(agreement["CL_AREA"]) == ["NORDIC", "DNK", "FIN"]
    metadata = found("metadataflow/CONF/MDF?references=descendants&detail=referencepartial")
    assert ids(metadata["CS"]) == ["CONTACT", "CONTACT_EMAIL", "QUALITY"]
    hierarchy = found("hierarchy/CONF/HCL_FLAT?references=children&detail=referencepartial")
    assert ids(hierarchy["CL_AREA"]) == ["NORDIC", "DNK", "FIN", "NOR", "SWE"]
    maps = found("conceptschememap/CONF/*?references=children&detail=referencepartial")
    assert ids(maps["CS_OTHER"]) == ["AREA", "GENDER"]
    assert ids(maps["CS"]) == ["REF_AREA", "SEX"]


@pytest.fixture(scope="module")
def client() -> Client:
    backend = MemoryBackend()
    backend.structures = shared_structures().with_([*agency.OF_21, *agency.OF_3X])
    return Client(create_app(backend))


@pytest.mark.parametrize("detail", ["full", "referencestubs", "referencepartial"])
@pytest.mark.parametrize("references", ["children", "codelist"])
def test_a_list_comes_with_the_attribute_that_uses_it(client, references, detail):
    # the attribute holds several reasons at once, which SDMX 2.1 knows not
    query = f"references={references}&detail={detail}"
    brought = {}
    for form, target in (
        (ML_21, "/sdmx/v1/datastructure/MIGX/MIG_MIRROR/latest"),
        (ML_31, "/sdmx/v2/structure/datastructure/MIGX/MIG_MIRROR/~"),
    ):
        message = client.get(f"{target}?{query}", form.media_type).content
        root = etree.fromstring(message)
        attributes = {one.get("id") for one in root.iter("{*}Attribute")}
        lists = {one.get("id") for one in root.iter("{*}Codelist")}
        assert ("ASYM_REASON" in attributes) == ("CL_ASYM_REASON" in lists)
        brought[form] = lists
    assert brought[ML_31] - brought[ML_21] == {"CL_ASYM_REASON"}


#: What the schemas want in any case, so that it is in stubs as well.
WANTED = {
    "StructureUsage", "DataProvider", "Dataflow", "Metadataflow", "MetadataProvider", "Target",
    "LinkedHierarchy", "LinkedObject", "HierarchicalCode", "Source", "SourceCodelist",
    "TargetCodelist", "SourceDataType", "TargetDataType", "GridDefinition",
}  # fmt: skip


@pytest.mark.parametrize(
    ("root", "form"), [("/sdmx/v1/structure/CONF", ML_21), ("/sdmx/v2/structure/*/CONF", ML_31)]
)
@pytest.mark.parametrize(
    ("detail", "also"), [("allstubs", set()), ("allcompletestubs", {"Description", "Annotations"})]
)
def test_a_stub_has_a_name_and_little_more(client, root, form, detail, also):
    message = client.get(f"{root}?detail={detail}", form.media_type).content
    artefacts = etree.fromstring(message).findall("{*}Structures/*/*")
    assert len(artefacts) > 30
    for artefact in artefacts:
        if artefact.get("id") is None:
            continue  # availability in 3.1 has no identity
        assert artefact.get("isExternalReference") == "true"
        inside = {etree.QName(child).localname for child in artefact}
        assert inside - WANTED <= {"Name"} | also
        assert {"Name"} | (also & {"Description"}) <= inside


CASES = Path(__file__).parents[2].parent / "shared" / "design" / "sdmx-version-query-cases.json"


def test_versions_are_asked_for_as_the_grammar_has_it(client):
    if not CASES.is_file():
        pytest.skip("the grammar's examples are not beside the project, in ../shared/design")
    cases = json.loads(CASES.read_text("utf-8"))
    for version in cases["valid"]:
        status = client.get(f"/sdmx/v2/structure/codelist/CONF/CL_SEX/{version}").status_code
        assert status in (200, 404), version
    # the words of 1.x are understood too
    for version in set(cases["invalid"]) - {"latest", "all"}:
        response = client.get(f"/sdmx/v2/structure/codelist/CONF/CL_SEX/{version}")
        assert response.status_code == 400, version
        assert version in response.json()["errors"][0]["title"]


def test_a_missing_artefact_is_told_by_its_type(client):
    response = client.get("/sdmx/v2/structure/process/CONF/NONE/1.0")
    assert response.status_code == 404
    assert "there is no process CONF:NONE(1.0)" in response.text
    assert client.get("/sdmx/v2/structure/process/NOBODY").status_code == 204
    assert client.get("/sdmx/v1/process/NOBODY").status_code == 404


def test_what_a_form_does_not_have_is_not_acceptable_and_why(client):
    response = client.get("/sdmx/v2/structure/valuelist/CONF/VL_UNIT", ML_21.media_type)
    assert response.status_code == 406
    assert "SDMX 2.1 has no ValueList; ask for SDMX-ML 3.0" in response.text
    json_10 = "application/vnd.sdmx.structure+json;version=1.0.0"
    response = client.get("/sdmx/v2/structure/rulesetscheme/CONF", json_10)
    assert response.status_code == 406
    assert "has no RulesetScheme" in response.text
