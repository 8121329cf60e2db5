"""An index answers as the Parquet files do, and can be lost at any moment."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
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
from hub.store import Store, file_lock, init_home
from hub.store.index.build import build_index
from hub.store.index.opening import remove_index

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


@pytest.fixture
def indexing(tmp_path: Path) -> Iterator[Store]:
    """A node that makes an index of whatever is read."""
    init_home(tmp_path / "hub", {"node": "HUB", "role": "hub", "areas": ["*"]})
    store = Store(load_settings(tmp_path / "hub"))
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


def test_an_index_is_made_in_the_background(indexing: Store) -> None:
    hand_in(indexing)
    release, schema = current(indexing)
    indexing.read(release, schema).read_all()
    assert wait_for(indexing.indexes.path(release, schema).exists)


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


def wait_for(condition: Callable[[], bool]) -> bool:
    until = time.monotonic() + 30
    while not condition() and time.monotonic() < until:
        time.sleep(0.01)
    return condition()


def test_one_process_at_a_time_makes_an_index(indexing: Store) -> None:
    """Who finds another about it lets be, and tries again when it is asked for next."""
    hand_in(indexing)
    release, schema = current(indexing)
    path = indexing.indexes.path(release, schema)
    with file_lock(indexing.lake.root / "index.lock") as is_held:  # as another process would
        assert is_held
        for _ in range(3):
            assert indexing.read(release, schema).read_all().num_rows == 54
            assert wait_for(lambda: not indexing.indexes._building)
        assert not path.exists()
    indexing.read(release, schema).read_all()
    assert wait_for(path.exists)


def test_of_releases_that_follow_each_other_fast_the_last_is_indexed(
    indexing: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(*given: object) -> None:
        begun.set()
        assert go_on.wait(30)
        build_index(*given)  # type: ignore[arg-type]

    monkeypatch.setattr("hub.store.index.opening.build_index", slow)
    paths = []
    for shift in range(4):
        hand_in(indexing, shift)
        release, schema = current(indexing)
        paths.append(indexing.indexes.path(release, schema))
        indexing.read(release, schema).read_all()
        assert begun.wait(30)
    go_on.set()
    assert wait_for(paths[-1].exists)
    assert [path.exists() for path in paths] == [True, False, False, True]


def test_an_index_that_another_process_removed_does_not_matter(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    release, schema = current(store)
    path = store.build_index(release, schema)
    store.read(release, schema).read_all()  # opens it; its engine is not needed yet
    remove_index(path)
    assert list(path.parent.iterdir()) == []
    everything = Selection(filters=(matching("OBS_VALUE", Operator.GT, "0"),))  # needs the engine
    assert store.read(release, schema, everything).read_all().num_rows == 54
    assert caplog.messages == []


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
