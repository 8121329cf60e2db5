"""How lists break a total down: which of their codes add up to it, and when they must."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from hub.model import Column, Enumeration
from hub.publish.rules.ages import is_complete, partition

TOTAL = "_T"
RESIDUAL = frozenset({"_O", "_U"})


@dataclass(frozen=True, slots=True)
class Breakdown:
    """How a kind of list breaks a total down.

    `parts` reduces the codes present to those that add up, `complete` says whether they must.
    """

    parts: Callable[[Enumeration, Iterable[str]], frozenset[str]]
    complete: Callable[[frozenset[str]], bool]


def _among(*codes: str) -> Callable[[Enumeration, Iterable[str]], frozenset[str]]:
    known = frozenset(codes) | RESIDUAL
    return lambda _list, present: frozenset(present) & known


def _areas(list_: Enumeration, present: Iterable[str]) -> frozenset[str]:
    groups = {code.parent for code in list_.items if code.parent}
    return frozenset(present) - groups - {TOTAL}


def _ages(_list: Enumeration, present: Iterable[str]) -> frozenset[str]:
    return partition(present)


_LEVELS = ("ISCED11_0_2", "ISCED11_3_4", "ISCED11_5_8")
_LABOUR = ("EMP", "UNE", "OLF")
#: By how the id of a list begins. Durations of stay are written as ages are.
_BREAKDOWNS = {
    "CL_SEX": Breakdown(_among("F", "M", "_N"), lambda parts: {"F", "M"} <= parts),
    "CL_AGE": Breakdown(_ages, is_complete),
    "CL_AREA": Breakdown(_areas, lambda _parts: False),
    "CL_EDUCATION_LEV": Breakdown(_among(*_LEVELS), lambda parts: set(_LEVELS) <= parts),
    "CL_LABOUR_STATUS": Breakdown(_among(*_LABOUR), lambda parts: set(_LABOUR) <= parts),
    "CL_DURATION_STAY": Breakdown(_ages, is_complete),
}


def breakdown_of(column: Column) -> Breakdown | None:
    """How the list of a dimension breaks down its total; None where it has none, or none known."""
    if column.enumeration is None or TOTAL not in column.enumeration.by_id:
        return None
    name = column.enumeration.id
    return next((b for prefix, b in _BREAKDOWNS.items() if name.startswith(prefix)), None)
