"""Three levels on loopback: eight countries, two observatories with countries in common, a hub.

Every server and every harvest is a process of its own, so that any of them can be killed.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from federation.derivation import ASYMMETRY, EMIGRANTS, FLOW_RES, STOCK_BIRTH, derive
from federation.partners import Partner
from federation.partners.catalogued import CataloguedPartners
from hub.demo import COUNTRIES
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
    """The nodes below a folder, and the processes that serve them."""

    folder: Path
    ports: dict[str, int]
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
                    url=f"http://{HOST}:{self.ports[partner]}",
                    name=partner,
                    areas=tuple(areas),
                    added=store.catalogue.now(),
                )
            )

    def serve(self, *nodes: str) -> None:
        """Serve some nodes in one process, each at its own port."""
        named = [f"{self.home(node)}={self.ports[node]}" for node in nodes]
        process = _python("-m", "tests.federation.levels.child", *named)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n", _said(process)
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

    def harvest(self, node: str, *words: str) -> tuple[int, str]:
        """Harvest in a process of its own; its exit code and what it said."""
        process = self.harvesting(node, *words)
        out, err = process.communicate(timeout=_WAIT)
        return process.returncode, out + err

    def harvesting(self, node: str, *words: str) -> subprocess.Popen[str]:
        """A harvest that is going on; a line of its standard error tells each step."""
        return _python("-m", "hub.main", "--home", str(self.home(node)), "harvest", *words)

    def broken_off(self, node: str, after: int, act: Callable[[], None] | None = None) -> None:
        """Begin a harvest; after so many of its lines do something, or kill it; wait for its end."""
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
            return {flow.id: _table(store, flow) for flow in FLOWS}


def _table(store: Store, flow: Reference) -> pa.Table:
    release = store.release(flow)
    assert release is not None, flow
    schema = store.schema(flow)
    return store.read(release, schema).read_all().combine_chunks()


def free_ports(nodes: Iterable[str]) -> dict[str, int]:
    """A port for each node that nobody listens on."""
    sockets, ports = [], {}
    for node in nodes:
        taken = socket.create_server((HOST, 0))
        sockets.append(taken)
        ports[node] = taken.getsockname()[1]
    for taken in sockets:
        taken.close()
    return ports


def copied(world: World, folder: Path) -> World:
    """The same nodes, with the same addresses, in another folder."""
    shutil.copytree(world.folder, folder)
    return World(folder, world.ports)


def publish_all(world: World) -> None:
    """Make the eight countries and let them publish the figures of the demonstration."""
    from hub.demo import Exchange

    exchange = Exchange(world.folder)
    for node in COUNTRIES:
        init_home(
            world.home(node),
            {"node": node, "name": COUNTRIES[node], "role": "national", "areas": [node]},
        )
        with world.opened(node) as store:
            exchange.nodes[node] = store
            exchange.publish(node)


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
