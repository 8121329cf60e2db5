"""Combinations in which every two values of different parameters meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, product

Case = dict[str, str]
_Pair = tuple[tuple[str, str], tuple[str, str]]


def every(parameters: Mapping[str, Sequence[str]]) -> list[Case]:
    """All combinations."""
    return [dict(zip(parameters, values, strict=True)) for values in product(*parameters.values())]


def pairwise(parameters: Mapping[str, Sequence[str]]) -> list[Case]:
    """Few combinations, the same ones each time, in which all pairs of values occur."""
    left: dict[_Pair, None] = {}
    for one, other in combinations(parameters, 2):
        for pair in product(parameters[one], parameters[other]):
            left[(one, pair[0]), (other, pair[1])] = None
    cases = []
    while left:
        case = _filled(dict(next(iter(left))), parameters, left)
        cases.append(case)
        for pair in _pairs(case, parameters):
            left.pop(pair, None)
    return cases


def _filled(
    case: Case, parameters: Mapping[str, Sequence[str]], left: Mapping[_Pair, None]
) -> Case:
    """Complete a case by the values that meet the most others for the first time."""
    for name, values in parameters.items():
        if name not in case:
            case[name] = max(
                values,
                key=lambda value, name=name: sum(
                    pair in left for pair in _pairs({**case, name: value}, parameters)
                ),
            )
    return {name: case[name] for name in parameters}


def _pairs(case: Case, parameters: Mapping[str, Sequence[str]]) -> list[_Pair]:
    given = [(name, case[name]) for name in parameters if name in case]
    return list(combinations(given, 2))
