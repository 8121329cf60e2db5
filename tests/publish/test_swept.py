"""Publishers and sweeps in several processes at once: no release ever lacks a file."""

from __future__ import annotations

import hashlib
import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from hub.errors import Conflict
from hub.store import Store, init_home, open_store, sweep
from hub.store.parquet import read_plain
from hub.store.parts import files_of, state_of
from tests.publish.conftest import NO_INDEX
from tests.publish.stock import FLOW, by_year, raw, submit, year

pytestmark = pytest.mark.usefixtures("layout")

YEARS = (2000, 2001)
#: A publisher goes on until sweeps came upon something, from so many rounds to so many.
ROUNDS, MOST = 4, 100
#: Shorter than a publish takes, so that sweeps come upon files of publishers at work. Where these
#: are faster, it gets shorter with every sweep.
GRACE = timedelta(milliseconds=20)


def publish_in_turn(home: Path, of: int, found: Path) -> int:
    """Give a year one value after another, each left behind by somebody else; counts releases."""
    store, released = open_store(home), 0
    for value in range(MOST):
        if value >= ROUNDS and released and found.exists():
            break
        try:
            if released:
                leave_behind(store, of, value)
            submit(store, raw(year(of, value)))
        except (Conflict, FileNotFoundError):  # a sweep came between too often: that is told
            continue
        released += 1
        check(store, store.newest(FLOW))
    store.close()
    return released


def leave_behind(store: Store, of: int, value: int) -> None:
    """Write the state in which a year has a value, as who is killed before it is released."""
    (version,) = store.newest(FLOW)
    state = read_plain(state_of(store.lake, version))
    place = state.column_names.index("OBS_VALUE")
    values = state.column(place)
    is_it = pc.equal(state.column("TIME_PERIOD"), str(of))
    given = pc.if_else(is_it, pa.scalar(value).cast(values.type), values)
    store.lake.put_table(state.set_column(place, state.schema.field(place), given))


def sweep_until(home: Path, stop: Path, found: Path) -> int:
    """Sweep until a file is there, make another one when something was found; counts that."""
    store, removed, sweeps = open_store(home), 0, 0
    while not stop.exists():
        sweeps += 1
        try:
            done = sweep(store, grace=GRACE / (1 + sweeps / 20))
        except Conflict:  # the other one sweeps
            pass
        else:
            removed += sum(one.files for one in done.swept if one.kind == "observations")
            if removed:
                found.touch()
        time.sleep(0.01)  # the catalogue is for publishers too
    store.close()
    return removed


def check(store: Store, versions) -> None:
    """What the catalogue names is there and whole."""
    for version in versions:
        for digest in files_of(version):
            content = store.lake.data_path(digest).read_bytes()
            assert hashlib.sha256(content).hexdigest() == digest


@pytest.mark.skipif(
    "forkserver" not in multiprocessing.get_all_start_methods(), reason="needs a fork server"
)
def test_sweeps_beside_publishers_take_nothing_that_is_named(
    tmp_path: Path, catalogue_url: str
) -> None:
    home = tmp_path / "home"
    about = {"node": "SWE", "areas": ["SWE"], "index_rows": NO_INDEX, "catalogue": catalogue_url}
    init_home(home, about)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["hub.publish", "tests.publish.stock"])
    stop, found = tmp_path / "stop", tmp_path / "found"
    with ProcessPoolExecutor(len(YEARS) + 2, mp_context=context) as pool:
        sweepers = [pool.submit(sweep_until, home, stop, found) for _ in range(2)]
        publishers = [pool.submit(publish_in_turn, home, of, found) for of in YEARS]
        try:
            released = [publisher.result() for publisher in publishers]
        finally:
            stop.touch()
        removed = sum(sweeper.result() for sweeper in sweepers)
    assert all(released)
    assert removed, "no sweep found anything, which tests nothing"
    store = open_store(home)
    check(store, store.history(FLOW))
    assert set(by_year(store)) == {str(of) for of in YEARS}
    store.close()
