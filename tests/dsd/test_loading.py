"""The collection as a whole, and the artefacts of a node."""

import pytest

from dsd import load_structures, provision_agreements, shared_structures
from dsd.check import check_references
from hub.errors import BadRequest
from hub.model import (
    AgencyScheme,
    Codelist,
    ConceptScheme,
    Dataflow,
    DataProviderScheme,
    DataStructure,
    InternationalString,
    ProvisionAgreement,
    Reference,
    parse_urn,
    resolve,
)


def test_one_collection_for_all_callers_equal_to_a_fresh_one():
    assert shared_structures() is shared_structures()
    assert list(load_structures()) == list(shared_structures())


def test_every_reference_resolves():
    assert list(check_references(shared_structures())) == []


def test_every_artefact_has_a_name_and_all_but_lists_of_others_a_description():
    for artefact in shared_structures():
        assert artefact.name.best(["en"]), artefact.urn
        if not isinstance(artefact, Codelist):
            assert artefact.description, artefact.urn


def test_every_urn_reads_back_to_the_artefact():
    for artefact in shared_structures():
        reference = parse_urn(artefact.urn)
        assert isinstance(reference, Reference)
        assert shared_structures().find(reference) is artefact


def test_concepts_are_named_in_three_languages_and_each_is_used():
    schemes = {scheme.id: scheme for scheme in shared_structures().of_type(ConceptScheme)}
    assert schemes.keys() == {"CS_MIG", "CS_MIG_META"}
    used = {c.id for dsd in shared_structures().of_type(DataStructure) for c in dsd.components}
    assert set(schemes["CS_MIG"].by_id) == used
    for concept in (concept for scheme in schemes.values() for concept in scheme.items):
        assert {"en", "fr", "es"} <= {language for language, _ in concept.name.texts}
        assert concept.description


def test_agencies_of_all_artefacts_are_in_the_scheme():
    (scheme,) = shared_structures().of_type(AgencyScheme)
    assert scheme.urn.endswith("AgencyScheme=SDMX:AGENCIES(1.0)")
    assert {a.agency for a in shared_structures()} == {item.id for item in scheme.items}


@pytest.fixture
def flows() -> tuple[Dataflow, ...]:
    return shared_structures().of_type(Dataflow)


def test_agreements_of_a_node(flows):
    name = InternationalString.of({"en": "Statistics Sweden", "sv": "SCB"})
    made = provision_agreements("SWE", name, flows)
    agency, providers, *agreements = made
    assert isinstance(agency, AgencyScheme)
    assert agency.is_partial
    assert [item.id for item in agency.items] == ["SWE"]
    assert isinstance(providers, DataProviderScheme)
    assert (providers.agency, providers.id, providers.version) == (
        "MIGX.SWE",
        "DATA_PROVIDERS",
        "1.0",
    )
    assert [item.id for item in providers.items] == ["SWE"]
    assert [a.dataflow for a in agreements] == [flow.reference for flow in flows]
    structures = shared_structures().with_(made)
    assert list(check_references(structures)) == []
    for agreement in agreements:
        assert isinstance(agreement, ProvisionAgreement)
        assert agreement.agency == "MIGX.SWE"
        assert agreement.provider == providers.reference.item("SWE")
        assert str(agreement.name).startswith("Statistics Sweden: ")
        assert resolve(agreement.reference, structures).dataflow is structures.find(
            agreement.dataflow
        )


def test_a_flow_of_the_nodes_own_does_not_collide_with_the_shared_one(flows):
    own = Dataflow(agency="MIGX.SWE", id=flows[0].id, structure=flows[0].structure)
    made = provision_agreements("SWE", "Statistics Sweden", [flows[0], own])
    agreements = [a for a in made if isinstance(a, ProvisionAgreement)]
    assert [a.id for a in agreements] == ["PA_DF_STOCK_BIRTH", "PA_MIGX-SWE_DF_STOCK_BIRTH"]
    assert str(agreements[1].name) == "Statistics Sweden: DF_STOCK_BIRTH"


@pytest.mark.parametrize("node_id", ["", "A.B", "1A", "Å", "SWE ", "A/B"])
def test_a_node_id_must_fit_into_an_agency_id(node_id):
    with pytest.raises(BadRequest, match="is not a node id"):
        provision_agreements(node_id, "x", [])
