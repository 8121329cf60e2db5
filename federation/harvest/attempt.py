"""An attempt while it is open: what it learns, what it keeps, how it ends."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType

from connectors.http import Fetched, FetchRequest
from federation.harvest.ports import AttemptLog, RawArchive, Taken
from federation.harvest.report import FlowOutcome, Progress, Stage
from federation.partners import FinishReason, Partner
from hub.errors import (
    Conflict,
    CorridorError,
    Internal,
    Invalid,
    PartnerInvalid,
    PartnerUnavailable,
)

log = logging.getLogger("corridor.harvest")


def _show_nothing(_progress: Progress) -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """Opens attempts and tells of them.

    `holder` names this installation, which runs one harvest at a time; `lease_seconds` must be
    longer than a run, for an attempt stays open until its flow is released. `progress` is called
    from several threads, one call at a time. Once `stopping` says so no attempt is opened any more.
    """

    log: AttemptLog
    archive: RawArchive
    holder: str
    lease_seconds: float = 6 * 3600.0
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    progress: Callable[[Progress], None] = _show_nothing
    stopping: Callable[[], bool] = lambda: False
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def tell(self, progress: Progress) -> None:
        """Pass a step on to whoever watches."""
        with self._lock:
            self.progress(progress)

    def open(self, partner: Partner, flow: str) -> OpenAttempt:
        """Open an attempt; raises Conflict while another holds the lease, or when stopping."""
        if self.stopping():
            raise Conflict("this node was told to stop")
        number = self.log.open(
            partner.id,
            flow,
            holder=self.holder,
            now=self.clock(),
            lease_seconds=self.lease_seconds,
        )
        self.tell(Progress(partner.id, flow, Stage.ASKING))
        return OpenAttempt(self, number, partner, flow)


@dataclass
class OpenAttempt:
    """One attempt of a partner and flow, until `finish`; used by one thread at a time."""

    ledger: Ledger
    number: int
    partner: Partner
    flow: str
    facts: dict[str, str | int | None] = field(default_factory=dict)
    wire_bytes: int = 0
    requests: int = 0
    raw: str = ""
    outcome: FlowOutcome | None = None

    def keep(self, request: FetchRequest, fetched: Fetched) -> None:
        """Archive a response and note what is to be remembered of it, before it is looked at."""
        self.requests += 1
        self.wire_bytes += fetched.wire_bytes
        about = {"partner": self.partner.id, "flow": self.flow, "attempt": self.number}
        self.raw = self.ledger.archive.store(fetched.path, {**about, **fetched.record(request)})
        self.facts |= {
            "url": request.url,
            "status": fetched.status,
            "etag": fetched.header("etag"),
            "last_modified": fetched.header("last-modified"),
            "date": fetched.header("date"),
            "raw": self.raw,
        }

    def finish(
        self, reason: FinishReason, note: str = "", taken: Taken | None = None
    ) -> FlowOutcome:
        """Close the attempt in the log and return its outcome."""
        taken = taken or Taken(reason=reason)
        self.facts |= {"wire_bytes": self.wire_bytes, "requests": self.requests}
        if taken.release:
            self.facts["release"] = taken.release
        self.ledger.log.finish(
            self.number, reason, now=self.ledger.clock(), note=note, facts=dict(self.facts)
        )
        self.outcome = FlowOutcome(
            partner=self.partner.id,
            flow=self.flow,
            attempt=self.number,
            reason=reason,
            note=note,
            counts=taken.counts,
            release=taken.release,
            findings=taken.findings,
            wire_bytes=self.wire_bytes,
            requests=self.requests,
        )
        log.info(
            "%s %s: %s%s",
            self.partner.id,
            self.flow or "node document",
            reason,
            f": {note}" if note else "",
            extra={
                "event": "attempt",
                "partner": self.partner.id,
                "flow": self.flow,
                "attempt": self.number,
                "reason": reason.value,
            },
        )
        self.ledger.tell(Progress(self.partner.id, self.flow, Stage.FINISHED, self.outcome))
        return self.outcome

    def fail(self, error: CorridorError) -> FlowOutcome:
        """Close the attempt for an error: FAILED by partner or network, else REFUSED."""
        is_theirs = isinstance(error, PartnerUnavailable | PartnerInvalid)
        reason = FinishReason.FAILED if is_theirs else FinishReason.REFUSED
        findings = error.findings if isinstance(error, Invalid) else ()
        return self.finish(reason, error.message, Taken(reason=reason, findings=findings))


class closing:
    """Close attempts for errors of the work inside; other exceptions go on, as ABORTED.

    Whatever a partner does ends in the log; a fault of this node ends the run, with no attempt
    left open.
    """

    def __init__(self, *attempts: OpenAttempt) -> None:
        self._attempts = attempts

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        _type: type[BaseException] | None,
        error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> bool:
        left_open = [attempt for attempt in self._attempts if attempt.outcome is None]
        if isinstance(error, CorridorError) and not isinstance(error, Internal):
            for attempt in left_open:
                attempt.fail(error)
            return True
        if error is not None:
            for attempt in left_open:
                attempt.finish(FinishReason.ABORTED, f"{type(error).__name__}: {error}")
        return False
