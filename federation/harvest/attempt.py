"""An attempt while it is open: what it learns, what it keeps, how it ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING

from connectors.http import Fetched, FetchRequest
from federation.harvest.past import NO_PAST, Past, http_date
from federation.harvest.ports import Taken
from federation.harvest.report import FlowOutcome, Progress, Stage
from federation.partners import FinishReason, Partner
from hub.errors import (
    CorridorError,
    Internal,
    Invalid,
    PartnerInvalid,
    PartnerUnavailable,
)

if TYPE_CHECKING:
    from federation.harvest.ledger import Ledger


@dataclass
class OpenAttempt:
    """One attempt of a partner and flow, until `finish`; used by one thread at a time.

    `past` is what was known of it when it was opened.
    """

    ledger: Ledger
    number: int
    partner: Partner
    flow: str
    past: Past = NO_PAST
    facts: dict[str, str | int | None] = field(default_factory=dict)
    wire_bytes: int = 0
    requests: int = 0
    raw: str = ""
    url: str = ""
    quiet_until: datetime | None = None
    outcome: FlowOutcome | None = None

    def keep(self, request: FetchRequest, fetched: Fetched) -> None:
        """Archive a response and note what is to be remembered of it, before it is looked at."""
        self.raw = self._archive(request, fetched)
        self.url = fetched.url
        self.facts |= {
            "url": request.url,
            "status": fetched.status,
            "etag": fetched.header("etag"),
            "last_modified": fetched.header("last-modified"),
            "date": fetched.header("date"),
            "raw": self.raw,
        }

    def keep_aside(self, request: FetchRequest, fetched: Fetched) -> None:
        """Archive a response that is not what the attempt is about."""
        self._archive(request, fetched)

    def _archive(self, request: FetchRequest, fetched: Fetched) -> str:
        self.requests += 1
        self.wire_bytes += fetched.wire_bytes
        date = http_date(fetched.header("date"))
        if date is not None:
            self.facts.setdefault("clock", date.isoformat())
        asked = self.ledger.patience.retry_at(fetched, self.ledger.clock())
        if asked is not None:
            self.quiet_until = max(asked, self.quiet_until or asked)
        about = {
            "partner": self.partner.id,
            "profile": self.partner.profile,
            "map": self.facts.get("map"),
            "flow": self.flow,
            "attempt": self.number,
        }
        facts = {**about, **fetched.record(request)}
        self.ledger.archive.store(fetched.path, fetched.sha256, facts)
        return fetched.sha256

    def finish(
        self, reason: FinishReason, note: str = "", taken: Taken | None = None
    ) -> FlowOutcome:
        """Close the attempt in the log and return its outcome."""
        taken = taken or Taken(reason=reason)
        self.facts |= {"wire_bytes": self.wire_bytes, "requests": self.requests}
        if taken.release:
            self.facts["release"] = taken.release
        if self.quiet_until is not None:
            self.facts["retry_at"] = self.quiet_until.isoformat()
        self.ledger.close(self, reason, note)
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
        self.ledger.tell(Progress(self.partner.id, self.flow, Stage.FINISHED, self.outcome))
        return self.outcome

    def fail(self, error: CorridorError) -> FlowOutcome:
        """Close the attempt for an error: FAILED by partner or network, else REFUSED."""
        if not isinstance(error, PartnerUnavailable | PartnerInvalid):
            findings = error.findings if isinstance(error, Invalid) else ()
            taken = Taken(reason=FinishReason.REFUSED, findings=findings)
            return self.finish(taken.reason, error.message, taken)
        failures = self.past.failures + 1
        pause = self.ledger.patience.pause(failures)
        self.facts |= {
            "failures": failures,
            "not_before": (self.ledger.clock() + pause).isoformat(),
        }
        return self.finish(FinishReason.FAILED, error.message)


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
