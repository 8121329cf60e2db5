"""Figures: what is measured, the bar it is held against, and how samples become one number."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

_DIGITS = 4
Detail = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Bar:
    """What a figure is held against.

    `about` says in words what the ratio is of, `limit` is the most it may be, or with `at_least`
    the least. `bound` says what bounds the figure on a machine where it holds.
    """

    figure: str
    about: str
    limit: float
    unit: str
    bound: str
    at_least: bool = False

    @property
    def text(self) -> str:
        """The bar as it is printed: `<= 2.5 x COPY`."""
        return f"{'>=' if self.at_least else '<='} {self.limit:g} {self.unit}"

    def is_held_by(self, ratio: float) -> bool:
        """True where a ratio is on the right side."""
        return ratio >= self.limit if self.at_least else ratio <= self.limit


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured ratio with what it was made of: medians in seconds unless a name says else."""

    bar: Bar
    ratio: float
    detail: Detail = field(default_factory=dict)

    def line(self) -> str:
        """The figure as one line of JSON."""
        return json.dumps(
            {
                "figure": self.bar.figure,
                "ratio": rounded(self.ratio),
                "bar": self.bar.text,
                "holds": self.bar.is_held_by(self.ratio),
                "detail": {name: rounded(value) for name, value in self.detail.items()},
            }
        )


def rounded(value: object) -> object:
    """Numbers at any depth, cut to four significant digits: more is noise."""
    if isinstance(value, float):
        return float(f"{value:.{_DIGITS}g}")
    if isinstance(value, Mapping):
        return {name: rounded(inner) for name, inner in value.items()}
    return value


def worst(bar: Bar, ratios: Mapping[str, float]) -> float:
    """The ratio furthest on the wrong side."""
    return min(ratios.values()) if bar.at_least else max(ratios.values())


def timed(work: Callable[[], object]) -> float:
    """Seconds a piece of work takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def median_of(samples: Iterable[float]) -> float:
    """The median."""
    return median(samples)


def percentile(samples: Sequence[float], share: float) -> float:
    """The sample below which a share of them lies."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
