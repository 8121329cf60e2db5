"""Chance with a memory: the same seed and number draw the same request."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Draw:
    """What one case is drawn from."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)  # noqa: S311 — nothing is kept secret

    def chance(self, part: float) -> bool:
        """True in so many of all cases."""
        return self._random.random() < part

    def number(self, least: int, most: int) -> int:
        """A whole number, both ends included."""
        return self._random.randint(least, most)

    def pick(self, values: Sequence[T]) -> T:
        """One of some values."""
        return self._random.choice(values)

    def some(self, values: Sequence[T], least: int, most: int) -> list[T]:
        """Several different ones, in any order."""
        most = min(most, len(values))
        return self._random.sample(list(values), self.number(min(least, most), most))

    def shuffled(self, values: Sequence[T]) -> list[T]:
        """All of them, in any order."""
        return self._random.sample(list(values), len(values))
