"""What a harvest needs of the rest of the node: a log, an archive, and the door.

Each port may be called from several threads at once. Flows are named `AGENCY:ID`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from federation.harvest.past import Past
from federation.partners import Attempt, Facts, FinishReason, Partner, PartnerRegistry
from hub.errors import Finding, Forbidden
from hub.formats.message import RawData
from hub.model import DeltaCounts, Descent, Reference

__all__ = [
    "AttemptLog",
    "Door",
    "Ended",
    "NotAgreed",
    "PartnerRegistry",
    "RawArchive",
    "Received",
    "Settled",
    "Taken",
]


class NotAgreed(Forbidden):
    """A flow that no agreement with the partner is about: it is left alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What one partner sent for one flow: read and within its rights, not yet validated.

    It is the partner's complete state of the flow: what is absent is withdrawn. Where it
    `is_increment`, it is what changed: the rest stays, and its actions say what goes. `flow` is the
    dataflow as this node knows it; `partner_release` the id of the release the partner named in
    its document, `raw` the digest of the archived bytes, `raw_before` those of what an increment
    goes on from: everything, then earlier increments. `findings` are what was dropped or respelt.
    `areas` are those it was asked for, None where it was asked for everything; `descents` say by
    area where figures began and how they came here.
    """

    partner: Partner
    flow: Reference
    attempt: int
    data: RawData
    raw: str
    partner_release: str | None
    url: str
    is_increment: bool = False
    raw_before: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    areas: frozenset[str] | None = None
    descents: Mapping[str, Descent] = field(default_factory=dict)


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
        what a person should look at first is HELD. Returns an outcome for every partner id. Raises
        Conflict, with nothing released, where an attempt is not open any more.
        """
        ...

    def confirm(self, flow: Reference, partners: Collection[str]) -> None:
        """Partners have, unchanged, what was taken last: what was held since is out of date."""
        ...

    def rows_after(self, flow: Reference, received: Sequence[Received]) -> Mapping[str, int]:
        """How many observations partners would have in the flow with these increments.

        By partner id; one of which that cannot be told is left out. Nothing is released.
        """
        ...


@dataclass(frozen=True, slots=True)
class Settled:
    """An attempt that is over as it begins: nothing had to be asked."""

    partner: Partner
    reason: FinishReason
    note: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Ended:
    """How an attempt ended, for the log."""

    number: int
    reason: FinishReason
    note: str
    facts: Facts


class AttemptLog(Protocol):
    """The attempts of this node; one at a time is open for a partner and flow."""

    def open_all(
        self,
        partner_ids: Collection[str],
        flow: str,
        *,
        holder: str,
        now: datetime,
        lease_seconds: float,
    ) -> tuple[Mapping[str, int], Mapping[str, str]]:
        """Open an attempt at a flow for each of some partners; returns their ids by partner id.

        And, for those at which another one is whose lease has not expired, who that is.
        """
        ...

    def finish_all(self, ended: Sequence[Ended], *, now: datetime) -> Collection[int]:
        """Close attempts; returns the ids of those that were closed already."""
        ...

    def last(
        self, partner_id: str, flow: str, reasons: Collection[FinishReason] | None = None
    ) -> Attempt | None:
        """The attempt opened last for a partner and flow, among those with one of `reasons`."""
        ...

    def pasts(
        self, flows: Collection[str], partner_id: str | None = None
    ) -> Mapping[tuple[str, str], Past]:
        """What is known of flows of all partners, or of one, by (partner id, flow)."""
        ...

    def settle(
        self, flow: str, settled: Sequence[Settled], *, holder: str, now: datetime
    ) -> Mapping[str, int]:
        """Write attempts that are over as they begin; returns their ids by partner id.

        A partner at whose flow somebody else is now is left out.
        """
        ...

    def renew(self, ids: Collection[int], *, until: datetime) -> None:
        """Let the leases of attempts that are open end later."""
        ...

    def spent(
        self, *, since: datetime, asked_since: datetime, reserved: int
    ) -> Mapping[str, tuple[int, datetime | None]]:
        """By partner id: the requests made since an instant, and until when it wants to be left.

        The latter as far as it was asked since `asked_since`. An attempt that did not tell how many
        requests it made counts as `reserved`.
        """
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

    def store(self, path: Path, digest: str, facts: Mapping[str, object]) -> None:
        """Keep the bytes of a file, by their SHA-256, and JSON-compatible facts on how they came.

        The file must not be changed any more. The same bytes may arrive often: they are kept once,
        the facts of each arrival on their own. Neither is lost when the process is killed.
        """
        ...

    def settle(self) -> None:
        """Put in its place all that was kept; from then on it survives a power cut too.

        To be called before anything is written down that names it, and while all files are there.
        """
        ...

    def find(self, digest: str) -> Path | None:
        """The file with archived bytes, which must not be changed; None where they are gone."""
        ...
