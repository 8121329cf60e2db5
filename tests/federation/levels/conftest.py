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

#: With `make levels` there is one test more, in which every node is a process.
ALL = os.environ.get("LEVELS") == "all"


@pytest.fixture(scope="session")
def expected(demonstration: Any) -> dict[str, pa.Table]:
    """What a node has that harvests the eight directly, and derives."""
    return tables_of(demonstration.observatory)


@pytest.fixture
def world(demonstration: Any, tmp_path: Path) -> Iterator[World]:
    """Two observatories and a hub; nobody knows anybody yet, and only the countries are served."""
    own = ("DEU", *OBSERVATORIES, "HUB")
    world = World(tmp_path, {**demonstration.exchange.addresses, **free_addresses(own)})
    for node in COUNTRIES:
        shutil.copytree(demonstration.exchange.folder / node, world.home(node))
    for node in OBSERVATORIES:
        world.make(node, "observatory")
    world.make("HUB", "hub")
    try:
        yield world
    finally:
        world.stop()
