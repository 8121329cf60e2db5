"""Rules about single rows: signs, ranges, combinations, units, attributes that depend on others."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from hub.errors import Invalid
from hub.formats.message import Action
from hub.model import Codelist, InternationalString, Schema
from hub.publish import validate
from tests.publish.rules.given import found, lines, raw_of, rules, schema_of

STOCKS, FLOWS, CITIZENS = (
    schema_of("DF_STOCK_BIRTH"),
    schema_of("DF_FLOW_RES"),
    schema_of("DF_FLOW_CTZ"),
)
BORDER, CHARACTERISTICS = schema_of("DF_ADMIN_BORDER"), schema_of("DF_CHAR")
#: Structures by themselves: no constraint of a flow is in the way.
ANY_STOCK, ANY_ADMIN = schema_of("MIG_STOCK"), schema_of("MIG_ADMIN")
ADMIN = {
    "ADMIN_MEASURE": "ASY_DEC",
    "REASON": "_T",
    "COUNTERPART_BASIS": "CTZ",
    "PERMIT_DURATION": "_Z",
    "ACTIVITY": "_Z",
    "OCCUPATION": "_Z",
}


@pytest.mark.parametrize("unit", ["PS", "PT_POP", "PT_MIG"])
def test_what_is_counted_is_not_below_zero(unit: str) -> None:
    rows = [{"OBS_VALUE": v, "UNIT_MEASURE": unit, "TIME_PERIOD": y} for y, v in ((1, -1), (2, 0))]
    rows = [{**row, "TIME_PERIOD": 2000 + int(str(row["TIME_PERIOD"]))} for row in rows]
    told = found(STOCKS, *rows)
    assert rules(told) == {("below-zero", "error")}
    assert lines(told, "below-zero") == [2]


@pytest.mark.parametrize("unit", ["R_1000", "PT", "RATIO", "LN"])
def test_rates_and_ratios_may_be_below_zero(unit: str) -> None:
    assert found(STOCKS, {"OBS_VALUE": -1, "UNIT_MEASURE": unit}) == []


@pytest.mark.parametrize("kind", ["NET", "ADJ"])
def test_differences_and_corrections_may_be_below_zero(kind: str) -> None:
    assert found(FLOWS, {"OBS_VALUE": -1, "FLOW_TYPE": kind}) == []
    assert lines(found(FLOWS, {"OBS_VALUE": -1}), "below-zero") == [2]


def test_units_of_another_list_are_only_warned_of() -> None:
    """A structure that was loaded may have a difference among its measures."""
    units = STOCKS.by_id["UNIT_MEASURE"].enumeration
    assert isinstance(units, Codelist)
    own = replace(units, agency="T", id="CL_UNITS")
    columns = tuple(
        replace(column, enumeration=own) if column.id == "UNIT_MEASURE" else column
        for column in STOCKS.columns
    )
    told = found(replace(STOCKS, columns=columns), {"OBS_VALUE": -1})
    assert rules(told) == {("below-zero", "warning")}


@pytest.mark.parametrize("value", ["", "NaN"])
def test_no_value_is_not_below_zero(value: str) -> None:
    assert found(STOCKS, {"OBS_VALUE": value or None}) == []


def test_a_percentage_of_a_whole_is_at_most_a_hundred() -> None:
    rows = [
        {"OBS_VALUE": v, "UNIT_MEASURE": "PT_POP", "SEX": s} for v, s in ((100, "F"), (101, "M"))
    ]
    told = found(STOCKS, *rows)
    assert rules(told) == {("outside-range", "error")}
    assert lines(told, "outside-range") == [3]


STATUSES = ("_T", "FB", "NB", "FC", "NC", "FB_FC", "FB_NC", "NB_FC", "NB_NC", "RET")
#: Who may have the reporting area as their own: natives by birth, nationals by citizenship.
OWN = {("BIRTH", status) for status in ("NB", "NC", "NB_FC", "NB_NC")} | {
    ("CTZ", status) for status in ("NC", "NB", "FB_NC", "NB_NC")
}


def test_only_natives_and_nationals_are_of_the_reporting_area() -> None:
    cells = list(product(("BIRTH", "CTZ", "PREV_RES"), STATUSES))
    rows = [
        {"COUNTERPART_BASIS": basis, "MIGRANT_STATUS": status, "COUNTERPART_AREA": "SWE"}
        for basis, status in cells
    ]
    told = found(ANY_STOCK, *rows)
    assert rules(told) == {("own-area", "error")}
    assert lines(told, "own-area") == [n + 2 for n, cell in enumerate(cells) if cell not in OWN]


def test_every_reporter_has_its_own_area() -> None:
    areas = ("SWE", "POL", "FIN")
    cells = list(product(areas, areas))
    rows = [{"REF_AREA": one, "COUNTERPART_AREA": other} for one, other in cells]
    expected = [n + 2 for n, (one, other) in enumerate(cells) if one == other]
    assert lines(found(STOCKS, *rows), "own-area") == expected


def test_nobody_moves_from_an_area_to_itself_but_nationals_come_home() -> None:
    assert rules(found(FLOWS, {"COUNTERPART_AREA": "SWE"})) == {("own-area", "error")}
    assert rules(found(CITIZENS, {"COUNTERPART_AREA": "SWE"})) == {("own-area", "warning")}
    assert rules(found(BORDER, {"COUNTERPART_AREA": "SWE"})) == {("own-area", "warning")}
    asylum = {"COUNTERPART_AREA": "SWE"}
    assert rules(found(ANY_ADMIN, asylum, base=ADMIN)) == {("own-area", "error")}


def test_natives_are_beside_migrants_where_characteristics_are_compared() -> None:
    assert found(CHARACTERISTICS, {"COUNTERPART_AREA": "SWE"}) == []


def without_constraints(schema: Schema) -> Schema:
    return replace(schema, constraints=())


@pytest.mark.parametrize(
    "codes",
    [
        {"FLOW_TYPE": "IMM", "COUNTERPART_BASIS": "NEXT_RES"},
        {"FLOW_TYPE": "EMI", "COUNTERPART_BASIS": "PREV_RES"},
        {"UNIT_MEASURE": "PT_POP", "AGE": "_U"},
        {"UNIT_MEASURE": "PT_MIG", "AGE": "_U"},
    ],
)
def test_a_combination_is_told_once(codes: dict[str, str]) -> None:
    """By the constraint that forbids it; by the rule where a structure has none."""
    assert rules(found(FLOWS, codes)) == {("constraint", "error")}
    assert rules(found(without_constraints(FLOWS), codes)) == {("combination", "error")}


@pytest.mark.parametrize(
    "codes",
    [
        {"FLOW_TYPE": "IMM", "COUNTERPART_BASIS": "PREV_RES"},
        {"FLOW_TYPE": "NET", "COUNTERPART_BASIS": "NEXT_RES"},
        {"UNIT_MEASURE": "PT_POP", "AGE": "_T"},
        {"UNIT_MEASURE": "PS", "AGE": "_U"},
    ],
)
def test_others_are_not(codes: dict[str, str]) -> None:
    assert found(without_constraints(FLOWS), codes) == []


#: Which measures may be in decisions, which in crossings.
DECISIONS = {
    *("PRM_FIRST", "PRM_CHANGE", "WP_ISSUED", "ASY_DEC"),
    *("ASY_GRANT", "NATZ", "REFUS", "RETDEC"),
}
CROSSINGS = {"BORD_ENT", "BORD_EXT"}


def test_each_measure_has_its_units() -> None:
    measures = list(ANY_ADMIN.by_id["ADMIN_MEASURE"].enumeration.by_id)  # type: ignore[union-attr]
    cells = list(product(measures, ("PS", "DEC", "CROSS")))
    rows = [{"ADMIN_MEASURE": m, "UNIT_MEASURE": u} for m, u in cells]
    allowed = {
        *((m, "PS") for m in measures),
        *((m, "DEC") for m in DECISIONS),
        *((m, "CROSS") for m in CROSSINGS),
    }
    told = found(ANY_ADMIN, *rows, base=ADMIN)
    assert {(f.rule, f.suggestion) for f in told} == {("unit", "PS")}
    assert lines(told, "unit") == [n + 2 for n, cell in enumerate(cells) if cell not in allowed]


@pytest.mark.parametrize(("kind", "unit"), [("IMM", "CROSS"), ("NET", "DEC"), ("ENT", "DEC")])
def test_migration_is_in_persons(kind: str, unit: str) -> None:
    told = found(FLOWS, {"FLOW_TYPE": kind, "UNIT_MEASURE": unit})
    assert rules(told) == {("unit", "error")}
    assert found(FLOWS, {"FLOW_TYPE": "ENT", "UNIT_MEASURE": "CROSS"}) == []


def test_units_are_never_added() -> None:
    """Parts in decisions that would exceed a total in persons are compared with nothing."""
    parts = [{"SEX": s, "UNIT_MEASURE": "DEC", "OBS_VALUE": 80} for s in ("F", "M")]
    (mixed,) = found(ANY_ADMIN, {"OBS_VALUE": 100}, *parts, base=ADMIN)
    assert (mixed.rule, mixed.severity.value, mixed.line) == ("mixed-units", "warning", 2)
    assert mixed.message.startswith("the total over SEX is in PS, its parts are in DEC;")
    total = {"UNIT_MEASURE": "DEC", "OBS_VALUE": 160}
    assert found(ANY_ADMIN, {"OBS_VALUE": 100}, total, *parts, base=ADMIN) == []


MIRROR = schema_of("DF_EMIGRANTS")
EMIGRANTS = {
    "ORIG_AREA": "POL",
    "DEST_AREA": "DEU",
    "MIRROR_ITEM": "STK_BIRTH",
    "MIRROR_STAT": "VAL",
    "REPORTED_BY": "RCV",
    "ORIGIN_TREAT": "RPT",
}


@pytest.mark.parametrize("code", ["O", "MIR", "AGG", "HRM", "EST", "IMP", "INT", None])
@pytest.mark.parametrize("version", ["mirror 1", None])
def test_what_is_derived_names_its_method(code: str | None, version: str | None) -> None:
    row = {"DERIVATION": code, "METHOD_VERSION": version}
    told = found(MIRROR, row, base=EMIGRANTS)
    is_wrong = code not in ("O", None) and version is None
    assert rules(told) == ({("method-version", "error")} if is_wrong else set())


def test_a_row_to_merge_may_leave_the_method_as_it_is() -> None:
    import pyarrow as pa

    row = {"DERIVATION": "MIR", "METHOD_VERSION": None}
    raw = raw_of(MIRROR, row, {**row, "DEST_AREA": "FRA"}, base=EMIGRANTS)
    actions = pa.chunked_array([[Action.MERGE.value, Action.REPLACE.value]])
    with pytest.raises(Invalid) as caught:
        validate(replace(raw, actions=actions), MIRROR)
    assert [(f.rule, f.line) for f in caught.value.findings] == [("method-version", 3)]


def test_a_structure_without_versions_of_methods_asks_for_none() -> None:
    assert found(STOCKS, {"DERIVATION": "EST"}) == []


@pytest.mark.parametrize(
    ("day", "period", "is_in"),
    [
        ("2020-07-01", "2020", True),
        ("2020-01-01", "2020", True),
        ("2019-12-31", "2020", True),  # a stock of the first day is counted the evening before
        ("2021-01-01", "2020", True),
        ("2019-12-30", "2020", False),
        ("2021-01-02", "2020", False),
        ("2020-05-15", "2020-Q2", True),
        ("2020-07-15", "2020-Q2", False),
        ("2020-07-01Z", "2020", True),
    ],
)
def test_the_day_of_a_stock_lies_in_its_period(day: str, period: str, is_in: bool) -> None:
    told = found(STOCKS, {"REF_DATE": day, "TIME_PERIOD": period})
    assert rules(told) == (set() if is_in else {("reference-date", "warning")})


@pytest.mark.parametrize(
    "day", ["2020", "2020-02-30", "30.6.2020", "2020-6-3", "20200630", "\uff12020-01-01"]
)
def test_a_day_is_an_iso_date(day: str) -> None:
    (finding,) = found(STOCKS, {"REF_DATE": day})
    assert (finding.rule, finding.column, finding.value) == ("not-of-type", "REF_DATE", day)
    assert "write it as 2020-12-31" in finding.message


@pytest.mark.parametrize("level", ["EDUCATION_LEV", "LABOUR_STATUS", "DURATION_STAY"])
def test_characteristics_add_up_too(level: str) -> None:
    codes = {
        "EDUCATION_LEV": ("ISCED11_0_2", "ISCED11_3_4", "ISCED11_5_8"),
        "LABOUR_STATUS": ("EMP", "UNE", "OLF"),
        "DURATION_STAY": ("Y_LT1", "Y1T4", "Y5T9", "Y_GE10"),
    }[level]
    rows = [{level: code, "OBS_VALUE": 10} for code in codes]
    whole = 10 * len(codes)
    assert found(CHARACTERISTICS, *rows, {level: "_T", "OBS_VALUE": whole}) == []
    for off in (-1, 1):
        told = found(CHARACTERISTICS, *rows, {level: "_T", "OBS_VALUE": whole + off})
        assert rules(told) == {("total-against-parts", "error")}


def test_more_findings_than_are_listed_are_counted() -> None:
    rows = [{"OBS_VALUE": -1, "TIME_PERIOD": 1990 + n} for n in range(9)]
    with pytest.raises(Invalid) as caught:
        validate(raw_of(STOCKS, *rows), STOCKS, 4)
    assert "9 errors" in caught.value.message
    assert [f.rule for f in caught.value.findings] == ["below-zero"] * 4 + ["too-many-findings"]
    assert "5 further findings" in caught.value.findings[-1].message


@pytest.mark.parametrize("status", ["H", "L", "M", "O"])
def test_a_figure_that_is_said_to_be_missing_is_warned_of(status: str) -> None:
    told = found(STOCKS, {"OBS_VALUE": 3, "OBS_STATUS": status})
    assert rules(told) == {("missing-with-figure", "warning")}
    assert lines(told, "missing-with-figure") == [2]


def test_a_figure_that_is_said_to_be_suppressed_is_an_error() -> None:
    told = found(STOCKS, {"OBS_VALUE": 3, "OBS_STATUS": "Q"})
    assert rules(told) == {("missing-with-figure", "error")}


@pytest.mark.parametrize("status", ["A", "E", "P", "U"])
def test_a_figure_of_another_status_is_one(status: str) -> None:
    assert found(STOCKS, {"OBS_VALUE": 3, "OBS_STATUS": status}) == []


@pytest.mark.parametrize("status", ["M", "Q"])
def test_no_figure_is_what_a_missing_value_looks_like(status: str) -> None:
    assert found(STOCKS, {"OBS_VALUE": "NaN", "OBS_STATUS": status}) == []


def test_a_list_of_other_meanings_is_left_alone() -> None:
    statuses = STOCKS.by_id["OBS_STATUS"].enumeration
    assert isinstance(statuses, Codelist)
    named = InternationalString.of("Official")
    own = replace(
        statuses,
        agency="T",
        items=tuple(
            replace(code, name=named) if code.id == "O" else code for code in statuses.items
        ),
    )
    columns = tuple(
        replace(column, enumeration=own) if column.id == "OBS_STATUS" else column
        for column in STOCKS.columns
    )
    told = found(replace(STOCKS, columns=columns), {"OBS_VALUE": 3, "OBS_STATUS": "O"})
    assert told == []
