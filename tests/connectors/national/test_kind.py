"""What a template adds to a mapping, and what its checks say on their own."""

from __future__ import annotations

from pathlib import Path

import pytest

import dsd
from connectors.national import parse_mapping, read_table
from connectors.templates import Template, blank_checklist, templates, unanswered
from connectors.templates.privacy import questions
from hub.errors import Finding, NotFound
from hub.formats.message import RawData
from hub.model import ArtefactClass, Reference, resolve

STRUCTURES = dsd.shared_structures()


def read(tmp_path: Path, content: str, mapping: str) -> RawData:
    path = tmp_path / "table.csv"
    path.write_text(content, encoding="utf-8")
    return read_table(path, parse_mapping(mapping, "map.toml"), STRUCTURES)


def told(raw: RawData) -> list[tuple[str, int | None, str | None]]:
    return [(f.rule, f.line, f.column) for f in raw.findings]


@pytest.mark.parametrize("kind", templates().values(), ids=list(templates()))
def test_what_a_template_says_is_of_the_shared_lists(kind: Template) -> None:
    """Its defaults are among the values it allows, and all of them are codes."""
    named = {component: set(values) for component, values in kind.allowed.items()}
    for component, units in kind.units.items():
        named.setdefault(component, set()).update(units)
        named["UNIT_MEASURE"].update(unit for listed in units.values() for unit in listed)
    for component, value in kind.defaults.items():
        assert value in kind.allowed.get(component, [value])
        named.setdefault(component, set()).add(value)
    known = set()
    for structure in kind.structures:
        reference = Reference(ArtefactClass.DATA_STRUCTURE, "MIGX", structure, "1.0.0")
        columns = resolve(reference, STRUCTURES).by_id
        known |= set(columns)
        for component in named.keys() & columns.keys():
            list_ = columns[component].enumeration
            assert list_ is None or named[component] <= set(list_.by_id), component
    assert known >= {*named, *(c for needed in kind.needs.values() for c in needed)}
    assert set(kind.allowed) <= set(kind.why)


SURVEY = """
dataflow = "MIGX:DF_STOCK_BIRTH"
template = "labour-force-survey"
[columns]
COUNTERPART_AREA = "c"
OBS_VALUE = "v"
"""


def test_defaults_fill_what_the_mapping_leaves_open(tmp_path: Path) -> None:
    raw = read(tmp_path, "c,v\nPOL,5\n", SURVEY + '[constants]\nPOP_CONCEPT = "DJ"\n')
    row = {name: column[0] for name, column in raw.table.to_pydict().items()}
    assert (row["SOURCE_TYPE"], row["POP_CONCEPT"], row["UNIT_MEASURE"]) == ("LFS", "DJ", "PS")
    (warned,) = raw.findings
    assert (warned.rule, warned.severity.value) == ("template-sample", "warning")


def test_a_template_for_another_structure_is_told(tmp_path: Path) -> None:
    raw = read(tmp_path, "c,v\nPOL,5\n", SURVEY.replace("DF_STOCK_BIRTH", "DF_FLOW_RES"))
    assert told(raw) == [("template-structure", None, None)]
    assert "MIG_STOCK and MIG_CHAR" in raw.findings[0].message


def test_an_unknown_template_is_told_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="did you mean labour-force-survey"):
        read(tmp_path, "c,v\nPOL,5\n", SURVEY.replace("labour-force", "labor-force"))


ASYLUM = """
dataflow = "MIGX:DF_ADMIN_ASYLUM"
template = "asylum"
[columns]
ADMIN_MEASURE = "what"
UNIT_MEASURE = "unit"
COUNTERPART_AREA = "c"
OBS_VALUE = "v"
TIME_PERIOD = "t"
"""


def test_units_are_never_added(tmp_path: Path) -> None:
    rows = [
        "ASY_DEC,DEC,_T,3,2023",  # a total beside its parts
        "ASY_DEC,DEC,POL,3,2023",
        "ASY_APP,PS,_T,9,2023",  # a total without parts
        "ASY_GRANT,PS,_T,4,2023",  # in the wrong unit, over parts in the right one
        "ASY_GRANT,DEC,POL,4,2023",
        "ASY_GRANT,PS,_T,4,2024",
        "ASY_GRANT,DEC,POL,4,2024",
    ]
    raw = read(tmp_path, "what,unit,c,v,t\n" + "\n".join(rows) + "\n", ASYLUM)
    assert told(raw) == [
        ("template-unit", 5, "UNIT_MEASURE"),
        ("template-mixed-units", 5, "UNIT_MEASURE"),
    ]
    assert all("(on 2 rows)" in finding.message for finding in raw.findings)


def complete(text: str) -> str:
    text = text.replace('answered_by = ""', 'answered_by = "A. Example"').replace("1900", "2024")
    return text.replace('""', '"Said."').replace("= false", "= true").replace("= 0", "= 10")


def faults(tmp_path: Path, text: str) -> list[Finding]:
    (tmp_path / "privacy.toml").write_text(text, encoding="utf-8")
    return unanswered(tmp_path / "privacy.toml")


def test_every_question_of_the_checklist_has_to_be_answered(tmp_path: Path) -> None:
    asked = [one.id for one in questions()]
    blank = faults(tmp_path, blank_checklist())
    assert [f.column for f in blank] == ["answered_by", "answered_on", *asked]
    assert {f.rule for f in blank} == {"privacy-checklist"}
    assert faults(tmp_path, complete(blank_checklist())) == []


@pytest.mark.parametrize(
    ("old", "new", "column", "words"),
    [
        ("least_persons = 10", "least_persons = 9", "least_persons", "at least 10"),
        ("least_persons = 10", "least_persons = true", "least_persons", "whole number"),
        ("counted_by_holder = true", 'counted_by_holder = "yes"', "counted_by_holder", "has to be"),
        ('purpose = "Said."', 'purpose = " N/A "', "purpose", "not answered"),
        ('purpose = "Said."', 'purpos = "Said."', "purpose", "not answered"),
        ("2024-01-01", "2999-01-01", "answered_on", "not the day"),
        ("2024-01-01", '"2024-01-01"', "answered_on", "not the day"),
        ("[answers]", "[answer]", "purpose", "not answered"),
    ],
)
def test_an_answer_that_will_not_do_is_told_by_its_question(
    tmp_path: Path, old: str, new: str, column: str, words: str
) -> None:
    text = complete(blank_checklist())
    assert old in text
    found = {f.column: f.message for f in faults(tmp_path, text.replace(old, new, 1))}
    assert words in found[column]


@pytest.mark.parametrize(
    "content", [b"answers = [", b"\xff\xfe", b"x = 1\n" * 100_000, b"x = " + b"[" * 100_000]
)
def test_a_checklist_that_cannot_be_read_is_one_finding(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "privacy.toml").write_bytes(content)
    (finding,) = unanswered(tmp_path / "privacy.toml")
    assert finding.file == "privacy.toml"


def test_a_checklist_that_is_not_there_is_told_with_the_remedy(tmp_path: Path) -> None:
    (finding,) = unanswered(tmp_path / "privacy.toml")
    assert "'corridor sources checklist'" in finding.message
