from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest

from connectors.http import AddressPolicy, Client, FetchLimits, RequestBudget
from federation.harvest import FlowOutcome, Harvester, HarvestReport, Ledger, Progress
from federation.partners import Partner
from tests.connectors.http.server import Act, Answer, PartnerServer
from tests.federation.harvest.memory import MemoryArchive, MemoryDoor, MemoryLog
from tests.federation.harvest.structures import STRUCTURES

HEADER = "STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA,TIME_PERIOD,OBS_VALUE"
CSV_TYPE = {"Content-Type": "application/vnd.sdmx.data+csv;version=2.0.0"}


def csv(*rows: str, flow: str = "DF_STOCK_BIRTH") -> bytes:
    """An SDMX-CSV message of rows `AREA,YEAR,VALUE`."""
    lines = [HEADER, *(f"dataflow,MIGX:{flow}(1.0.0),I,{row}" for row in rows)]
    return ("\n".join(lines) + "\n").encode()


def data(*rows: str, flow: str = "DF_STOCK_BIRTH", **headers: str) -> Answer:
    """A good answer with such a message."""
    return Answer(200, csv(*rows, flow=flow), CSV_TYPE | headers)


@dataclass
class Node:
    """A partner's node: a server with a document and, by default, one flow."""

    server: PartnerServer
    partner: Partner
    flows: list[dict[str, object]] = field(default_factory=list)

    def offers(
        self,
        flow: str,
        *answers: Act,
        version: str = "1.0.0",
        agency: str = "MIGX",
        **said: object,
    ) -> str:
        """Publish a flow with its answers; returns the path of its data.

        `said` is what the document says of its release.
        """
        self.flows.append({"agency": agency, "id": flow, "version": version, **said})
        self.describe()
        path = f"/sdmx/v2/data/dataflow/{agency}/{flow}/{version}/*"
        self.server.on(path, *answers)
        return path

    def describe(self, **changes: object) -> None:
        """Write the node document."""
        document = {
            "id": self.partner.id,
            "name": self.partner.name,
            "role": "national",
            "areas": ["*"],
            "urls": {"v2": "/sdmx/v2"},
            "dataflows": self.flows,
        }
        body = msgspec.json.encode(document | changes)
        self.server.on("/.well-known/sdmx-node", Answer(200, body))

    def asked(self, part: str) -> list[dict[str, str]]:
        """The headers of the requests whose path holds a text."""
        return [headers for path, headers in self.server.requests if part in path]


class World:
    """Some partners and a node that harvests them, with a clock that is set by hand."""

    def __init__(self, scratch: Path, stack: ExitStack) -> None:
        self.stack = stack
        self.now = datetime(2026, 11, 2, 10, tzinfo=UTC)
        self.log, self.door = MemoryLog(), MemoryDoor()
        self.archive = MemoryArchive(Path(stack.enter_context(TemporaryDirectory())))
        self.nodes: list[Node] = []
        self.steps: list[Progress] = []
        self.budget = 100
        self.harvester = Harvester(
            ledger=Ledger(
                log=self.log,
                archive=self.archive,
                holder="node-1",
                lease_seconds=600,
                clock=self.clock,
                progress=self.steps.append,
            ),
            door=self.door,
            structures=STRUCTURES,
            scratch=scratch,
            open_client=self.open_client,
        )

    def clock(self) -> datetime:
        self.now += timedelta(microseconds=1)
        return self.now

    def open_client(self, folder: Path, requests: int) -> Client:
        return Client(
            folder,
            policy=AddressPolicy(allow_private=True),
            limits=FetchLimits(read_seconds=1, total_seconds=2, tries=2, unpacked_bytes=1 << 20),
            budget=RequestBudget(min(self.budget, requests)),
            sleep=lambda _seconds: None,
        )

    def add(self, id_: str, *areas: str, flows: tuple[str, ...] = ()) -> Node:
        """Set up a partner that may speak for areas."""
        server = self.stack.enter_context(PartnerServer())
        partner = Partner(
            id=id_, url=server.url, name=id_, areas=areas or (id_,), flows=flows, added=self.now
        )
        node = Node(server, partner)
        node.describe()
        self.nodes.append(node)
        return node

    def restrict(self, node: Node, **changes: object) -> None:
        """Change what is registered of a partner."""
        node.partner = replace(node.partner, **changes)  # type: ignore[arg-type]

    def harvest(self, *flows: str, full: bool = False, patient: bool = False) -> HarvestReport:
        """Harvest every partner."""
        partners = [node.partner for node in self.nodes]
        return self.harvester.harvest(partners, flows, full=full, patient=patient)

    def outcome(self, partner: str = "SWE", flow: str = "MIGX:DF_STOCK_BIRTH") -> FlowOutcome:
        """Harvest, and return how that went for one partner and flow."""
        found = self.harvest().outcomes
        return next(each for each in found if (each.partner, each.flow) == (partner, flow))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with ExitStack() as stack:
        made = World(tmp_path, stack)
        yield made
        assert list(tmp_path.iterdir()) == [], "temporary files were left behind"
