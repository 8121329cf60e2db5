"""What a node remembers of the offers of its partners, between one harvest and the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

    def held(self, flow: Reference, partner: str) -> frozenset[str]:
        """The slices of a flow of which this node holds figures from a partner, used or not."""
        ...

    def known(self, flow: Reference) -> Sequence[Choice]:
        """What partners offered when they were last asked, and what became of it."""
        ...

    def record(self, flow: Reference, choices: Sequence[Choice], at: datetime) -> None:
        """Remember what was chosen in place of what was remembered of the flow."""
        ...


@dataclass
class BookInMemory:
    """A book that is forgotten with the process."""

    choices: dict[Reference, tuple[Choice, ...]] = field(default_factory=dict)
    slices: dict[Reference, Mapping[str, str]] = field(default_factory=dict)

    def current(self, flow: Reference) -> Mapping[str, str]:
        """The source of each slice, as far as anybody put it into `slices`."""
        return self.slices.get(flow, {})

    def held(self, flow: Reference, partner: str) -> frozenset[str]:
        """The slices that come from a partner."""
        return frozenset(area for area, source in self.current(flow).items() if source == partner)

    def known(self, flow: Reference) -> Sequence[Choice]:
        """What was offered last."""
        return self.choices.get(flow, ())

    def record(self, flow: Reference, choices: Sequence[Choice], at: datetime) -> None:
        """Remember what was chosen."""
        self.choices[flow] = tuple(choices)
