"""What several rooms share: the command line, served nodes, the exchange of the demonstration.

The rooms are imported where they are used, so that a fault in one does not stop every test.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from federation.derivation import Derivation
    from federation.harvest import HarvestReport
    from hub.demo import Exchange
    from hub.store import Store

ROOT = Path(__file__).resolve().parent.parent

# Here, so that the table of clauses is printed whichever folders a run is about.
pytest_plugins = ["tests.conformance.tally"]

# Elsewhere examples are drawn anew in every run; what decides over a change must not be chance.
settings.register_profile("ci", derandomize=True, print_blob=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.fixture(params=["files of their own", "shared files"])
def layout(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways of keeping what is published: as if few slices changed, and as if many did."""
    if request.param == "shared files":
        monkeypatch.setattr("hub.publish.write.LEAST_SHARING", 1)


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the project."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The data beside the project, which not everyone has."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the data beside the project (../shared/data) is not here")
    return folder


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A running PostgreSQL server; skips the test where none is installed."""
    from tests.store import postgresql

    with postgresql.server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def catalogue_url(request: pytest.FixtureRequest) -> str:
    """The setting `catalogue` of a new node: "" for SQLite in its home, else an empty database."""
    from tests.store import postgresql

    if request.param == "sqlite":
        return ""
    return postgresql.new_database(request.getfixturevalue("postgresql_url"))


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    exit: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def corridor(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Run a command of the command line in this process."""
    from hub.main import main

    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("CORRIDOR_HOME", raising=False)

    def run(*arguments: object) -> Ran:
        out, err = io.StringIO(), io.StringIO()
        code: object = 0
        with redirect_stdout(out), redirect_stderr(err):
            try:
                main([str(argument) for argument in arguments])
            except SystemExit as ended:
                code = ended.code
        return Ran(code if isinstance(code, int) else 0, out.getvalue(), err.getvalue())

    return run


class StockTable:
    """Writes SDMX-CSV 2.0 files of DF_STOCK_BIRTH, a row for each figure."""

    plain: Mapping[str, str] = {
        "STRUCTURE": "dataflow",
        "STRUCTURE_ID": "MIGX:DF_STOCK_BIRTH(1.0.0)",
        "ACTION": "I",
        "FREQ": "A",
        "REF_AREA": "SWE",
        "MIGRANT_STATUS": "FB",
        "COUNTERPART_BASIS": "BIRTH",
        "COUNTERPART_AREA": "POL",
        "SEX": "_T",
        "AGE": "_T",
        "UNIT_MEASURE": "PS",
        "TIME_PERIOD": "2020",
        "OBS_VALUE": "93722",
        "OBS_STATUS": "A",
        "CONF_STATUS": "F",
        "SOURCE_TYPE": "_U",
        "POP_CONCEPT": "_U",
        "DURATION_CRIT": "_U",
        "DURATION_BASIS": "_U",
        "DERIVATION": "O",
        "UNIT_MULT": "0",
        "DECIMALS": "0",
        "DATA_PROVIDER": "Statistics Sweden",
        "LICENCE": "CC BY 4.0",
    }

    def write(
        self, path: Path, *rows: Mapping[str, object], columns: Sequence[str] = tuple(plain)
    ) -> Path:
        """Write the rows; what one does not say is as in `plain`."""
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, extrasaction="ignore")
            writer.writeheader()
            writer.writerows({**self.plain, **row} for row in rows)
        return path


@pytest.fixture(scope="session")
def stock_table() -> StockTable:
    """Makes files to publish."""
    return StockTable()


@contextmanager
def _served(*stores: Store, port: int = 0) -> Iterator[list[str]]:
    from hub.demo.servers import running
    from hub.rest.serving import server_for
    from hub.rest.sockets import address_of, listen

    with ExitStack() as stack:
        sockets = [stack.enter_context(listen("127.0.0.1", port)) for _ in stores]
        servers = [
            (server_for(store, "127.0.0.1", 0), taken)
            for store, taken in zip(stores, sockets, strict=True)
        ]
        addresses = [address_of(taken) for taken in sockets]
        stack.enter_context(running(servers))
        yield addresses


@pytest.fixture(scope="session")
def served() -> Callable[..., Any]:
    """Serve nodes over HTTP while a block lasts; gives their addresses."""
    return _served


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Callable[..., Store]]:
    """Make nodes below the test's folder, the home named as the node."""
    from hub.store import init_home, open_store

    with ExitStack() as stack:

        def make(id_: str, role: str = "national", **settings: Any) -> Store:
            areas = {"national": [id_], "hub": ["*"], "observatory": []}[role]
            if role != "national":
                settings.setdefault("partner_networks", ["127.0.0.1/32"])
            about = {"node": id_, "role": role, "areas": areas, **settings}
            init_home(tmp_path / id_, about)
            store = open_store(tmp_path / id_)
            stack.callback(store.close)
            return store

        yield make


@dataclass(frozen=True)
class Demonstration:
    """The exchange of the demonstration after its first harvest and derivation, still served."""

    exchange: Exchange
    harvested: HarvestReport
    derived: Derivation

    @property
    def observatory(self) -> Store:
        return self.exchange.nodes["OBSERVATORY"]

    @property
    def url(self) -> str:
        return self.exchange.addresses["OBSERVATORY"]


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    """One exchange for all tests of a session; they may read it, not publish at its nodes."""
    from hub.demo import Exchange

    exchange = Exchange(tmp_path_factory.mktemp("exchange"), port=0)
    with exchange.running():
        exchange.add_partners()
        harvested = exchange.harvest()
        yield Demonstration(exchange, harvested, exchange.derive())
