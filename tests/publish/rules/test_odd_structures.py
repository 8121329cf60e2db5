"""A structure that was loaded may give a known name to anything: no rule stumbles over it."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pytest

from hub.errors import Finding, Invalid
from hub.model import Column, Representation, Role, Schema, TextType
from hub.publish import validate
from tests.publish.rules.given import raw_of, schema_of

STOCKS = schema_of("DF_STOCK_BIRTH")
FORMS = {
    "several": Representation(max_occurs=3),
    "languages": Representation(is_multilingual=True),
    "whole": Representation(text_type=TextType.INTEGER),
    "text": Representation(),
    "truth": Representation(text_type=TextType.BOOLEAN),
}
VALUES: dict[str, pa.Array] = {
    "several": pa.array([["B", "C"]] * 7, pa.list_(pa.string())),
    "languages": pa.array([[("en", "B")]] * 7, pa.map_(pa.string(), pa.string())),
    "whole": pa.array(["1"] * 7),
    "text": pa.array(["B", "A", "B", "A", "B", "A", "B"]),
    "truth": pa.array(["true"] * 7),
}
NAMES = [
    *("OBS_STATUS", "SOURCE_TYPE", "COV_CTZ", "REF_DATE", "SDC_METHOD", "DERIVATION"),
    *("COMMENT_OBS", "UNIT_MULT", "METHOD_VERSION", "FLOW_TYPE", "REF_AREA_2"),
]
ROWS = [{"TIME_PERIOD": 2010 + n, "OBS_VALUE": v} for n, v in enumerate((9, 9, 8, 9, 8, 9, 9000))]


def odd(schema: Schema, name: str, form: str) -> Schema:
    """The schema with an attribute of that name and form."""
    column = Column(id=name, role=Role.ATTRIBUTE, representation=FORMS[form], is_mandatory=False)
    others = tuple(c for c in schema.columns if c.id != name)
    return replace(schema, columns=(*others, column))


def findings(schema: Schema, name: str, form: str) -> tuple[Finding, ...]:
    raw = raw_of(schema, *ROWS)
    table = raw.table.drop_columns([name] if name in raw.table.column_names else [])
    try:
        table = table.append_column(name, VALUES[form])
        return validate(replace(raw, table=table), schema).findings
    except Invalid as error:
        return error.findings


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_a_known_name_of_an_odd_form(name: str, form: str) -> None:
    told = findings(odd(STOCKS, name, form), name, form)
    assert {finding.rule for finding in told} <= {"jump", "unmarked-break", "unexplained-break"}


@pytest.mark.parametrize("form", FORMS)
def test_a_unit_that_is_no_text_is_none(form: str) -> None:
    """Nor is one that is a plain attribute a reason to stumble."""
    columns = tuple(c for c in STOCKS.columns if c.id != "UNIT_MEASURE")
    schema = replace(STOCKS, columns=columns, constraints=())
    assert findings(odd(schema, "UNIT_MEASURE", form), "UNIT_MEASURE", form) == ()


def test_a_structure_without_any_of_it() -> None:
    kept = ("FREQ", "REF_AREA", "TIME_PERIOD", "OBS_VALUE")
    columns = tuple(column for column in STOCKS.columns if column.id in kept)
    schema = replace(STOCKS, columns=columns, constraints=())
    assert validate(raw_of(schema, *ROWS), schema).findings == ()


@pytest.mark.parametrize("value", [2**63 - 1, -(2**63)])
def test_whole_numbers_at_their_bounds(value: int) -> None:
    flows = schema_of("DF_FLOW_RES")
    whole = Representation(text_type=TextType.LONG)
    columns = tuple(
        replace(c, representation=whole) if c.role is Role.MEASURE else c for c in flows.columns
    )
    schema = replace(flows, columns=columns)
    rows = [
        {"FLOW_TYPE": "IMM", "OBS_VALUE": value},
        {"FLOW_TYPE": "EMI", "COUNTERPART_BASIS": "NEXT_RES", "OBS_VALUE": -value - 1},
        {"FLOW_TYPE": "NET", "OBS_VALUE": 5},
        *({"SEX": s, "OBS_VALUE": value} for s in ("F", "M")),
    ]
    with pytest.raises(Invalid) as caught:
        validate(raw_of(schema, *rows), schema)
    told = {finding.rule for finding in caught.value.findings}
    assert told <= {"net-flow", "below-zero", "total-against-parts"}
