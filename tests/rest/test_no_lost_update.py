"""A reader that polls with `updatedAfter` while others publish misses nothing.

Its watermark is when the last message it got was prepared: the instant of the last change in it.
`make updates` publishes as often as the promise says.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from hub.rest.serving import build_app
from hub.store import Store, init_home, open_store
from tests.rest.server import serving
from tests.rest.told import Row, told
from tests.store.vintages import ARTEFACTS, FLOW, hand_in, observation

RELEASES = int(os.environ.get("CORRIDOR_UPDATES", "60"))
INSTANTS = 50
DATA = "/sdmx/v2/data/dataflow/TEST/DF"
JSON = "application/vnd.sdmx.data+json;version=2.1.0"
KEY = ("FREQ", "AREA", "SEX", "TIME_PERIOD")
PERIODS = [str(year) for year in range(2000, 2012)]
#: Of so many releases one is held back, for at most so long.
HELD_EACH, HELD_FOR = 4, 0.06
Held = dict[tuple[str, ...], Row]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    init_home(home, {"node": "SWE", "areas": ["SWE"]})
    store = open_store(home)
    store.load_structures(ARTEFACTS)
    store.close()
    return home


@contextmanager
def publishing(
    home: Path, areas: dict[str, int], failed: list[BaseException]
) -> Iterator[list[threading.Thread]]:
    """Publish to the areas so often each, at the same time; the block ends when that is done."""
    threads = [
        threading.Thread(target=publish_often, args=(home, area, count, failed))
        for area, count in areas.items()
    ]
    for thread in threads:
        thread.start()
    try:
        yield threads
    finally:
        for thread in threads:
            thread.join()


def publish_often(home: Path, area: str, count: int, failed: list[BaseException]) -> None:
    store = open_store(home)
    chance = random.Random(area)  # noqa: S311
    try:
        for number in range(count):
            publish_one(store, area, number, chance)
    except BaseException as error:  # told by the test
        failed.append(error)
    finally:
        store.close()


def publish_one(store: Store, area: str, number: int, chance: random.Random) -> None:
    """Revise, add and withdraw some; now and then only in a moment."""
    periods = chance.sample(PERIODS, 4)
    rows = [observation(area, "F", one, number + 0.5, STATUS="A") for one in periods[:3]]
    gone = [observation(area, "F", periods[3], None)]
    until = None
    if number % HELD_EACH == 0:
        until = store.present() + timedelta(seconds=chance.random() * HELD_FOR)
    hand_in(store, rows, gone, visible_from=until)


class Replica:
    """What a reader knows: the observations, and when the message it has last was prepared."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self.held: Held = {}
        self.prepared: str | None = None
        self.polls = self.changed = 0

    def poll(self) -> None:
        """Ask for what changed since, and apply it: first what went, then what came."""
        self.polls += 1
        since = f"?updatedAfter={quote(self.prepared)}" if self.prepared else ""
        response = self._client.get(f"{DATA}{since}", headers={"accept": JSON})
        if response.status_code == 204:
            return
        self.changed += 1
        prepared = response.json()["meta"]["prepared"]
        assert self.prepared is None or instant(prepared) > instant(self.prepared)
        for data_set in told(response):
            for row in data_set.rows:
                if data_set.action == "Delete":
                    self.held.pop(key(row), None)
                else:
                    self.held[key(row)] = row
        self.prepared = prepared


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def key(row: Row) -> tuple[str, ...]:
    return tuple(row[name] for name in KEY)


def state(response: httpx.Response) -> Held:
    """The observations of a whole answer."""
    if response.status_code == 204:
        return {}
    (data_set,) = told(response)
    return {key(row): row for row in data_set.rows}


def test_polls_lose_nothing_and_every_instant_can_be_asked_for_again(home: Path) -> None:
    failed: list[BaseException] = []
    recorded: dict[str, Held] = {}
    store = open_store(home)
    try:
        with (
            serving(build_app(store)) as port,
            httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client,
        ):
            replica = Replica(client)
            areas = {"SWE": RELEASES // 2, "NOR": RELEASES - RELEASES // 2}
            with publishing(home, areas, failed) as threads:
                follow(client, replica, recorded, threads)
            assert failed == []
            time.sleep(2 * HELD_FOR)  # what is held back comes out
            replica.poll()
            assert replica.held == state(client.get(DATA, headers={"accept": JSON}))
            check_past(client, recorded)
            check_end(store, replica)
    finally:
        store.close()


def follow(
    client: httpx.Client,
    replica: Replica,
    recorded: dict[str, Held],
    threads: list[threading.Thread],
) -> None:
    """Poll while the others publish, and remember what was served at some instants."""
    step, last = max(1, RELEASES // (3 * INSTANTS)), 0
    while any(thread.is_alive() for thread in threads):
        replica.poll()
        if replica.changed - last >= step and len(recorded) < INSTANTS:
            last = replica.changed
            served: Any = client.get(DATA, headers={"accept": JSON})
            if served.status_code == 200:
                recorded.setdefault(served.json()["meta"]["prepared"], state(served))


def check_past(client: httpx.Client, recorded: dict[str, Held]) -> None:
    assert len(recorded) >= min(INSTANTS, RELEASES // 4), len(recorded)
    for at, served in recorded.items():
        again = client.get(f"{DATA}?asOf={quote(at)}", headers={"accept": JSON})
        assert state(again) == served, at


def check_end(store: Store, replica: Replica) -> None:
    """Something was going on indeed, and the figures are those of the store."""
    versions = store.history(FLOW.reference)
    assert len({version.committed for version in versions}) >= RELEASES - RELEASES // 10
    assert replica.changed > RELEASES // 4
    release = store.release(FLOW.reference)
    assert release is not None
    rows = store.read(release, store.schema(FLOW.reference)).read_all().to_pylist()
    found = {tuple(row[name] for name in KEY): row["OBS_VALUE"] for row in rows}
    assert {known: float(row["OBS_VALUE"]) for known, row in replica.held.items()} == found
