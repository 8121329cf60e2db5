"""What a rule is: what it is called, how grave it is, what to do, and what looks for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hub.errors import Severity
from hub.publish.findings import Findings
from hub.publish.observations import Observations
from hub.settings import Settings

ERROR, WARNING, INFORMATION = Severity.ERROR, Severity.WARNING, Severity.INFORMATION


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """From where on a step in a series is told; settings of the same names.

    A step is told that is at least a factor of `jump_ratio`, changes the figure by at least
    `jump_least` units, and lies more than `jump_mads` median absolute deviations from the median
    step of its series. With these defaults it is about one step in two hundred of published stocks
    and flows (UN DESA, Eurostat, OECD).
    """

    jump_mads: float = 8.0
    jump_ratio: float = 2.0
    jump_least: float = 100.0


def thresholds_of(settings: Settings) -> Thresholds:
    """The thresholds a node is set to."""
    return Thresholds(
        jump_mads=settings.jump_mads,
        jump_ratio=settings.jump_ratio,
        jump_least=settings.jump_least,
    )


Look = Callable[[Observations, Findings, Thresholds], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule of the validator.

    `look` looks for what breaks it, in one query or a few; None where that is noticed earlier, as
    the values are read and typed. `reads_values` rules look at figures and codes together: over
    broken values they would mislead, so they are left out where there is an error already.
    """

    id: str
    severities: tuple[Severity, ...]
    about: str
    remedy: str
    look: Look | None = None
    reads_values: bool = True
