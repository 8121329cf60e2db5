"""What a node remembers of the offers of its partners, between one harvest and the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from federation.choice.choose import Choice
from hub.model import Reference


class OfferBook(Protocol):
    """The offers of partners, and what this node has of whom."""

    def current(self, flow: Reference) -> Mapping[str, str]:
        """The source readers get of each slice of a flow now."""
        ...

    def held(self, flow: Reference) -> Mapping[str, frozenset[str]]:
        """By partner, the slices of a flow of which this node holds its figures, used or not."""
        ...

    def known(self, flow: Reference) -> Sequence[Choice]:
        """What partners offered when they were last asked, and what became of it."""
        ...

    def record(self, flow: Reference, choices: Sequence[Choice], at: datetime) -> None:
        """Remember what was chosen in place of what was remembered of the flow."""
        ...


def by_source(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """The slices of each source, from pairs of source and slice."""
    found: dict[str, set[str]] = {}
    for source, slice_ in pairs:
        found.setdefault(source, set()).add(slice_)
    return {source: frozenset(slices) for source, slices in found.items()}


@dataclass
class BookInMemory:
    """A book that is forgotten with the process."""

    choices: dict[Reference, tuple[Choice, ...]] = field(default_factory=dict)
    slices: dict[Reference, Mapping[str, str]] = field(default_factory=dict)

    def current(self, flow: Reference) -> Mapping[str, str]:
        """The source of each slice, as far as anybody put it into `slices`."""
        return self.slices.get(flow, {})

    def held(self, flow: Reference) -> Mapping[str, frozenset[str]]:
        """The slices that come from each partner."""
        return by_source((source, area) for area, source in self.current(flow).items())

    def known(self, flow: Reference) -> Sequence[Choice]:
        """What was offered last."""
        return self.choices.get(flow, ())

    def record(self, flow: Reference, choices: Sequence[Choice], at: datetime) -> None:
        """Remember what was chosen."""
        self.choices[flow] = tuple(choices)
