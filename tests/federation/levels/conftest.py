"""The three levels before anything was harvested, on the figures of the demonstration."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from hub.demo import COUNTRIES
from tests.federation.levels.world import OBSERVATORIES, World, free_addresses, tables_of

#: With `make levels` every node is a process; else the countries are those that are served anyway.
ALL = os.environ.get("LEVELS") == "all"


@pytest.fixture(scope="session")
def expected(demonstration: Any) -> dict[str, pa.Table]:
    """What a node has that harvests the eight directly, and derives."""
    return tables_of(demonstration.observatory)


@pytest.fixture
def world(demonstration: Any, tmp_path: Path) -> Iterator[World]:
    """Two observatories and a hub that know their partners; Germany has an address of its own."""
    own = (*(COUNTRIES if ALL else ("DEU",)), *OBSERVATORIES, "HUB")
    world = World(tmp_path, {**demonstration.exchange.addresses, **free_addresses(own)})
    for node in COUNTRIES:
        shutil.copytree(demonstration.exchange.folder / node, world.home(node))
    for node, areas in OBSERVATORIES.items():
        world.make(node, "observatory")
        for area in areas:
            world.grant(node, area, [area])
    world.make("HUB", "hub")
    for node, areas in OBSERVATORIES.items():
        world.grant("HUB", node, areas)
    try:
        if ALL:
            for node in COUNTRIES:
                world.serve(node)
        else:
            world.serve("DEU")
        yield world
    finally:
        world.stop()
