"""Every rule of the validator: with the line, the column, the value, and what would be right."""

from __future__ import annotations

import math
import time
from typing import Any

import pyarrow as pa
import pytest

from hub.errors import Finding, Invalid, Severity
from hub.formats.message import RawData
from hub.model import (
    CubeRegion,
    DataConstraint,
    KeyValues,
    Schema,
    resolve,
)
from hub.publish import Checked, validate
from hub.publish.findings import Findings
from tests.publish.stock import PLAIN, Row, key, raw


def found(schema: Schema, *rows: Row, **more: Any) -> list[Finding]:
    """The findings of a submission that must be refused."""
    with pytest.raises(Invalid) as caught:
        validate(raw(*rows, **more), schema)
    for finding in caught.value.findings:
        assert finding.file == "stocks.csv"
    return list(caught.value.findings)


def only(schema: Schema, *rows: Row, **more: Any) -> Finding:
    (finding,) = found(schema, *rows, **more)
    return finding


def place(finding: Finding) -> tuple[str, int | None, str | None, str | None]:
    return finding.rule, finding.line, finding.column, finding.value


def test_a_good_submission_becomes_typed(stock_schema: Schema) -> None:
    checked = validate(raw({}, {"TIME_PERIOD": "2021", "OBS_VALUE": "2.5"}), stock_schema)
    assert checked.findings == ()
    assert checked.table.schema.names == [column.id for column in stock_schema.columns]
    assert checked.table.column("OBS_VALUE").to_pylist() == [100.0, 2.5]
    assert checked.table.column("COMMENT_OBS").null_count == 2
    assert checked.actions.to_pylist() == ["Information"] * 2


def test_no_rows_are_no_error(stock_schema: Schema) -> None:
    assert validate(raw(), stock_schema).table.num_rows == 0


def test_an_unknown_column_with_what_it_may_be(stock_schema: Schema) -> None:
    finding = only(stock_schema, {"OBS_STATUSES": "A"})
    assert place(finding) == ("unknown-column", None, "OBS_STATUSES", None)
    assert finding.message.endswith("did you mean OBS_STATUS?")
    finding = only(stock_schema, {"GDP": "A"})
    assert "it has FREQ, REF_AREA" in finding.message


def without(*names: str) -> RawData:
    table = raw({}).table
    return RawData(source="stocks.csv", table=table.drop_columns(list(names)))


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("SEX", "missing-column"),
        ("OBS_STATUS", "missing-attribute"),
        ("LICENCE", "missing-attribute"),
    ],
)
def test_a_missing_column(stock_schema: Schema, name: str, rule: str) -> None:
    with pytest.raises(Invalid) as caught:
        validate(without(name), stock_schema)
    (finding,) = caught.value.findings
    assert place(finding) == (rule, None, name, None)
    assert "add" in finding.message


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("SEX", "missing-dimension"),
        ("TIME_PERIOD", "missing-dimension"),
        ("POP_CONCEPT", "missing-attribute"),
    ],
)
def test_an_empty_cell(stock_schema: Schema, name: str, rule: str) -> None:
    finding = only(stock_schema, {}, {"COUNTERPART_AREA": "FIN", name: None})
    assert place(finding) == (rule, 3, name, None)


def test_a_value_may_be_absent_where_the_structure_says_so(stock_schema: Schema) -> None:
    checked = validate(raw({"OBS_VALUE": None, "OBS_STATUS": "M"}), stock_schema)
    assert checked.table.column("OBS_VALUE").to_pylist() == [None]


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("PL", "'PL' is the ISO 3166-1 alpha-2 spelling of POL: write POL"),
        ("EL", "'EL' is the Eurostat spelling of GRC"),
        ("616", "'616' is the UN M49 spelling of POL"),
        ("Poland", "'Poland' is the name of POL"),
        ("POLAND", "'POLAND' is the name of POL"),
        ("Польша", "'Польша' is the name of POL"),
        ("Polland", "did you mean POL (Poland)?"),
        ("POLX", "did you mean POL (Poland)?"),
        ("pol", "did you mean POL (Poland)?"),
    ],
)
def test_an_unknown_code_with_what_it_may_be(stock_schema: Schema, value: str, hint: str) -> None:
    finding = only(stock_schema, {}, {"COUNTERPART_AREA": value})
    assert place(finding) == ("unknown-code", 3, "COUNTERPART_AREA", value)
    assert f"'{value}' is not a code of MIGX:CL_AREA_MIG(1.0.0); {hint}" in finding.message


def test_nonsense_gets_no_suggestion(stock_schema: Schema) -> None:
    finding = only(stock_schema, {"SEX": "?!"})
    assert finding.message == "'?!' is not a code of SDMX:CL_SEX(2.1)"


@pytest.mark.parametrize(
    ("value", "right"),
    [
        ("1,234", "1234"),
        ("1 234 567", "1234567"),
        ("1'234", "1234"),
        ("1\u202f234", "1234"),
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("-1.234.567,8", "-1234567.8"),
        ("12,5", "like 1234.5"),
        ("..", "like 1234.5"),
        ("c", "like 1234.5"),
        ("INF", "like 1234.5"),
        ("nan", "like 1234.5"),
        ("0x1F", "like 1234.5"),
        ("1_000", "like 1234.5"),
        ("٣", "like 1234.5"),
        ("1e400", "beyond what a Double holds"),
        ("9" * 5000, "beyond what a Double holds"),
    ],
)
def test_what_is_no_number(stock_schema: Schema, value: str, right: str) -> None:
    finding = only(stock_schema, {}, {"TIME_PERIOD": "2021", "OBS_VALUE": value})
    assert place(finding) == ("not-of-type", 3, "OBS_VALUE", value)
    assert finding.message.endswith(right)
    assert len(finding.message) < 300


@pytest.mark.parametrize("value", ["0", "-0.5", "+7", ".5", "5.", "1e3", "12E-1", "007"])
def test_what_is_a_number(stock_schema: Schema, value: str) -> None:
    checked = validate(raw({"OBS_VALUE": value}), stock_schema)
    assert checked.table.column("OBS_VALUE").to_pylist() == [float(value)]


def test_nan_is_a_value_that_is_missing_on_purpose(stock_schema: Schema) -> None:
    checked = validate(raw({"OBS_VALUE": "NaN"}), stock_schema)
    assert math.isnan(checked.table.column("OBS_VALUE")[0].as_py())


@pytest.mark.parametrize("value", ["2020-13", "20", "2021-02-29", "2020-W54", "last year"])
def test_what_is_no_period(stock_schema: Schema, value: str) -> None:
    finding = only(stock_schema, {"TIME_PERIOD": value})
    assert place(finding) == ("not-of-type", 2, "TIME_PERIOD", value)


def test_a_key_that_occurs_again(stock_schema: Schema) -> None:
    findings = found(stock_schema, {}, {"TIME_PERIOD": "2021"}, {"OBS_VALUE": "5"}, {})
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
    finding = only(stock_schema, {}, other, {"TIME_PERIOD": "2022"})
    assert place(finding) == ("attachment", 3, "LICENCE", "CC0")
    assert "one value for REF_AREA" in finding.message
    assert "earlier 'CC BY 4.0'" in finding.message


def test_a_series_has_one_value_of_its_attribute(stock_schema: Schema) -> None:
    finding = only(stock_schema, {}, {"TIME_PERIOD": "2021", "UNIT_MULT": "3"})
    assert place(finding) == ("attachment", 3, "UNIT_MULT", "3")
    validate(raw({}, {"COUNTERPART_AREA": "FIN", "UNIT_MULT": "3"}), stock_schema)


def test_an_aggregate_does_not_report(stock_schema: Schema) -> None:
    finding = only(stock_schema, {"REF_AREA": "M49_150"})
    assert place(finding) == ("constraint", 2, "REF_AREA", "M49_150")
    assert "MIGX:CN_STOCK_BIRTH(1.0.0) allows only" in finding.message


def test_a_flow_holds_its_own_basis(stock_schema: Schema) -> None:
    finding = only(stock_schema, {"COUNTERPART_BASIS": "CTZ"})
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


def test_a_place_without_a_line_is_the_pointer_or_the_row(stock_schema: Schema) -> None:
    table = raw({}, {"SEX": "X"}, {}).table
    pointed = RawData(source="m.json", table=table, place=lambda row: f"/data/{row}")
    with pytest.raises(Invalid) as caught:
        validate(pointed, stock_schema)
    code, twice = sorted(caught.value.findings, key=lambda finding: finding.rule, reverse=True)
    assert (code.file, code.line) == ("m.json#/data/1", None)
    assert "at /data/0 already" in twice.message
    with pytest.raises(Invalid) as caught:
        validate(RawData(source="query", table=table), stock_schema)
    assert any("in row 1 already" in f.message for f in caught.value.findings)


def test_errors_come_first_then_by_line(stock_schema: Schema) -> None:
    note = Finding(rule="mapped", message="so", severity=Severity.INFORMATION, file="stocks.csv")
    findings = found(stock_schema, {"SEX": "X"}, {"AGE": "X"}, {"SEX": "Y"}, findings=(note,))
    assert [finding.line for finding in findings] == [2, 3, 4, None]
    assert [finding.severity for finding in findings].index(Severity.INFORMATION) == 3


def test_what_is_beyond_the_bound_is_counted(stock_schema: Schema) -> None:
    rows = [{"TIME_PERIOD": str(1900 + i), "SEX": "X"} for i in range(25)]
    with pytest.raises(Invalid, match="25 errors") as caught:
        validate(raw(*rows), stock_schema, 10)
    *listed, last = caught.value.findings
    assert len(listed) == 10
    assert last.rule == "too-many-findings"
    assert last.severity is Severity.ERROR
    assert last.message.startswith("15 further findings")


def test_too_many_notes_are_no_error() -> None:
    findings = Findings(raw({}), most=1)
    for _ in range(3):
        findings.add("note", "so", severity=Severity.INFORMATION)
    assert findings.errors == 0
    assert [finding.severity for finding in findings.all()] == [Severity.INFORMATION] * 2


@pytest.mark.parametrize("distinct", [1, 50_000])
def test_fifty_thousand_bad_rows_are_refused_quickly(stock_schema: Schema, distinct: int) -> None:
    """Suggestions, places and rules cost the same for many bad rows as for few."""
    n = 50_000
    plain = raw({}).table
    columns = {name: plain.column(name).take(pa.repeat(0, n)) for name in plain.column_names}
    columns["TIME_PERIOD"] = pa.chunked_array([[f"{1000 + i // 1000}" for i in range(n)]])
    wrong = pa.chunked_array([[f"Pol{i % distinct}" for i in range(n)]])
    columns |= {"COUNTERPART_AREA": wrong, "OBS_VALUE": wrong, "SEX": wrong}
    given = RawData(source="s.csv", table=pa.table(columns), line=lambda row: row + 2)
    begun = time.process_time()
    with pytest.raises(Invalid) as caught:
        validate(given, stock_schema)
    assert time.process_time() - begun < 5
    assert len(caught.value.findings) == 10_001
    assert {"unknown-code"} <= {finding.rule for finding in caught.value.findings}


def test_rows_to_merge_need_only_their_key(stock_schema: Schema) -> None:
    checked: Checked = validate(raw(key(OBS_VALUE="5"), actions=["Merge"]), stock_schema)
    assert checked.table.column("OBS_VALUE").to_pylist() == [5.0]
    finding = only(stock_schema, {**key(OBS_VALUE="5"), "SEX": None}, actions=["Merge"])
    assert place(finding) == ("missing-dimension", 2, "SEX", None)
