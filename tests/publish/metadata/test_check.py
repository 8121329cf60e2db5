"""Each rule about metadata sets, one at a time, beside a set that breaks none."""

from dataclasses import replace

import pytest

from hub.formats.limits import Limits
from hub.formats.message import Action
from hub.formats.metadata import Reading, Received
from hub.model import (
    InternationalString,
    MetadataProviderScheme,
    MetadataProvisionAgreement,
    Organisation,
    ReportedAttribute,
    Structures,
)
from hub.publish.metadata import check
from tests.formats.metadata.sets import FLOW, PLAIN, RICH, STRUCTURES

A = ReportedAttribute
TEXT = InternationalString.of
PROVIDERS = MetadataProviderScheme(
    agency="TEST",
    id="METADATA_PROVIDERS",
    version="1.0",
    items=(Organisation(id="SWE", name=TEXT("Sweden")),),
)
AGREEMENT = MetadataProvisionAgreement(
    agency="TEST",
    id="MPA",
    version="1.0.0",
    name=TEXT("Agreement"),
    metadataflow=FLOW.reference,
    provider=PROVIDERS.reference.item("SWE"),
    targets=RICH.targets[:1],
)
KNOWN = STRUCTURES.with_([PROVIDERS, AGREEMENT])


LIMITS = Limits()


def findings(*sets, action=None, structures: Structures = KNOWN, limits: Limits = LIMITS):
    received = tuple(Received(metadata_set=one, action=action) for one in sets)
    return check(Reading(source="f", received=received), structures, limits).findings


def rules(*sets, **options):
    return [(f.rule, f.column) for f in findings(*sets, **options)]


def with_(*attributes):
    return replace(PLAIN, targets=RICH.targets[1:], attributes=attributes)


def test_a_sound_set_has_no_finding_but_that_its_dataflow_is_unknown():
    assert rules(RICH) == [("metadata-target-unknown", None)]
    assert rules(with_(A(id="COUNT", value="7"))) == []


VALUES = [
    (A(id="COUNT", value="seven"), "not a whole number"),
    (A(id="COUNT", value="1.5"), "not a whole number"),
    (A(id="RATIO", value="1,5"), "not a number"),
    (A(id="DONE", value="yes"), "not true or false"),
    (A(id="DAY", value="2024-02-30"), "2024-02-30"),
    (A(id="DAY", value="2024-02"), "not a day of the calendar"),
    (A(id="FREQ", value="annuel"), "write the code"),
    (A(id="COUNT", texts=TEXT({"en": "1", "fr": "1"})), "in several languages"),
    (A(id="TITLE", markup=TEXT("<p>x</p>")), "give it without markup"),
    (A(id="STORY", value="<p>x"), "not XHTML"),
    (A(id="STORY", texts=TEXT({"en": '<p onclick="x()">x</p>'})), "onclick has no place"),
    (A(id="STORY", value='<a href="javascript:x">x</a>'), "leads nowhere"),
    (A(id="COUNT"), "it is empty"),
]


@pytest.mark.parametrize(("attribute", "told"), VALUES, ids=[told for _, told in VALUES])
def test_a_value_that_its_representation_does_not_have(attribute, told):
    (finding,) = findings(with_(attribute))
    assert (finding.rule, finding.column) == ("metadata-value", attribute.id)
    assert told in finding.message


def test_values_come_to_be_of_one_form_whatever_the_format_had():
    given = with_(
        A(id="TITLE", value="plain"),
        A(id="STORY", texts=TEXT({"fr": '<p xmlns="http://www.w3.org/1999/xhtml">x</p>'})),
        A(id="COUNT", texts=TEXT("7")),
    )
    reading = Reading(source="f", received=(Received(metadata_set=given),))
    ((_, one),) = check(reading, KNOWN).sets
    assert one.attributes == (
        A(id="TITLE", texts=TEXT("plain")),
        A(id="STORY", markup=TEXT({"fr": "<p>x</p>"})),
        A(id="COUNT", value="7"),
    )


def test_attributes_are_kept_in_the_order_of_the_structure():
    given = with_(A(id="DAY", value="2024-01-01"), A(id="COUNT", value="7"))
    reading = Reading(source="f", received=(Received(metadata_set=given),))
    ((_, one),) = check(reading, KNOWN).sets
    assert [each.id for each in one.attributes] == ["COUNT", "DAY"]


def test_an_unknown_attribute_is_told_with_the_nearest_one():
    (finding,) = findings(with_(A(id="COUNTS", value="7")))
    assert finding.rule == "metadata-attribute"
    assert "did you mean COUNT?" in finding.message


def test_occurrences_are_bounded_at_every_level():
    notes = tuple(A(id="NOTE", texts=TEXT(str(n))) for n in range(3))
    given = with_(A(id="FREQ", value="A"), A(id="FREQ", value="M", attributes=notes))
    assert rules(given) == [("metadata-occurs", "FREQ[2].NOTE")]


def test_a_presentational_attribute_has_no_value():
    assert rules(with_(A(id="CONTACT", value="x"))) == [("metadata-value", "CONTACT")]


TARGETS = [
    ((), "it has no target"),
    (("nonsense",), "not an SDMX URN"),
    (("urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure=A:B(1.0.0)",), "is no target of"),
    (RICH.targets[1:] * 2, "twice"),
]


@pytest.mark.parametrize(("targets", "told"), TARGETS, ids=[told for _, told in TARGETS])
def test_targets_that_the_flow_does_not_allow(targets, told):
    found = findings(replace(PLAIN, targets=targets))
    assert {f.rule for f in found} == {"metadata-target"}
    assert told in found[0].message


def test_an_agreement_narrows_targets_and_names_the_provider():
    given = replace(PLAIN, metadataflow=None, agreement=AGREEMENT.reference, agency="TEST.SWE")
    assert rules(given) == [("metadata-target-unknown", None)]
    other = replace(given, targets=RICH.targets[1:])
    assert rules(other) == [("metadata-target", None)]
    assert ("metadata-provider", None) in rules(replace(given, agency="NOR"))


@pytest.mark.parametrize("version", ["1", "2.0", "1.0-draft"])
def test_a_version_is_semantic_or_left_out(version):
    assert ("metadata-version", None) in rules(replace(PLAIN, version=version))


def test_a_flow_that_is_not_here():
    assert rules(PLAIN, structures=Structures()) == [("metadata-flow", None)]
    assert rules(replace(PLAIN, metadataflow=None)) == [("metadata-flow", None)]


def test_a_set_that_is_twice_in_a_message():
    assert ("metadata-twice", None) in rules(PLAIN, PLAIN)


def test_single_attributes_are_not_deleted():
    assert rules(PLAIN, action=Action.DELETE) == [("metadata-delete", None)]
    assert rules(replace(PLAIN, attributes=(), targets=()), action=Action.DELETE) == []


def test_a_text_is_bounded():
    given = with_(A(id="TITLE", texts=TEXT("x" * 101)))
    assert rules(given, limits=Limits(text_bytes=100)) == [("metadata-value", "TITLE")]
