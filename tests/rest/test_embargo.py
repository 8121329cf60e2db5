"""Two nodes, equal but for what one of them holds back: nobody can tell them apart until its hour.

Then the one that held back answers, to the byte, as the other does to which the same figures were
published at that very instant.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.formats.message import instant
from hub.model import Origin
from hub.publish import Statement, Submission, publish
from hub.rest.serving import build_app
from hub.store import Store, open_store
from tests.publish.stock import FLOW as STOCKS
from tests.publish.stock import raw, year
from tests.rest.requests_at_random import Asked, Asking, Drawing, asking
from tests.rest.server import serving
from tests.store.vintages import Clock, hand_in, observation

#: `make embargo` asks as often as the promise says, and more.
REQUESTS = int(os.environ.get("CORRIDOR_EMBARGO_REQUESTS", "400"))
BEGUN = datetime(2024, 1, 1, 8, tzinfo=UTC)
HELD = datetime(2024, 6, 1, 7, 0, 0, 250_000, tzinfo=UTC)
TICK = timedelta(microseconds=1)
INSTANTS = tuple(
    instant(at)
    for at in (
        BEGUN - timedelta(days=1),
        BEGUN,
        BEGUN + timedelta(days=1, hours=1),
        BEGUN + timedelta(days=20),
        HELD - timedelta(hours=1),
        HELD - TICK,
        HELD,
        HELD + TICK,
        HELD + timedelta(days=400),
    )
)


class Twins:
    """Two nodes with one clock; the first holds figures back, the second does not have them."""

    def __init__(self, home: Path, folder: Path) -> None:
        self.clock = Clock(BEGUN)
        self._stack = ExitStack()
        self.homes = [shutil.copytree(home, folder / name) for name in ("holding", "plain")]
        self.holding, self.plain = (self._open(one) for one in self.homes)

    def _open(self, home: Path) -> Store:
        store = open_store(home, self.clock)
        self._stack.callback(store.close)
        return store

    def close(self) -> None:
        self._stack.close()

    @property
    def both(self) -> tuple[Store, Store]:
        return self.holding, self.plain

    def begin(self) -> None:
        """What both have, what one holds back, and a correction on both while it does."""
        for store in self.both:
            hand_in(store, FIGURES, note="The first figures")
            self.clock.time = BEGUN
        self.clock.pass_(days=1)
        self._publish_held(self.holding, HELD)
        self.clock.pass_(days=1)
        for store in self.both:
            hand_in(store, [women("2018", 18.5)], note="A slip")
            hand_in(store, [women("2020", 7, "NOR")], source="DST", kind="harvest")
        self.clock.pass_(days=1)

    def publish_at_the_hour(self) -> None:
        """Publish to the second node what the first held back, each part at its instant."""
        self._publish_held(self.plain, None)

    def _publish_held(self, store: Store, until: datetime | None) -> None:
        """Revisions, additions and withdrawals, a new slice; and the first figures of a flow.

        A moment later, as two commits of one node are never at the same instant.
        """
        if until is None:
            self.clock.time = HELD
        hand_in(
            store,
            [women("2019", 191), women("2021", 21), women("2021", 5, "DNK")],
            [women("2020", 20)],
            visible_from=until,
            note="Held back",
        )
        if until is None:
            self.clock.time = HELD + TICK
        submission = Submission(
            raw=raw(year(2020, 1)), source="SWE", origin=Origin(kind="submission", name="SWE")
        )
        publish(
            store,
            STOCKS,
            submission,
            visible_from=until and until + TICK,
            statement=Statement(note="Secret"),
        )


def women(period: str, value: float, area: str = "SWE") -> dict[str, object]:
    return observation(area, "F", period, value, STATUS="A", TITLE="Women", LICENCE="CC BY")


FIGURES = [
    *(women(str(period), period % 100) for period in range(2015, 2021)),
    *(women(str(period), 3, "NOR") for period in range(2018, 2021)),
]


@pytest.fixture
def twins(vintage_home: Path, tmp_path: Path) -> Iterator[Twins]:
    twins = Twins(vintage_home, tmp_path)
    twins.begin()
    yield twins
    twins.close()


def compare(
    nodes: list[Asking], seed: int, count: int, seen: Counter[object] | None = None
) -> None:
    """Ask two nodes the same so many times, and compare; `seen` counts statuses and methods."""
    drawing = Drawing(seed, INSTANTS)
    for _ in range(count):
        asked = drawing.next()
        first, second = (node.ask(asked) for node in nodes)
        assert first == second, asked
        drawing.seen(first)
        if seen is not None:
            seen[first.status] += 1
            seen[asked.method] += 1


#: What has to be another answer after the instant than before.
SWITCHED = (
    "/sdmx/v2/data/dataflow/TEST/DF",
    "/sdmx/v2/data/dataflow/TEST/DF?includeHistory=true",
    f"/sdmx/v2/data/dataflow/TEST/DF?updatedAfter={instant(HELD - TICK)}",
    "/sdmx/v1/data/DF",
    "/sdmx/v2/data/dataflow/MIGX/DF_STOCK_BIRTH",
    "/sdmx/v2/availability/dataflow/TEST/DF",
    "/sdmx/v2/availability/dataflow/MIGX/DF_STOCK_BIRTH",
    "/sdmx/v2/structure/provisionagreement/MIGX.SWE",
    "/.well-known/sdmx-node",
    "/feed.atom",
    "/feed.atom?flow=MIGX:DF_STOCK_BIRTH",
)


def bodies(node: Asking) -> list[tuple[int, bytes]]:
    found = [node.ask(Asked("GET", target, {})) for target in SWITCHED]
    return [(one.status, one.body) for one in found]


def test_nobody_can_tell_until_the_hour_and_then_everything_is_there(twins: Twins) -> None:
    seen: Counter[object] = Counter()
    half, rest = REQUESTS // 2, REQUESTS - REQUESTS // 2
    with (
        serving(build_app(twins.holding)) as held_port,
        serving(build_app(twins.plain)) as plain_port,
        asking(held_port, plain_port) as nodes,
    ):
        before = bodies(nodes[0])
        compare(nodes, 1, half, seen)
        twins.clock.time = HELD - TICK
        compare(nodes, 2, rest, seen)
        assert bodies(nodes[0]) == before
        assert {200, 204, 304, 400, 404, 406} <= set(seen), seen
        assert {"GET", "HEAD", "OPTIONS", "DELETE"} <= set(seen), seen
        twins.publish_at_the_hour()
        after = bodies(nodes[0])
        assert all(one != other for one, other in zip(before, after, strict=True))
        compare(nodes, 3, REQUESTS // 2)
        twins.clock.pass_(days=30)
        compare(nodes, 4, REQUESTS // 4)


def test_it_switches_even_where_the_node_was_down(twins: Twins) -> None:
    """Two that are opened after the hour, of which only one ever held anything back."""
    with serving(build_app(twins.holding)) as port, asking(port) as (node,):
        before = bodies(node)
    twins.publish_at_the_hour()
    twins.clock.pass_(days=2)
    stores = [open_store(home, twins.clock) for home in twins.homes]
    try:
        with (
            serving(build_app(stores[0])) as held_port,
            serving(build_app(stores[1])) as plain_port,
            asking(held_port, plain_port) as nodes,
        ):
            compare(nodes, 5, REQUESTS // 4)
            assert all(one != other for one, other in zip(before, bodies(nodes[0]), strict=True))
    finally:
        for store in stores:
            store.close()


def test_an_answer_is_kept_until_the_hour_and_no_longer(twins: Twins) -> None:
    """Neither a cached body nor a validator outlasts the instant, on the same connection."""
    target = "/sdmx/v2/data/dataflow/TEST/DF"
    with serving(build_app(twins.holding)) as port, asking(port) as (node,):
        first = node.ask(Asked("GET", target, {}))
        known = {"if-none-match": dict(first.headers)["etag"]}
        twins.clock.time = HELD - TICK
        assert node.ask(Asked("GET", target, {})).body == first.body
        assert node.ask(Asked("GET", target, known)).status == 304
        twins.clock.time = HELD
        again = node.ask(Asked("GET", target, known))
        assert again.status == 200
        assert again.body != first.body
        assert dict(again.headers)["last-modified"] == "Sat, 01 Jun 2024 07:00:01 GMT"
