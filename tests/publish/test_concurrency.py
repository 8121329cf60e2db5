"""Several publishers at once: nothing is lost, and the history of a slice is one line."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from hub.store import Store, open_store, system_clock
from hub.store.parquet import read_plain
from hub.store.parts import Part, delta_of, state_of
from tests.publish.stock import FLOW, by_year, raw, submit

pytestmark = pytest.mark.usefixtures("layout")


def publish_years(store: Store, years: list[int]) -> None:
    """Publish one year after another, each with one figure."""
    for year in years:
        submit(store, raw({"TIME_PERIOD": str(year), "OBS_VALUE": str(year)}))


def publish_years_at(home: Path, years: list[int]) -> None:
    """The same in a process of its own."""
    store = open_store(home)
    try:
        publish_years(store, years)
    finally:
        store.close()


def told(store: Store, part: Part) -> list[dict[str, Any]]:
    """The observations in a part of a file."""
    rows: list[dict[str, Any]] = read_plain(part).to_pylist()
    return rows


def check_history(store: Store, expected: dict[str, int]) -> None:
    """The release has everything, instants increase, and deltas lead from each state to the next.

    The delta of a version is applied to the state before it, row by row.
    """
    assert by_year(store) == expected
    versions = store.history(FLOW)[::-1]
    instants = [version.committed for version in versions]
    assert instants == sorted(set(instants))
    assert versions[0].delta is None
    for before, after in pairwise(versions):
        delta = delta_of(store.lake, after)
        assert delta is not None
        state = {row["TIME_PERIOD"]: row for row in told(store, state_of(store.lake, before))}
        for row in told(store, delta):
            change = row.pop("_CHANGE")
            assert (row["TIME_PERIOD"] in state) is (change != "added")
            state[row["TIME_PERIOD"]] = row
            if change == "withdrawn":
                del state[row["TIME_PERIOD"]]
        rows = told(store, state_of(store.lake, after))
        assert rows == [state[year] for year in sorted(state)]


def test_threads_lose_no_update(home: Path, open_again: Callable[..., Store]) -> None:
    store = open_again(system_clock)
    parts = [[1990 + 3 * worker + i for i in range(2)] for worker in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda years: publish_years(store, years), parts))
    check_history(store, {str(year): year for years in parts for year in years})


@pytest.mark.skipif(
    "forkserver" not in multiprocessing.get_all_start_methods(), reason="needs a fork server"
)
def test_processes_lose_no_update(home: Path, open_again: Callable[..., Store]) -> None:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["hub.publish", "tests.publish.stock"])
    parts = [[1990 + 3 * worker + i for i in range(2)] for worker in range(3)]
    with ProcessPoolExecutor(3, mp_context=context) as pool:
        list(pool.map(publish_years_at, [home] * len(parts), parts))
    store = open_again(system_clock)
    check_history(store, {str(year): year for years in parts for year in years})
