"""Eight countries, two observatories, one hub: every country once, whatever is killed on the way.

The tests kill one process after another; `make levels` kills each at many places of a harvest, with
every node in a process of its own.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import pyarrow as pa
import pytest

from federation.choice import CataloguedOffers
from federation.derivation import STOCK_BIRTH
from federation.partners.catalogued import CataloguedPartners
from hub.demo import COUNTRIES
from tests.federation.levels.conftest import ALL
from tests.federation.levels.world import NORTH, OBSERVATORIES, SOUTH, World, free_addresses

Expected = dict[str, pa.Table]


def _check(world: World, expected: Expected) -> None:
    """The hub has what one has that knows the eight, each country once, with its origin."""
    world.derive("HUB")
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


def test_every_country_arrives_once_and_from_the_nearest(
    world: World, expected: Expected, corridor: Any, served: Any
) -> None:
    nodes = ("DEU", *OBSERVATORIES, "HUB")
    with ExitStack() as stack:
        stores = [stack.enter_context(world.opened(node)) for node in nodes]
        addresses = stack.enter_context(served(*stores))
        world.addresses |= dict(zip(nodes, addresses, strict=True))
        world.introduce()
        world.harvest(*OBSERVATORIES, "HUB")
        _check(world, expected)
        _is_from_the_nearest(world, corridor)
        _check(world, expected)
        _nothing_goes_round(world)


def _is_from_the_nearest(world: World, corridor: Any) -> None:
    sources = world.sources("HUB")
    for node, areas in OBSERVATORIES.items():
        theirs = {area for area, source in sources.items() if source == node}
        assert set(areas) >= theirs >= set(areas) - (set(NORTH) & set(SOUTH))

    _the_nearer_takes_over(world)
    _that_is_shown(world, corridor)
    _and_gives_back(world)


def _the_nearer_takes_over(world: World) -> None:
    """Germany becomes a partner itself: the same figures, now from there, and nothing changed."""
    before = world.tables("HUB")
    with world.opened("HUB") as store:
        instant = store.present()
    world.grant("HUB", "DEU", ["DEU"])
    assert "taken over" in world.harvest("HUB")
    assert world.sources("HUB")["DEU"] == "DEU"
    assert world.descents("HUB")["DEU"][3] == ("DEU",)
    after = world.tables("HUB")
    assert all(after[name].equals(table) for name, table in before.items())
    with world.opened("HUB") as store:
        release = store.release(STOCK_BIRTH)
        assert release is not None
        log = store.change_log(release, instant)
        changes = store.changes(log, store.schema(STOCK_BIRTH))
        assert changes.rows == 0
        changes.close()
        newest = next(one for one in store.history(STOCK_BIRTH) if one.slice == "DEU")
        assert (newest.source, newest.counts.is_empty) == ("DEU", True)
        count = len(store.history(STOCK_BIRTH))
    assert "taken over" not in world.harvest("HUB")
    with world.opened("HUB") as store:
        assert len(store.history(STOCK_BIRTH)) == count


def _that_is_shown(world: World, corridor: Any) -> None:
    shown = corridor("--home", world.home("HUB"), "partner", "show", "NORTH", "--json").json
    (one,) = [
        one
        for one in shown["offers"]
        if (one["flow"], one["area"]) == ("MIGX:DF_STOCK_BIRTH", "DEU")
    ]
    assert (one["taken"], one["hops"], one["path"]) == (False, 2, ["DEU", "NORTH"])
    assert one["why"] == "DEU is nearer to the origin (1 hop against 2 hops)"
    key = "A.SWE.FB.BIRTH.POL._T._T.PS.2020"
    command = ("--home", world.home("HUB"), "explain", "MIGX:DF_STOCK_BIRTH", key, "--verify")
    told = corridor(*command)
    assert told.exit == 0, told.err
    assert "it began at SWE" in told.out
    assert "SWE > NORTH" in told.out
    prov = corridor(*command, "--json").json
    assert "node:SWE" in prov["agent"]
    assert ["SWE", "NORTH"] in [one.get("corridor:path") for one in prov["wasDerivedFrom"].values()]


def _and_gives_back(world: World) -> None:
    """Germany is no partner any more: an observatory's figures are taken again."""
    with world.opened("HUB") as store:
        CataloguedPartners(store.catalogue).remove("DEU")
    assert "taken over" in world.harvest("HUB")
    assert world.sources("HUB")["DEU"] in OBSERVATORIES


def _nothing_goes_round(world: World) -> None:
    """An observatory harvests the hub that harvests it: what it gave away does not come back."""
    world.grant("NORTH", "HUB", NORTH)
    world.harvest("NORTH", "HUB", "NORTH")
    assert world.sources("NORTH") == {area: area for area in NORTH}
    with world.opened("NORTH") as store:
        offered = [choice for _, choice in CataloguedOffers(store).of_partner("HUB")]
    through = [choice for choice in offered if "NORTH" in choice.candidate.descent.path]
    assert through
    assert not any(choice.is_chosen for choice in offered)
    assert {choice.why for choice in through} == {
        "it has them through this node, which does not take them back"
    }


def test_killing_any_process_changes_nothing_in_the_end(
    world: World, expected: Expected, served: Any
) -> None:
    world.introduce()
    with ExitStack() as stack:

        def serve_here(node: str) -> None:
            store = stack.enter_context(world.opened(node))
            port = int(world.addresses[node].rpartition(":")[2])
            stack.enter_context(served(store, port=port))

        world.serve("DEU")
        world.broken_off("NORTH", 3, lambda: world.kill("DEU"))  # a country that is harvested
        serve_here("DEU")
        serve_here("SOUTH")
        world.harvest("SOUTH")
        world.serve("NORTH")
        world.broken_off("HUB", 2, lambda: world.kill("NORTH"))  # the observatory
        serve_here("NORTH")
        world.broken_off("HUB", 3)  # the harvest of the hub
        world.harvest(*OBSERVATORIES, "HUB")
        _check(world, expected)


@pytest.mark.skipif(not ALL, reason="make levels")
@pytest.mark.parametrize("after", [0, 1, 2, 4, 6, 9, 12, 15, 20])
@pytest.mark.parametrize("victim", ["DEU", "NORTH", "the harvest of NORTH", "the harvest of HUB"])
def test_a_kill_at_every_place(world: World, expected: Expected, victim: str, after: int) -> None:
    world.addresses |= free_addresses(COUNTRIES)
    world.introduce()
    for node in COUNTRIES:
        world.serve(node)
    world.harvest("SOUTH")
    world.serve("SOUTH")
    if victim == "DEU":
        world.broken_off("NORTH", after, lambda: world.kill("DEU"))
        world.serve("DEU", "NORTH")
        world.broken_off("HUB", after, lambda: world.kill("SOUTH"))
        world.serve("SOUTH")
    elif victim == "the harvest of NORTH":
        world.broken_off("NORTH", after)
        world.serve("NORTH")
    else:
        world.harvest("NORTH")
        world.serve("NORTH")
        kill = (lambda: world.kill("NORTH")) if victim == "NORTH" else None
        world.broken_off("HUB", after, kill)
        if kill is not None:
            world.serve("NORTH")
    world.harvest(*OBSERVATORIES, "HUB")
    _check(world, expected)
