"""Opens attempts, keeps their leases while a run lasts, and tells of them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from federation.harvest.attempt import OpenAttempt
from federation.harvest.past import NO_PAST
from federation.harvest.patience import Patience
from federation.harvest.ports import AttemptLog, RawArchive, Settled
from federation.harvest.report import FlowOutcome, Progress, Skipped, Stage
from federation.partners import FinishReason, Partner

log = logging.getLogger("corridor.harvest")


def _show_nothing(_progress: Progress) -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """The attempts of one run.

    `holder` names this installation, which runs one harvest at a time. An attempt stays open until
    its flow is released; its lease ends after `lease_seconds` unless it is renewed, which `leases`
    does. `progress` is called from several threads, one call at a time.
    """

    log: AttemptLog
    archive: RawArchive
    holder: str
    lease_seconds: float = 300.0
    patience: Patience = field(default_factory=Patience)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    progress: Callable[[Progress], None] = _show_nothing
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _open: set[int] = field(default_factory=set, repr=False)

    def tell(self, progress: Progress) -> None:
        """Pass a step on to whoever watches."""
        with self._lock:
            self.progress(progress)

    def open(self, partner: Partner, flow: str) -> OpenAttempt:
        """Open an attempt; raises Conflict while another one holds the lease."""
        number = self.log.open(
            partner.id,
            flow,
            holder=self.holder,
            now=self.clock(),
            lease_seconds=self.lease_seconds,
        )
        with self._lock:
            self._open.add(number)
        past = self.log.pasts([flow], partner.id).get((partner.id, flow), NO_PAST)
        self.tell(Progress(partner.id, flow, Stage.ASKING))
        return OpenAttempt(self, number, partner, flow, past)

    def close(self, attempt: OpenAttempt, reason: FinishReason, note: str) -> None:
        """Close an attempt in the log; raises Conflict when it is closed already."""
        with self._lock:
            self._open.discard(attempt.number)
        self.log.finish(
            attempt.number, reason, now=self.clock(), note=note, facts=dict(attempt.facts)
        )

    def settle(
        self, flow: str, settled: Sequence[Settled]
    ) -> tuple[list[FlowOutcome], list[Skipped]]:
        """Write attempts for which nothing has to be asked, in one transaction."""
        ids = self.log.settle(flow, settled, holder=self.holder, now=self.clock())
        outcomes, skipped = [], []
        for one in settled:
            partner = one.partner.id
            if partner not in ids:
                skipped.append(Skipped(partner, flow, "another process is harvesting it"))
                continue
            outcome = FlowOutcome(
                partner=partner, flow=flow, attempt=ids[partner], reason=one.reason, note=one.note
            )
            self.tell(Progress(partner, flow, Stage.FINISHED, outcome))
            outcomes.append(outcome)
        return outcomes, skipped

    @contextmanager
    def leases(self) -> Iterator[None]:
        """Renew the leases of open attempts while the work inside runs.

        So a lease is much shorter than a run: what a killed process left is free again soon. Where
        a renewal fails, the next one is tried; whoever has lost a lease releases nothing.
        """
        is_over = threading.Event()

        def renew() -> None:
            while not is_over.wait(self.lease_seconds / 3):
                try:
                    self._renew()
                except Exception:
                    log.exception("the leases of a harvest were not renewed")

        thread = threading.Thread(target=renew, name="harvest leases", daemon=True)
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()

    def _renew(self) -> None:
        with self._lock:
            numbers = tuple(self._open)
        if numbers:
            self.log.renew(numbers, until=self.clock() + timedelta(seconds=self.lease_seconds))
