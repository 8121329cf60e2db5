"""Every list has the codes that the design of the shared structures names."""

from __future__ import annotations

import pytest

from codelists import load_all, load_codelist

FIVE_YEARS = " ".join(f"Y{age}T{age + 4}" for age in range(0, 85, 5))
NAMED = {
    "CL_COUNTERPART_BASIS": "BIRTH CTZ CTZ_BIRTH PREV_RES NEXT_RES PARENT_BIRTH _Z",
    "CL_MIGRANT_STATUS": "_T FB NB FC NC FB_FC FB_NC NB_FC NB_NC RET STLS _U",
    "CL_FLOW_TYPE": "IMM EMI NET RET ADJ ENT EXT TMP_IN TMP_OUT",
    "CL_CTZ_GROUP": "_T NAT FOR STLS RNC _U",
    "CL_MIG_SOURCE": (
        "CEN_T CEN_R CEN_C POPREG FORREG RESPERM VISA WORKPERM STUDREG ASYREG CONSREG BORDER "
        "LFS HHS PAXSURV MNO SOCMED SATIMG PAYM MIRROR MODEL OTH _U _Z"
    ),
    "CL_POP_CONCEPT": "UR12 UR6 DJ DF REG PERM _U",
    "CL_DURATION_CRIT": "M0 M1 M3 M6 M6P M12 PERM _U",
    "CL_DURATION_BASIS": "INT ACT BOTH _U",
    "CL_AGE_DEF": "REACH COMPLET _U",
    "CL_REFUGEE_INCL": "INC EXC PART _U",
    "CL_COV_CTZ": "ALL FOR NAT NEU",
    "CL_DERIVATION": "O MIR AGG HRM EST IMP INT",
    "CL_ORIGIN_TREAT": "RPT RED SUBC DISS",
    "CL_SDC_METHOD": "NONE THR SUP RR3 RR5 CR CKM SWAP",
    "CL_MIG_UNIT": "PS DEC CROSS PT_POP PT_MIG R_1000 PT RATIO LN SCORE YN",
    "CL_MIRROR_ITEM": "FLOW STK_BIRTH STK_CTZ STK_BIRTH_CTZ",
    "CL_MIRROR_STAT": "VAL ABS REL_SND REL_RCV SRD IDX LOG",
    "CL_REPORTED_BY": "SND RCV HRM BEST _Z",
    "CL_ASYM_CLASS": "A B C D E N MISSING_SENDER MISSING_RECEIVER MISSING_BOTH ZZ",
    "CL_ASYM_REASON": "DUR DURB POP CONC CIT ASY SRC UNR COR TIM SDC TER MIS UNX",
    "CL_EDUCATION_LEV": "_T ISCED11_0_2 ISCED11_3_4 ISCED11_5_8 _U",
    "CL_LABOUR_STATUS": "_T EMP UNE OLF _U",
    "CL_OCCUPATION": "_T OC0 OC1 OC2 OC3 OC4 OC5 OC6 OC7 OC8 OC9 _U _Z",
    "CL_DURATION_STAY": "_T Y_LT1 Y1T4 Y5T9 Y_GE10 _U",
    "CL_ADMIN_MEASURE": (
        "PRM_FIRST PRM_VALID PRM_CHANGE WP_ISSUED WP_VALID STU_NEW STU_ENR ASY_APP ASY_APP1 "
        "ASY_DEC ASY_GRANT ASY_PEND TP_STOCK REF_STOCK NATZ BORD_ENT BORD_EXT REFUS RETDEC CONS_REG"
    ),
    "CL_REASON": "_T FAM EDU WRK INTP HUM OTH _U",
    "CL_PERMIT_DURATION": "_T M_LT3 M3T5 M6T11 M_GE12 PERM _U _Z",
    "CL_ACTIVITY": "_T A B C D E F G H I J K L M N O P Q R S T U _U _Z",
    "CL_ACCOUNT_ITEM": "POP_BEG BIRTHS DEATHS IMM EMI NET ADJ POP_END RESID",
    "CL_CAP_COMPONENT": "A_NEEDS B_STRATEGY C_TRAD D_NEW E_DISS Z_COORD",
    "CL_CAP_ITEM": "A1 A2 A3 B1 B2 B3 B4 C1 C2 C3 C4 C5 C6 D1 D2 D3 E1 E2 E3 E4 Z1 Z2 Z3",
    "CL_REPORTING_TYPE": "G N R",
    "CL_SERIES": (
        "C080801 C080802 C100701 C100702 C100703 C100704 C100c01 C160202 C170302 "
        "C171801 C171802 C171803"
    ),
    "CL_SDG_TIER": "T1 T2 T3",
    "CL_URBANISATION": "_T U R",
    "CL_INCOME_WEALTH_QUANTILE": "_T Q1 Q2 Q3 Q4 Q5",
    "CL_CUST_BREAKDOWN": "_T C01 C02 C03 C04 C05 C06 C07 C08 C09 C10",
    "CL_COMPOSITE_BREAKDOWN": "_T MS_FB MS_NB MS_FC MS_NC",
    "CL_DISABILITY_STATUS": "_T PD NPD",
    "CL_PRODUCT": "_T _Z",
    "CL_SEX": "F M _N _O _T _U _Z",
    "CL_OBS_STATUS": "A B D E F G I K W O M P S L H Q J N U V",
    "CL_CONF_STATUS": "F N C D S A O T G M E",
    "CL_UNIT_MULT": " ".join(str(power) for power in range(-15, 16)),
    "CL_DECIMALS": " ".join(str(places) for places in range(16)),
    "CL_TIME_PER_COLLECT": "A B E H L M S Y",
}
#: Lists of which the design names some codes only.
NAMED_IN_PART = {
    "CL_AREA_MIG": (
        "XKX SUN YUG SCG CSK DDR YMD ANT SDN_F CHI _T _U _O STLS RNC "
        "M49_001 M49_002 M49_019 M49_142 M49_150 M49_009"
    ),
    "CL_AGE_MIG": (
        f"_T _U {FIVE_YEARS} Y_GE75 Y_GE85 Y0T14 Y15T64 Y_GE65 Y15T24 Y15T29 Y_GE15 Y0T17"
    ),
    "CL_FREQ": "A A2 A3 A5 A10 S Q M W D OA I _U",
}
VERSIONS = {
    "CL_SEX": "2.1",
    "CL_FREQ": "2.1",
    "CL_OBS_STATUS": "2.2",
    "CL_CONF_STATUS": "1.3",
    "CL_UNIT_MULT": "1.1",
    "CL_DECIMALS": "1.0",
    "CL_TIME_PER_COLLECT": "1.0",
}


@pytest.mark.parametrize(("list_id", "codes"), NAMED.items())
def test_a_list_has_exactly_the_codes_of_the_design(list_id: str, codes: str) -> None:
    assert set(load_codelist(list_id).by_id) == set(codes.split())


@pytest.mark.parametrize(("list_id", "codes"), NAMED_IN_PART.items())
def test_a_list_has_at_least_the_codes_of_the_design(list_id: str, codes: str) -> None:
    assert set(codes.split()) <= set(load_codelist(list_id).by_id)


def test_frequency_has_the_34_codes_of_version_2_1() -> None:
    assert len(load_codelist("CL_FREQ").items) == 34


def test_no_list_is_unknown_to_the_design() -> None:
    assert {codelist.id for codelist in load_all()} == {*NAMED, *NAMED_IN_PART}


def test_agencies_and_versions() -> None:
    for codelist in load_all():
        foreign = codelist.id in VERSIONS
        assert codelist.agency == ("SDMX" if foreign else "MIGX")
        assert codelist.version == VERSIONS.get(codelist.id, "1.0.0")


def test_every_code_of_ours_has_english_french_and_spanish_names() -> None:
    lacking = [
        f"{codelist.id}.{code.id} {language}"
        for codelist in load_all()
        if codelist.agency == "MIGX"
        for code in codelist.items
        for language in ("en", "fr", "es")
        if language not in dict(code.name.texts)
    ]
    assert lacking == []


def test_ages_form_partitions_under_each_parent() -> None:
    """Children of an age group cover it without gap or overlap, so that they add up to it."""
    codes = load_codelist("CL_AGE_MIG").items
    spans = {code.id: _span(code.id) for code in codes if not code.id.startswith("_")}
    parents = {code.parent for code in codes if code.parent}
    assert {"Y0T14", "Y15T64", "Y_GE65", "Y_GE75"} <= parents
    for parent in parents:
        children = sorted(spans[code.id] for code in codes if code.parent == parent)
        covered = [age for first, last in children for age in range(first, last)]
        assert covered == list(range(*spans[parent]))


def _span(code: str) -> tuple[int, int]:
    """Return first age and the age after the last; open groups end at 150."""
    if code.startswith("Y_GE"):
        return int(code.removeprefix("Y_GE")), 150
    first, _, last = code.removeprefix("Y").partition("T")
    return int(first), int(last or first) + 1
