"""SDMX-CSV, against a reference that writes one row at a time with the standard library."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from hub.errors import NotAcceptable
from hub.formats.message import Action
from hub.model import ArtefactClass, Reference


def spell(value: Any) -> str:
    """One cell, the slow way."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float() if value != value:
            return "NaN"
        case list() if value and isinstance(value[0], tuple):
            return ";".join(subfield(f"{tag}:{text}") for tag, text in value)
        case list():
            return ";".join(map(subfield, value))
    return str(value)


def subfield(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if ";" in text or '"' in text else text


def numeric(cell: str) -> str:
    """Doubles have many spellings: compare the number."""
    return repr(float(cell)) if cell else cell


def parsed(text: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.decode(), newline=""), strict=True))


@pytest.mark.parametrize("encoded", [False, True])
def test_every_cell_is_as_a_row_by_row_writer_has_it(build, rows, form, message, encoded) -> None:
    dataset = build(rows, encoded=encoded, size=4)
    heading, *lines = parsed(message(dataset, form("data+csv;version=2.0.0")))
    assert heading[:3] == ["STRUCTURE[;]", "STRUCTURE_ID", "ACTION"]
    assert [title.partition("[")[0] for title in heading[3:]] == list(dataset.columns)
    assert heading[-6:-3] == ["REASONS[]", "NOTES[]", "REMARK[en;fr]"]
    assert len(lines) == len(rows)
    value = heading.index("OBS_VALUE")
    for line, row in zip(lines, rows, strict=True):
        expected = ["dataflow", "TEST:FLOW(1.0.0)", "I", *(spell(row[c]) for c in dataset.columns)]
        assert numeric(line.pop(value)) == numeric(expected.pop(value))
        assert line == expected


def test_only_what_rfc_4180_names_is_quoted(build, rows, form, message) -> None:
    row = rows[0] | {"COMMENT": " a=b;c'd "}
    text = message(build([row], ("FREQ", "COMMENT")), form("data+csv;version=2.0.0")).decode()
    assert text == (
        "STRUCTURE,STRUCTURE_ID,ACTION,FREQ,COMMENT\r\ndataflow,TEST:FLOW(1.0.0),I,A, a=b;c'd \r\n"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [(17951.0, "17951"), (0.1, "0.1"), (-0.0, "0"), (1e-7, "1e-7"), (float("-inf"), "-INF")],
)
def test_doubles(build, rows, form, message, value, text) -> None:
    dataset = build([rows[0] | {"OBS_VALUE": value}], ("FREQ", "OBS_VALUE"))
    assert message(dataset, form("data+csv;version=2.0.0")).endswith(f",A,{text}\r\n".encode())


def test_labels_both(build, rows, form, message) -> None:
    both = replace(form("data+csv;version=2.0.0"), labels="both")
    heading, line, second, *_ = parsed(message(build(rows), both, "fr"))
    assert heading[:4] == ["STRUCTURE[;]", "STRUCTURE_ID", "ACTION", "FREQ: Freq"]
    assert line[1] == "TEST:FLOW(1.0.0): Un flux"
    assert line[3:6] == ["A: A, français", "NOR: NOR, français", "plain"]
    assert second[heading.index("REASONS[]: Reasons")] == "R2: R2, français"


def test_labels_name_adds_columns(build, rows, form, message) -> None:
    named = replace(form("data+csv;version=2.0.0"), labels="name")
    dataset = build(rows, ("FREQ", "KIND", "OBS_VALUE", "REASONS"))
    heading, line, second, *_ = parsed(message(dataset, named, "en"))
    assert heading == [
        *("STRUCTURE[;]", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION", "FREQ", "Freq"),
        *("KIND", "Kind", "OBS_VALUE", "Obs Value", "REASONS[]", "Reasons"),
    ]
    assert line[2:8] == ["A flow, with a comma", "I", "A", "A in English", "plain", ""]
    assert second[-2:] == ["R2", "R2 in English"]


@pytest.mark.parametrize(
    ("keys", "titles", "cells"),
    [
        ("series", ["SERIES_KEY"], ["A.SWE.a,b"]),
        ("obs", ["OBS_KEY"], ["A.SWE.a,b.2015"]),
        ("both", ["SERIES_KEY", "OBS_KEY"], ["A.SWE.a,b", "A.SWE.a,b.2015"]),
    ],
)
def test_keys(build, rows, form, message, keys, titles, cells) -> None:
    keyed = replace(form("data+csv;version=2.0.0"), keys=keys)
    heading, line = parsed(message(build([rows[7]]), keyed))
    assert heading[3 : 3 + len(titles)] == titles
    assert line[3 : 3 + len(cells)] == cells


def test_actions_and_differing_columns_share_one_heading(build, rows, form, message) -> None:
    key = ("FREQ", "AREA", "KIND", "TIME_PERIOD")
    deleted = build(rows[:1], key, action=Action.DELETE)
    merged = build(rows[1:2], (*key, "OBS_VALUE", "STATUS"), action=Action.MERGE)
    for version, letter in (("2.0.0", "A"), ("2.1.0", "M")):
        heading, gone, kept = parsed(
            message([deleted, merged], form(f"data+csv;version={version}"))
        )
        assert heading[-2:] == ["OBS_VALUE", "STATUS"]
        assert (gone[2], gone[-2:]) == ("D", ["", ""])
        assert (kept[2], kept[-2:]) == (letter, ["17951", "E"])


def test_history_has_custom_columns(build, rows, form, message) -> None:
    at = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
    datasets = [build(rows[:1], ("FREQ",), valid_from=at), build(rows[:1], ("FREQ",), valid_to=at)]
    heading, first, second = parsed(message(datasets, form("data+csv;version=2.0.0")))
    assert heading[-2:] == ["VALID_FROM", "VALID_TO"]
    assert first[-2:] == ["2024-05-06T07:08:09Z", ""]
    assert second[-2:] == ["", "2024-05-06T07:08:09Z"]


@pytest.mark.parametrize(
    ("cls", "word"),
    [(ArtefactClass.DATAFLOW, "dataflow"), (ArtefactClass.DATA_STRUCTURE, "datastructure")],
)
def test_the_context_is_named(build, rows, form, message, cls, word) -> None:
    context = Reference(cls, "TEST", "FLOW" if cls is ArtefactClass.DATAFLOW else "DSD", "1.0.0")
    _, line = parsed(message(build(rows[:1], context=context), form("data+csv;version=2.0.0")))
    assert line[:2] == [word, str(context)]


def test_csv_1(build, rows, simple, form, message) -> None:
    both = replace(form("data+csv;version=1.0.0"), labels="both")
    heading, line, *_ = parsed(message(build(rows, simple), both, "en"))
    assert heading[:3] == ["DATAFLOW", "FREQ: Freq", "AREA: Area"]
    assert heading[5:7] == ["OBS_VALUE", "SOURCE: Source"]
    assert line[:2] == ["TEST:FLOW(1.0.0): A flow, with a comma", "A: A in English"]


def test_csv_1_keeps_several_values_and_the_best_language(build, rows, form, message) -> None:
    dataset = build(rows[2:3], ("FREQ", "REASONS", "REMARK"))
    _, line = parsed(message(dataset, form("data+csv;version=1.0.0"), "fr-CA"))
    assert line[2:] == ["R1 R3", 'dit "oui"']


def test_no_rows(build, form, message) -> None:
    text = message(build([], ("FREQ", "OBS_VALUE")), form("data+csv;version=2.0.0"))
    assert text == b"STRUCTURE,STRUCTURE_ID,ACTION,FREQ,OBS_VALUE\r\n"


def test_csv_1_refuses_what_it_cannot_say(build, rows, simple, form, message) -> None:
    csv1 = form("data+csv;version=1.0.0")
    with pytest.raises(NotAcceptable, match="labels=both"):
        message(build(rows, simple), replace(csv1, labels="name"))
    with pytest.raises(NotAcceptable, match="no actions"):
        message(build(rows, simple, action=Action.DELETE), csv1)
    with pytest.raises(NotAcceptable, match="does not tell data sets of one dataflow apart"):
        message([build(rows[:1], simple), build(rows[1:], simple)], csv1)
    with pytest.raises(NotAcceptable, match="PEOPLE, GRADE"):
        message(build(rows), csv1)
    structure = Reference(ArtefactClass.DATA_STRUCTURE, "TEST", "DSD", "1.0.0")
    with pytest.raises(NotAcceptable, match="ask for a dataflow"):
        message(build(rows, simple, context=structure), csv1)
