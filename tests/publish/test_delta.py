"""New states and deltas against a naive door, for random submissions one after another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.engine import arrow_schema
from hub.errors import Invalid
from hub.formats.message import RawData
from hub.model import (
    Annotation,
    Attachment,
    Attribute,
    Code,
    Codelist,
    Concept,
    ConceptScheme,
    Dataflow,
    DataStructure,
    Dimension,
    Group,
    Measure,
    Representation,
    Schema,
    Structures,
    TextType,
    resolve,
)
from hub.publish.delta import compute_changes
from hub.publish.incoming import BaseFile, Incoming
from hub.publish.portions import MOST_ROWS
from hub.store import Lake
from hub.store.parts import Part
from tests.publish.naive import (
    Key,
    NaiveStructure,
    NaiveSubmission,
    State,
    difference,
    state_after,
)

AREAS, SEXES, PERIODS = ("DNK", "NOR", "SWE"), ("F", "M"), ("2019", "2020", "2021")
NAMES = ("AREA", "SEX", "TIME_PERIOD", "OBS_VALUE", "NOTE", "REASONS", "TITLE", "LICENCE", "SENDER")
NAIVE = NaiveStructure(
    dimensions=NAMES[:3],
    values=NAMES[3:],
    slice_by="AREA",
    upper={"TITLE": ("AREA", "SEX"), "LICENCE": ("AREA",), "SENDER": ()},
)


def _schema() -> Schema:
    areas = Codelist(agency="T", id="CL_A", items=tuple(Code(id=code) for code in AREAS))
    sexes = Codelist(agency="T", id="CL_S", items=tuple(Code(id=code) for code in SEXES))
    concepts = ConceptScheme(agency="T", id="CS", items=tuple(Concept(id=n) for n in NAMES))

    def about(id_: str, representation: Representation | None = None) -> dict[str, Any]:
        concept = concepts.reference.item(id_)
        return {"id": id_, "concept": concept, "representation": representation}

    structure = DataStructure(
        agency="T",
        id="DSD",
        dimensions=(
            Dimension(**about("AREA", Representation(enumeration=areas.reference))),
            Dimension(**about("SEX", Representation(enumeration=sexes.reference))),
            Dimension(**about("TIME_PERIOD"), is_time=True),
        ),
        measures=(
            Measure(
                **about("OBS_VALUE", Representation(text_type=TextType.DOUBLE)), is_mandatory=False
            ),
        ),
        attributes=(
            Attribute(**about("NOTE")),
            Attribute(**about("REASONS", Representation(max_occurs=None))),
            Attribute(
                **about("TITLE"), attachment=Attachment.DIMENSIONS, dimensions=("AREA", "SEX")
            ),
            Attribute(**about("LICENCE"), attachment=Attachment.GROUP, group="BY_AREA"),
            Attribute(**about("SENDER"), attachment=Attachment.DATASET),
        ),
        groups=(Group(id="BY_AREA", dimensions=("AREA",)),),
    )
    note = Annotation(type="SLICE_BY", title="AREA")
    flow = Dataflow(agency="T", id="DF", structure=structure.reference, annotations=(note,))
    return resolve(flow.reference, Structures([areas, sexes, concepts, structure, flow]))


SCHEMA = _schema()
KEYS = st.tuples(*(st.sampled_from(codes) for codes in (AREAS, SEXES, PERIODS)))
GIVING = ["Replace", "Information", "Merge", "Append"]
PATTERNS = st.tuples(*(st.sampled_from((None, *codes)) for codes in (AREAS, SEXES, PERIODS)))
OWN = st.fixed_dictionaries(
    {
        "OBS_VALUE": st.none() | st.sampled_from([0.0, 1.0, 2.5]),
        "NOTE": st.none() | st.sampled_from(["a", "b"]),
        "REASONS": st.none() | st.lists(st.sampled_from(["x", "y"]), min_size=1, max_size=2),
    }
)


@st.composite
def submissions(draw: st.DrawFn) -> NaiveSubmission:
    """Rows whose keys differ, deletions apart; a group has one value of its attributes."""
    shared: dict[tuple[str, Key], str | None] = {}
    rows: list[tuple[str, Key, dict[str, Any]]] = []
    for key in draw(st.lists(KEYS, unique=True, max_size=8)):
        values = draw(OWN)
        for attribute in NAIVE.upper:
            group = attribute, NAIVE.group_of(attribute, key)
            if group not in shared:
                shared[group] = draw(st.none() | st.sampled_from(["t", "u"]))
            # Not every row repeats what its group says.
            values[attribute] = draw(st.sampled_from([shared[group], None]))
        rows.append(
            (draw(st.sampled_from(["Replace", "Information", "Merge", "Append"])), key, values)
        )
    for pattern in draw(st.lists(PATTERNS, max_size=2)):
        rows.insert(draw(st.integers(0, len(rows))), ("Delete", pattern, {}))
    names = ["NOTE", "REASONS", *NAIVE.upper]
    for pattern in draw(st.lists(PATTERNS, max_size=2)):
        marks = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
        place = draw(st.integers(0, len(rows)))
        rows.insert(place, ("Clear", pattern, dict.fromkeys(marks)))
    return NaiveSubmission(
        rows=rows,
        replaces=draw(st.booleans()),
        covers=draw(st.lists(st.sampled_from(AREAS), unique=True, max_size=2)),
    )


def marks_of(submission: NaiveSubmission) -> dict[str, pa.BooleanArray]:
    """Which rows delete the single value of a component."""
    names = {name for action, _, values in submission.rows if action == "Clear" for name in values}
    return {
        name: pa.array(
            [action == "Clear" and name in values for action, _, values in submission.rows],
            pa.bool_(),
        )
        for name in names
    }


def incoming(source: str, submission: NaiveSubmission) -> Incoming:
    """A submission as the validator hands it on."""
    rows = [
        dict(zip(NAIVE.dimensions, key, strict=True)) | values for _, key, values in submission.rows
    ]
    table = pa.Table.from_pylist(rows, arrow_schema(SCHEMA))
    return Incoming(
        source=source,
        raw=RawData(source=source, table=table),
        table=table,
        actions=pa.array(
            ["Delete" if action == "Clear" else action for action, _, _ in submission.rows],
            pa.string(),
        ).dictionary_encode(),
        replaces=submission.replaces,
        complete=tuple(submission.covers),
        marks=marks_of(submission),
    )


@pytest.fixture(scope="module")
def lake() -> Iterator[Lake]:
    with TemporaryDirectory() as folder:
        yield Lake(Path(folder))


def put(lake: Lake, state: pa.Table) -> BaseFile:
    return BaseFile(Part(lake.data_path(lake.put_table(state))), state.num_rows)


def in_slice(rows: dict[Key, Any], slice_: str) -> dict[Key, Any]:
    return {key: row for key, row in rows.items() if NAIVE.slice_of(key) == slice_}


def by_key(table: pa.Table) -> dict[Key, dict[str, Any]]:
    found = {}
    for row in table.to_pylist():
        key = tuple(row.pop(name) for name in NAIVE.dimensions)
        assert key not in found
        found[key] = row
    return found


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.dictionaries(st.sampled_from(["ONE", "TWO"]), submissions(), min_size=1), max_size=3
    ),
    st.sampled_from([1, 6, MOST_ROWS]),
)
def test_states_and_deltas_are_those_of_a_naive_door(
    lake: Lake, releases: list[dict[str, NaiveSubmission]], most_rows: int
) -> None:
    """However many slices are looked at together."""
    states: dict[str, State] = {"ONE": {}, "TWO": {}}
    base: dict[tuple[str, str], BaseFile] = {}
    for release in releases:
        parts = [incoming(source, given) for source, given in release.items()]
        computed = list(compute_changes(SCHEMA, parts, base, most_rows=most_rows))
        changes = {(change.source, change.slice): change for change in computed}
        assert list(changes) == sorted(changes)
        assert len(changes) == len(computed)
        for source, given_ in release.items():
            before = states[source]
            after = state_after(NAIVE, before, given_)
            states[source] = after
            for slice_ in AREAS:
                expected = in_slice(difference(before, after), slice_)
                change = changes.pop((source, slice_), None)
                assert (change is None) is (not expected)
                if change is None:
                    continue
                assert by_key(change.state) == in_slice(after, slice_)
                order = change.state.cast(arrow_schema(SCHEMA)).select(NAIVE.dimensions)
                assert order == order.sort_by([(name, "ascending") for name in NAIVE.dimensions])
                kinds = [kind for kind, _ in expected.values()]
                assert change.counts.added == kinds.count("added")
                assert change.counts.revised == kinds.count("revised")
                assert change.counts.withdrawn == kinds.count("withdrawn")
                assert (change.delta is None) is ((slice_, source) not in base)
                if change.delta is not None:
                    delta = by_key(change.delta)
                    told = {key: (row.pop("_CHANGE"), row) for key, row in delta.items()}
                    assert told == expected
                base[slice_, source] = put(lake, change.state)
        assert not changes, "a slice changed that nobody touched"


def test_equal_values_are_no_change(lake: Lake) -> None:
    """A null equals a null, NaN equals NaN."""
    rows = NaiveSubmission(
        [("Replace", ("SWE", "F", "2020"), {"OBS_VALUE": float("nan"), "NOTE": None})]
    )
    (first,) = compute_changes(SCHEMA, [incoming("ONE", rows)], {})
    base = {("SWE", "ONE"): put(lake, first.state)}
    assert list(compute_changes(SCHEMA, [incoming("ONE", rows)], base)) == []


def test_a_million_deletions_are_not_compared_pair_by_pair(lake: Lake) -> None:
    """Deleting n of n observations takes about as long as writing them, not n times n."""
    n = 60_000
    areas = pa.array(["SWE"]).take(pa.repeat(0, n))
    periods = pa.array([f"{1000 + i // 9000:04}-{i % 9000:04}" for i in range(n)])
    columns = {name: pa.nulls(n, SCHEMA_TYPES[name]) for name in NAMES}
    columns |= {"AREA": areas, "SEX": pa.repeat("F", n), "TIME_PERIOD": periods}
    table = pa.table(columns, arrow_schema(SCHEMA))

    def all_as(action: str) -> Incoming:
        actions = pa.repeat(action, n).dictionary_encode()
        nothing = RawData(source="ONE", table=table)
        return Incoming(
            source="ONE", raw=nothing, table=table, actions=actions, replaces=False, complete=()
        )

    (first,) = compute_changes(SCHEMA, [all_as("Replace")], {})
    base = {("SWE", "ONE"): put(lake, first.state)}
    (last,) = compute_changes(SCHEMA, [all_as("Delete")], base)
    assert last.counts.withdrawn == n
    assert last.state.num_rows == 0


def test_every_row_that_cannot_be_merged_is_told_whatever_the_portions() -> None:
    """And nothing is given out after the first of them."""
    mandatory = replace(SCHEMA.by_id["NOTE"], is_mandatory=True)
    columns = tuple(mandatory if c.id == "NOTE" else c for c in SCHEMA.columns)
    rows = [("Replace", ("DNK", "F", "2020"), {"NOTE": "a"})]
    rows += [("Merge", (area, "F", "2020"), {"OBS_VALUE": 1.0}) for area in ("NOR", "SWE")]
    rows.append(("Replace", ("SWE", "M", "2020"), {"NOTE": "a"}))
    changes = compute_changes(
        replace(SCHEMA, columns=columns), [incoming("ONE", NaiveSubmission(rows))], {}, most_rows=1
    )
    assert next(changes).slice == "DNK"
    with pytest.raises(Invalid, match="2 merging rows") as caught:
        next(changes)
    assert [finding.column for finding in caught.value.findings] == ["NOTE", "NOTE"]


SCHEMA_TYPES = {field.name: field.type for field in arrow_schema(SCHEMA)}
