"""Data under a structure that was loaded: every type goes in and comes out exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from hub.errors import Conflict, Invalid
from hub.formats.csv import read_csv
from hub.formats.message import RawData
from hub.model import Annotation, Dataflow, Origin, Reference, Structures, resolve
from hub.publish import Outcome, Report, Submission, publish, validate
from hub.store import Store
from tests.store import everything
from tests.store.everything import FLOW, LIST, STORED, TEXTS, TIMELESS_FLOW

ROWS: tuple[dict[str, Any], ...] = (
    {
        "AREA": "SWE",
        "KIND": "a",
        "TIME_PERIOD": "2020-Q1",
        "OBS_VALUE": "0.1",
        "PEOPLE": "-7",
        "GRADE": "GOOD",
        "REMARK": "é 🧳 ',\"",
        "SHARE": "12345678901234567890.10",
        "SERIAL": str(2**63 - 1),
        "HUGE": "9" * 40,
        "IS_FINAL": "true",
        "REASONS": ["WORK", "STUDY"],
        "NOTES": ["one", "two; and a half"],
        "TITLE": [("en", "Persons"), ("fr", "Personnes")],
        "LEVEL": "5",
    },
    {
        "AREA": "SWE",
        "KIND": "b",
        "TIME_PERIOD": "2020-Q1",
        "OBS_VALUE": "NaN",
        "SHARE": "0.10",
        "SERIAL": str(-(2**63)),
        "IS_FINAL": "0",
        "REASONS": ["FAMILY"],
    },
    {"AREA": "DNK", "KIND": "a", "TIME_PERIOD": "2021"},
)
TYPED: tuple[dict[str, Any], ...] = (
    ROWS[2],
    ROWS[0] | {"OBS_VALUE": 0.1, "PEOPLE": -7, "SERIAL": 2**63 - 1, "IS_FINAL": True, "LEVEL": 5},
    ROWS[1] | {"OBS_VALUE": float("nan"), "SERIAL": -(2**63), "IS_FINAL": False},
)
SCHEMA = resolve(FLOW.reference, Structures(everything.ARTEFACTS))
NESTED = {"REASONS": LIST, "NOTES": LIST, "TITLE": TEXTS}


@pytest.fixture
def loaded(store: Store) -> Store:
    store.load_structures(everything.ARTEFACTS)
    return store


def raw(rows: Sequence[dict[str, Any]], **types: pa.DataType) -> RawData:
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {
        name: pa.array([row.get(name) for row in rows], {**NESTED, **types}.get(name, pa.string()))
        for name in names
    }
    return RawData(source="everything", table=pa.table(columns))


def submit(store: Store, given: RawData, flow: Reference = FLOW.reference, **more: Any) -> Report:
    origin = Origin(kind="submission", name="SWE")
    submission = Submission(raw=given, source="SWE", origin=origin, **more)
    return publish(store, flow, submission)


def read(store: Store, flow: Reference = FLOW.reference) -> pa.Table:
    release = store.release(flow)
    assert release is not None
    assert [version.slice for version in release.slices] == [""]
    return store.read(release, store.schema(flow)).read_all()


def check(table: pa.Table, expected: Sequence[dict[str, Any]]) -> None:
    for field in table.schema:
        assert field.type == STORED.get(field.name, pa.string()), field.name
    rows = [{name: row.get(name) for name in table.column_names} for row in expected]
    assert str(table.to_pylist()) == str(rows)  # as text, in which NaN equals itself


def test_every_type_comes_out_as_it_went_in(loaded: Store) -> None:
    report = submit(loaded, raw(ROWS))
    assert report.total.added == 3
    check(read(loaded), TYPED)
    assert submit(loaded, raw(ROWS)).outcome is Outcome.UNCHANGED


def test_a_structure_without_time(loaded: Store) -> None:
    rows = [{k: v for k, v in row.items() if k != "TIME_PERIOD"} for row in ROWS]
    typed = [{k: v for k, v in row.items() if k != "TIME_PERIOD"} for row in TYPED]
    submit(loaded, raw(rows), TIMELESS_FLOW.reference)
    check(read(loaded, TIMELESS_FLOW.reference), typed)
    release = loaded.release(TIMELESS_FLOW.reference)
    assert release is not None
    facts = loaded.facts(release, loaded.schema(TIMELESS_FLOW.reference))
    assert (facts.series_count, facts.obs_count) == (3, 3)


def test_the_same_from_a_csv_file(loaded: Store, tmp_path: Path) -> None:
    header = (
        "STRUCTURE[|],STRUCTURE_ID,ACTION,AREA,KIND,TIME_PERIOD,OBS_VALUE,PEOPLE,GRADE,REMARK,"
        "SHARE,SERIAL,HUGE,IS_FINAL,REASONS[],NOTES[],TITLE[en|fr],LEVEL"
    )
    start = "dataflow,TEST:DF(1.0.0),I"
    lines = (
        f'{start},SWE,a,2020-Q1,0.1,-7,GOOD,"é 🧳 \',""",12345678901234567890.10,{2**63 - 1},'
        f"{'9' * 40},true,WORK|STUDY,one|two; and a half,en:Persons|fr:Personnes,5",
        f"{start},SWE,b,2020-Q1,NaN,,,,0.10,{-(2**63)},,0,FAMILY,,,",
        f"{start},DNK,a,2021,,,,,,,,,,,,",
    )
    path = tmp_path / "everything.csv"
    path.write_text("\n".join([header, *lines]) + "\n", "utf-8")
    submit(loaded, read_csv(path, loaded.structures))
    check(read(loaded), TYPED)


def test_a_plain_value_stands_for_a_list_or_a_text_of_one(loaded: Store) -> None:
    row = {**ROWS[2], "REASONS": "WORK", "NOTES": "n", "TITLE": "Persons"}
    plain = dict.fromkeys(NESTED, pa.string())
    submit(loaded, raw([row], **plain))
    expected = {**ROWS[2], "REASONS": ["WORK"], "NOTES": ["n"], "TITLE": [("en", "Persons")]}
    check(read(loaded), [expected])


def test_an_empty_list_is_no_value(loaded: Store) -> None:
    submit(loaded, raw([{**ROWS[2], "NOTES": []}]))
    check(read(loaded), [ROWS[2]])


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PEOPLE", "1.5", "whole number: write digits only"),
        ("PEOPLE", "1,234", "without separators, 1234"),
        ("SERIAL", str(2**63), "beyond what 64 bits hold"),
        ("SERIAL", "9" * 5000, "beyond what 64 bits hold"),
        ("SHARE", "1e3", "not a number"),
        ("SHARE", "1.234,5", "without separators, 1234.5"),
        ("HUGE", "1.0", "not a whole number"),
        ("IS_FINAL", "yes", "not true or false"),
        ("IS_FINAL", "TRUE", "not true or false"),
        ("GRADE", "GOD", "did you mean GOOD"),
        ("REMARK", "x" * 21, "longer than 20 characters"),
        ("LEVEL", "6", "6 is above 5"),
        ("LEVEL", "-1", "-1 is below 0"),
        ("KIND", "a.b", "break keys"),
        ("KIND", "a b", "break keys"),
        ("REASONS", ["WORK", "WORKS"], "'WORKS' is not a code of TEST:CL_REASON(1.0.0)"),
        ("REASONS", ["WORK", "STUDY", "FAMILY"], "at most 2 values"),
    ],
)
def test_values_that_do_not_fit(name: str, value: Any, says: str) -> None:
    with pytest.raises(Invalid) as caught:
        validate(raw([ROWS[2], {**ROWS[1], name: value}]), SCHEMA)
    (finding,) = caught.value.findings
    assert finding.column == name
    assert says in finding.message


@pytest.mark.parametrize(
    ("name", "type_", "value"),
    [
        ("REMARK", LIST, ["a"]),
        ("REMARK", TEXTS, [("en", "a")]),
        ("NOTES", TEXTS, [("en", "a")]),
        ("TITLE", LIST, ["a"]),
    ],
)
def test_a_column_of_another_shape(name: str, type_: pa.DataType, value: Any) -> None:
    with pytest.raises(Invalid) as caught:
        validate(raw([{**ROWS[2], name: value}], **{name: type_}), SCHEMA)
    (finding,) = caught.value.findings
    assert (finding.rule, finding.column) == ("not-of-type", name)


def test_the_order_of_languages_is_no_revision(loaded: Store) -> None:
    submit(loaded, raw(ROWS))
    turned = {**ROWS[0], "TITLE": ROWS[0]["TITLE"][::-1]}
    assert submit(loaded, raw([turned])).outcome is Outcome.UNCHANGED
    turned["REASONS"] = ["STUDY", "WORK"]
    assert submit(loaded, raw([turned])).total.revised == 1, "the order of values may mean much"


def test_a_flow_that_is_not_cut_is_replaced_whole(loaded: Store) -> None:
    submit(loaded, raw(ROWS))
    report = submit(loaded, raw(ROWS[2:]), replaces=True, areas=frozenset(["SWE"]))
    assert (report.total.revised, report.total.withdrawn) == (0, 2)
    assert submit(loaded, nothing(), replaces=True).outcome is Outcome.UNCHANGED
    check(read(loaded), [ROWS[2]])


def nothing() -> RawData:
    table = raw(ROWS).table.slice(0, 0)
    return RawData(source="nothing", table=table)


def test_a_later_minor_version_may_add_an_attribute(loaded: Store) -> None:
    """What was published before has no value there; nothing has to be published anew."""
    submit(loaded, raw(ROWS[2:]))
    *others, last = everything.TIMED.attributes
    added = replace(last, id="LEVEL_2", representation=None)
    structure = replace(everything.TIMED, version="1.1.0", attributes=(*others, last, added))
    flow = replace(FLOW, version="1.1.0", structure=structure.reference)
    loaded.load_structures([structure, flow])
    assert read(loaded, flow.reference).column("LEVEL_2").to_pylist() == [None]
    submit(loaded, raw([{**ROWS[0], "LEVEL_2": "x"}]), flow.reference)
    assert read(loaded, flow.reference).column("LEVEL_2").to_pylist() == [None, "x"]
    assert "LEVEL_2" not in read(loaded).column_names


def test_a_flow_does_not_continue_under_another_structure(loaded: Store) -> None:
    submit(loaded, raw(ROWS[2:]))
    other = replace(FLOW, version="2.0.0", structure=everything.TIMELESS.reference)
    loaded.load_structures([other])
    rows = [{k: v for k, v in ROWS[0].items() if k != "TIME_PERIOD"}]
    with pytest.raises(Conflict, match=r"holds data of TEST:DSD\(1.0.0\)"):
        submit(loaded, raw(rows), other.reference)


def test_a_number_as_dimension_stays_as_it_is_written(loaded: Store) -> None:
    kind, *_ = [d for d in everything.TIMED.dimensions if d.id == "KIND"]
    number = replace(kind, representation=everything.REPRESENTATIONS["PEOPLE"])
    dimensions = tuple(number if d.id == "KIND" else d for d in everything.TIMED.dimensions)
    structure = replace(everything.TIMED, id="DSD_NUMBER", dimensions=dimensions)
    flow = Dataflow(
        agency="TEST",
        id="DF_NUMBER",
        structure=structure.reference,
        annotations=(Annotation(type="SLICE_BY", title="NO_SUCH"),),
    )
    loaded.load_structures([structure, flow])
    rows = [{**ROWS[2], "KIND": kind} for kind in ("07", "7", "10")]
    submit(loaded, raw(rows), flow.reference)
    assert read(loaded, flow.reference).column("KIND").to_pylist() == ["07", "10", "7"]
    with pytest.raises(Invalid, match="1 error"):
        submit(loaded, raw([{**ROWS[2], "KIND": "x"}]), flow.reference)
