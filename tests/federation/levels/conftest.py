"""The three levels before anything was harvested, made once and copied for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from hub.demo import COUNTRIES
from tests.federation.levels.world import (
    OBSERVATORIES,
    World,
    copied,
    free_ports,
    publish_all,
)


@pytest.fixture(scope="package")
def made(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Eight countries that published; observatories, a hub, and one that knows the eight."""
    nodes = (*COUNTRIES, *OBSERVATORIES, "HUB", "DIRECT")
    world = World(tmp_path_factory.mktemp("levels") / "made", free_ports(nodes))
    publish_all(world)
    for node, areas in OBSERVATORIES.items():
        world.make(node, "observatory")
        for area in areas:
            world.grant(node, area, [area])
    for node in ("HUB", "DIRECT"):
        world.make(node, "hub")
    for node, areas in OBSERVATORIES.items():
        world.grant("HUB", node, areas)
    for node in COUNTRIES:
        world.grant("DIRECT", node, [node])
    return world


@pytest.fixture(scope="package")
def expected(made: World, tmp_path_factory: pytest.TempPathFactory) -> dict[str, pa.Table]:
    """What a hub has that harvests the eight directly."""
    world = copied(made, tmp_path_factory.mktemp("direct") / "nodes")
    world.serve(*COUNTRIES)
    try:
        code, said = world.harvest("DIRECT")
    finally:
        world.stop()
    assert code == 0, said
    world.derive("DIRECT")
    return world.tables("DIRECT")


@pytest.fixture
def world(made: World, tmp_path: Path) -> Iterator[World]:
    """All nodes, none of them served yet."""
    mine = copied(made, tmp_path / "nodes")
    try:
        yield mine
    finally:
        mine.stop()
