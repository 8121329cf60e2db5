"""What data there is: the answer of a release to an availability query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """Which values occur in some data of one flow, and how much of it there is.

    `values` holds for each dimension, time included, the distinct values in ascending order.
    `start` and `end` are the earliest and the latest time period, as written; None without time.
    """

    values: Mapping[str, tuple[str, ...]]
    series_count: int
    obs_count: int
    start: str | None = None
    end: str | None = None
