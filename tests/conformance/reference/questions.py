"""What a data query asks, as plain values; how it is spelt in a URL is written elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.conformance.agency.plan import Row

#: One operator with its value.
Condition = tuple[str, str]
#: Any of these must hold, of each of them all.
Alternatives = tuple[tuple[Condition, ...], ...]
#: For each dimension of the key the values wanted, () for any.
Pattern = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Question:
    """Which observations are wanted, and what of them.

    `where` says in Python what the rest cannot, or what must not be left to the rest to interpret.
    """

    keys: tuple[Pattern, ...] = ()
    filters: tuple[tuple[str, Alternatives], ...] = ()
    start: str | None = None
    end: str | None = None
    year_start: str = "--01-01"
    first: int | None = None
    last: int | None = None
    offset: int = 0
    limit: int | None = None
    sort: tuple[tuple[str, bool], ...] = ()
    attributes: tuple[str, ...] = ("dsd",)
    measures: tuple[str, ...] = ("all",)
    at: str | None = None
    where: Callable[[Row], bool] | None = None
