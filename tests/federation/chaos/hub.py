"""The node that harvests the chaos partner: its home as each stage begins, and its state."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from federation.harvest import HarvestReport
from federation.harvest.node import add_partner_to, harvest_into
from hub.store import Store, init_home, open_store
from hub.store.parquet import read_plain
from hub.store.parts import state_of
from tests.federation.chaos.honest import FLOW, Figures

#: Requests an hour; an attempt that goes wrong makes some more than the two it needs.
BUDGET = 14
_SETTINGS = {
    "partner_networks": ["127.0.0.1/32"],
    "partner_requests_per_hour": BUDGET,
    "partner_tries": 2,
    "partner_wire_bytes": 1 << 20,
    "partner_unpacked_bytes": 8 << 20,
    "partner_connect_seconds": 2,
    "partner_read_seconds": 2,
    "partner_total_seconds": 2,
    "partner_wait_seconds": 0,
}


@dataclass
class Clock:
    """The time of the machine, and what a test put on top."""

    ahead: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Hub:
    """An open node with one partner."""

    store: Store
    clock: Clock

    def harvest(self, *, patient: bool = False) -> HarvestReport:
        return harvest_into(self.store, patient=patient)

    def figures(self) -> Figures:
        """What readers get of the partner: values by counterpart area and period."""
        release = self.store.release(FLOW)
        found: dict[tuple[str, str], int] = {}
        for version in release.slices if release is not None else ():
            table = read_plain(state_of(self.store.lake, version))
            columns = ("COUNTERPART_AREA", "TIME_PERIOD", "OBS_VALUE")
            for area, period, value in zip(*(table[c].to_pylist() for c in columns), strict=True):
                found[area, period] = int(value)
        return found

    def history(self) -> tuple[tuple[int, str, str | None], ...]:
        """Every slice version there is, oldest first."""
        versions = reversed(self.store.history(FLOW))
        return tuple((one.id, one.digest, one.delta) for one in versions)

    def files(self) -> Mapping[str, str]:
        """A hash of every file with observations, by its name."""
        return {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in self.store.lake.root.glob("data/*/*.parquet")
        }


def make_home(home: Path, url: str) -> None:
    """A node that knows the partner and has harvested nothing."""
    init_home(home, {"node": "HUB", "role": "hub", "areas": ["*"], **_SETTINGS})
    store = open_store(home)
    try:
        add_partner_to(store, url, ["SWE"])
    finally:
        store.close()


@contextmanager
def opened(template: Path, home: Path, **settings: int) -> Iterator[Hub]:
    """A copy of a home, with other settings, while it is used."""
    shutil.copytree(template, home)
    with (home / "corridor.toml").open("a", encoding="utf-8") as file:
        file.writelines(f"{name} = {value}\n" for name, value in settings.items())
    clock = Clock()
    store = open_store(home, clock)
    try:
        yield Hub(store, clock)
    finally:
        store.close()
        shutil.rmtree(home)
