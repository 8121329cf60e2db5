"""Eight countries, two observatories, one hub: every country once, whatever is killed on the way.

`make levels` runs through all kills; without it, the tests do some of them.
"""

from __future__ import annotations

import os

import pyarrow as pa
import pytest

from federation.derivation import STOCK_BIRTH
from hub.demo import COUNTRIES
from tests.federation.levels.world import NORTH, OBSERVATORIES, SOUTH, World

#: After how many lines of a harvest something is killed.
ALL = os.environ.get("LEVELS") == "all"
AFTER = (0, 1, 2, 4, 6, 9, 12, 15) if ALL else (3,)


def _levels(world: World) -> None:
    """Harvest both levels again, and derive."""
    for node in (*OBSERVATORIES, "HUB"):
        code, said = world.harvest(node)
        assert code == 0, (node, said)
    world.derive("HUB")


def _check(world: World, expected: dict[str, pa.Table]) -> None:
    """The hub has what one has that knows the eight, each country once, with its origin."""
    found = world.tables("HUB")
    for name, table in expected.items():
        assert found[name].equals(table), name
    origins = world.descents("HUB")
    assert set(origins) == set(COUNTRIES)
    for area, (origin, release, digest, path) in origins.items():
        with world.opened(area) as store:
            theirs = store.release(STOCK_BIRTH)
        assert theirs is not None
        assert (origin, release, digest) == (area, theirs.id, theirs.slices[0].digest)
        assert path[0] == area
        assert len(path) == 2
        assert path[1] in OBSERVATORIES


def test_every_country_arrives_once_through_the_observatories(
    world: World, expected: dict[str, pa.Table]
) -> None:
    world.serve(*COUNTRIES, *OBSERVATORIES)
    _levels(world)
    _check(world, expected)
    sources = world.sources("HUB")
    assert {area for area, source in sources.items() if source == "NORTH"} >= set(NORTH) - set(
        SOUTH
    )
    assert {area for area, source in sources.items() if source == "SOUTH"} >= set(SOUTH) - set(
        NORTH
    )

    _the_nearer_takes_over(world)
    _and_gives_back(world, expected)


def _the_nearer_takes_over(world: World) -> None:
    """Germany becomes a partner itself: the same figures, now from there, and nothing changed."""
    before = world.tables("HUB")
    with world.opened("HUB") as store:
        instant = store.present()
    world.grant("HUB", "DEU", ["DEU"])
    code, said = world.harvest("HUB")
    assert code == 0, said
    assert "taken over" in said
    assert world.sources("HUB")["DEU"] == "DEU"
    assert world.descents("HUB")["DEU"][3] == ("DEU",)
    after = world.tables("HUB")
    assert all(after[name].equals(table) for name, table in before.items())
    with world.opened("HUB") as store:
        release = store.release(STOCK_BIRTH)
        assert release is not None
        log = store.change_log(release, instant)
        schema = store.schema(STOCK_BIRTH)
        with store.changes(log, schema) as changes:
            assert sum(batch.num_rows for batch in changes) == 0
        newest = next(one for one in store.history(STOCK_BIRTH) if one.slice == "DEU")
        assert (newest.source, newest.counts.is_empty) == ("DEU", True)
    again, said = world.harvest("HUB")
    assert again == 0
    assert "taken over" not in said


def _and_gives_back(world: World, expected: dict[str, pa.Table]) -> None:
    """Germany is no partner any more: an observatory's figures are taken again."""
    with world.opened("HUB") as store:
        from federation.partners.catalogued import CataloguedPartners

        CataloguedPartners(store.catalogue).remove("DEU")
    code, said = world.harvest("HUB")
    assert code == 0, said
    assert world.sources("HUB")["DEU"] in OBSERVATORIES
    _check(world, expected)


@pytest.mark.parametrize("after", AFTER)
@pytest.mark.parametrize(
    "victim",
    ["node", "observatory", "harvest"] if not ALL else ["node", "observatory", "harvest", "level"],
)
def test_killing_any_process_changes_nothing_in_the_end(
    world: World, expected: dict[str, pa.Table], victim: str, after: int
) -> None:
    others = [node for node in COUNTRIES if node != "DEU"]
    world.serve(*others)
    world.serve("DEU")
    world.serve("NORTH")
    world.serve("SOUTH")
    if victim == "node":
        world.broken_off("NORTH", after, lambda: world.kill("DEU"))
        world.harvest("HUB")
        world.serve("DEU")
    elif victim == "level":
        world.broken_off("NORTH", after)
        world.harvest("SOUTH")
        world.broken_off("HUB", after)
    else:
        for node in OBSERVATORIES:
            world.harvest(node)
        if victim == "observatory":
            world.broken_off("HUB", after, lambda: world.kill("NORTH"))
            world.serve("NORTH")
        else:
            world.broken_off("HUB", after)
    _levels(world)
    _check(world, expected)
