"""What is handed in at the door, and what the door says of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hub.errors import Finding, Severity
from hub.formats.message import RawData
from hub.model import DeltaCounts, Origin, Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """Observations handed in for one flow by one source.

    `source` names who stands behind the slices (a partner node, the node itself, a compilation).
    By default the observations given replace those with the same key and the rest is kept;
    `replaces` says that every slice in it (and those in `covers`) is complete: what is absent is
    withdrawn. `areas` bounds the slices it may hold, None for no bound.
    """

    raw: RawData
    source: str
    origin: Origin
    replaces: bool = False
    covers: tuple[str, ...] = ()
    areas: frozenset[str] | None = None


class Outcome(StrEnum):
    """What became of submissions."""

    RELEASED = "RELEASED"
    UNCHANGED = "UNCHANGED"
    DRY_RUN = "DRY_RUN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the door did, or in a dry run would do.

    `counts` are by source. `release` is the id of the flow's release as readers see it afterwards;
    None while nothing of it is visible.
    """

    flow: Reference
    outcome: Outcome
    counts: dict[str, DeltaCounts]
    findings: tuple[Finding, ...] = ()
    release: str | None = None
    committed: datetime | None = None
    visible_from: datetime | None = None

    @property
    def total(self) -> DeltaCounts:
        """All sources together."""
        return sum(self.counts.values(), start=DeltaCounts())

    def of(self, severity: Severity) -> tuple[Finding, ...]:
        """The findings of one severity."""
        return tuple(finding for finding in self.findings if finding.severity is severity)
