"""Rules over several columns or rows: duplicates, attachment, constraints."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from hub.errors import Finding, Invalid
from hub.formats.message import RawData
from hub.model import CubeRegion, DataConstraint, KeyValues, Schema, resolve
from hub.publish import validate
from tests.publish.stock import PLAIN, Row, finding_of, findings_of, key, place, raw


def test_a_key_that_occurs_again(stock_schema: Schema) -> None:
    findings = findings_of(stock_schema, {}, {"TIME_PERIOD": "2021"}, {"OBS_VALUE": "5"}, {})
    whole = "A.SWE.FB.BIRTH.POL._T._T.PS.2020"
    assert [place(f) for f in findings] == [
        ("duplicate-key", 4, None, whole),
        ("duplicate-key", 5, None, whole),
    ]
    assert all("on line 2 already" in finding.message for finding in findings)


def test_a_deletion_beside_the_same_key_is_no_duplicate(stock_schema: Schema) -> None:
    given = raw(key(), {}, actions=["Delete", "Replace"])
    assert validate(given, stock_schema).actions.to_pylist() == ["Delete", "Replace"]


def test_a_group_has_one_value_of_its_attribute(stock_schema: Schema) -> None:
    other = {"TIME_PERIOD": "2021", "LICENCE": "CC0"}
    finding = finding_of(stock_schema, {}, other, {"TIME_PERIOD": "2022"})
    assert place(finding) == ("attachment", 3, "LICENCE", "CC0")
    assert "one value for REF_AREA" in finding.message
    assert "earlier 'CC BY 4.0'" in finding.message


def test_a_series_has_one_value_of_its_attribute(stock_schema: Schema) -> None:
    finding = finding_of(stock_schema, {}, {"TIME_PERIOD": "2021", "UNIT_MULT": "3"})
    assert place(finding) == ("attachment", 3, "UNIT_MULT", "3")
    validate(raw({}, {"COUNTERPART_AREA": "FIN", "UNIT_MULT": "3"}), stock_schema)


def test_an_aggregate_does_not_report(stock_schema: Schema) -> None:
    finding = finding_of(stock_schema, {"REF_AREA": "M49_150"})
    assert place(finding) == ("constraint", 2, "REF_AREA", "M49_150")
    assert "MIGX:CN_STOCK_BIRTH(1.0.0) allows only" in finding.message


def test_a_flow_holds_its_own_basis(stock_schema: Schema) -> None:
    finding = finding_of(stock_schema, {"COUNTERPART_BASIS": "CTZ"})
    assert place(finding) == ("constraint", 2, "COUNTERPART_BASIS", "CTZ")
    assert "allows only BIRTH" in finding.message


FLOW_ROW = {
    "MIGRANT_STATUS": None,
    "FLOW_TYPE": "IMM",
    "COUNTERPART_BASIS": "PREV_RES",
    "CTZ_GROUP": "_T",
}


@pytest.fixture(scope="module")
def flow_schema() -> Schema:
    from dsd import shared_structures

    structures = shared_structures()
    (flow,) = [artefact for artefact in structures if artefact.id == "DF_FLOW_RES"]
    return resolve(flow.reference, structures)


def flow_raw(*rows: Row) -> RawData:
    whole = [{**PLAIN, **FLOW_ROW, **row} for row in rows]
    names = [name for name in whole[0] if name != "MIGRANT_STATUS"]
    table = pa.table({name: [row[name] for row in whole] for name in names})
    return RawData(source="flows.csv", table=table, line=lambda row: row + 2)


def test_combinations_that_make_no_sense(flow_schema: Schema) -> None:
    validate(flow_raw({}, {"FLOW_TYPE": "EMI", "COUNTERPART_BASIS": "NEXT_RES"}), flow_schema)
    wrong = flow_raw(
        {}, {"COUNTERPART_BASIS": "NEXT_RES"}, {"FLOW_TYPE": "EMI", "TIME_PERIOD": "2021"}
    )
    with pytest.raises(Invalid) as caught:
        validate(wrong, flow_schema)
    assert [(f.rule, f.line) for f in caught.value.findings] == [
        ("constraint", 3),
        ("constraint", 4),
    ]
    first, second = (finding.message for finding in caught.value.findings)
    assert "FLOW_TYPE in (IMM) and COUNTERPART_BASIS in (NEXT_RES)" in first
    assert "FLOW_TYPE in (EMI) and COUNTERPART_BASIS in (PREV_RES)" in second


def constrained(schema: Schema, *regions: CubeRegion) -> Schema:
    constraint = DataConstraint(agency="T", id="CN", regions=regions)
    return Schema(
        context=schema.context,
        dataflow=schema.dataflow,
        structure=schema.structure,
        columns=schema.columns,
        constraints=(constraint,),
    )


def region(*keys: KeyValues, include: bool = True, attributes: tuple[KeyValues, ...] = ()) -> Any:
    return CubeRegion(include=include, keys=keys, attributes=attributes)


def refused_lines(schema: Schema, *rows: Row) -> list[int | None]:
    findings: tuple[Finding, ...] = ()
    try:
        validate(raw(*rows), schema)
    except Invalid as error:
        findings = error.findings
    assert {finding.rule for finding in findings} <= {"constraint"}
    return [finding.line for finding in findings]


SEXES = ({"SEX": "_T"}, {"SEX": "F", "OBS_VALUE": "40"}, {"SEX": "M", "OBS_VALUE": "60"})


def test_a_constraint_may_list_what_it_does_not_allow(stock_schema: Schema) -> None:
    schema = constrained(
        stock_schema, region(KeyValues(component="SEX", values=("F", "M"), include=False))
    )
    assert refused_lines(schema, *SEXES) == [3, 4]


def test_of_several_regions_one_must_hold(stock_schema: Schema) -> None:
    schema = constrained(
        stock_schema,
        region(
            KeyValues(component="SEX", values=("F",)),
            KeyValues(component="TIME_PERIOD", values=("2020",)),
        ),
        region(KeyValues(component="SEX", values=("M",))),
    )
    assert refused_lines(schema, *SEXES, {"SEX": "F", "TIME_PERIOD": "2021"}) == [2, 5]


def test_a_constraint_on_an_attribute_leaves_it_optional(stock_schema: Schema) -> None:
    only_own = (KeyValues(component="DERIVATION", values=("O",)),)
    one = constrained(stock_schema, region(attributes=only_own))
    two = constrained(
        stock_schema,
        region(KeyValues(component="SEX", values=("F", "M", "_T")), attributes=only_own),
        region(KeyValues(component="SEX", values=("_O",))),
    )
    rows = ({}, {"SEX": "F", "DERIVATION": "O"}, {"SEX": "M", "DERIVATION": "EST"})
    assert refused_lines(one, *rows) == [4]
    assert refused_lines(two, *rows) == [4]


def test_an_excluded_region_of_other_components_is_empty(stock_schema: Schema) -> None:
    other = region(
        KeyValues(component="SEX", values=("F",)),
        KeyValues(component="GDP", values=("A",)),
        include=False,
    )
    assert refused_lines(constrained(stock_schema, other), *SEXES) == []
    here = region(
        KeyValues(component="SEX", values=("F",)),
        KeyValues(component="AGE", values=("_T",)),
        include=False,
    )
    assert refused_lines(constrained(stock_schema, here), *SEXES) == [3]


def test_a_range_of_time_compares_periods_not_texts(stock_schema: Schema) -> None:
    periods = ("2019-12", "2020", "2020-Q4", "2020-12", "2020-W54", "2021-Q1", "2021-04")
    rows = [{"TIME_PERIOD": period} for period in periods if period != "2020-W54"]
    schema = constrained(
        stock_schema, region(KeyValues(component="TIME_PERIOD", start="2020", end="2021-Q1"))
    )
    assert refused_lines(schema, *rows) == [2, 7]
