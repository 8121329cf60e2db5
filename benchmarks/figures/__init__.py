"""The figures by group; a group is measured as a whole, because its figures share what they need.

Each group is a module with `FIGURES`, the names of its figures, and `measure`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from benchmarks.figures import (
    availability,
    downloads,
    growth,
    large,
    partners,
    publishing,
    rates,
    rules,
    selections,
)
from benchmarks.measure import Figure
from benchmarks.workshop import Workshop

Measure = Callable[[Workshop], Iterator[Figure]]

GROUPS: Mapping[str, tuple[tuple[str, ...], Measure]] = {
    "downloads": (downloads.FIGURES, downloads.measure),
    "large": (large.FIGURES, large.measure),
    "selections": (selections.FIGURES, selections.measure),
    "availability": (availability.FIGURES, availability.measure),
    "rates": (rates.FIGURES, rates.measure),
    "publishing": (publishing.FIGURES, publishing.measure),
    "partners": (partners.FIGURES, partners.measure),
    "rules": (rules.FIGURES, rules.measure),
    "growth": (growth.FIGURES, growth.measure),
}

__all__ = ["GROUPS", "Measure"]
