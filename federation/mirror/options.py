"""How emigrants are derived; the defaults are the method `mirror-1.0`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hub.errors import BadRequest

METHOD_VERSION = "mirror-1.0"


class Interpolation(StrEnum):
    """How a stock is read between two reference times (METHODS B.1.3)."""

    LINEAR = "linear"
    GEOMETRIC = "geometric"


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorOptions:
    """Choices the formulas leave open; see docs/methods.md.

    interpolation: the curve between two tables; geometric needs both values above 0 and is linear
        elsewhere.
    carry_years: for how many years after its last table a destination's figures are carried.
    reference_point: where in a year a figure without REF_DATE lies, and where a target year lies,
        as a part of the year: 0.5 is mid-year, 0 is 1 January.
    whole_persons: round redistributed figures by largest remainder, so that each destination's
        persons still add up.
    regions: (region, area) pairs, from `regions_of`; a sum is made over each region beside `_T`.
    """

    interpolation: Interpolation = Interpolation.LINEAR
    carry_years: int = 5
    reference_point: float = 0.5
    whole_persons: bool = False
    regions: tuple[tuple[str, str], ...] = ()
    method_version: str = METHOD_VERSION

    def __post_init__(self) -> None:
        if self.carry_years < 0:
            raise BadRequest(f"carry_years is {self.carry_years}; it must be 0 or more")
        if not 0 <= self.reference_point < 1:
            raise BadRequest(f"reference_point is {self.reference_point}; it must be in [0, 1)")
