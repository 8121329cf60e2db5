"""An index answers as the Parquet files do, and can be lost at any moment."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from hub.formats.message import RawData
from hub.model import (
    ArtefactClass,
    ComponentFilter,
    Operator,
    Origin,
    Predicate,
    Reference,
    Release,
    Schema,
    Selection,
)
from hub.publish import Submission, publish
from hub.settings import load_settings
from hub.store import Store, init_home

FLOW = Reference(ArtefactClass.DATAFLOW, "MIGX", "DF_STOCK_BIRTH", "1.0.0")
CONSTANT = {
    "FREQ": "A",
    "MIGRANT_STATUS": "FB",
    "COUNTERPART_BASIS": "BIRTH",
    "AGE": "_T",
    "UNIT_MEASURE": "PS",
    "CONF_STATUS": "F",
    "SOURCE_TYPE": "_U",
    "POP_CONCEPT": "_U",
    "DURATION_CRIT": "_U",
    "DURATION_BASIS": "_U",
    "UNIT_MULT": "0",
    "DATA_PROVIDER": "office",
    "LICENCE": "free",
}


def observations(shift: int = 0) -> pa.Table:
    rows = [
        {
            **CONSTANT,
            "REF_AREA": area,
            "COUNTERPART_AREA": origin,
            "SEX": sex,
            "TIME_PERIOD": str(year),
            "OBS_VALUE": str(value + shift),
            "OBS_STATUS": "E" if year == 2020 else "A",
        }
        for area in ("SWE", "NOR", "DEU")
        for origin in ("POL", "FIN", "_U")
        for sex, value in (("F", 10), ("M", 20))
        for year in (2018, 2019, 2020)
    ]
    return pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in rows[0]})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    init_home(tmp_path / "hub", {"node": "HUB", "role": "hub", "areas": ["*"], "index_rows": 10**9})
    store = Store(load_settings(tmp_path / "hub"))
    hand_in(store)
    yield store
    store.close()


def hand_in(store: Store, shift: int = 0) -> None:
    raw = RawData(source="test", table=observations(shift))
    origin = Origin(kind="submission", name="HUB")
    publish(store, FLOW, Submission(raw=raw, source="HUB", origin=origin))


def current(store: Store) -> tuple[Release, Schema]:
    release = store.release(FLOW)
    assert release is not None
    return release, store.schema(FLOW)


def matching(component: str, operator: Operator, *values: str) -> ComponentFilter:
    return ComponentFilter(component, tuple((Predicate(operator, value),) for value in values))


SELECTIONS = {
    "everything": Selection(),
    "one series": Selection(keys=((("A",), ("SWE",), (), (), ("POL",), ("F",)),)),
    "two keys": Selection(keys=((("A",), ("SWE",)), (("A",), ("NOR",), (), (), ("FIN",)))),
    "unknown code": Selection(keys=((("A",), ("NOWHERE",)),)),
    "not the sort order": Selection(filters=(matching("COUNTERPART_AREA", Operator.EQ, "FIN"),)),
    "time": Selection(filters=(matching("TIME_PERIOD", Operator.GE, "2019"),)),
    "not equal": Selection(filters=(matching("OBS_STATUS", Operator.NE, "E"),)),
    "starts with": Selection(filters=(matching("REF_AREA", Operator.STARTS_WITH, "S", "D"),)),
    "greater, on a code": Selection(filters=(matching("REF_AREA", Operator.GT, "DEU"),)),
    "value": Selection(filters=(matching("OBS_VALUE", Operator.GT, "15"),)),
    "last": Selection(last_n=1),
    "first and last": Selection(first_n=1, last_n=1),
    "page": Selection(offset=5, limit=7),
    "sorted": Selection(sort=(("TIME_PERIOD", False), ("REF_AREA", True))),
}


@pytest.mark.parametrize("selection", SELECTIONS.values(), ids=SELECTIONS)
def test_an_index_answers_as_the_files_do(store: Store, selection: Selection) -> None:
    release, schema = current(store)
    columns = ["REF_AREA", "COUNTERPART_AREA", "SEX", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS"]
    from_files = store.read(release, schema, selection, columns).read_all().to_pylist()
    counts_from_files = store.availability(release, schema, selection)
    store.build_index(release, schema)
    from_index = store.read(release, schema, selection, columns).read_all()
    assert pa.types.is_dictionary(from_index.schema.field("REF_AREA").type), "the index was read"
    assert from_index.to_pylist() == from_files
    assert store.availability(release, schema, selection) == counts_from_files


def test_rows_come_in_key_order(store: Store) -> None:
    release, schema = current(store)
    store.build_index(release, schema)
    columns = [column.id for column in schema.dimensions]
    rows = [
        tuple(row.values())
        for row in store.read(release, schema, Selection(), columns).read_all().to_pylist()
    ]
    assert rows == sorted(rows)
    assert len(rows) == 54


def test_an_index_is_made_in_the_background(tmp_path: Path) -> None:
    init_home(tmp_path / "hub", {"node": "HUB", "role": "hub", "areas": ["*"]})
    store = Store(load_settings(tmp_path / "hub"))
    try:
        hand_in(store)
        release, schema = current(store)
        path = store.indexes.path(release, schema)
        store.read(release, schema).read_all()
        until = time.monotonic() + 30
        while not path.exists() and time.monotonic() < until:
            time.sleep(0.01)
        assert path.exists()
    finally:
        store.close()


@pytest.mark.parametrize("part", ["obs.duckdb", "rows.arrow", "series.arrow", "fixed.json"])
def test_a_damaged_index_is_made_anew(store: Store, part: str) -> None:
    release, schema = current(store)
    path = store.build_index(release, schema)
    (path / part).write_bytes(b"not what it was" * 1000)
    estimates = Selection(filters=(matching("OBS_STATUS", Operator.EQ, "E"),))  # for the engine
    for _ in range(2):
        assert store.read(release, schema).read_all().num_rows == 54
        assert store.read(release, schema, estimates).read_all().num_rows == 18
        store.build_index(release, schema)
    assert path.is_dir()


def test_a_lost_index_does_not_matter(store: Store) -> None:
    release, schema = current(store)
    shutil.rmtree(store.build_index(release, schema))
    assert store.read(release, schema).read_all().num_rows == 54


def test_another_release_has_another_index_and_old_ones_go(store: Store) -> None:
    paths = []
    for shift in range(1, 5):
        hand_in(store, shift)
        release, schema = current(store)
        paths.append(store.build_index(release, schema))
    assert len(set(paths)) == 4
    assert [path.exists() for path in paths] == [False, False, True, True]
    assert [p.name for p in paths[0].parent.iterdir() if ".work" in p.name] == []


def test_two_processes_read_one_index(store: Store) -> None:
    release, schema = current(store)
    path = store.build_index(release, schema)
    store.read(release, schema).read_all()  # open here
    reading = (
        "import duckdb, sys; "
        "found = duckdb.connect(sys.argv[1], read_only=True).execute('FROM obs').fetchall(); "
        "print(len(found))"
    )
    other = subprocess.run(
        [sys.executable, "-c", reading, str(path / "obs.duckdb")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert other.stdout.strip() == "54"
