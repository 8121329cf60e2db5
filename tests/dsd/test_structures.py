"""The data structures against the tables of the design, written out here once more by hand."""

import pytest

from dsd import shared_structures
from hub.model import (
    Attachment,
    Attribute,
    Codelist,
    Dataflow,
    DataStructure,
    TextType,
    resolve,
)

STRUCTURES = shared_structures()

KEYS = {
    "MIG_STOCK": "FREQ . REF_AREA . MIGRANT_STATUS . COUNTERPART_BASIS . COUNTERPART_AREA . SEX "
    ". AGE . UNIT_MEASURE",
    "MIG_FLOW": "FREQ . REF_AREA . FLOW_TYPE . COUNTERPART_BASIS . COUNTERPART_AREA . CTZ_GROUP "
    ". SEX . AGE . UNIT_MEASURE",
    "MIG_CHAR": "FREQ . REF_AREA . COUNTERPART_BASIS . COUNTERPART_AREA . SEX . AGE "
    ". EDUCATION_LEV . LABOUR_STATUS . OCCUPATION . DURATION_STAY . UNIT_MEASURE",
    "MIG_ADMIN": "FREQ . REF_AREA . ADMIN_MEASURE . REASON . COUNTERPART_BASIS "
    ". COUNTERPART_AREA . PERMIT_DURATION . ACTIVITY . OCCUPATION . SEX . AGE . UNIT_MEASURE",
    "MIG_SDG": "FREQ . REPORTING_TYPE . SERIES . REF_AREA . SEX . AGE . URBANISATION "
    ". INCOME_WEALTH_QUANTILE . EDUCATION_LEV . OCCUPATION . CUST_BREAKDOWN "
    ". COMPOSITE_BREAKDOWN . DISABILITY_STATUS . ACTIVITY . PRODUCT . MIGRANT_STATUS",
    "MIG_CAP": "FREQ . REF_AREA . CAP_COMPONENT . CAP_ITEM . SOURCE_TYPE . UNIT_MEASURE",
    "MIG_BAL": "FREQ . REF_AREA . ACCOUNT_ITEM . SEX . AGE . UNIT_MEASURE",
    "MIG_MIRROR": "FREQ . ORIG_AREA . DEST_AREA . MIRROR_ITEM . MIRROR_STAT . REPORTED_BY "
    ". ORIGIN_TREAT . SEX . AGE . UNIT_MEASURE",
}
# attribute: attachment, its list (or type)
ATTRIBUTES = {
    "OBS_STATUS": ("observation", "CL_OBS_STATUS"),
    "CONF_STATUS": ("observation", "CL_CONF_STATUS"),
    "SOURCE_TYPE": ("observation", "CL_MIG_SOURCE"),
    "POP_CONCEPT": ("observation", "CL_POP_CONCEPT"),
    "DURATION_CRIT": ("observation", "CL_DURATION_CRIT"),
    "DURATION_BASIS": ("observation", "CL_DURATION_BASIS"),
    "REFUGEE_INCL": ("observation", "CL_REFUGEE_INCL"),
    "COV_CTZ": ("observation", "CL_COV_CTZ"),
    "REF_DATE": ("observation", TextType.GREGORIAN_DAY),
    "SDC_METHOD": ("observation", "CL_SDC_METHOD"),
    "DERIVATION": ("observation", "CL_DERIVATION"),
    "ORIGIN_TREAT": ("observation", "CL_ORIGIN_TREAT"),
    "COMMENT_OBS": ("observation", TextType.STRING),
    "UNIT_MULT": ("dimensions", "CL_UNIT_MULT"),
    "DECIMALS": ("dimensions", "CL_DECIMALS"),
    "TIME_PER_COLLECT": ("dimensions", "CL_TIME_PER_COLLECT"),
    "AGE_DEF": ("dimensions", "CL_AGE_DEF"),
    "TITLE": ("dimensions", TextType.STRING),
    "DATA_PROVIDER": ("group", TextType.STRING),
    "LICENCE": ("group", TextType.STRING),
    "MEASURE_NOTE": ("group", TextType.STRING),
}
DERIVED = {
    "METHOD_VERSION": ("observation", TextType.STRING),
    "N_PARTNERS": ("observation", TextType.INTEGER),
    "N_PARTNERS_EXP": ("observation", TextType.INTEGER),
    "COVERAGE_W": ("observation", TextType.DOUBLE),
    "ASYM_CLASS": ("observation", "CL_ASYM_CLASS"),
    "ASYM_REASON": ("observation", "CL_ASYM_REASON"),
}
OF_AN_INDICATOR = {
    "UNIT_MEASURE": ("dimensions", "CL_MIG_UNIT"),
    "TIER": ("dimensions", "CL_SDG_TIER"),
}
# An assessment has no population; its source is a dimension.
OF_AN_ASSESSMENT = {
    "METHOD_VERSION": ("observation", TextType.STRING),
    "CAP_EVIDENCE": ("observation", TextType.STRING),
    "CAP_ASSESSOR": ("observation", TextType.STRING),
}
SHARED_WITH_ASSESSMENT = (
    "OBS_STATUS CONF_STATUS REF_DATE DERIVATION COMMENT_OBS UNIT_MULT DECIMALS TITLE "
    "DATA_PROVIDER LICENCE MEASURE_NOTE"
).split()
# A dimension there, or of a reporting area, which a derived structure does not have.
NOT_IN_MIRROR = {"ORIGIN_TREAT", "DATA_PROVIDER", "LICENCE", "MEASURE_NOTE"}
MANDATORY = {
    "MIG_STOCK": "OBS_STATUS CONF_STATUS SOURCE_TYPE POP_CONCEPT DURATION_CRIT DURATION_BASIS "
    "UNIT_MULT DATA_PROVIDER LICENCE",
    "MIG_MIRROR": "OBS_STATUS CONF_STATUS UNIT_MULT",
}
MANDATORY["MIG_FLOW"] = MANDATORY["MIG_CHAR"] = MANDATORY["MIG_STOCK"]
MANDATORY["MIG_ADMIN"] = "OBS_STATUS CONF_STATUS SOURCE_TYPE UNIT_MULT DATA_PROVIDER LICENCE"
MANDATORY["MIG_SDG"] = "OBS_STATUS CONF_STATUS UNIT_MEASURE UNIT_MULT DATA_PROVIDER LICENCE"
MANDATORY["MIG_CAP"] = "OBS_STATUS CONF_STATUS UNIT_MULT DATA_PROVIDER LICENCE"
MANDATORY["MIG_BAL"] = f"{MANDATORY['MIG_ADMIN']} POP_CONCEPT"
DIMENSION_LISTS = {
    "FREQ": "CL_FREQ",
    "REF_AREA": "CL_AREA_MIG",
    "COUNTERPART_AREA": "CL_AREA_MIG",
    "ORIG_AREA": "CL_AREA_MIG",
    "DEST_AREA": "CL_AREA_MIG",
    "AGE": "CL_AGE_MIG",
    "UNIT_MEASURE": "CL_MIG_UNIT",
    "SOURCE_TYPE": "CL_MIG_SOURCE",
}


def structure(id_: str) -> DataStructure:
    return next(s for s in STRUCTURES.of_type(DataStructure) if s.id == id_)


def attributes(id_: str) -> tuple[Attribute, ...]:
    return structure(id_).attributes


def attributes_of(id_: str) -> dict[str, tuple[str, object]]:
    if id_ == "MIG_SDG":
        return ATTRIBUTES | OF_AN_INDICATOR
    if id_ == "MIG_CAP":
        return {a: ATTRIBUTES[a] for a in SHARED_WITH_ASSESSMENT} | OF_AN_ASSESSMENT
    if id_ != "MIG_MIRROR":
        return ATTRIBUTES
    return {a: v for a, v in ATTRIBUTES.items() if a not in NOT_IN_MIRROR} | DERIVED


def values_of(representation) -> object:
    listed = representation.enumeration
    return listed.id if listed is not None else representation.text_type


def test_there_are_these_structures_and_no_others():
    assert {s.id for s in STRUCTURES.of_type(DataStructure)} == set(KEYS)
    assert {(s.agency, s.version) for s in STRUCTURES.of_type(DataStructure)} == {("MIGX", "1.0.0")}


@pytest.mark.parametrize("id_", KEYS)
def test_key_order(id_):
    dsd = structure(id_)
    assert " . ".join(dim.id for dim in dsd.key_dimensions) == KEYS[id_]
    assert dsd.time_dimension is dsd.dimensions[-1]
    assert dsd.time_dimension.id == "TIME_PERIOD"
    time = dsd.time_dimension.representation
    assert time is not None
    assert time.text_type is TextType.OBSERVATIONAL_TIME_PERIOD


@pytest.mark.parametrize("id_", KEYS)
def test_the_one_measure_is_a_double_that_may_be_absent(id_):
    (measure,) = structure(id_).measures
    assert measure.id == "OBS_VALUE"
    assert measure.representation is not None
    assert measure.representation.text_type is TextType.DOUBLE
    assert not measure.is_mandatory


@pytest.mark.parametrize("id_", KEYS)
def test_attributes_attachment_and_values(id_):
    found = {a.id: (a.attachment.value, values_of(a.representation)) for a in attributes(id_)}
    assert found == attributes_of(id_)


@pytest.mark.parametrize("id_", KEYS)
def test_mandatory_attributes(id_):
    assert {a.id for a in attributes(id_) if a.is_mandatory} == set(MANDATORY[id_].split())


@pytest.mark.parametrize("id_", KEYS)
def test_series_attributes_attach_to_the_whole_key_without_time(id_):
    key = tuple(dim.id for dim in structure(id_).key_dimensions)
    for attribute in attributes(id_):
        expected = key if attribute.attachment is Attachment.DIMENSIONS else ()
        assert attribute.dimensions == expected


@pytest.mark.parametrize("id_", sorted(set(KEYS) - {"MIG_MIRROR"}))
def test_what_a_provider_says_attaches_to_the_reporting_area(id_):
    (group,) = structure(id_).groups
    assert group.dimensions == ("REF_AREA",)
    grouped = {a.id for a in attributes(id_) if a.group == group.id}
    assert grouped == {"DATA_PROVIDER", "LICENCE", "MEASURE_NOTE"}
    schema = resolve(structure(id_).reference, STRUCTURES)
    assert schema.by_id["LICENCE"].dimensions == ("REF_AREA",)


def test_mirror_statistics_have_no_group():
    assert structure("MIG_MIRROR").groups == ()


@pytest.mark.parametrize("id_", KEYS)
def test_every_dimension_is_coded_by_its_list(id_):
    for dimension in structure(id_).key_dimensions:
        expected = DIMENSION_LISTS.get(dimension.id, f"CL_{dimension.id}")
        assert values_of(dimension.representation) == expected


def test_only_asymmetry_reasons_come_several_at_once():
    lists = {
        (dsd.id, component.id)
        for dsd in STRUCTURES.of_type(DataStructure)
        for component in dsd.components
        if component.representation is not None and component.representation.is_list
    }
    assert lists == {("MIG_MIRROR", "ASYM_REASON")}
    (reasons,) = (a for a in structure("MIG_MIRROR").attributes if a.id == "ASYM_REASON")
    assert reasons.representation is not None
    known = STRUCTURES.get(reasons.representation.enumeration, Codelist)
    assert reasons.representation.max_occurs == len(known.items)


@pytest.mark.parametrize(
    ("flow", "key"),
    [
        ("DF_STOCK_BIRTH", "A.DEU.FB.BIRTH.SYR._T._T.PS"),
        ("DF_STOCK_CTZ", "A.FRA.FC.CTZ.MAR.F.Y15T24.PS"),
        ("DF_FLOW_RES", "A.DEU.IMM.PREV_RES.SYR._T._T._T.PS"),
        ("DF_CHAR", "A.FRA.BIRTH.DZA.F._T.ISCED11_5_8.EMP._T._T.PS"),
        ("DF_ADMIN_PERMITS", "A.ITA.PRM_FIRST.FAM.CTZ.MAR.M_GE12._Z._Z._T._T.PS"),
        ("DF_SDG", "A.N.C080801.DEU._T._T._T._T._T._T._T._T._T._T._T.FB"),
        ("DF_CAP", "A.SEN.B_STRATEGY.B2._Z.SCORE"),
        ("DF_BAL", "A.NLD.NET._T._T.PS"),
        ("DF_EMIGRANTS", "A.POL._T.STK_BIRTH.VAL.RCV.RPT._T._T.PS"),
        ("DF_ASYMMETRY", "A.POL.DEU.FLOW.VAL.RCV.RPT._T._T.PS"),
    ],
)
def test_example_keys_are_of_the_lists(flow, key):
    dataflow = next(f for f in STRUCTURES.of_type(Dataflow) if f.id == flow)
    schema = resolve(dataflow.reference, STRUCTURES)
    codes = key.split(".")
    assert len(codes) == len(schema.key)
    for column, code in zip(schema.key, codes, strict=True):
        assert column.enumeration is not None
        assert code in column.enumeration.by_id, column.id


def test_representations_are_said_locally_as_on_the_concept():
    for dsd in STRUCTURES.of_type(DataStructure):
        for component in dsd.components:
            scheme = STRUCTURES.find(component.concept.scheme)
            concept = scheme.by_id[component.concept.item]
            assert concept.id == component.id
            assert component.representation is not None
            assert values_of(component.representation) == values_of(concept.representation)


def test_cross_domain_lists_are_those_of_sdmx():
    sdmx = {"SEX", "FREQ", "OBS_STATUS", "CONF_STATUS", "UNIT_MULT", "DECIMALS", "TIME_PER_COLLECT"}
    lists = {c.reference: c for c in STRUCTURES.of_type(Codelist)}
    for dsd in STRUCTURES.of_type(DataStructure):
        for component in dsd.components:
            listed = component.representation.enumeration if component.representation else None
            if listed is not None:
                assert listed in lists
                assert listed.agency == ("SDMX" if component.id in sdmx else "MIGX")
