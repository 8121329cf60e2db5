"""The official sample messages are read, or refused for a reason that is told."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from hub.errors import Finding, Invalid
from hub.formats.message import Header
from hub.formats.structure import FORMS, ML_21, ML_30, Model, StructureForm, read, write
from hub.model import (
    Attachment,
    Codelist,
    ConceptScheme,
    Dataflow,
    DataStructure,
    Structures,
    TextType,
)

OFFICIAL = Path(__file__).parents[4] / "shared" / "data" / "messages" / "official"
pytestmark = pytest.mark.skipif(not OFFICIAL.is_dir(), reason="the official samples are not here")
Validate = Callable[[bytes, StructureForm], None]

#: What is in the messages that are read as a whole, by class name.
READ = {
    "sdmx-ml__samples__Codelist__codelist.xml": ["Codelist"],
    "sdmx-ml__samples__Codelist__valuelist.xml": ["ValueList"],
    "sdmx-ml__samples__Concept_Scheme__conceptscheme.xml": ["ConceptScheme"],
    "sdmx-ml__samples__Data_Structure_Definition__ECB_EXR.xml": ["DataStructure"],
    "sdmx-ml__samples__Data_-_Complex_Data_Attributes__ECB_EXR_CA_DSD.xml": ["DataStructure"],
    "sdmx-ml__samples__Dataflow__dataflow.xml": ["Dataflow"],
    "ml21/samples__common__common.xml": ["Codelist"] * 5 + ["ConceptScheme"],
    "ml21/samples__demography__demography.xml": [
        *["Codelist"] * 3,
        *["ConceptScheme"] * 2,
        "DataStructure",
    ],
    "ml21/samples__exr__common__exr_common.xml": ["Codelist"] * 3 + ["ConceptScheme"],
    "ml21/samples__query__response_cl_all.xml": ["Codelist"],
    "ml21/samples__demography__esms.xml": [
        "Categorisation",
        "CategoryScheme",
        "Codelist",
        "ConceptScheme",
        "Dataflow",
        "MetadataStructure",
    ],
    "sdmx-ml__samples__Codelist__codelist_-_extended.xml": ["Codelist"] * 2,
    "sdmx-ml__samples__Geospatial__geospatial_geogridcodelist.xml": ["Codelist"],
    "sdmx-ml__samples__Geospatial__geospatial_geographiccodelist.xml": ["Codelist"],
    "sdmx-ml__samples__VTL_Transformations__VTL_Sample_2.xml": [
        "Codelist",
        *["ConceptScheme"] * 3,
        "CustomTypeScheme",
        *["DataStructure"] * 2,
        *["Dataflow"] * 2,
        "RulesetScheme",
        "TransformationScheme",
        "UserDefinedOperatorScheme",
        *["VtlMappingScheme"] * 2,
    ],
    "sdmx-json__structure-message__samples__constructed-sample.json": [
        "AgencyScheme",
        "Categorisation",
        *["Codelist"] * 5,
        "ConceptScheme",
        "DataConstraint",
        "DataStructure",
        "Dataflow",
    ],
}
REFUSED = {
    "ml21/samples__demography__demography_xs.xml": "StructureSpecificData message",
    "sdmx-json__data-message__samples__exr__exr-flat.json": "data message of SDMX-JSON",
    "sdmx-json__metadata-message__samples__constructed-sample.json": "metadata message",
}


@pytest.mark.parametrize("name", READ)
def test_samples_are_read(name: str) -> None:
    found = read(OFFICIAL / name)
    assert sorted(type(artefact).__name__ for artefact in found) == sorted(READ[name])


@pytest.mark.parametrize("name", REFUSED)
def test_samples_are_refused_for_a_reason(name: str) -> None:
    with pytest.raises(Invalid, match=REFUSED[name]):
        read(OFFICIAL / name)


def test_every_sample_is_read_or_refused() -> None:
    """No sample, of whatever kind, makes the reader fall over."""
    samples = [path for path in OFFICIAL.rglob("*.*") if path.suffix in (".xml", ".json")]
    assert len(samples) > 50
    for path in samples:
        with suppress(Invalid):
            read(path, skip_unknown=True)


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_what_was_read_can_be_written_in_every_form(
    form: StructureForm, header: Header, validate: Validate
) -> None:
    sample = OFFICIAL / "ml21/samples__exr__ecb_exr_ng__ecb_exr_ng_full.xml"
    found = read(sample)
    assert {type(artefact) for artefact in found} == {Codelist, ConceptScheme, DataStructure}
    message = write(header, found, form)
    validate(message, form)
    again = Structures(read(message))
    assert all(again.find(artefact.reference) == artefact for artefact in found)


def test_a_structure_of_3_0_is_understood() -> None:
    (found,) = read(OFFICIAL / "sdmx-ml__samples__Data_Structure_Definition__ECB_EXR.xml")
    assert isinstance(found, DataStructure)
    assert [dim.id for dim in found.key_dimensions] == [
        "FREQ",
        "CURRENCY",
        "CURRENCY_DENOM",
        "EXR_TYPE",
        "EXR_SUFFIX",
    ]
    assert found.time_dimension is not None
    attributes = {attribute.id: attribute for attribute in found.attributes}
    time_format = attributes["TIME_FORMAT"]
    assert time_format.attachment is Attachment.DIMENSIONS
    assert time_format.representation is not None
    assert time_format.representation.max_length == 3
    assert time_format.representation.text_type is TextType.STRING


def test_unknown_parts_are_skipped_on_demand() -> None:
    told: list[Finding] = []
    sample = (OFFICIAL / "ml21/samples__demography__demography.xml").read_bytes()
    strange = sample.replace(b"structure:MeasureDimension", b"structure:StrangeDimension")
    found = read(strange, skip_unknown=True, on_skip=told.append)
    assert {artefact.id for artefact in found} >= {"CL_SEX", "DEMO_CONCEPTS"}
    assert not any(isinstance(artefact, DataStructure) for artefact in found)
    (unknown,) = [finding for finding in told if finding.rule == "structure-unknown"]
    assert unknown.line == 200
    external = [finding for finding in told if finding.rule == "structure-external"]
    assert any("Codelist SDMX:CL_FREQ(1.0)" in finding.message for finding in external)


def test_2_1_and_3_0_say_the_same(header: Header) -> None:
    (flow,) = read(OFFICIAL / "sdmx-ml__samples__Dataflow__dataflow.xml")
    assert isinstance(flow, Dataflow)
    for form in (ML_21, ML_30):
        assert form.model in (Model.V21, Model.V30)
        assert read(write(header, [flow], form)) == [flow]
