"""The dataflows, and what their constraints let through."""

import itertools

import pytest

from dsd import shared_structures
from hub.model import Codelist, CubeRegion, DataConstraint, Dataflow, Schema, resolve

STRUCTURES = shared_structures()
FLOWS = {flow.id: flow for flow in STRUCTURES.of_type(Dataflow)}
SLICES = {
    "DF_STOCK_BIRTH": ("MIG_STOCK", "REF_AREA"),
    "DF_STOCK_CTZ": ("MIG_STOCK", "REF_AREA"),
    "DF_STOCK_RET": ("MIG_STOCK", "REF_AREA"),
    "DF_FLOW_RES": ("MIG_FLOW", "REF_AREA"),
    "DF_FLOW_CTZ": ("MIG_FLOW", "REF_AREA"),
    "DF_FLOW_BIRTH": ("MIG_FLOW", "REF_AREA"),
    "DF_CHAR": ("MIG_CHAR", "REF_AREA"),
    "DF_ADMIN_PERMITS": ("MIG_ADMIN", "REF_AREA"),
    "DF_ADMIN_WORK": ("MIG_ADMIN", "REF_AREA"),
    "DF_ADMIN_STUDENTS": ("MIG_ADMIN", "REF_AREA"),
    "DF_ADMIN_ASYLUM": ("MIG_ADMIN", "REF_AREA"),
    "DF_ADMIN_BORDER": ("MIG_ADMIN", "REF_AREA"),
    "DF_ADMIN_REGISTERS": ("MIG_ADMIN", "REF_AREA"),
    "DF_SDG": ("MIG_SDG", "REF_AREA"),
    "DF_CAP": ("MIG_CAP", "REF_AREA"),
    "DF_BAL": ("MIG_BAL", "REF_AREA"),
    "DF_EMIGRANTS": ("MIG_MIRROR", "ORIG_AREA"),
    "DF_ASYMMETRY": ("MIG_MIRROR", "ORIG_AREA"),
}


def schema_of(flow: str) -> Schema:
    return resolve(FLOWS[flow].reference, STRUCTURES)


def lies_in(region: CubeRegion, key: dict[str, str]) -> bool:
    return all((key[values.component] in values.values) is values.include for values in region.keys)


def is_allowed(flow: str, text: str) -> bool:
    """The standard's reading of a region: in one that includes, in none that excludes."""
    schema = schema_of(flow)
    key = dict(zip((column.id for column in schema.key), text.split("."), strict=True))
    included = [region for region in schema.allowed if region.include]
    excluded = [region for region in schema.allowed if not region.include]
    return any(lies_in(r, key) for r in included) and not any(lies_in(r, key) for r in excluded)


def test_there_are_these_flows_on_these_structures():
    assert {id_: flow.structure.id for id_, flow in FLOWS.items()} == {
        id_: structure for id_, (structure, _) in SLICES.items()
    }


@pytest.mark.parametrize("flow", SLICES)
def test_each_flow_resolves_and_is_cut_by_its_area(flow):
    schema = schema_of(flow)
    assert schema.slice_by == SLICES[flow][1]
    assert all(column.is_coded for column in schema.key)


def test_derived_flows_are_marked():
    written = {id_: flow.annotation("WRITTEN_BY") for id_, flow in FLOWS.items()}
    assert {id_ for id_, by in written.items() if by == "derive"} == {
        "DF_EMIGRANTS",
        "DF_ASYMMETRY",
    }
    assert {by for by in written.values()} == {None, "derive"}


@pytest.mark.parametrize("flow", SLICES)
def test_names_are_in_six_languages(flow):
    assert [language for language, _ in FLOWS[flow].name.texts] == [
        "en",
        "fr",
        "es",
        "ru",
        "zh",
        "ar",
    ]


@pytest.mark.parametrize(
    ("flow", "key", "allowed"),
    [
        ("DF_STOCK_BIRTH", "A.DEU.FB.BIRTH.SYR._T._T.PS", True),
        ("DF_STOCK_BIRTH", "A.DEU.FB.BIRTH._T._T._T.PS", True),
        ("DF_STOCK_BIRTH", "A.DEU.FB.BIRTH.M49_150.F._T.PT_POP", True),
        ("DF_STOCK_BIRTH", "A.DEU.FB.CTZ.SYR._T._T.PS", False),
        ("DF_STOCK_BIRTH", "A.DEU.NB.BIRTH.DEU._T._T.PS", False),
        ("DF_STOCK_BIRTH", "A.M49_150.FB.BIRTH.SYR._T._T.PS", False),
        ("DF_STOCK_BIRTH", "A._T.FB.BIRTH.SYR._T._T.PS", False),
        ("DF_STOCK_BIRTH", "A.STLS.FB.BIRTH.SYR._T._T.PS", False),
        ("DF_STOCK_BIRTH", "A.YUG.FB.BIRTH.SYR._T._T.PS", True),
        ("DF_STOCK_BIRTH", "A.XKX.FB.BIRTH.SRB._T._T.PS", True),
        ("DF_STOCK_BIRTH", "A.DEU.FB.BIRTH.SYR._T._U.PS", True),
        ("DF_STOCK_BIRTH", "A.DEU.FB.BIRTH.SYR._T._U.PT_MIG", False),
        ("DF_STOCK_CTZ", "A.DEU.FC.CTZ.SYR._T._T.PS", True),
        ("DF_STOCK_CTZ", "A.DEU.FB.BIRTH.SYR._T._T.PS", False),
        ("DF_FLOW_RES", "A.DEU.IMM.PREV_RES.SYR._T._T._T.PS", True),
        ("DF_FLOW_RES", "A.DEU.EMI.NEXT_RES.SYR._T._T._T.PS", True),
        ("DF_FLOW_RES", "A.DEU.IMM.NEXT_RES.SYR._T._T._T.PS", False),
        ("DF_FLOW_RES", "A.DEU.EMI.PREV_RES.SYR._T._T._T.PS", False),
        ("DF_FLOW_RES", "A.DEU.NET.PREV_RES.SYR._T._T._T.PS", True),
        ("DF_FLOW_RES", "A.DEU.IMM.CTZ.SYR._T._T._T.PS", False),
        ("DF_FLOW_RES", "A.DEU.IMM.PREV_RES.SYR._T._T._U.PT_POP", False),
        ("DF_FLOW_CTZ", "A.DEU.IMM.CTZ.SYR._T._T._T.PS", True),
        ("DF_FLOW_CTZ", "A.DEU.IMM.BIRTH.SYR._T._T._T.PS", False),
        ("DF_FLOW_BIRTH", "A.DEU.EMI.BIRTH.SYR._T._T._T.PS", True),
        ("DF_STOCK_RET", "A.ALB.RET.PREV_RES.GRC._T._T.PS", True),
        ("DF_STOCK_RET", "A.ALB.NB.PREV_RES.GRC._T._T.PS", False),
        ("DF_CHAR", "A.FRA.BIRTH.DZA.F._T.ISCED11_5_8.EMP._T._T.PS", True),
        ("DF_CHAR", "A.FRA.PREV_RES.DZA.F._T.ISCED11_5_8.EMP._T._T.PS", False),
        ("DF_CHAR", "A.FRA.BIRTH.DZA.F._U._T.EMP._T._T.PT_MIG", False),
        ("DF_ADMIN_PERMITS", "A.ITA.PRM_FIRST.FAM.CTZ.MAR.M_GE12._Z._Z._T._T.PS", True),
        ("DF_ADMIN_PERMITS", "A.ITA.ASY_APP._T.CTZ.MAR._Z._Z._Z._T._T.PS", False),
        ("DF_ADMIN_PERMITS", "A.ITA.PRM_FIRST.FAM.CTZ.MAR.M_GE12._Z._Z._T._T.PT", False),
        ("DF_ADMIN_WORK", "A.POL.WP_ISSUED.WRK.CTZ.UKR.M6T11.F.OC7._T._T.DEC", True),
        ("DF_ADMIN_STUDENTS", "A.MYS.STU_ENR.EDU.CTZ.BGD._Z._Z._Z._T._T.PS", True),
        ("DF_ADMIN_ASYLUM", "M.DEU.ASY_DEC._T.CTZ.SYR._Z._Z._Z._T._T.DEC", True),
        ("DF_ADMIN_BORDER", "M.COL.BORD_ENT._T.CTZ.VEN._Z._Z._Z._T._T.CROSS", True),
        ("DF_ADMIN_REGISTERS", "A.SEN.CONS_REG._T.NEXT_RES.FRA._Z._Z._Z._T._T.PS", True),
        ("DF_SDG", "A.N.C080801.DEU._T._T._T._T._T._T._T._T._T._T._T.FB", True),
        ("DF_SDG", "A.N.C080801.DEU._T._T._T._T._T._T._T.MS_FB._T._T._T.FB", False),
        ("DF_CAP", "A.SEN.B_STRATEGY.B2._Z.SCORE", True),
        ("DF_CAP", "A.SEN.A_NEEDS.B2._Z.SCORE", False),
        ("DF_CAP", "A.SEN.B_STRATEGY.B2._Z.YN", False),
        ("DF_CAP", "A.SEN.C_TRAD.C1.CEN_T.YN", True),
        ("DF_CAP", "A.SEN.C_TRAD.C1.CEN_T.SCORE", False),
        ("DF_BAL", "A.NLD.NET._T._T.PS", True),
        ("DF_BAL", "A.NLD.NET._T._T.R_1000", False),
        ("DF_EMIGRANTS", "A.POL._T.STK_BIRTH.VAL.RCV.RPT._T._T.PS", True),
        ("DF_EMIGRANTS", "A.POL.M49_150.STK_BIRTH_CTZ.VAL.RCV.SUBC._T._T.PS", True),
        ("DF_EMIGRANTS", "A.POL._T.FLOW.VAL.RCV.RPT._T._T.PS", False),
        ("DF_EMIGRANTS", "A.M49_150._T.STK_BIRTH.VAL.RCV.RPT._T._T.PS", False),
        ("DF_EMIGRANTS", "A._T._T.STK_BIRTH.VAL.RCV.RPT._T._T.PS", False),
        ("DF_EMIGRANTS", "A._U.DEU.STK_BIRTH.VAL.RCV.RPT._T._T.PS", True),
        ("DF_ASYMMETRY", "A.POL.DEU.FLOW.SRD._Z.RPT._T._T.PT", True),
        ("DF_ASYMMETRY", "A.POL._T.FLOW.IDX._Z.RPT._T._T.RATIO", True),
        ("DF_ASYMMETRY", "A.POL.DEU.STK_BIRTH.VAL.RCV.RPT._T._T.PS", False),
    ],
)
def test_what_may_be_published(flow, key, allowed):
    for column, code in zip(schema_of(flow).key, key.split("."), strict=True):
        assert column.enumeration is not None
        assert code in column.enumeration.by_id
    assert is_allowed(flow, key) is allowed


@pytest.mark.parametrize("flow", SLICES)
def test_a_flow_has_one_region_it_holds(flow):
    schema = schema_of(flow)
    assert sum(region.include for region in schema.allowed) == 1
    assert all(c.role == "Allowed" for c in schema.constraints)


def test_constraints_name_dimensions_and_codes_that_are_there():
    constraints = STRUCTURES.of_type(DataConstraint)
    assert constraints
    for constraint, target in itertools.chain.from_iterable(
        ((c, t) for t in c.targets) for c in constraints
    ):
        columns = {column.id: column for column in resolve(target, STRUCTURES).key}
        for region in constraint.regions:
            for values in region.keys:
                listed = columns[values.component].enumeration
                assert listed is not None
                assert set(values.values) <= set(listed.by_id)
                assert values.values


def test_no_constraint_has_more_regions_or_targets_than_a_message_has_room_for():
    # SDMX-ML: at most one included and one excluded region; targets of one class.
    for constraint in STRUCTURES.of_type(DataConstraint):
        assert len({region.include for region in constraint.regions}) == len(constraint.regions)
        assert len({target.artefact_class for target in constraint.targets}) == 1


def test_reporting_areas_are_every_country_area_and_former_state():
    areas = next(c for c in STRUCTURES.of_type(Codelist) if c.id == "CL_AREA_MIG")
    kinds = {code.id: code.annotation("KIND") for code in areas.items}
    region = next(r for r in schema_of("DF_STOCK_BIRTH").allowed if r.include)
    reporting = next(k for k in region.keys if k.component == "REF_AREA").values
    left_out = {kinds[id_] for id_ in set(kinds).difference(reporting)}
    assert left_out == {"aggregate", "generic"}
    assert len(reporting) >= 249
    assert not {kinds[id_] for id_ in reporting} & left_out
