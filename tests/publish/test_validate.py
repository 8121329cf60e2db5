"""Every rule of the validator: with the line, the column, the value, and what would be right."""

from __future__ import annotations

import math
import time

import pyarrow as pa
import pytest

from hub.errors import Finding, Invalid, Severity
from hub.formats.message import RawData
from hub.model import Schema
from hub.publish import Checked, validate
from hub.publish.findings import Findings
from tests.publish.stock import finding_of, findings_of, key, place, raw


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
    finding = finding_of(stock_schema, {"OBS_STATUSES": "A"})
    assert place(finding) == ("unknown-column", None, "OBS_STATUSES", None)
    assert finding.message.endswith("did you mean OBS_STATUS?")
    finding = finding_of(stock_schema, {"GDP": "A"})
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
    finding = finding_of(stock_schema, {}, {"COUNTERPART_AREA": "FIN", name: None})
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
    finding = finding_of(stock_schema, {}, {"COUNTERPART_AREA": value})
    assert place(finding) == ("unknown-code", 3, "COUNTERPART_AREA", value)
    assert f"'{value}' is not a code of MIGX:CL_AREA_MIG(1.0.0); {hint}" in finding.message


def test_nonsense_gets_no_suggestion(stock_schema: Schema) -> None:
    finding = finding_of(stock_schema, {"SEX": "?!"})
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
    finding = finding_of(stock_schema, {}, {"TIME_PERIOD": "2021", "OBS_VALUE": value})
    assert place(finding) == ("not-of-type", 3, "OBS_VALUE", value)
    assert finding.message.endswith(right)
    assert len(finding.message) < 300


@pytest.mark.parametrize("value", ["0", "-0.5", "+7", ".5", "5.", "1e3", "12E-1", "007"])
def test_what_is_a_number(stock_schema: Schema, value: str) -> None:
    rate = {"OBS_VALUE": value, "UNIT_MEASURE": "R_1000"}  # which may be negative
    checked = validate(raw(rate), stock_schema)
    assert checked.table.column("OBS_VALUE").to_pylist() == [float(value)]


def test_nan_is_a_value_that_is_missing_on_purpose(stock_schema: Schema) -> None:
    checked = validate(raw({"OBS_VALUE": "NaN"}), stock_schema)
    assert math.isnan(checked.table.column("OBS_VALUE")[0].as_py())


@pytest.mark.parametrize("value", ["2020-13", "20", "2021-02-29", "2020-W54", "last year"])
def test_what_is_no_period(stock_schema: Schema, value: str) -> None:
    finding = finding_of(stock_schema, {"TIME_PERIOD": value})
    assert place(finding) == ("not-of-type", 2, "TIME_PERIOD", value)


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
    findings = findings_of(stock_schema, {"SEX": "X"}, {"AGE": "X"}, {"SEX": "Y"}, findings=(note,))
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


def test_keys_that_occur_again_are_counted_beyond_the_bound(stock_schema: Schema) -> None:
    with pytest.raises(Invalid, match="24 errors") as caught:
        validate(raw(*[{}] * 25), stock_schema, 10)
    *listed, last = caught.value.findings
    assert [finding.line for finding in listed] == list(range(3, 13))
    assert last.message.startswith("14 further findings")


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
    finding = finding_of(stock_schema, {**key(OBS_VALUE="5"), "SEX": None}, actions=["Merge"])
    assert place(finding) == ("missing-dimension", 2, "SEX", None)
