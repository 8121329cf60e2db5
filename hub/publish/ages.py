"""Age groups as intervals: which of those present add up, and whether they leave a gap."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

_RANGE = re.compile(r"Y(\d+)T(\d+)")
_SINGLE = re.compile(r"Y(\d+)")
_FROM = re.compile(r"Y_GE(\d+)")
_BELOW = re.compile(r"Y_LT(\d+)")
_FOREVER = 10_000
_RESIDUAL = frozenset({"_O", "_U"})


def interval(code: str) -> tuple[int, int] | None:
    """The first and last completed year of age a code means; None where it is no age group."""
    if match := _RANGE.fullmatch(code):
        return int(match[1]), int(match[2])
    if match := _FROM.fullmatch(code):
        return int(match[1]), _FOREVER
    if match := _BELOW.fullmatch(code):
        return 0, int(match[1]) - 1
    if match := _SINGLE.fullmatch(code):
        return int(match[1]), int(match[1])
    return None


def partition(codes: Iterable[str]) -> frozenset[str]:
    """The finest groups among some codes that do not overlap, with unknown and other age.

    Empty where the finest groups overlap each other, so that no sum of them means anything.
    """
    present = set(codes)
    groups = {code: ages for code in present if (ages := interval(code)) is not None}
    finest = {
        code: (low, high)
        for code, (low, high) in groups.items()
        if not any(
            other != code and low <= first and last <= high
            for other, (first, last) in groups.items()
        )
    }
    ordered = sorted(finest.values())
    for (_, last), (first, _) in itertools.pairwise(ordered):
        if first <= last:
            return frozenset()
    return frozenset(finest) | (present & _RESIDUAL) if finest else frozenset()


def is_complete(codes: frozenset[str]) -> bool:
    """True where groups that do not overlap cover every age from 0."""
    ordered = sorted(ages for code in codes if (ages := interval(code)) is not None)
    following = 0
    for first, last in ordered:
        if first != following:
            return False
        following = last + 1
    return following == _FOREVER + 1
