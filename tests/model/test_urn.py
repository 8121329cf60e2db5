"""References and URNs, with the spellings of the Registry specification."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import BadRequest
from hub.model import (
    ArtefactClass,
    ItemReference,
    Reference,
    parse_object_urn,
    parse_reference,
    parse_urn,
)
from hub.model.urn import AGENCY_ID, ARTEFACT_ID

BIRTH = Reference(ArtefactClass.DATAFLOW, "MIGX", "DF_STOCK_BIRTH", "1.0.0")


PACKAGES = {
    "base": "AgencyScheme DataProviderScheme DataConsumerScheme MetadataProviderScheme "
    "OrganisationUnitScheme",
    "categoryscheme": "CategoryScheme Categorisation ReportingTaxonomy",
    "codelist": "Codelist ValueList Hierarchy HierarchyAssociation HierarchicalCodelist",
    "conceptscheme": "ConceptScheme",
    "datastructure": "DataStructure Dataflow",
    "mapping": "StructureSet",
    "metadatastructure": "MetadataStructure Metadataflow MetadataSet",
    "process": "Process",
    "registry": "ProvisionAgreement MetadataProvisionAgreement DataConstraint MetadataConstraint "
    "AttachmentConstraint",
    "structuremapping": "StructureMap RepresentationMap ConceptSchemeMap CategorySchemeMap "
    "OrganisationSchemeMap ReportingTaxonomyMap",
    "transformation": "TransformationScheme RulesetScheme UserDefinedOperatorScheme "
    "CustomTypeScheme NamePersonalisationScheme VtlMappingScheme",
}
CLASSES = [(name, package) for package, names in PACKAGES.items() for name in names.split()]


@pytest.mark.parametrize(("name", "package"), CLASSES)
def test_each_class_has_its_package_and_path(name, package):
    artefact_class = ArtefactClass(name)
    reference = Reference(artefact_class, "SDMX", "X", "1.0")
    assert reference.urn == f"urn:sdmx:org.sdmx.infomodel.{package}.{name}=SDMX:X(1.0)"
    assert parse_urn(reference.urn) == reference
    assert artefact_class.rest_name == name.lower()


def test_the_table_above_names_every_class():
    assert {name for name, _ in CLASSES} == {cls.value for cls in ArtefactClass}


@pytest.mark.parametrize(
    ("urn", "owner", "item"),
    [
        ("datastructure.Dimension=A:DSD(1.0).FREQ", ArtefactClass.DATA_STRUCTURE, "FREQ"),
        ("process.ProcessStep=A:P(1.0).ONE.TWO", ArtefactClass.PROCESS, "ONE.TWO"),
        ("metadatastructure.MetadataAttribute=A:M(1.0).X", ArtefactClass.METADATA_STRUCTURE, "X"),
        ("codelist.Hierarchy=A:HCL(1.0).H", ArtefactClass.HIERARCHICAL_CODELIST, "H"),
        ("codelist.Hierarchy=A:H(1.0)", ArtefactClass.HIERARCHY, ""),
        ("codelist.Code=A:CL(2.0+.1).F", ArtefactClass.CODELIST, "F"),
    ],
)
def test_whatever_has_a_urn_can_be_referred_to(urn, owner, item):
    found = parse_object_urn(f"urn:sdmx:org.sdmx.infomodel.{urn}")
    assert (found.artefact.artefact_class, found.item) == (owner, item)
    assert found.urn == f"urn:sdmx:org.sdmx.infomodel.{urn}"


@pytest.mark.parametrize(
    ("urn", "item"),
    [
        ("urn:sdmx:org.sdmx.infomodel.codelist.Code=SDMX:CL_SEX(2.1).F", "F"),
        ("urn:sdmx:org.sdmx.infomodel.conceptscheme.Concept=MIGX:CS_MIG(1.0.0).SEX", "SEX"),
        ("urn:sdmx:org.sdmx.infomodel.base.Agency=SDMX:AGENCIES(1.0).MIGX.SWE", "MIGX.SWE"),
        ("urn:sdmx:org.sdmx.infomodel.base.DataProvider=A.B:DATA_PROVIDERS(1.0).B", "B"),
    ],
)
def test_items_are_read_and_written(urn, item):
    parsed = parse_urn(urn)
    assert isinstance(parsed, ItemReference)
    assert parsed.item == item
    assert parsed.urn == urn


def test_content_constraint_is_the_older_name_of_data_constraint():
    urn = "urn:sdmx:org.sdmx.infomodel.registry.ContentConstraint=A:CN(1.0)"
    assert parse_urn(urn) == Reference(ArtefactClass.DATA_CONSTRAINT, "A", "CN", "1.0")


@pytest.mark.parametrize(
    ("urn", "why"),
    [
        ("", "is not an SDMX URN"),
        ("urn:sdmx:org.sdmx.infomodel.codelist.Codelist=A:B", "is not an SDMX URN"),
        ("urn:sdmx:org.sdmx.infomodel.codelist.Codelist=A:B(1.0", "is not an SDMX URN"),
        ("urn:sdmx:org.sdmx.infomodel.codelist.Codelist=1A:B(1.0)", "is not an SDMX URN"),
        ("urn:sdmx:org.sdmx.infomodel.base.Contact=A:B(1.0)", "class Contact are not known"),
        ("urn:sdmx:org.sdmx.infomodel.codelist.Codelist=A:B(1+.0.0+)", "not a version query"),
        ("urn:sdmx:org.sdmx.infomodel.datastructure.Dimension=A:B(1.0).C", "no part can stand"),
        ("urn:sdmx:org.sdmx.infomodel.codelist.Codelist=A:B(1.0).F", "a Codelist has no item"),
        ("urn:sdmx:org.sdmx.infomodel.codelist.Code=A:B(1.0)", "has an item after the version"),
    ],
)
def test_other_urns_are_refused(urn, why):
    with pytest.raises(BadRequest, match=why):
        parse_urn(urn)


def test_parse_reference_takes_the_default_version_only_where_none_is_written():
    assert parse_reference("MIGX:DF_STOCK_BIRTH(1.0.0)", ArtefactClass.DATAFLOW) == BIRTH
    assert parse_reference(" MIGX:DF_STOCK_BIRTH ", ArtefactClass.DATAFLOW, "1.0.0") == BIRTH
    assert parse_reference("MIGX:DF_STOCK_BIRTH(2.0.0)", ArtefactClass.DATAFLOW, "~") == BIRTH.at(
        "2.0.0"
    )


@pytest.mark.parametrize("text", ["DF_X", "MIGX:", "MIGX:DF X(1.0)", "MIGX:DF_X()", "MIGX:DF_X"])
def test_parse_reference_refuses_what_names_nothing(text):
    with pytest.raises(BadRequest, match="does not name a dataflow"):
        parse_reference(text, ArtefactClass.DATAFLOW)


@given(
    agency=st.from_regex(AGENCY_ID, fullmatch=True),
    id_=st.from_regex(ARTEFACT_ID, fullmatch=True),
    version=st.sampled_from(["1", "1.0", "1.0.0", "1.0.0-draft.2", "1+.0.0", "2.3.1+"]),
    artefact_class=st.sampled_from(ArtefactClass),
)
def test_urns_and_references_survive_a_round_trip(agency, id_, version, artefact_class):
    reference = Reference(artefact_class, agency, id_, version)
    assert parse_urn(reference.urn) == reference
    assert parse_reference(str(reference), artefact_class) == reference
