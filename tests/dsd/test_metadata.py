"""The shared metadata structure holds what the exchange agreed on, and its file is checked."""

import pytest

from dsd import shared_structures
from dsd.check import check
from hub.model import ArtefactClass, ConceptScheme, Reference
from hub.model.metadata_schema import resolve_metadata

FLOW = Reference(ArtefactClass.METADATAFLOW, "MIGX", "MDF_MIG", "1.0.0")
#: The concepts of the Euro SDMX Metadata Structure that are taken over, and our own.
TAKEN = (
    "CONTACT_ORGANISATION CONTACT_NAME CONTACT_EMAIL META_LAST_UPDATE DATA_DESCR CLASS_SYSTEM "
    "COVERAGE_SECTOR COVERAGE_GEO COVERAGE_POP COVERAGE_TIME STAT_CONC_DEF STAT_UNIT STAT_POP "
    "UNIT_MEASURE REF_PERIOD INST_MANDATE CONF_POLICY CONF_DATA_TR REL_CAL_POLICY FREQ_DISS "
    "ACCESSIBILITY DOC_METHOD QUALITY_MGMNT QUALITY_ASSMNT RELEVANCE ACCURACY TIMELINESS "
    "PUNCTUALITY COMPARABILITY COHERENCE COST_BURDEN REV_POLICY SOURCE_TYPE FREQ_COLL "
    "COLL_METHOD DATA_VALIDATION DATA_COMP ADJUSTMENT COMMENT"
).split()
OWN = (
    "RESIDENCE_DEF DURATION_RULE REGISTRATION_OBLIGATION DEREGISTRATION_OBLIGATION "
    "ADMIN_CORRECTIONS ASYLUM_TREATMENT STUDENT_TREATMENT BORDER_CHANGES BIRTHPLACE_CODING "
    "UNKNOWN_ORIGIN_RULE SDC_RULES MIRROR_AGREEMENTS"
).split()


@pytest.fixture
def schema():
    return resolve_metadata(FLOW, shared_structures())


def test_it_has_the_attributes_that_were_agreed_on(schema):
    ids = {path[-1] for path in schema.fields}
    assert {*TAKEN, *OWN} <= ids
    assert {path[-1] for path in schema.fields if path[0] == "MIG_RULES"} >= set(OWN)


def test_an_attribute_has_a_value_or_is_presentational(schema):
    for path, attribute in schema.fields.items():
        assert attribute.is_presentational == (attribute.representation is None), path
        assert attribute.is_presentational <= bool(attribute.attributes), path


def test_concepts_are_named_in_three_languages_and_each_is_used_once(schema):
    (scheme,) = (s for s in shared_structures().of_type(ConceptScheme) if s.id == "CS_MIG_META")
    assert sorted(path[-1] for path in schema.fields) == sorted(scheme.by_id)
    for concept in scheme.items:
        assert {"en", "fr", "es"} <= {language for language, _ in concept.name.texts}
        assert concept.description


def test_sets_are_about_dataflows_and_areas(schema):
    model = "urn:sdmx:org.sdmx.infomodel"
    fits = schema.may_be_about
    assert fits(f"{model}.datastructure.Dataflow=MIGX:DF_STOCK_BIRTH(1.0.0)", "Dataflow")
    assert fits(f"{model}.datastructure.Dataflow=MIGX.SWE:DF_X(2.0.0-draft)", "Dataflow")
    assert fits(f"{model}.codelist.Code=MIGX:CL_AREA_MIG(1.0.0).SWE", "Code")
    assert not fits(f"{model}.codelist.Code=MIGX:CL_SEX(1.0.0).F", "Code")
    assert not fits(f"{model}.datastructure.DataStructure=MIGX:MIG_STOCK(1.0.0)", "DataStructure")


FAULTS = [
    ('codelist = "CL_FREQ"', 'codelist = "CL_OFTEN"', ("codelist", "CL_OFTEN")),
    ('codelist = "CL_FREQ"', "", ("representation", None)),
    ('in = "CONTACT"', 'in = "CONTACTS"', ("in", "CONTACTS")),
    ('kind = "markup"', 'kind = "html"', ("entry", None)),
    ("min = 1\nmax = 0", "min = 2\nmax = 1", ("occurs", None)),
    ("Dataflow=*:*(*)", "Dataflows=*:*(*)", ("target", None)),
    ('en = "Contact"', 'en = ""', ("name", None)),
]


@pytest.mark.parametrize(("there", "instead", "expected"), FAULTS, ids=[f[2][0] for f in FAULTS])
def test_each_fault_is_found(folder, there, instead, expected):
    path = folder / "MSD_MIG.toml"
    text = path.read_text(encoding="utf-8")
    assert there in text
    path.write_text(text.replace(there, instead, 1), "utf-8")
    found = [(f.file, f.rule) for f in check(folder)]
    assert ("MSD_MIG.toml", expected[0]) in found
    if expected[1] is not None:
        assert expected[1] in [f.value for f in check(folder)]
