"""What is handed in at the door, and what the door says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from hub.errors import BadRequest, Finding, Severity
from hub.formats.message import RawData
from hub.model import DeltaCounts, Origin, Reference

_MOST_NOTE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """Observations handed in for one flow by one source.

    `source` names who stands behind the slices (a partner node, the node itself, a compilation).
    By default the observations given replace those with the same key and the rest is kept;
    `replaces` says that every slice in it (and those in `covers`) is complete: what is absent is
    withdrawn. `areas` bounds the slices it may hold, None for no bound. `takes_over` says that
    readers get its slices from now on, whoever they got them from before.
    """

    raw: RawData
    source: str
    origin: Origin
    replaces: bool = False
    covers: tuple[str, ...] = ()
    areas: frozenset[str] | None = None
    takes_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What is said of a release: a note for readers, and for the audit trail who made it.

    `by` is who handed it in, `approved_by` who approved it; either may be unknown ("").
    """

    note: str = ""
    by: str = ""
    approved_by: str = ""

    @property
    def told(self) -> dict[str, str]:
        """What the audit trail is told."""
        return {"note": self.note, "by": self.by, "approved_by": self.approved_by}

    def __post_init__(self) -> None:
        """Refuse a note that cannot be shown: raises BadRequest."""
        if len(self.note) > _MOST_NOTE:
            raise BadRequest(
                f"the note has {len(self.note):,} characters: at most {_MOST_NOTE:,} are kept"
            )
        if any(not sign.isprintable() and sign not in "\n\t" for sign in self.note):
            raise BadRequest("the note has control characters: write it as plain text")


class Outcome(StrEnum):
    """What became of submissions."""

    RELEASED = "RELEASED"
    WAITING = "WAITING"
    UNCHANGED = "UNCHANGED"
    DRY_RUN = "DRY_RUN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the door did, or in a dry run would do.

    `counts` are by source. `release` is the id of the flow's release as readers see it afterwards;
    None while nothing of it is visible. `held` are the instants of versions that are held back and
    were applied again on top of this; `waiting` is the number under which it waits for approval.
    `taken_over` names by source the slices that readers got from another one before. `doubted` says
    by source why what it handed in was not released, `aside` names the files in the lake that were
    written for it all the same.
    """

    flow: Reference
    outcome: Outcome
    counts: dict[str, DeltaCounts]
    findings: tuple[Finding, ...] = ()
    release: str | None = None
    committed: datetime | None = None
    visible_from: datetime | None = None
    held: tuple[datetime, ...] = ()
    waiting: int | None = None
    taken_over: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    doubted: Mapping[str, str] = field(default_factory=dict)
    aside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def total(self) -> DeltaCounts:
        """All sources together."""
        return sum(self.counts.values(), start=DeltaCounts())

    def of(self, severity: Severity) -> tuple[Finding, ...]:
        """The findings of one severity."""
        return tuple(finding for finding in self.findings if finding.severity is severity)
