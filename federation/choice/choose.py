"""The choice among partners that offer the same country: one of them, for a reason that is told.

In this order: a country's own figures before a compilation, the nearer to the origin (the country
itself before those that have it from there), what a partner tells of before what has to be guessed,
the newer by the clock of the origin, whom the figures came from before, and the partner's name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from federation.partners import Partner
from hub.model import MOST_HOPS, Descent

_NEVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A partner that offers an area; `descent` is that of the figures at the partner.

    `is_told` is False where the partner does not say what it has, so that it is guessed.
    """

    partner: Partner
    area: str
    descent: Descent
    is_told: bool = True

    @property
    def hops(self) -> int:
        """How often the figures were harvested when this node has them; 1 from the origin."""
        return self.descent.hops + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What became of a candidate, and why."""

    candidate: Candidate
    is_chosen: bool
    why: str


def choose(
    own: str, candidates: Sequence[Candidate], current: Mapping[str, str] | None = None
) -> tuple[Choice, ...]:
    """Choose for each area one of its candidates, or none; ordered by area, then partner.

    `own` is this node, whose own figures are never taken back; `current` says by area from which
    partner it has the figures now. Equal arguments, in whatever order, give equal choices.
    """
    by_area: dict[str, list[Candidate]] = {}
    for one in candidates:
        by_area.setdefault(one.area, []).append(one)
    found: list[Choice] = []
    for area in sorted(by_area):
        together = sorted(by_area[area], key=lambda one: one.partner.id)
        found += _choose(own, together, (current or {}).get(area))
    return tuple(found)


def _choose(own: str, together: Sequence[Candidate], current: str | None) -> list[Choice]:
    refused = {one.partner.id: _refusal(own, one, together) for one in together}
    fit = [one for one in together if not refused[one.partner.id]]
    ranked = sorted(fit, key=lambda one: _rank(one, current))
    return [
        Choice(
            candidate=one,
            is_chosen=bool(ranked) and one is ranked[0],
            why=refused[one.partner.id] or _why(one, ranked, current),
        )
        for one in together
    ]


def _refusal(own: str, one: Candidate, together: Iterable[Candidate]) -> str:
    """Why a candidate cannot be taken at all; "" where it can."""
    descent = one.descent
    if descent.origin == own:
        return "these are this node's own figures, which it does not take back"
    if own in descent.path:
        return "it has them through this node, which does not take them back"
    if one.partner.id in descent.path:
        return "they came through this partner before: they go round in circles"
    if one.hops > MOST_HOPS:
        return f"they came through more than {MOST_HOPS} nodes"
    return ""


def _rank(one: Candidate, current: str | None) -> tuple[object, ...]:
    return (
        one.descent.is_compiled,
        one.hops,
        not one.is_told,
        len(one.partner.areas) if one.hops == 1 else 0,  # the country itself has the least
        -_age(one),
        one.partner.id != current,
        one.partner.id,
    )


def _age(one: Candidate) -> float:
    return ((one.descent.updated or _NEVER) - _NEVER).total_seconds()


def _why(one: Candidate, ranked: Sequence[Candidate], current: str | None) -> str:
    first = ranked[0]
    if one is not first:
        return f"{first.partner.id} {_better(first, one, current)}"
    if len(ranked) == 1:
        return "nobody else offers it"
    return f"it {_better(first, ranked[1], current)}"


def _better(first: Candidate, other: Candidate, current: str | None) -> str:
    """Why one goes before another, as the predicate of a sentence."""
    if first.descent.is_compiled != other.descent.is_compiled:
        return f"has the figures of {first.descent.origin}, not a compilation"
    if first.hops != other.hops:
        return f"is nearer to the origin ({_hops(first)} against {_hops(other)})"
    if first.is_told != other.is_told:
        return "says where its figures are from"
    if first.hops == 1 and len(first.partner.areas) != len(other.partner.areas):
        return "is the country itself, as its grant is for fewer areas"
    if _age(first) != _age(other):
        return f"has newer figures ({_at(first)} against {_at(other)})"
    if current == first.partner.id:
        return f"has figures as near and as new as {other.partner.id}, and they came from it before"
    return f"has figures as near and as new as {other.partner.id}, and comes first by name"


def _hops(one: Candidate) -> str:
    return f"{one.hops} hop{'s' * (one.hops != 1)}"


def _at(one: Candidate) -> str:
    updated = one.descent.updated
    return f"{updated.astimezone(UTC):%Y-%m-%d %H:%M:%SZ}" if updated else "of no date"
