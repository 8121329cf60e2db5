"""Opens attempts, keeps their leases while a run lasts, and tells of them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from federation.harvest.attempt import OpenAttempt
from federation.harvest.past import NO_PAST
from federation.harvest.patience import Patience
from federation.harvest.ports import AttemptLog, Ended, RawArchive, Settled
from federation.harvest.report import FlowOutcome, Progress, Skipped, Stage
from federation.partners import FinishReason, Partner
from hub.errors import Conflict

log = logging.getLogger("corridor.harvest")

#: Why attempts are not opened once a run is to stop.
_STOPPED = "this node was told to stop"
#: For so many seconds the end of an attempt may wait for that of others.
_SOON = 2.0


def _show_nothing(_progress: Progress) -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """The attempts of one run.

    `holder` names this installation, which runs one harvest at a time. An attempt stays open until
    its flow is released; its lease ends after `lease_seconds` unless it is renewed, which `leases`
    does. `lost` are those that another process had closed by then. `progress` is called from
    several threads, one call at a time. Once `stopping` says so no attempt is begun any more.
    """

    log: AttemptLog
    archive: RawArchive
    holder: str
    lease_seconds: float = 300.0
    patience: Patience = field(default_factory=Patience)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    progress: Callable[[Progress], None] = _show_nothing
    stopping: Callable[[], bool] = lambda: False
    lost: set[int] = field(default_factory=set, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _open: set[int] = field(default_factory=set, repr=False)
    _ended: list[Ended] = field(default_factory=list, repr=False)
    _gathers: list[bool] = field(default_factory=list, repr=False)
    _written: list[float] = field(default_factory=lambda: [time.monotonic()], repr=False)

    def tell(self, progress: Progress) -> None:
        """Pass a step on to whoever watches; attempts that end are logged."""
        if progress.outcome is not None:
            _log_end(progress.outcome)
        with self._lock:
            self.progress(progress)

    def open_all(
        self, partners: Sequence[Partner], flow: str
    ) -> tuple[list[OpenAttempt], list[Skipped]]:
        """Open an attempt at a flow for each partner at which nobody else is."""
        if self.stopping():
            return [], [Skipped(partner.id, flow, _STOPPED) for partner in partners]
        ids, busy = self.log.open_all(
            [partner.id for partner in partners],
            flow,
            holder=self.holder,
            now=self.clock(),
            lease_seconds=self.lease_seconds,
        )
        with self._lock:
            self._open.update(ids.values())
        pasts = self.log.pasts([flow])
        attempts = [
            OpenAttempt(self, ids[one.id], one, flow, pasts.get((one.id, flow), NO_PAST))
            for one in partners
            if one.id in ids
        ]
        return attempts, [Skipped(name, flow, why) for name, why in busy.items()]

    def open(self, partner: Partner, flow: str) -> OpenAttempt:
        """Open one attempt; raises Conflict while another one holds the lease."""
        attempts, skipped = self.open_all([partner], flow)
        if not attempts:
            raise Conflict(skipped[0].why)
        return attempts[0]

    def close(self, attempt: OpenAttempt, reason: FinishReason, note: str) -> None:
        """Close an attempt in the log; while a run lasts, several at a time and a little later."""
        ended = Ended(attempt.number, reason, note, dict(attempt.facts))
        with self._lock:
            self._ended.append(ended)
            is_time = not self._gathers or time.monotonic() - self._written[0] > _SOON
        if is_time:
            self.write()

    def write(self) -> None:
        """Write to the log what has ended."""
        with self._lock:
            ended, self._ended[:] = tuple(self._ended), []
            self._written[0] = time.monotonic()
            self._open.difference_update(one.number for one in ended)
        if not ended:
            return
        try:
            self.archive.settle()
        except Exception as error:
            note = f"{type(error).__name__}: {error}"
            ended = tuple(replace(one, reason=FinishReason.ABORTED, note=note) for one in ended)
            raise
        finally:
            self.lost.update(self.log.finish_all(ended, now=self.clock()))

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
        """Renew the leases of open attempts while the work inside runs, and gather their ends.

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
        self._gathers.append(True)
        try:
            yield
        finally:
            self._gathers.clear()
            self.write()
            is_over.set()
            thread.join()

    def _renew(self) -> None:
        with self._lock:
            numbers = tuple(self._open)
        if numbers:
            self.log.renew(numbers, until=self.clock() + timedelta(seconds=self.lease_seconds))


def _log_end(outcome: FlowOutcome) -> None:
    about = {"partner": outcome.partner, "flow": outcome.flow, "attempt": outcome.attempt}
    what = f"{outcome.partner} {outcome.flow or 'node document'}: {outcome.reason}"
    note = f": {outcome.note}" if outcome.note else ""
    extra = {"event": "attempt", **about, "reason": outcome.reason.value}
    log.info("%s%s", what, note, extra=extra)
