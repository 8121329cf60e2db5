"""A publisher that is killed leaves the release as it was, or as it was to be."""

from __future__ import annotations

import hashlib
import multiprocessing
import random
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from hub.publish import door
from hub.publish.delta import compute_changes
from hub.store import Store, open_store, system_clock
from hub.store.parts import files_of
from tests.publish.stock import FLOW, figures, raw, submit

pytestmark = pytest.mark.usefixtures("layout")

AREAS = ("DNK", "NOR", "SWE")
YEARS = range(2000, 2005)
KILLS = 12


def publish_value(home: Path, value: int, ready: Connection) -> None:
    """Give every area and year a value, having said when that begins and when it is done.

    Slices are looked at one by one, so that the files of some are there while others are compared.
    """
    door.compute_changes = partial(compute_changes, most_rows=1)
    store = open_store(home)
    ready.send("begun")
    keys = [{"REF_AREA": area, "TIME_PERIOD": str(year)} for area in AREAS for year in YEARS]
    submit(store, raw(*({**key, "OBS_VALUE": str(value)} for key in keys)))
    ready.send("done")
    store.close()


@pytest.mark.skipif(
    "forkserver" not in multiprocessing.get_all_start_methods(), reason="needs a fork server"
)
def test_a_killed_publisher_leaves_one_state_or_the_other(
    home: Path, open_again: Callable[..., Store]
) -> None:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["hub.publish", "tests.publish.stock"])
    store = open_again(system_clock)
    chance = random.Random(20260115)  # noqa: S311
    value, duration, survived = 0, 0.0, 0
    for _ in range(KILLS):
        value += 1
        ours, theirs = context.Pipe()
        process = context.Process(target=publish_value, args=(home, value, theirs))
        process.start()
        theirs.close()
        assert ours.recv() == "begun"
        begun = time.monotonic()
        if not duration:  # the first one is left alone, to learn how long it takes
            assert ours.recv() == "done"
            duration = time.monotonic() - begun
        else:
            time.sleep(chance.uniform(0, duration))
        process.kill()
        process.join()
        ours.close()
        seen = set(figures(store).values())
        assert seen in ({value}, {value - 1} - {0})
        survived += seen == {value}
        value = int(seen.pop())
        check_lake(store)
    assert survived < KILLS, "no kill came in time, which tests nothing"
    submit(store, raw({"TIME_PERIOD": "2011", "OBS_VALUE": "1"}))
    seen_last = figures(store, names=("REF_AREA", "TIME_PERIOD"))
    expected = {(area, str(year)): value for area in AREAS for year in YEARS}
    assert seen_last == expected | {("SWE", "2011"): 1}


def check_lake(store: Store) -> None:
    """What the catalogue names is there and whole: its content has the digest of its name."""
    for version in store.history(FLOW):
        for digest in files_of(version):
            content = store.lake.data_path(digest).read_bytes()
            assert hashlib.sha256(content).hexdigest() == digest
