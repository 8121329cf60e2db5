"""What a harvest run did, and what it says while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from federation.partners import FinishReason
from hub.errors import Finding
from hub.model import DeltaCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowOutcome:
    """How one attempt ended; `flow` is NODE_DOCUMENT ("") for that of the node document.

    `wire_bytes` counts the raw bodies of all responses, repeated requests included.
    """

    partner: str
    flow: str
    attempt: int
    reason: FinishReason
    note: str = ""
    counts: DeltaCounts = DeltaCounts()
    release: str | None = None
    findings: tuple[Finding, ...] = ()
    wire_bytes: int = 0
    requests: int = 0


@dataclass(frozen=True, slots=True)
class Skipped:
    """A partner's flow that was not attempted, and why."""

    partner: str
    flow: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HarvestReport:
    """All outcomes of one run, in the order they became known; instants are UTC.

    `aborted` is the number of attempts of earlier runs that were found open and closed.
    """

    started: datetime
    finished: datetime
    outcomes: tuple[FlowOutcome, ...]
    skipped: tuple[Skipped, ...] = ()
    aborted: int = 0

    @property
    def failures(self) -> tuple[FlowOutcome, ...]:
        """The outcomes REFUSED, FAILED or ABORTED."""
        return tuple(outcome for outcome in self.outcomes if outcome.reason.is_failure)

    @property
    def held(self) -> tuple[FlowOutcome, ...]:
        """The outcomes a person must look at."""
        return tuple(o for o in self.outcomes if o.reason is FinishReason.HELD)

    @property
    def wire_bytes(self) -> int:
        """Bytes of all response bodies, as they came over the wire."""
        return sum(outcome.wire_bytes for outcome in self.outcomes)


class Stage(StrEnum):
    """Where an attempt is."""

    ASKING = "asking"
    RECEIVED = "received"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Progress:
    """A step of a run, for showing; `outcome` is there when the stage is FINISHED."""

    partner: str
    flow: str
    stage: Stage
    outcome: FlowOutcome | None = None
