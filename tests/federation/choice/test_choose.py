"""Which partner a country is taken from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations, product
from random import Random

import pytest

from federation.choice import Candidate, Choice, choose
from federation.partners import Partner
from hub.model import MOST_HOPS, Descent

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def partner(id_: str, *areas: str) -> Partner:
    return Partner(
        id=id_, url=f"https://{id_.lower()}.test", name=id_, areas=areas or (id_,), added=NOON
    )


def offer(
    who: Partner,
    *path: str,
    hours: float | None = 0,
    area: str = "SWE",
    origin: str = "",
    compiled: bool = False,
    told: bool = True,
) -> Candidate:
    """A partner that has the figures of `path[0]`, or its own, so many hours after noon."""
    updated = None if hours is None else NOON + timedelta(hours=hours)
    began = origin or (path[0] if path else who.id)
    descent = Descent(origin=began, updated=updated, path=path, is_compiled=compiled)
    return Candidate(partner=who, area=area, descent=descent, is_told=told)


SWE = partner("SWE")
NORTH = partner("NORTH", "SWE", "NOR", "DNK")
SOUTH = partner("SOUTH", "SWE", "ESP")


def chosen(*candidates: Candidate, own: str = "HUB", current: str | None = None) -> Choice:
    """The one choice that was made, whatever the order of the candidates."""
    found = {
        choose(own, order, {"SWE": current} if current else None)
        for order in permutations(candidates)
    }
    assert len(found) == 1
    (choices,) = found
    (one,) = [choice for choice in choices if choice.is_chosen]
    return one


def test_the_country_itself_goes_before_those_that_have_it_from_there() -> None:
    one = chosen(offer(SWE), offer(NORTH, "SWE", hours=9), offer(SOUTH, "SWE", hours=10))
    assert one.candidate.partner is SWE
    assert one.why == "it is nearer to the origin (1 hop against 2 hops)"


def test_of_two_observatories_the_nearer_is_taken_then_the_newer() -> None:
    near = chosen(offer(NORTH, "SWE"), offer(SOUTH, "SWE", "EAST", hours=5))
    assert near.candidate.partner is NORTH
    newer = chosen(offer(NORTH, "SWE"), offer(SOUTH, "SWE", hours=1))
    assert newer.candidate.partner is SOUTH
    assert newer.why == ("it has newer figures (2026-11-02 13:00:00Z against 2026-11-02 12:00:00Z)")


def test_of_equal_ones_the_one_it_came_from_before_is_kept_else_the_name_decides() -> None:
    equal = (offer(NORTH, "SWE"), offer(SOUTH, "SWE"))
    assert chosen(*equal).candidate.partner is NORTH
    assert chosen(*equal, current="SOUTH").candidate.partner is SOUTH


def test_a_compilation_comes_after_the_figures_of_the_country_however_near() -> None:
    one = chosen(offer(NORTH, compiled=True, hours=9), offer(SOUTH, "SWE", "EAST"))
    assert one.candidate.partner is SOUTH
    assert one.why == "it has the figures of SWE, not a compilation"


def test_an_observatory_that_says_it_is_the_origin_does_not_displace_the_country() -> None:
    assert chosen(offer(SWE), offer(NORTH, hours=99)).candidate.partner is SWE


def test_who_says_nothing_of_its_figures_comes_after_who_does() -> None:
    one = chosen(offer(NORTH, told=False, hours=9), offer(SOUTH, told=True))
    assert one.candidate.partner is SOUTH


@pytest.mark.parametrize(
    ("own", "candidate", "why"),
    [
        ("SWE", offer(NORTH, "SWE"), "this node's own figures"),
        ("HUB", offer(NORTH, "SWE", "HUB"), "through this node"),
        ("HUB", offer(NORTH, "SWE", "NORTH", "EAST"), "round in circles"),
        ("HUB", offer(NORTH, *(f"N{n}" for n in range(MOST_HOPS))), f"more than {MOST_HOPS}"),
    ],
)
def test_figures_that_go_in_circles_are_not_taken(own: str, candidate: Candidate, why: str) -> None:
    (one,) = choose(own, [candidate])
    assert not one.is_chosen
    assert why in one.why


def test_exactly_one_is_chosen_of_those_that_fit_and_each_is_given_a_reason() -> None:
    random = Random(6)  # noqa: S311 - nothing secret
    partners = (SWE, NORTH, SOUTH, partner("EAST", "SWE"), partner("WEST", "SWE", "NOR"))
    paths = ((), ("SWE",), ("SWE", "HUB"), ("SWE", "EAST"), ("X", "Y", "Z"))
    for _ in range(500):
        offered = [
            offer(who, *random.choice(paths), hours=random.choice((None, 0, 1, 2)), told=told)
            for who, told in zip(partners, random.choices((True, False), k=5), strict=True)
        ]
        shuffled = random.sample(offered, k=len(offered))
        choices = choose("HUB", offered)
        assert choices == choose("HUB", shuffled)
        assert all(choice.why for choice in choices)
        fit = [c for c in offered if "HUB" not in c.descent.path]
        fit = [c for c in fit if c.partner.id not in c.descent.path]
        taken = [choice for choice in choices if choice.is_chosen]
        assert len(taken) == bool(fit)
        if not taken:
            continue
        one = taken[0]
        nearest = min(c.hops for c in fit)
        assert one.candidate.hops == nearest
        rivals = [c for c in fit if c.hops == nearest and c.is_told]
        if rivals and nearest > 1:
            ages = [c.descent.updated or datetime.min.replace(tzinfo=UTC) for c in rivals]
            assert (one.candidate.descent.updated or min(ages)) == max(ages)


def test_areas_are_chosen_for_apart() -> None:
    offered = [
        offer(who, "SWE", area=area) for who, area in product((NORTH, SOUTH), ("SWE", "NOR"))
    ]
    choices = choose("HUB", offered, {"SWE": "SOUTH"})
    taken = {c.candidate.area: c.candidate.partner.id for c in choices if c.is_chosen}
    assert taken == {"SWE": "SOUTH", "NOR": "NORTH"}
