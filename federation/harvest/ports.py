"""What a harvest needs of the rest of the node: a log, an archive, and the door.

Each port may be called from several threads at once. Flows are named `AGENCY:ID`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from federation.partners import Attempt, Facts, FinishReason, Partner, PartnerRegistry
from hub.errors import Finding
from hub.formats.message import RawData
from hub.model import DeltaCounts, Reference

__all__ = ["AttemptLog", "Door", "PartnerRegistry", "RawArchive", "Received", "Taken"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What one partner sent for one flow: read and within its rights, not yet validated.

    It is the partner's complete state of the flow: what is absent is withdrawn. `flow` is the
    dataflow as this node knows it; `partner_release` the id of the release the partner named in
    its document, `raw` the digest of the archived bytes, `findings` what was dropped or respelt.
    """

    partner: Partner
    flow: Reference
    attempt: int
    data: RawData
    raw: str
    partner_release: str | None
    url: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What the door made of one partner's data: RELEASED, UNCHANGED, HELD or REFUSED.

    `release` is the id of the flow's release that now holds it.
    """

    reason: FinishReason
    release: str | None = None
    counts: DeltaCounts = DeltaCounts()
    findings: tuple[Finding, ...] = ()
    note: str = ""


class Door(Protocol):
    """The one way into the lake."""

    def take_all(self, flow: Reference, received: Sequence[Received]) -> Mapping[str, Taken]:
        """Validate, protect and release what several partners sent for one flow, as one release.

        One partner's invalid data is REFUSED, with its findings, and does not stop the others;
        what a person should look at first is HELD. Returns an outcome for every partner id.
        """
        ...

    def confirm(self, flow: Reference, partners: Collection[str]) -> None:
        """Partners have, unchanged, what was taken last: what was held since is out of date."""
        ...


class AttemptLog(Protocol):
    """The attempts of this node; one at a time is open for a partner and flow."""

    def open(
        self, partner_id: str, flow: str, *, holder: str, now: datetime, lease_seconds: float
    ) -> int:
        """Open an attempt and return its id.

        Raises Conflict, naming holder and end of lease, while another one is open whose lease has
        not expired.
        """
        ...

    def finish(
        self, attempt_id: int, reason: FinishReason, *, now: datetime, note: str, facts: Facts
    ) -> None:
        """Close an attempt; raises Conflict when it is closed already."""
        ...

    def last(
        self, partner_id: str, flow: str, reasons: Collection[FinishReason] | None = None
    ) -> Attempt | None:
        """The attempt opened last for a partner and flow, among those with one of `reasons`."""
        ...

    def list(
        self, partner_id: str | None = None, flow: str | None = None, limit: int = 100
    ) -> Sequence[Attempt]:
        """Attempts, the newest first."""
        ...

    def close_expired(self, *, holder: str, now: datetime) -> Sequence[Attempt]:
        """Close as ABORTED what is open with an expired lease, or was opened by `holder`.

        A holder runs one harvest at a time, so what it left open was killed. Returns them.
        """
        ...


class RawArchive(Protocol):
    """Where raw bytes are kept for ever, by their digest."""

    def store(self, path: Path, meta: Mapping[str, object]) -> str:
        """Keep the bytes of a file and, beside them, JSON-compatible facts about their arrival.

        The file stays the caller's. The same bytes may arrive often: they are kept once, the facts
        of each arrival on their own. Returns the SHA-256 of the bytes.
        """
        ...
