"""Structure-specific data: levels, groups, complex values, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.errors import Invalid, Severity
from hub.formats.ml.columns import CHUNK
from tests.formats.ml.messages import SERIES, data_set, message, read

KEY = 'FREQ="A" AREA="SE"'


def test_namespaces_and_attributes_of_the_message_carry_nothing(tmp_path: Path) -> None:
    """Prefixes are free; `ss:`, `xsi:` and `type` are no components; annotations are left out."""
    body = (
        '<ns1:DataSet xsi:type="ns1:DataSetType" ss:structureRef="S" ss:action="Append" '
        'ss:validFromDate="2020-01-01T00:00:00Z" ss:dataScope="Dataflow">'
        "<common:Annotations><common:Annotation><common:AnnotationTitle>t</common:AnnotationTitle>"
        "</common:Annotation></common:Annotations>"
        f'<ns1:Series xsi:type="ns1:S" {KEY}>'
        '<Obs type="x" xsi:type="ns1:O" ss:z="1" TIME_PERIOD="2020" OBS_VALUE="1"/></ns1:Series>'
        "</ns1:DataSet>"
    )
    raw = read(tmp_path, message(body))
    assert raw.table.to_pylist() == [
        {"FREQ": "A", "AREA": "SE", "TIME_PERIOD": "2020", "OBS_VALUE": "1"}
    ]
    assert raw.actions is not None
    assert raw.actions.to_pylist() == ["Append"]


def test_what_stands_nearest_counts(tmp_path: Path) -> None:
    body = data_set(
        f'<Series {KEY} STATUS="S"><Obs TIME_PERIOD="2020" STATUS="O"/><Obs TIME_PERIOD="2021"/>'
        f'</Series><Series FREQ="A" AREA="NO"><Obs TIME_PERIOD="2020"/></Series>',
        ' ss:structureRef="S" STATUS="D"',
    )
    assert read(tmp_path, message(body)).table["STATUS"].to_pylist() == ["O", "S", "D"]


def test_missing_values_and_empty_ones(tmp_path: Path) -> None:
    """NaN and #N/A are said to be missing (SDMX 3.1) and stay; an empty attribute is absent."""
    observations = (
        '<Obs TIME_PERIOD="1" OBS_VALUE="NaN" STATUS=""/>'
        '<Obs TIME_PERIOD="2" STATUS="#N/A"/><Obs OBS_VALUE="" TIME_PERIOD="3"/>'
    )
    table = read(tmp_path, message(data_set(f"<Series {KEY}>{observations}</Series>"))).table
    assert table["OBS_VALUE"].to_pylist() == ["NaN", None, None]
    assert table["STATUS"].to_pylist() == [None, "#N/A", None]
    assert table["TIME_PERIOD"].to_pylist() == ["1", "2", "3"]


def test_groups_reach_the_rows_with_their_key_wherever_they_stand(tmp_path: Path) -> None:
    body = data_set(
        '<Group xsi:type="ns1:ByArea" AREA="SE" TITLE="Sweden"/>'
        f"{SERIES}"
        '<Obs FREQ="M" AREA="NO" TIME_PERIOD="2020-01"/>'
        '<Group xsi:type="ns1:ByArea" AREA="NO" TITLE="Norway"/>'
        '<Atts FREQ="M" STATUS="E"/>'
    ) + data_set('<Obs FREQ="M" AREA="SE" TIME_PERIOD="2020-01"/>')
    table = read(tmp_path, message(body)).table
    assert table["TITLE"].to_pylist() == ["Sweden", "Norway", None]  # a group ends with its set
    assert table["STATUS"].to_pylist() == [None, "E", None]


def test_attributes_without_a_key_are_those_of_the_data_set(tmp_path: Path) -> None:
    body = data_set(f'<Atts STATUS="E"/>{SERIES}') + data_set(SERIES.replace("SE", "NO"))
    assert read(tmp_path, message(body)).table["STATUS"].to_pylist() == ["E", None]


def test_groups_without_observations_are_told(tmp_path: Path) -> None:
    raw = read(tmp_path, message(data_set(f'\n<Group AREA="DK" TITLE="x"/>{SERIES}')))
    (finding,) = raw.findings
    assert (finding.severity, finding.line) == (Severity.WARNING, 5)
    assert "1 groups have no observations" in finding.message
    assert raw.table["TITLE"].to_pylist() == [None]


def test_a_group_that_contradicts_another_is_refused(tmp_path: Path) -> None:
    group = '\n<Group AREA="SE" TITLE="{}"/>'
    twice = message(data_set(group.format("a") + group.format("a") + SERIES))
    assert read(tmp_path, twice).table["TITLE"].to_pylist() == ["a"]
    with pytest.raises(Invalid, match="TITLE is given twice, differently") as refused:
        read(tmp_path, message(data_set(group.format("a") + group.format("b") + SERIES)))
    assert refused.value.findings[0].line == 6


def test_groups_ask_for_the_structure(tmp_path: Path) -> None:
    text = message(data_set(f'<Group AREA="SE" TITLE="x"/>{SERIES}'))
    with pytest.raises(Invalid, match=r"T:FLOW\(1\.0\) is not known here; load it first"):
        read(tmp_path, text, None)
    assert read(tmp_path, message(data_set(SERIES)), None).table.num_rows == 1


def test_deleted_keys_may_be_partial(tmp_path: Path) -> None:
    body = data_set(
        f'<Series {KEY}/><Series AREA="NO"><Obs TIME_PERIOD="2020"/></Series><Obs FREQ="M"/>',
        ' ss:structureRef="S" ss:action="Delete"',
    )
    raw = read(tmp_path, message(body))
    columns = [raw.table[name].to_pylist() for name in ("FREQ", "AREA", "TIME_PERIOD")]
    keys = list(zip(*columns, strict=True))
    assert keys == [("A", "SE", None), (None, "NO", "2020"), ("M", None, None)]
    assert raw.actions is not None
    assert raw.actions.to_pylist() == ["Delete"] * 3


def test_lines_are_those_of_the_observations(tmp_path: Path) -> None:
    body = data_set(
        f'\n<Series {KEY}>\n<Obs TIME_PERIOD="1"/>\n\n<Obs\n TIME_PERIOD="2"/></Series>'
        '\n<Series FREQ="M" AREA="SE"/>\n'
    )
    raw = read(tmp_path, message(body))
    lines = (tmp_path / "data.xml").read_text().splitlines()
    found = [lines[(raw.line(row) or 0) - 1] for row in range(3)]
    assert found == ['<Obs TIME_PERIOD="1"/>', "<Obs", '<Series FREQ="M" AREA="SE"/>']


COMP = '<Comp id="NOTE" xsi:type="ns1:NOTE_ATTRIBUTE">{}</Comp>'


def with_comp(*values: str) -> str:
    observations = "".join(
        f'<Obs TIME_PERIOD="{number}">{COMP.format(value) if value else ""}</Obs>'
        for number, value in enumerate(values)
    )
    return message(data_set(f"<Series {KEY}>{observations}</Series>"))


def test_complex_values(tmp_path: Path) -> None:
    several = with_comp("<Value>a</Value><Value> b &amp; c </Value>", "", "<Value></Value>")
    assert read(tmp_path, several).table["NOTE"].to_pylist() == [["a", " b & c "], None, None]
    text = '<common:Text xml:lang="{}">{}</common:Text>'
    languages = with_comp(
        f"<Value>\n {text.format('fr', 'oui')}\n {text.format('en', '')}</Value>",
        "<Value>plain</Value>",
        "<Value><common:Text>told nothing</common:Text></Value>",
    )
    assert read(tmp_path, languages).table["NOTE"].to_pylist() == [
        [("fr", "oui")],
        [("en", "plain")],
        [("en", "told nothing")],
    ]


def test_complex_values_beside_plain_ones(tmp_path: Path) -> None:
    body = data_set(
        f'<Series {KEY} NOTE="plain"><Obs TIME_PERIOD="1">{COMP.format("<Value>a</Value>")}</Obs>'
        '<Obs TIME_PERIOD="2"/><Obs TIME_PERIOD="3" NOTE="b"/></Series>'
    )
    found = read(tmp_path, message(body)).table["NOTE"].to_pylist()
    assert found == [["a"], ["plain"], ["b"]]


def test_complex_values_of_every_level(tmp_path: Path) -> None:
    comp = COMP.format("<Value>{}</Value>")
    body = data_set(
        f'<Atts>{comp.format("set")}</Atts><Group AREA="NO">{comp.format("group")}</Group>'
        f'<Series {KEY}>{comp.format("series")}<Obs TIME_PERIOD="1"/></Series>'
        '<Obs FREQ="A" AREA="NO" TIME_PERIOD="1"/><Obs FREQ="A" AREA="DK" TIME_PERIOD="1"/>'
    )
    found = read(tmp_path, message(body)).table["NOTE"].to_pylist()
    assert found == [["series"], ["group"], ["set"]]


TEXT = "<common:Text>x</common:Text>"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (f"<Value>{TEXT}</Value><Value>{TEXT}</Value>", "several values in several languages"),
        (f"<Value>{TEXT}{TEXT}</Value>", "two texts in 'en'"),
        (f"<Value>a{TEXT}</Value>", "a text beside those in languages"),
        (f"<Value>a</Value><Value>{TEXT}</Value>", "several values in several languages"),
        ("<Value><common:StructuredText>x</common:StructuredText></Value>", "structured text"),
        ("<Value><b/></Value>", "b does not belong here; expected: Text, StructuredText"),
        ("text", "the text 'text' where none belongs"),
    ],
)
def test_complex_values_that_are_not_stored(tmp_path: Path, value: str, reason: str) -> None:
    with pytest.raises(Invalid, match=reason) as refused:
        read(tmp_path, with_comp("", value))
    (finding,) = refused.value.findings
    assert finding.line == 4
    assert "(in /StructureSpecificData/DataSet/Series/Obs/Comp" in finding.message


def test_kinds_that_cannot_be_one_are_told_with_their_line(tmp_path: Path) -> None:
    text = with_comp(f"<Value>{TEXT}</Value>", "<Value>a</Value>\n<Value>b</Value>")
    with pytest.raises(Invalid, match="NOTE has several values where other rows"):
        read(tmp_path, text)


@pytest.mark.parametrize(
    ("body", "reason", "path"),
    [
        ("<Obs><Obs/></Obs>", "Obs does not belong here; expected: Comp", "/DataSet/Obs)"),
        ("<Serie/>", "Serie does not belong here; expected: Series, Obs, Group", "/DataSet)"),
        (f"<Series {KEY}>12</Series>", "the text '12' where none belongs", "/DataSet/Series)"),
        ("<Obs><Comp/></Obs>", "a Comp without the id", "/DataSet/Obs/Comp)"),
        (
            f"<Obs>{COMP.format('<Value>1</Value>')}{COMP.format('<Value>2</Value>')}</Obs>",
            "NOTE is given twice",
            "/DataSet/Obs)",
        ),
    ],
)
def test_what_does_not_belong_is_told_with_its_place(
    tmp_path: Path, body: str, reason: str, path: str
) -> None:
    with pytest.raises(Invalid, match=reason) as refused:
        read(tmp_path, message("\n" + data_set(f"\n{body}")))
    (finding,) = refused.value.findings
    assert (finding.line, finding.file) == (6, "data.xml")
    assert f"(in /StructureSpecificData{path}" in finding.message
    assert str(refused.value.message).startswith("data.xml, line 6: ")


def test_a_message_without_observations_says_so(tmp_path: Path) -> None:
    for body in ("", data_set("")):
        raw = read(tmp_path, message(body))
        assert raw.table.num_rows == 0
        assert [finding.rule for finding in raw.findings] == ["ml-no-rows"]
        assert raw.findings[0].severity is Severity.INFORMATION


def test_more_shapes_of_elements_than_are_worth_learning(tmp_path: Path) -> None:
    """Seven attributes in any order, some missing: their values still come to their rows."""
    names = ["TIME_PERIOD", *(f"A{number}" for number in range(6))]
    rows = [
        {name: f"{name}{row}" for place, name in enumerate(names) if row >> place & 1}
        for row in range(1, 128)
    ]
    spelt = (" ".join(f'{name}="{value}"' for name, value in row.items()) for row in rows)
    observations = "".join(f"<Obs {attributes}/>" for attributes in spelt)
    found = read(tmp_path, message(data_set(observations))).table.to_pylist()
    assert [{k: v for k, v in row.items() if v is not None} for row in found] == rows


def test_components_that_appear_late_leave_earlier_rows_in_place(tmp_path: Path) -> None:
    empty = CHUNK + 5_000
    body = data_set("<Obs/>" * empty + '<Obs STATUS="E"/>' + "<Obs/>" * CHUNK)
    column = read(tmp_path, message(body)).table["STATUS"]
    assert len(column) == empty + 1 + CHUNK
    assert column.null_count == len(column) - 1
    assert column[empty].as_py() == "E"
