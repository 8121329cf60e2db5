"""Version queries, tried on one version after another (SDMX REST 2.2, "Querying versions")."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cmp_to_key

_SHAPE = re.compile(r"(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-(.+))?")


def select(query: str, versions: Iterable[str]) -> set[str]:
    """The versions a query means; alternatives are separated by commas."""
    known = list(versions)
    return {version for pattern in query.split(",") for version in _one(pattern, known)}


def newest(versions: Iterable[str]) -> str:
    return max(versions, key=cmp_to_key(_compare))


def _one(pattern: str, versions: list[str]) -> list[str]:
    mark = re.search(r"[+~*]", pattern)
    if mark is None:
        return [version for version in versions if version == pattern]
    fits = [version for version in versions if _fits(version, pattern, mark[0])]
    return fits if mark[0] == "*" or not fits else [newest(fits)]


def _fits(version: str, pattern: str, mark: str) -> bool:
    numbers, extension = _split(version)
    if mark == "+" and (len(numbers) < 3 or extension or numbers[0] == 0):
        return False
    if pattern == mark:
        return True
    pieces = pattern.split(".")
    if len(pieces) != len(numbers):
        return False
    place = next(index for index, piece in enumerate(pieces) if mark in piece)
    least = [int(piece.strip(mark) or 0) for piece in pieces]
    return numbers[:place] == least[:place] and numbers[place:] >= least[place:]


def _split(version: str) -> tuple[list[int], str]:
    found = _SHAPE.fullmatch(version)
    assert found is not None, version
    return [int(part) for part in found.groups()[:3] if part is not None], found[4] or ""


def _compare(left: str, right: str) -> int:
    (numbers, extension), (others, other) = _split(left), _split(right)
    padded, padded_other = [*numbers, 0, 0][:3], [*others, 0, 0][:3]
    if padded != padded_other:
        return 1 if padded > padded_other else -1
    if bool(extension) != bool(other):  # an extension comes before its release
        return -1 if extension else 1
    if extension != other:
        return 1 if extension > other else -1
    return len(numbers) - len(others)  # of equals, the semantic one
