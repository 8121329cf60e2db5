"""The exchange of the demonstration: nodes publish, the observatory harvests and derives."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from connectors.national import read_mapping, read_table
from federation.derivation import Derivation, derive
from federation.harvest import HarvestReport
from federation.harvest.node import add_partner_to, harvest_into
from hub.demo.servers import running
from hub.errors import Conflict
from hub.model import Origin
from hub.publish import Report, Submission, publish
from hub.rest.serving import server_for
from hub.rest.sockets import address_of, listen
from hub.store import Store, init_home, open_store

HOST = "127.0.0.1"
COUNTRIES = {
    "AUT": "Austria",
    "DEU": "Germany",
    "DNK": "Denmark",
    "ESP": "Spain",
    "FIN": "Finland",
    "NOR": "Norway",
    "POL": "Poland",
    "SWE": "Sweden",
}
OBSERVATORY = "OBSERVATORY"
_TABLES = ("stocks", "flows")


@dataclass
class Exchange:
    """Nine nodes below one folder: the observatory on `port`, the others on the ports after it.

    `tell` is called with what is being done.
    """

    folder: Path
    port: int = 8080
    tell: Callable[[str], None] = lambda _: None
    nodes: dict[str, Store] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Make the nodes, let them publish, and serve all of them while the block lasts."""
        with ExitStack() as stack:
            sockets: dict[str, socket.socket] = {}
            for offset, node in enumerate((OBSERVATORY, *COUNTRIES)):
                sockets[node] = stack.enter_context(self._listen(offset))
            for node in sockets:
                self.nodes[node] = self._make(node, stack)
            for node in COUNTRIES:
                self.tell(f"{COUNTRIES[node]} publishes its side of the figures")
                self.publish(node)
            servers = [
                (server_for(self.nodes[node], HOST, 0), taken) for node, taken in sockets.items()
            ]
            self.addresses = {node: address_of(taken) for node, taken in sockets.items()}
            stack.enter_context(running(servers))
            yield

    def _listen(self, offset: int) -> socket.socket:
        try:
            return listen(HOST, self.port + offset if self.port else 0)
        except Conflict as error:
            raise Conflict(
                f"{error.message}; the demonstration takes nine ports that follow one another, "
                "or any free ones with --port 0"
            ) from error

    def _make(self, node: str, stack: ExitStack) -> Store:
        home = self.folder / node
        about: dict[str, str | list[str]] = {
            "node": node,
            "name": f"{COUNTRIES.get(node, 'Observatory')} (demonstration)",
            "licence": "CC BY 3.0 IGO",
        }
        if node == OBSERVATORY:
            about |= {"role": "observatory", "partner_networks": [f"{HOST}/32"]}
        else:
            about |= {"role": "national", "areas": [node]}
        init_home(home, about)
        store = open_store(home)
        stack.callback(store.close)
        return store

    def publish(self, node: str) -> list[Report]:
        """Publish a country's tables at its node."""
        store = self.nodes[node]
        submissions = resources.files("hub.demo").joinpath("submissions")
        reports = []
        for table in _TABLES:
            with (
                resources.as_file(submissions / node / f"{table}.csv") as file,
                resources.as_file(submissions / f"{table}.toml") as mapping,
            ):
                raw = read_table(file, read_mapping(mapping), store.structures)
            submission = Submission(
                raw=raw,
                source=node,
                origin=Origin(kind="submission", name=node, detail=(("file", raw.source),)),
                areas=frozenset([node]),
            )
            if raw.structure is not None:
                reports.append(publish(store, raw.structure, submission))
        return reports

    def add_partners(self) -> None:
        """Let the observatory know the eight nodes, each with the area it may speak for."""
        for node in COUNTRIES:
            add_partner_to(self.nodes[OBSERVATORY], self.addresses[node], [node])

    def harvest(self) -> HarvestReport:
        """Let the observatory pull what the nodes publish."""
        self.tell("the observatory harvests eight nodes")
        return harvest_into(self.nodes[OBSERVATORY])

    def derive(self) -> Derivation:
        """Let the observatory derive emigrants and asymmetries."""
        self.tell("the observatory derives emigrants and asymmetries")
        return derive(self.nodes[OBSERVATORY])
