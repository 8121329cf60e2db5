"""Languages, stubs, and what a form cannot express."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from lxml import etree

from hub.errors import NotAcceptable
from hub.formats.message import Header
from hub.formats.structure import (
    FORMS,
    JSON_10,
    JSON_20,
    JSON_21,
    ML_21,
    ML_30,
    ML_31,
    Family,
    Model,
    StructureForm,
    Stub,
    form_of,
    obstacle,
    read,
    write,
)
from hub.model import (
    Codelist,
    ConceptScheme,
    CubeRegion,
    DataConstraint,
    Dataflow,
    DataStructure,
    InternationalString,
    KeyValues,
    Maintainable,
    ProvisionAgreement,
    Reference,
    Representation,
    ValueList,
)

Validate = Callable[[bytes, StructureForm], None]


def test_forms_have_the_media_types_of_the_rest_specification() -> None:
    assert {form.media_type for form in FORMS} == {
        "application/vnd.sdmx.structure+xml;version=2.1",
        "application/vnd.sdmx.structure+xml;version=3.0.0",
        "application/vnd.sdmx.structure+xml;version=3.1.0",
        "application/vnd.sdmx.structure+json;version=1.0.0",
        "application/vnd.sdmx.structure+json;version=2.0.0",
        "application/vnd.sdmx.structure+json;version=2.1.0",
    }
    assert form_of("application/vnd.sdmx.structure+xml; version=2.1") == ML_21
    with pytest.raises(NotAcceptable, match=r"version=3\.0\.0"):
        form_of("application/vnd.sdmx.structure+xml;version=4")


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_one_language_is_chosen_for_each_text(
    form: StructureForm, codelist: Codelist, header: Header, validate: Validate
) -> None:
    message = write(header, [codelist], form, ["fr-CA", "sv"])
    validate(message, form)
    (found,) = read(message)
    assert isinstance(found, Codelist)
    assert found.name.texts == (("fr", "Zone <géographique>"),)
    names = {code.id: code.name.texts for code in found.items}
    assert names["M49_001"] == (("fr", "Monde"),)
    assert names["SWE"] == (("sv", "Sverige"),)
    assert names["_T"] == (("en", "Total"),)


def test_3_1_tells_that_languages_are_left_out(codelist: Codelist, header: Header) -> None:
    for wanted, told in ((None, None), (["fr"], "true")):
        root = etree.fromstring(write(header, [codelist], ML_31, wanted))
        assert root.find(".//{*}Codelist").get("isPartialLanguage") == told
        document = json.loads(write(header, [codelist], JSON_21, wanted))
        assert document["data"]["codelists"][0].get("isPartialLanguage") == (told and True)


def test_json_names_the_languages_it_has(codelist: Codelist, header: Header) -> None:
    meta = json.loads(write(header, [codelist], JSON_21))["meta"]
    assert set(meta["contentLanguages"]) == {"en", "fr", "sr-Latn", "sv", "ar"}
    assert json.loads(write(header, [codelist], JSON_20, ["fr"]))["data"]["codelists"][0][
        "name"
    ] == ("Zone <géographique>")


def test_what_has_no_name_is_named_by_its_id(
    codelist: Codelist, header: Header, validate: Validate
) -> None:
    nameless = replace(
        codelist,
        name=InternationalString(),
        items=tuple(replace(code, name=InternationalString()) for code in codelist.items),
    )
    for form in FORMS:
        message = write(header, [nameless], form)
        validate(message, form)
        (found,) = read(message)
        assert found.name.best() == "CL_AREA"


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_stubs_are_valid_and_hold_no_content(
    form: StructureForm,
    artefacts: list[Maintainable],
    agreement: ProvisionAgreement,
    header: Header,
    validate: Validate,
) -> None:
    for stub in Stub:
        message = write(header, artefacts, form, as_stub=lambda _: True, stub=stub)
        validate(message, form)
        assert read(message) == []
        for absent in (b"M49_001", b"DimensionList", b"dimensionList", b"CubeRegion"):
            assert absent not in message
        assert (b"Countries" in message) == (stub is Stub.COMPLETE)
        assert b"G\xc3\xa9o" not in message
        assert "géographique".encode() in message
        assert agreement.id.encode() in message


def test_only_what_is_named_becomes_a_stub(
    artefacts: list[Maintainable], codelist: Codelist, structure: DataStructure, header: Header
) -> None:
    references: set[Reference] = {codelist.reference, structure.reference}
    told = []
    message = write(header, artefacts, ML_30, as_stub=references)
    found = {artefact.reference for artefact in read(message, on_skip=told.append)}
    assert found == {artefact.reference for artefact in artefacts} - references
    assert len(told) == 2


def test_2_1_leaves_out_kinds_it_does_not_have(
    value_list: ValueList, codelist: Codelist, header: Header
) -> None:
    for form in (ML_21, JSON_10):
        assert read(write(header, [value_list, codelist], form)) == [codelist]
        with pytest.raises(NotAcceptable, match=r"ValueList; ask for SDMX-ML 3\.0"):
            write(header, [value_list], form)


def test_2_1_refuses_what_it_would_change(
    rich_structure: DataStructure, structure: DataStructure, dataflow: Dataflow, header: Header
) -> None:
    several = replace(structure, measures=rich_structure.measures)
    other = replace(structure, measures=rich_structure.measures[:1])
    draft = replace(dataflow, version="1.0.0-draft")
    late = replace(dataflow, structure=structure.reference.at("1+.0.0"))
    for artefact, reason in (
        (several, "2 measures"),
        (other, "its measure is VALUE"),
        (draft, "version of MIGX:DF_MIG"),
        (late, "version of MIGX.SWE:MIG"),
    ):
        assert reason in str(obstacle(artefact, ML_21))
        assert obstacle(artefact, ML_30) is None
        with pytest.raises(NotAcceptable, match=r"ask for SDMX-ML 3\.0 or SDMX-JSON 2\.0"):
            write(header, [artefact], ML_21)


def test_2_1_leaves_out_optional_attributes_it_cannot_hold(
    rich_structure: DataStructure,
    structure: DataStructure,
    header: Header,
    validate: Validate,
) -> None:
    place = replace(rich_structure.attributes[2], measures=())
    mixed = replace(structure, attributes=(*rich_structure.attributes[:2], place))
    message = write(header, [mixed], ML_21)
    validate(message, ML_21)
    (found,) = read(message)
    assert isinstance(found, DataStructure)
    assert [attribute.id for attribute in found.attributes] == ["PLACE"]
    mandatory = replace(rich_structure.attributes[1], is_mandatory=True)
    reason = obstacle(replace(structure, attributes=(mandatory,)), ML_21)
    assert "attribute SYMBOL" in str(reason)


def test_2_1_leaves_out_core_representations_it_cannot_hold(
    concept_scheme: ConceptScheme, value_list: ValueList, header: Header, validate: Validate
) -> None:
    lists = Representation(enumeration=value_list.reference)
    first = replace(concept_scheme.items[0], representation=lists)
    scheme = replace(concept_scheme, items=(first,))
    message = write(header, [scheme], ML_21)
    validate(message, ML_21)
    (found,) = read(message)
    assert isinstance(found, ConceptScheme)
    assert found.items[0].representation is None
    assert read(write(header, [scheme], ML_30)) == [scheme]


def test_3_0_ml_refuses_parents_its_schema_does_not_take(
    codelist: Codelist, header: Header, validate: Validate
) -> None:
    """The schema of 3.0 wants a name without a leading underscore; 2.1 and 3.1 do not."""
    items = tuple(replace(code, parent="_T") for code in codelist.items[:1])
    odd = replace(codelist, items=(*items, codelist.items[2]))
    with pytest.raises(NotAcceptable, match=r"'_T' as the parent of a code; ask for SDMX-ML 3\.1"):
        write(header, [odd], ML_30)
    for form in FORMS:
        if form != ML_30:
            message = write(header, [odd], form)
            validate(message, form)
            assert read(message) == [odd]


def test_regions_beyond_a_version_are_refused(
    allowed: DataConstraint, actual: DataConstraint, excluding: DataConstraint
) -> None:
    many = replace(allowed, regions=allowed.regions * 2)
    assert obstacle(many, ML_21) is None
    assert "more than one region of a kind; ask for SDMX-ML 2.1" in str(obstacle(many, JSON_20))
    two = replace(actual, targets=(*actual.targets, actual.targets[0].at("2.0.0")))
    assert "told of one artefact" in str(obstacle(two, ML_31))
    mixed = replace(allowed, targets=(*allowed.targets, *actual.targets))
    assert all("several kinds" in str(obstacle(mixed, form)) for form in FORMS)
    assert "excludes values of ORIGIN" in str(obstacle(excluding, JSON_10))


def test_nothing_available_is_an_empty_region(
    actual: DataConstraint, header: Header, validate: Validate
) -> None:
    nothing = replace(actual, regions=(CubeRegion(keys=(KeyValues(component="FREQ"),)),))
    for form in FORMS:
        message = write(header, [nothing], form)
        validate(message, form)
        (found,) = read(message)
        assert isinstance(found, DataConstraint)
        assert found.regions == (CubeRegion(),)


def test_coverage_is_spelt_as_instants(
    actual: DataConstraint, header: Header, validate: Validate
) -> None:
    years = replace(actual, start="2001", end="2020-Q3")
    for form in (ML_21, JSON_10):
        message = write(header, [years], form)
        validate(message, form)
        (found,) = read(message)
        assert isinstance(found, DataConstraint)
        assert (found.start, found.end) == ("2001-01-01T00:00:00", "2020-09-30T23:59:59")
    (found,) = read(write(header, [years], ML_30))
    assert isinstance(found, DataConstraint)
    assert (found.start, found.end) == ("2001-01-01T00:00:00Z", "2020-09-30T23:59:59Z")


def test_dates_are_written_as_instants(
    codelist: Codelist, header: Header, validate: Validate
) -> None:
    dated = replace(codelist, valid_from="2020-01-01", valid_to=None)
    for form in FORMS:
        message = write(header, [dated], form)
        validate(message, form)
        assert str(read(message)[0].valid_from).startswith("2020-01-01T00:00:00")


def test_2_1_references_are_spelt_out(artefacts: list[Maintainable], header: Header) -> None:
    """The conformance kit reads `Ref` alone, with agency, id, version, package and class."""
    root = etree.fromstring(write(header, artefacts, ML_21))
    refs = root.findall(".//Ref")
    local = [ref for ref in refs if set(ref.keys()) == {"id"}]
    full = [ref for ref in refs if ref not in local]
    assert len(full) > 10
    for ref in full:
        version = "maintainableParentVersion" if "maintainableParentID" in ref.keys() else "version"
        assert {"id", "agencyID", version, "package", "class"} <= set(ref.keys())
    assert not root.findall(".//URN")


def test_headers_are_the_senders(header: Header) -> None:
    for form in FORMS:
        message = write(header, [], form)
        if form.family is Family.ML:
            root = etree.fromstring(message)
            assert root.findtext(".//{*}Prepared") == "2026-11-22T08:30:00Z"
            assert root.find(".//{*}Sender").get("id") == "SWE"
        else:
            meta = json.loads(message)["meta"]
            assert meta["prepared"] == "2026-11-22T08:30:00Z"
            assert meta["sender"] == {"id": "SWE", "name": "Statistics & <Sweden>"}
        assert form.model in Model
