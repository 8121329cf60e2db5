"""Three levels on loopback: eight countries, two observatories with countries in common, a hub.

Every server and every harvest is a process of its own, so that any of them can be killed.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from federation.derivation import ASYMMETRY, EMIGRANTS, FLOW_RES, STOCK_BIRTH, derive
from federation.harvest.node import harvest_into
from federation.partners import Partner
from federation.partners.catalogued import CataloguedPartners
from hub.model import Reference, recorded
from hub.store import Store, init_home, open_store
from tests.conftest import ROOT

HOST = "127.0.0.1"
#: Denmark and Germany are harvested by both.
NORTH = ("DEU", "DNK", "FIN", "NOR", "SWE")
SOUTH = ("AUT", "DEU", "DNK", "ESP", "POL")
OBSERVATORIES = {"NORTH": NORTH, "SOUTH": SOUTH}
FLOWS = (FLOW_RES, STOCK_BIRTH, EMIGRANTS, ASYMMETRY)
_WAIT = 120.0


@dataclass
class World:
    """The nodes below a folder, where they are served, and the processes that serve them."""

    folder: Path
    addresses: dict[str, str]
    serving: dict[str, subprocess.Popen[str]] = field(default_factory=dict)

    def home(self, node: str) -> Path:
        return self.folder / node

    @contextmanager
    def opened(self, node: str) -> Iterator[Store]:
        store = open_store(self.home(node))
        try:
            yield store
        finally:
            store.close()

    def make(self, node: str, role: str) -> None:
        """Make a node that has no figures yet."""
        about = {"node": node, "name": node, "role": role, "partner_networks": [f"{HOST}/32"]}
        init_home(self.home(node), about)

    def grant(self, at: str, partner: str, areas: Sequence[str]) -> None:
        """Let a node know another, which may speak for some areas."""
        with self.opened(at) as store:
            CataloguedPartners(store.catalogue).add(
                Partner(
                    id=partner,
                    url=self.addresses[partner],
                    name=partner,
                    areas=tuple(areas),
                    added=store.catalogue.now(),
                )
            )

    def introduce(self) -> None:
        """Let each level know the one below it."""
        for node, areas in OBSERVATORIES.items():
            for area in areas:
                self.grant(node, area, [area])
            self.grant("HUB", node, areas)

    def serve(self, *nodes: str) -> None:
        """Serve some nodes in one process, each at its own port."""
        named = [f"{self.home(node)}={self.addresses[node].rpartition(':')[2]}" for node in nodes]
        process = _python("-m", "tests.federation.levels.child", *named)
        assert process.stdout is not None
        first = process.stdout.readline()
        assert first == "ready\n", (first, _said(process), process.returncode)
        self.serving |= dict.fromkeys(nodes, process)

    def kill(self, node: str) -> None:
        """Kill the process that serves a node, at once."""
        process = self.serving.pop(node)
        process.send_signal(signal.SIGKILL)
        _end(process)

    def stop(self) -> None:
        """Kill all servers."""
        for process in set(self.serving.values()):
            process.send_signal(signal.SIGKILL)
            _end(process)
        self.serving.clear()

    def harvest(self, *nodes: str) -> str:
        """Harvest what some nodes know, one after another; returns what was noted of it."""
        noted = []
        for node in nodes:
            with self.opened(node) as store:
                report = harvest_into(store)
            assert not report.failures, [one.note for one in report.failures]
            noted += [one.note for one in report.outcomes]
        return "; ".join(noted)

    def harvesting(self, node: str, *words: str) -> subprocess.Popen[str]:
        """A harvest that is going on; a line of its standard error tells each step."""
        return _python("-m", "hub.main", "--home", str(self.home(node)), "harvest", *words)

    def broken_off(self, node: str, after: int, act: Callable[[], None] | None = None) -> None:
        """Begin a harvest, and after so many of its lines do something, or kill it."""
        process = self.harvesting(node)
        assert process.stderr is not None
        for _ in range(after):
            if not process.stderr.readline():
                break
        if act is None:
            process.send_signal(signal.SIGKILL)
        else:
            act()
        _end(process)

    def derive(self, node: str) -> None:
        with self.opened(node) as store:
            derive(store)

    def sources(self, node: str, flow: Reference = STOCK_BIRTH) -> dict[str, str]:
        """From whom a node has the figures of each country, one for each."""
        with self.opened(node) as store:
            release = store.release(flow)
            assert release is not None
            assert len({one.slice for one in release.slices}) == len(release.slices)
            return {one.slice: one.source for one in release.slices}

    def descents(self, node: str, flow: Reference = STOCK_BIRTH) -> dict[str, tuple[Any, ...]]:
        """By country: origin, its release, its digest and the path."""
        with self.opened(node) as store:
            release = store.release(flow)
            assert release is not None
            told = {one.slice: recorded(one.origin) for one in release.slices}
        return {
            area: (one.origin, one.release, one.digest, one.path)
            for area, one in told.items()
            if one is not None
        }

    def tables(self, node: str) -> dict[str, pa.Table]:
        """What readers of a node get of the flows, in order of their keys."""
        with self.opened(node) as store:
            return tables_of(store)


def tables_of(store: Store) -> dict[str, pa.Table]:
    """What readers of a store get of the flows, in order of their keys."""
    return {flow.id: _table(store, flow) for flow in FLOWS}


def _table(store: Store, flow: Reference) -> pa.Table:
    release = store.release(flow)
    assert release is not None, flow
    table = store.read(release, store.schema(flow)).read_all()
    return pa.table({name: _plain(table.column(name)) for name in table.column_names})


def _plain(column: pa.ChunkedArray) -> pa.Array:
    """A column whose equality does not hang on how its texts are encoded, or cut."""
    kind = column.type
    plain = column.cast(kind.value_type) if pa.types.is_dictionary(kind) else column
    return plain.combine_chunks()


def free_addresses(nodes: Iterable[str]) -> dict[str, str]:
    """An address for each node at which nobody listens."""
    with ExitStack() as stack:
        taken = {node: stack.enter_context(socket.create_server((HOST, 0))) for node in nodes}
        return {node: f"http://{HOST}:{one.getsockname()[1]}" for node, one in taken.items()}


def _python(*words: str) -> subprocess.Popen[str]:
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ},
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "200",
    }
    return subprocess.Popen(
        [sys.executable, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=ROOT,
    )


def _said(process: subprocess.Popen[str]) -> str:
    process.kill()
    return "".join(process.communicate())


def _end(process: subprocess.Popen[str]) -> None:
    """Wait for the end of a process, with all it still says."""
    process.communicate(timeout=_WAIT)
