"""Age groups as intervals: which of those present add up, and whether they leave a gap."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable

_RANGE = re.compile(r"Y(\d{1,3})T(\d{1,3})", re.ASCII)
_SINGLE = re.compile(r"Y(\d{1,3})", re.ASCII)
_FROM = re.compile(r"Y_GE(\d{1,3})", re.ASCII)
_BELOW = re.compile(r"Y_LT(\d{1,3})", re.ASCII)
#: The last year of an open group; beyond any age that a code names.
_FOREVER = 1_000
_RESIDUAL = frozenset({"_O", "_U"})


def interval(code: str) -> tuple[int, int] | None:
    """The first and last completed year of age a code means; None where it is no age group."""
    first, last = 0, -1
    if match := _RANGE.fullmatch(code):
        first, last = int(match[1]), int(match[2])
    elif match := _FROM.fullmatch(code):
        first, last = int(match[1]), _FOREVER
    elif match := _BELOW.fullmatch(code):
        last = int(match[1]) - 1
    elif match := _SINGLE.fullmatch(code):
        first = last = int(match[1])
    return (first, last) if first <= last else None


def partition(codes: Iterable[str]) -> frozenset[str]:
    """The groups among some codes whose sum says most: they never overlap.

    They cover as many years of age as any such choice can, and are the finest that do. Unknown and
    other age are with them; without any group, there is nothing to add up.
    """
    present = set(codes)
    groups = sorted(
        (ages[1], ages[0], code) for code in present if (ages := interval(code)) is not None
    )
    # Weighted interval scheduling: best[n] is the best choice among the first n groups.
    ends = [last for last, _, _ in groups]
    best: list[tuple[int, int, tuple[str, ...]]] = [(0, 0, ())]
    for index, (last, first, code) in enumerate(groups):
        years, number, chosen = best[bisect_left(ends, first)]
        taken = (years + last - first + 1, number + 1, (*chosen, code))
        best.append(max(best[index], taken, key=lambda choice: choice[:2]))
    chosen = best[-1][2]
    return frozenset(chosen) | (present & _RESIDUAL) if chosen else frozenset()


def is_complete(codes: frozenset[str]) -> bool:
    """True where groups that do not overlap cover every age from 0."""
    ordered = sorted(ages for code in codes if (ages := interval(code)) is not None)
    following = 0
    for first, last in ordered:
        if first != following:
            return False
        following = last + 1
    return following == _FOREVER + 1
