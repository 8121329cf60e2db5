"""What is compared without the engine comes out as the engine has it, or is left to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.engine import arrow_schema, session
from hub.formats.message import RawData
from hub.model import Schema
from hub.publish.delta import _compared
from hub.publish.in_place import in_place
from hub.publish.incoming import BaseFile, Incoming
from hub.publish.portions import portions
from hub.publish.state import load_state
from hub.store import Lake
from hub.store.parts import Part
from tests.publish.test_delta import KEYS, SCHEMA

Rows = Mapping[Any, Mapping[str, Any]]
VALUES = st.fixed_dictionaries(
    {
        "OBS_VALUE": st.none() | st.sampled_from([0.0, -0.0, 1.0, float("nan")]),
        "NOTE": st.none() | st.sampled_from(["a", "b"]),
        "TITLE": st.none() | st.just("t"),
        "LICENCE": st.sampled_from(["free", "free", "none"]),
    }
)
STATES = st.dictionaries(KEYS, VALUES, max_size=12)
SOURCES = st.fixed_dictionaries({"ONE": STATES, "TWO": STATES})


@pytest.fixture(scope="module")
def lake() -> Iterator[Lake]:
    with TemporaryDirectory() as folder:
        yield Lake(Path(folder))


def table_of(schema: Schema, rows: Rows) -> pa.Table:
    names = [column.id for column in schema.dimensions]
    given_ = [{**dict(zip(names, key, strict=True)), **rows[key]} for key in sorted(rows)]
    return pa.Table.from_pylist(given_, arrow_schema(schema))


def incoming(schema: Schema, source: str, rows: Rows, action: str = "Information") -> Incoming:
    table = table_of(schema, rows)
    return Incoming(
        source=source,
        raw=RawData(source=source, table=table),
        table=table,
        actions=pa.array([action] * table.num_rows, pa.string()).dictionary_encode(),
        replaces=False,
        complete=(),
    )


def base_of(lake: Lake, schema: Schema, held: Mapping[str, Rows]) -> dict[Any, BaseFile]:
    found = {}
    place = [column.id for column in schema.dimensions].index(str(schema.slice_by))
    for source, rows in held.items():
        for slice_ in sorted({key[place] for key in rows}):
            mine = {key: row for key, row in rows.items() if key[place] == slice_}
            table = table_of(schema, mine)
            file = lake.data_path(lake.put_table(table))
            found[slice_, source] = BaseFile(Part(file), table.num_rows)
    return found


def compare(lake: Lake, schema: Schema, held: Mapping[str, Rows], given_: list[Incoming]) -> bool:
    """Compare both ways; False where it is left to the engine."""
    (portion,) = portions(schema, given_, base_of(lake, schema, held))
    found = in_place(schema, portion)
    if found is None:
        return False
    with session() as connection:
        load_state(connection, schema, portion)
        expected = _compared(connection, schema, portion, is_weighed=True)
    assert found.num_rows == expected.num_rows
    assert repr(found.select(expected.column_names).to_pylist()) == repr(expected.to_pylist())
    assert found.select(expected.column_names).schema.equals(expected.schema)
    return True


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(SOURCES, SOURCES.filter(lambda given_: any(given_.values())))
def test_it_finds_what_the_engine_finds(
    lake: Lake, held: dict[str, Rows], given_: dict[str, Rows]
) -> None:
    parts = [incoming(SCHEMA, source, rows) for source, rows in given_.items()]
    compare(lake, SCHEMA, held, parts)


ROW = {"OBS_VALUE": 1.0, "NOTE": "a", "LICENCE": "free"}
HELD = {
    "ONE": {("SWE", "F", year): ROW for year in ("2019", "2020")}
    | {("SWE", "M", year): ROW | {"OBS_VALUE": float(year)} for year in ("2019", "2021")},
    "TWO": {("NOR", "F", "2020"): ROW},
}


def test_a_few_that_are_new_or_revised_or_as_they_were(lake: Lake) -> None:
    given_ = {
        ("SWE", "F", "2020"): ROW | {"NOTE": None},
        ("SWE", "M", "2019"): ROW | {"OBS_VALUE": 2019.0},
        ("SWE", "M", "2020"): ROW | {"OBS_VALUE": float("nan")},
        ("NOR", "F", "2021"): ROW | {"LICENCE": "none"},
    }
    assert compare(lake, SCHEMA, HELD, [incoming(SCHEMA, "ONE", given_)])


@pytest.mark.parametrize(
    "given_",
    [
        {("SWE", "F", "2020"): ROW | {"LICENCE": "none"}},  # of all observations of the area
        {("SWE", "F", "2020"): ROW | {"LICENCE": None}},  # which keeps it
        {("SWE", "F", "2020"): ROW | {"REASONS": ["x"]}},
    ],
)
def test_what_reaches_further_is_left_to_the_engine(lake: Lake, given_: Rows) -> None:
    assert not compare(lake, SCHEMA, HELD, [incoming(SCHEMA, "ONE", given_)])


@pytest.mark.parametrize("action", ["Merge", "Append", "Delete"])
def test_other_actions_are_left_to_the_engine(lake: Lake, action: str) -> None:
    rows = {("SWE", "F", "2020"): ROW}
    assert not compare(lake, SCHEMA, HELD, [incoming(SCHEMA, "ONE", rows, action)])


def test_a_key_given_twice_is_left_to_the_engine(lake: Lake) -> None:
    twice = [incoming(SCHEMA, "ONE", {("SWE", "F", "2020"): ROW}) for _ in range(2)]
    assert not compare(lake, SCHEMA, HELD, twice)


def test_slices_that_are_given_completely_are_left_to_the_engine(lake: Lake) -> None:
    given_ = incoming(SCHEMA, "ONE", {("SWE", "F", "2020"): ROW})
    assert not compare(lake, SCHEMA, HELD, [replace(given_, replaces=True)])


def test_figures_are_in_single_units(lake: Lake, stock_schema: Schema) -> None:
    names = [column.id for column in stock_schema.dimensions]
    fixed = dict.fromkeys(names, "_T") | {"REF_AREA": "SWE", "FREQ": "A"}

    def rows(figures: Mapping[tuple[str, str], tuple[float | None, str | None]]) -> Rows:
        found = {}
        for (sex, year), (figure, power) in figures.items():
            own = fixed | {"SEX": sex, "TIME_PERIOD": year}
            key = tuple(own[name] for name in names)
            found[key] = {"OBS_VALUE": figure, "UNIT_MULT": power, "OBS_STATUS": "A"}
        return found

    held = {("F", "2018"): (1.1, "3"), ("M", "2018"): (7.0, "0"), ("_T", "2018"): (3.0, None)}
    given_ = {("F", "2018"): (1.13, "3"), ("M", "2018"): (None, "0"), ("M", "2019"): (5.0, "0")}
    parts = [incoming(stock_schema, "SWE", rows(given_))]
    assert compare(lake, stock_schema, {"SWE": rows(held)}, parts)
    same = {("F", "2018"): (1.13, "3"), ("F", "2019"): (None, "3")}
    parts = [incoming(stock_schema, "SWE", rows(same))]
    assert compare(lake, stock_schema, {"SWE": rows({("F", "2018"): (1.1, "3")})}, parts)
