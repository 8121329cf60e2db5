"""Selections and availability against a naive reader, from Parquet files and from an index."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.errors import Unprocessable
from hub.formats.message import RawData
from hub.model import (
    ComponentFilter,
    KeyPattern,
    Operator,
    Origin,
    Predicate,
    Release,
    Schema,
    Selection,
)
from hub.publish import Submission, publish
from hub.store import Store
from tests.store import everything
from tests.store.everything import FLOW, LIST, TEXTS
from tests.store.naive import Row, distinct, select

PERIODS = ("2019", "2019-Q4", "2020", "2020-02", "2020-Q1", "2020-W05", "2021-01-31")
VALUES: dict[str, tuple[Any, ...]] = {
    "OBS_VALUE": (None, 0.0, 5.0, 10.0, -2.5, 1e15, float("nan")),
    "PEOPLE": (None, 0, 7, 10, 123, -1),
    "GRADE": (None, "GOOD", "FAIR"),
    "REMARK": (None, "a", "ab", "b'c", "A", "é"),
    "SHARE": (None, "0.10", "0.1", "12345678901234567890.10", "12345678901234567890.11", "-3"),
    "SERIAL": (None, 2**63 - 1, 2**63 - 2, -(2**63), 5),
    "HUGE": (None, "9" * 30, "1" + "0" * 30, "5"),
    "IS_FINAL": (None, True, False),
    "REASONS": (None, ["WORK"], ["STUDY"], ["WORK", "STUDY"]),
    "NOTES": (None, ["one"], ["two", "one"], ["on"]),
    "LEVEL": (None, 0, 5),
}
TITLES = (None, [("en", "Persons"), ("fr", "Personnes")], [("en", "People")])


def _rows() -> list[Row]:
    """Some of all possible keys; a series has one title."""
    chance = random.Random(7)  # noqa: S311
    rows = []
    for area in ("DNK", "NOR", "SWE"):
        for kind in ("a", "b", "c"):
            title = chance.choice(TITLES)
            for period in chance.sample(PERIODS, 5):
                key = {"AREA": area, "KIND": kind, "TIME_PERIOD": period, "TITLE": title}
                own = {name: chance.choice(values) for name, values in VALUES.items()}
                rows.append({**key, **own})
    chance.shuffle(rows)
    return rows


ROWS = _rows()


def _as_text(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value if value is None else str(value)


@pytest.fixture(scope="module")
def release(module_store: Store) -> Release:
    module_store.load_structures(everything.ARTEFACTS)
    nested = {"REASONS": LIST, "NOTES": LIST, "TITLE": TEXTS}
    columns = {
        name: pa.array([row[name] for row in ROWS], nested[name])
        if name in nested
        else pa.array(
            [
                _as_text(row[name]).replace("nan", "NaN") if row[name] is not None else None
                for row in ROWS
            ],
            pa.string(),
        )
        for name in ROWS[0]
    }
    submission = Submission(
        raw=RawData(source="rows", table=pa.table(columns)),
        source="SWE",
        origin=Origin(kind="submission", name="SWE"),
    )
    publish(module_store, FLOW.reference, submission)
    found = module_store.release(FLOW.reference)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def schema(module_store: Store, release: Release) -> Schema:
    return module_store.schema(FLOW.reference)


@pytest.fixture(scope="module", params=["files", "index"])
def reader(
    request: pytest.FixtureRequest, module_store: Store, release: Release, schema: Schema
) -> Store:
    """The store without an index, then with one."""
    path = module_store.indexes.path(release, schema)
    if request.param == "index":
        module_store.build_index(release, schema)
    assert path.exists() is (request.param == "index")
    return module_store


TEXT_OPERATORS = (
    Operator.CONTAINS,
    Operator.NOT_CONTAINS,
    Operator.STARTS_WITH,
    Operator.ENDS_WITH,
)
ORDERED = tuple(operator for operator in Operator if operator not in TEXT_OPERATORS)
NUMBERS = (
    "0",
    "5",
    "5.0",
    "1e1",
    "-2.5",
    "7",
    "123",
    "0.1",
    "0.10",
    "-3",
    "NaN",
    "9" * 30,
    "1e30",
    str(2**63 - 1),
    str(2**63 - 2),
    "12345678901234567890.10",
    "12345678901234567890.1",
    "+.5",
)
TEXTS_WANTED = (
    "a",
    "b",
    "A",
    "é",
    "'",
    "one",
    "on",
    "WORK",
    "STUDY",
    "OR",
    "GOOD",
    "FAIR",
    "Pe",
    "Persons",
    "nes",
    "true",
    "t",
    "0",
    "5",
    ".5",
    "1",
    "99",
    "e+15",
    "_",
    "%",
)
TIMES = (*PERIODS, "2020-01", "2018", "2020-A1")


@st.composite
def filters(draw: st.DrawFn) -> ComponentFilter:
    name = draw(st.sampled_from(["AREA", "KIND", "TIME_PERIOD", "TITLE", *VALUES]))
    representation = everything.REPRESENTATIONS[name]
    is_number = name in ("OBS_VALUE", "PEOPLE", "SHARE", "SERIAL", "HUGE", "LEVEL")
    assert is_number or representation is not None

    def predicate() -> Predicate:
        operator = draw(st.sampled_from(list(Operator)))
        known = TEXTS_WANTED
        if name == "TIME_PERIOD":
            known = TIMES
        elif name in ("AREA", "KIND"):
            known = ("SWE", "NOR", "a", "b", "S", "W", "O")
        elif is_number and operator in ORDERED:
            known = NUMBERS
        return Predicate(operator, draw(st.sampled_from(known)))

    groups = draw(st.lists(st.integers(1, 2), min_size=1, max_size=2))
    return ComponentFilter(name, tuple(tuple(predicate() for _ in range(n)) for n in groups))


PATTERNS: st.SearchStrategy[KeyPattern] = st.tuples(
    st.lists(st.sampled_from(["DNK", "SWE", "XXX"]), max_size=2, unique=True).map(tuple),
    st.lists(st.sampled_from(["a", "b", "x"]), max_size=2, unique=True).map(tuple),
) | st.sampled_from([(), (("NOR",),)])
SORTABLE = (
    "AREA",
    "KIND",
    "TIME_PERIOD",
    "OBS_VALUE",
    "PEOPLE",
    "GRADE",
    "REMARK",
    "SERIAL",
    "IS_FINAL",
)
SELECTIONS = st.builds(
    Selection,
    keys=st.lists(PATTERNS, max_size=2).map(tuple),
    filters=st.lists(filters(), max_size=2).map(tuple),
    first_n=st.none() | st.integers(0, 3),
    last_n=st.none() | st.integers(0, 3),
    offset=st.sampled_from([0, 0, 1, 5]),
    limit=st.none() | st.integers(0, 10),
    sort=st.lists(
        st.tuples(st.sampled_from(SORTABLE), st.booleans()), max_size=2, unique_by=lambda s: s[0]
    ).map(tuple),
)


def plain(table: pa.Table) -> list[Row]:
    return table.to_pylist()


@settings(max_examples=60, deadline=None)
@given(SELECTIONS, st.booleans())
def test_a_selection_finds_what_a_naive_reader_finds(
    reader: Store, release: Release, schema: Schema, selection: Selection, all_columns: bool
) -> None:
    columns = () if all_columns else ("KIND", "TITLE", "TIME_PERIOD", "AREA", "SHARE")
    table = reader.read(release, schema, selection, columns).read_all()
    assert table.column_names == list(columns or schema.by_id)
    expected = [
        {name: row[name] for name in table.column_names} for row in select(ROWS, schema, selection)
    ]
    assert str(plain(table)) == str(expected)  # as text, in which NaN equals itself


@settings(max_examples=20, deadline=None)
@given(
    st.builds(
        Selection,
        keys=st.lists(PATTERNS, max_size=2).map(tuple),
        filters=st.lists(filters(), max_size=2).map(tuple),
    )
)
def test_availability_is_that_of_a_naive_reader(
    reader: Store, release: Release, schema: Schema, selection: Selection
) -> None:
    rows = select(ROWS, schema, selection)
    exact = reader.availability(release, schema, selection, "exact")
    assert exact.values == {c.id: distinct(rows, c.id) for c in schema.dimensions}
    assert exact.obs_count == len(rows)
    assert exact.series_count == len({(row["AREA"], row["KIND"]) for row in rows})
    wider = reader.availability(release, schema, selection, "available")
    for position, column in enumerate(schema.dimensions):
        others = replace(
            selection,
            keys=tuple(
                tuple(() if i == position else wanted for i, wanted in enumerate(pattern))
                for pattern in selection.keys
            ),
            filters=tuple(f for f in selection.filters if f.component != column.id),
        )
        assert wider.values[column.id] == distinct(select(ROWS, schema, others), column.id)


def test_the_availability_of_everything_needs_no_reading(
    module_store: Store, release: Release, schema: Schema
) -> None:
    whole = module_store.availability(release, schema, Selection())
    assert whole.values == {c.id: distinct(ROWS, c.id) for c in schema.dimensions}
    assert (whole.series_count, whole.obs_count) == (9, len(ROWS))
    assert (whole.start, whole.end) == ("2019", "2021-01-31")


def test_the_first_and_last_period_are_by_time_not_by_text(
    reader: Store, release: Release, schema: Schema
) -> None:
    """2020-W05 comes last as text, 2020 ends last."""
    wanted = ComponentFilter("TIME_PERIOD", ((Predicate(Operator.STARTS_WITH, "2020"),),))
    found = reader.availability(release, schema, Selection(filters=(wanted,)))
    assert set(found.values["TIME_PERIOD"]) >= {"2020", "2020-W05", "2020-Q1"}
    assert (found.start, found.end) == ("2020", "2020")


@pytest.mark.parametrize("value", ["five", "", "1_000", "0x1", "inf", " 5"])
def test_a_number_is_compared_to_numbers_only(
    reader: Store, release: Release, schema: Schema, value: str
) -> None:
    wanted = ComponentFilter("OBS_VALUE", ((Predicate(Operator.GE, value),),))
    with pytest.raises(Unprocessable, match="OBS_VALUE holds numbers"):
        reader.read(release, schema, Selection(filters=(wanted,)))


def test_numbers_beyond_every_type_are_compared_too(
    reader: Store, release: Release, schema: Schema
) -> None:
    for name in ("OBS_VALUE", "SERIAL", "SHARE"):
        for value, operator in (("1e999999999", Operator.LT), ("-1e999999999", Operator.GT)):
            wanted = ComponentFilter(name, ((Predicate(operator, value),),))
            table = reader.read(release, schema, Selection(filters=(wanted,))).read_all()
            known = [r for r in ROWS if r[name] is not None and r[name] == r[name]]
            assert table.num_rows == len(known)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SERIAL", str(2**63 - 1)),
        ("SERIAL", str(2**63 - 2)),
        ("SHARE", "12345678901234567890.1"),
        ("SHARE", "12345678901234567890.11"),
        ("SHARE", "1e-1"),
        ("HUGE", "1e30"),
    ],
)
@pytest.mark.parametrize("operator", [Operator.EQ, Operator.LE, Operator.GE, Operator.NE])
def test_exact_numbers_are_compared_exactly(
    reader: Store, release: Release, schema: Schema, name: str, value: str, operator: Operator
) -> None:
    """As Double, 2**63 - 1 and 2**63 - 2 would be the same."""
    wanted = Selection(filters=(ComponentFilter(name, ((Predicate(operator, value),),)),))
    expected = [str(row[name]) for row in select(ROWS, schema, wanted)]
    assert expected
    found = reader.read(release, schema, wanted, [name]).read_all().column(name)
    assert [str(number) for number in found.to_pylist()] == expected


def test_unknown_components_and_too_long_keys(
    reader: Store, release: Release, schema: Schema
) -> None:
    wanted = ComponentFilter("GDP", ((Predicate(Operator.EQ, "5"),),))
    with pytest.raises(Unprocessable, match="no component GDP; it has AREA, KIND"):
        reader.read(release, schema, Selection(filters=(wanted,)))
    with pytest.raises(Unprocessable, match=r"3 positions, .* has 2: AREA\.KIND"):
        reader.read(release, schema, Selection(keys=(((), (), ("x",)),)))


def test_a_reader_that_is_dropped_half_way_harms_nobody(
    reader: Store, release: Release, schema: Schema
) -> None:
    for _ in range(5):
        batches = reader.read(release, schema)
        assert next(iter(batches)).num_rows
        del batches
    assert reader.read(release, schema).read_all().num_rows == len(ROWS)
