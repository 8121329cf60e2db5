"""A hub whose partners send figures straight to the door, as a harvest would hand them in."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from federation.harvest import Received, Taken
from federation.harvest.catalogued import CataloguedAttempts, StoreDoor
from federation.partners import Attempt, Partner
from federation.partners.catalogued import CataloguedPartners
from hub.formats.message import RawData
from hub.store import Store, init_home, open_store
from tests.archiving import archived
from tests.publish.stock import FLOW, Row, SettableClock, figures, raw, year

NAME = "MIGX:DF_STOCK_BIRTH"
YEARS = range(1990, 2020)


def thirty(area: str = "SWE", times: float = 1, **more: str) -> list[Row]:
    """Thirty years of one series, 1,000 persons in the first and 10 more in each that follows."""
    rows = ((period, 1000 + 10 * (period - 1990)) for period in YEARS)
    return [year(period, int(value * times), REF_AREA=area, **more) for period, value in rows]


@dataclass
class Hub:
    """A node that harvests; `send` is what a harvest of one flow does once the answer is there."""

    store: Store
    clock: SettableClock
    scratch: Path
    digests: list[str] = field(default_factory=list)

    def partner(self, id_: str = "SWE", *areas: str) -> Partner:
        """Register a partner, unless it is one."""
        registry = CataloguedPartners(self.store.catalogue)
        known = {one.id: one for one in registry.list()}
        if id_ not in known:
            registry.add(
                Partner(
                    id=id_,
                    url=f"http://{id_.lower()}.test",
                    name=f"Office of {id_}",
                    areas=areas or (id_,),
                    added=self.clock(),
                )
            )
        return registry.get(id_)

    def send(self, *rows: Row, partner: str = "SWE", etag: str = '"e"', **more: Any) -> Taken:
        """One partner sends the complete state of the flow."""
        return self.send_all({partner: raw(*rows, **more)}, etag=etag)[partner]

    def send_all(self, sent: dict[str, RawData], etag: str = '"e"') -> dict[str, Taken]:
        """Several partners send theirs, in one run."""
        catalogue = self.store.catalogue
        log = CataloguedAttempts(catalogue)
        self.clock.pass_(hours=1)
        now, numbers, received = self.clock(), {}, []
        for name, data in sent.items():
            number = log.open(name, NAME, holder="test", now=now, lease_seconds=60)
            file = self.scratch / f"{name}.bytes"
            file.write_text(repr(data.table.to_pylist()), "utf-8")
            digest = archived(self.store, file, partner=name, flow=NAME, attempt=number)
            numbers[name] = number, digest
            received.append(
                Received(
                    partner=self.partner(name),
                    flow=FLOW,
                    attempt=number,
                    data=data,
                    raw=digest,
                    partner_release=None,
                    url=f"http://{name.lower()}.test/data",
                )
            )
        taken = StoreDoor(self.store).take_all(FLOW, received)
        for name, (number, digest) in numbers.items():
            one = taken[name]
            facts = {"url": f"http://{name}", "etag": etag, "raw": digest, "rows": 1}
            log.finish(number, one.reason, now=now, note=one.note, facts=facts)
        self.digests = [digest for _, digest in numbers.values()]
        return dict(taken)

    def attempts(self, partner: str = "SWE") -> list[Attempt]:
        """The attempts at a partner, the newest first."""
        return list(CataloguedAttempts(self.store.catalogue).list(partner))

    def values(self) -> dict[Any, Any]:
        """What readers see: figures by area, counterpart and year."""
        return figures(self.store)

    def files(self, folder: str) -> list[Path]:
        """The files in a folder of the lake."""
        return sorted(path for path in (self.store.lake.root / folder).rglob("*") if path.is_file())


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


def settings_of(catalogue: str, more: dict[str, object]) -> dict[str, object]:
    about = {"node": "HUB", "role": "hub", "areas": ["*"], "index_rows": 10**9}
    return about | {"catalogue": catalogue} | more


@pytest.fixture(scope="session")
def empty_hub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home to copy, because making one takes a while."""
    home = tmp_path_factory.mktemp("valve") / "home"
    init_home(home, settings_of("", {}), lambda: SettableClock().time - timedelta(days=1))
    return home


@pytest.fixture
def hub_with(tmp_path: Path, clock: SettableClock, empty_hub: Path) -> Iterator[Callable[..., Hub]]:
    with ExitStack() as stack:

        def make(catalogue: str = "", **settings: object) -> Hub:
            home = tmp_path / "home"
            if catalogue:
                init_home(home, settings_of(catalogue, settings), clock)
            else:
                shutil.copytree(empty_hub, home)
                lines = (f"{name} = {json.dumps(value)}\n" for name, value in settings.items())
                with (home / "corridor.toml").open("a") as file:
                    file.writelines(lines)
            store = open_store(home, clock)
            stack.callback(store.close)
            hub = Hub(store, clock, tmp_path)
            hub.partner("SWE")
            return hub

        yield make


@pytest.fixture
def hub(hub_with: Callable[..., Hub]) -> Hub:
    return hub_with()
