"""Maps that no recorded message has tested do at least what they say, with figures made up.

Each flow gets rows in the order of its key; what becomes of them is written here by hand.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.sdmx import apply_map
from dsd import shared_structures
from dsd.map_building import SOURCE_KEY, TESTED_BY, UNTESTED
from hub.formats.reading import read_data
from hub.model import StructureMap, resolve
from hub.publish import validate
from tests.connectors.sdmx import made

STRUCTURES = shared_structures()
MAPS = {one.id: one for one in STRUCTURES.of_type(StructureMap)}
#: Key, period, value; and the key it becomes, "" for none.
CASES: dict[str, list[tuple[str, str, str, str]]] = {
    "SM_ESTAT_MIGR_EMI3NXT": [
        ("A.PL.COMPLET.TOTAL.NR.T.DE", "2023", "10", "A.DEU.EMI.NEXT_RES.POL._T._T._T.PS"),
        ("A.PL.REACH.TOTAL.NR.T.DE", "2023", "10", ""),
        ("A.UNK.COMPLET.Y_GE85.NR.F.EL", "2023", "4", "A.GRC.EMI.NEXT_RES._U._T.F.Y_GE85.PS"),
    ],
    "SM_ESTAT_MIGR_IMM1CTZ": [
        ("A.TOTAL.COMPLET.TOTAL.NR.T.DE", "2023", "100", "A.DEU.IMM.CTZ._T._T._T._T.PS"),
        ("A.NAT.COMPLET.TOTAL.NR.T.DE", "2023", "20", "A.DEU.IMM.CTZ._T.NAT._T._T.PS"),
        ("A.FOR_STLS.COMPLET.TOTAL.NR.T.DE", "2023", "78", "A.DEU.IMM.CTZ._T.FOR._T._T.PS"),
        ("A.FOR.COMPLET.TOTAL.NR.T.DE", "2023", "77", ""),
        ("A.STLS.COMPLET.TOTAL.NR.T.DE", "2023", "1", "A.DEU.IMM.CTZ.STLS._T._T._T.PS"),
        ("A.UNK.COMPLET.TOTAL.NR.T.DE", "2023", "2", ""),
        ("A.DE.COMPLET.TOTAL.NR.T.DE", "2023", "20", ""),
        ("A.SY.COMPLET.TOTAL.NR.T.DE", "2023", "30", "A.DEU.IMM.CTZ.SYR._T._T._T.PS"),
        ("A.EU27_2020_FOR.COMPLET.TOTAL.NR.T.DE", "2023", "40", ""),
    ],
    "SM_ESTAT_MIGR_POP3CTB": [
        ("A.FOR.TOTAL.NR.T.AT", "2024", "50", "A.AUT.FB.BIRTH._T._T._T.PS"),
        ("A.DE.TOTAL.NR.T.AT", "2024", "30", "A.AUT.FB.BIRTH.DEU._T._T.PS"),
        ("A.NAT.TOTAL.NR.T.AT", "2024", "900", ""),
        ("A.AT.TOTAL.NR.T.AT", "2024", "900", ""),
        ("A.TOTAL.TOTAL.NR.T.AT", "2024", "950", ""),
    ],
    "SM_ESTAT_MIGR_POP1CTZ": [
        ("A.FOR_STLS.TOTAL.NR.T.LV", "2024", "50", "A.LVA.FC.CTZ._T._T._T.PS"),
        ("A.RNC.TOTAL.NR.T.LV", "2024", "40", "A.LVA.FC.CTZ.RNC._T._T.PS"),
        ("A.LV.TOTAL.NR.T.LV", "2024", "900", ""),
        ("A.EE.Y_LT15.NR.M.LV", "2024", "3", "A.LVA.FC.CTZ.EST.M.Y0T14.PS"),
    ],
    "SM_OECD_DF_MIG_B12": [
        ("ITA.ROU.A.B12._T._Z._Z.PS", "2020", "5", "A.ITA.EMI.CTZ.ROU._T._T._T.PS"),
        ("ITA.ROU.A.B11._T._Z._Z.PS", "2020", "6", ""),
    ],
    "SM_OECD_DF_MIG_B15": [
        ("ITA.W.A.B15.F._Z._Z.PS", "2020", "9", "A.ITA.FC.CTZ._T.F._T.PS"),
        ("ITA.XKV.A.B15.F._Z._Z.PS", "2020", "4", "A.ITA.FC.CTZ.XKX.F._T.PS"),
        ("ITA.ITA.A.B15.F._Z._Z.PS", "2020", "4", ""),
    ],
    "SM_OECD_DF_MIG_B13": [
        ("ITA.MAR.A.B13._T._Z._Z.PS", "2020", "7", "A.ITA.NATZ._T.CTZ.MAR._Z._Z._Z._T._T.PS"),
    ],
    "SM_ILO_MST_XWAP_SEX_AGE_CBR_NB": [
        (
            "ITA.A.X.SEX_T.AGE_AGGREGATE_TOTAL.CBR_BIR_FOREIGN",
            "2020",
            "5.5",
            "A.ITA.FB.BIRTH._T._T.Y_GE15.PS",
        ),
        ("ITA.A.X.SEX_T.AGE_5YRBANDS_TOTAL.CBR_BIR_FOREIGN", "2020", "5.5", ""),
        (
            "ITA.A.X.SEX_F.AGE_5YRBANDS_Y15-19.CBR_BIR_FOREIGN",
            "2020",
            "0.5",
            "A.ITA.FB.BIRTH._T.F.Y15T19.PS",
        ),
        ("ITA.A.X.SEX_T.AGE_AGGREGATE_TOTAL.CBR_BIR_NATIVE", "2020", "50", ""),
        ("X01.A.X.SEX_T.AGE_AGGREGATE_TOTAL.CBR_BIR_FOREIGN", "2020", "5000", ""),
    ],
    "SM_ILO_MST_XWAP_SEX_AGE_CCT_NB": [
        (
            "KOS.A.X.SEX_M.AGE_AGGREGATE_YGE15.CCT_CIT_NONCIT",
            "2020",
            "1",
            "A.XKX.FC.CTZ._T.M.Y_GE15.PS",
        ),
        ("KOS.A.X.SEX_M.AGE_AGGREGATE_YGE15.CCT_CIT_TOTAL", "2020", "9", ""),
    ],
    "SM_UNICEF_MG_DEST": [
        ("ITA.MG_INTNL_MG_CNTRY_DEST.Y0T17._T", "2020", "8", "A.ITA.FB.BIRTH._T._T.Y0T17.PS"),
        ("WORLD.MG_INTNL_MG_CNTRY_DEST._T._T", "2020", "900", ""),
        ("ITA.MG_RFGS_CNTRY_ASYLM._T._T", "2020", "3", ""),
    ],
}


def test_every_untested_map_has_a_case() -> None:
    untested = {id_ for id_, one in MAPS.items() if one.annotation(TESTED_BY) == UNTESTED}
    assert untested == CASES.keys() | {"SM_ESTAT_MIGR_IMM5PRV"}, "the last one is in test_apply"


@pytest.mark.parametrize("map_", CASES)
def test_a_map_does_what_it_says(map_: str, tmp_path: Path) -> None:
    mapping = MAPS[map_]
    dimensions = (mapping.annotation(SOURCE_KEY) or "").split(".")
    lines = [",".join(["DATAFLOW", *dimensions, "TIME_PERIOD", "OBS_VALUE"])]
    for key, period, value, _ in CASES[map_]:
        assert key.count(".") == len(dimensions) - 1
        lines.append(",".join([str(mapping.source), *key.split("."), period, value]))
    raw = read_data(made.written(tmp_path, "\n".join(lines).encode()), STRUCTURES)
    mapped = apply_map(raw, mapping, STRUCTURES)
    schema = resolve(mapping.target, STRUCTURES)
    validate(mapped.data, schema)
    found = [
        (".".join(row[column.id] for column in schema.key), row["TIME_PERIOD"], row["OBS_VALUE"])
        for row in mapped.data.table.to_pylist()
    ]
    assert found == [(key, period, value) for _, period, value, key in CASES[map_] if key]
    assert "map-untested" in {finding.rule for finding in mapped.findings}
