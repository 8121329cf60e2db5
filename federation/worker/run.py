"""A worker: it takes the partners that are due, harvests them in one run, and plans them anew.

Any number of workers may share a catalogue: a partner is claimed by one of them. Of those in one
home one works and the others stand by, as one home runs one harvest at a time; the lock they wait
for ends with the process that has it, so whoever gets it knows that what is found taken under the
name of this home was left by a killed one.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from federation.harvest import FlowOutcome, HarvestReport, Progress, Stage
from federation.harvest.catalogued import CataloguedAttempts
from federation.harvest.node import close_left, harvest_into, holder_of
from federation.worker.announcing import Announcing, Listener
from federation.worker.duties import Duties, Tidy
from federation.worker.events import Event, Tell, of_outcome
from federation.worker.holding import renewing
from federation.worker.leaving import leaves_of
from federation.worker.timing import Leave, Rhythm, first_due, next_times
from hub.errors import Conflict, CorridorError
from hub.store import Store, file_lock
from hub.store import schedule as rows
from hub.store.duties import give_back_duties
from hub.store.schedule import Schedule


class Abandoned(Exception):
    """Told to stop, the worker waited its time; attempts were under way still and are closed.

    Threads of this process still wait for partners: it is to end at once, without waiting for them.
    """


@dataclass(kw_only=True)
class Worker:
    """Harvests at the times of the catalogue until `stopping` is set.

    Then attempts under way are given time to end, unless `hurrying` is set as well. `listeners` are
    told of releases. `failures` counts the attempts that failed.
    """

    store: Store
    tell: Tell
    stopping: threading.Event = field(default_factory=threading.Event)
    hurrying: threading.Event = field(default_factory=threading.Event)
    tidy: Tidy | None = None
    derives: bool = True
    listeners: tuple[Listener, ...] = ()
    rhythm: Rhythm = field(default_factory=Rhythm)
    failures: int = 0

    def run(self, *, once: bool = False) -> None:
        """Work until told to stop; with `once` until nothing is due any more.

        Raises Conflict with `once` where another worker of this home is at work, Abandoned where
        attempts had to be given up.
        """
        with file_lock(self.store.settings.home / "worker.lock") as is_held:
            if is_held:
                self._work(once)
                return
        if once:
            raise Conflict("another worker of this home is at work (lock worker.lock)")
        self.tell(Event(name="standby", note="another worker of this home is at work"))
        while not self.stopping.wait(self.rhythm.look):
            with file_lock(self.store.settings.home / "worker.lock") as is_held:
                if is_held:
                    self._work(once)
                    return

    def _work(self, once: bool) -> None:
        self.tell(Event(name="started", detail={"holder": self._holder}))
        self._clear()
        due_by = self.store.catalogue.now() if once else None
        while not self.stopping.is_set():
            has_worked = self._look(due_by)
            if once and not has_worked:
                break
            if not has_worked:
                self.stopping.wait(self.rhythm.look)
        self.tell(Event(name="stopped"))

    @property
    def _holder(self) -> str:
        return holder_of(self.store.settings)

    def _clear(self) -> None:
        """Close what a killed worker of this home left, and free what it had taken."""
        rows.give_back(self.store.catalogue, self._holder)
        give_back_duties(self.store.catalogue, self._holder)
        for attempt in close_left(self.store):
            self.tell(
                Event(
                    name="attempt",
                    note="the process that made it ended",
                    partner=attempt.partner,
                    flow=attempt.flow,
                    attempt=attempt.id,
                    reason="ABORTED",
                )
            )

    def _look(self, due_by: datetime | None) -> bool:
        """Look once what is to be done, and do it; False where nothing was due.

        With `due_by` only what was due by then, so that there is an end. Without, what fails (a
        catalogue that does not answer, another harvest of this home) is told of and tried again.
        """
        try:
            self._plan()
            taken = self._claim(due_by)
            with renewing(self.store.catalogue, self._holder, self.rhythm.lease):
                if taken:
                    self._harvest(taken)
                if not self.stopping.is_set():
                    self._duties().do()
                    self._announcing().do()
        except CorridorError as error:
            if due_by is not None:
                raise
            self.tell(Event(name="failed", reason=type(error).__name__, note=error.message))
            return False
        return bool(taken)

    def _plan(self) -> None:
        now, every = self.store.catalogue.now(), self.store.settings.harvest_every
        for partner in rows.plan_missing(self.store.catalogue, lambda: first_due(now, every)):
            self.tell(Event(name="planned", partner=partner))

    def _claim(self, due_by: datetime | None) -> Sequence[Schedule]:
        now, rhythm = self.store.catalogue.now(), self.rhythm
        return rows.claim(
            self.store.catalogue, self._holder, now, rhythm.lease, rhythm.batch, due_by
        )

    def _duties(self) -> Duties:
        return Duties(
            store=self.store,
            holder=self._holder,
            lease=self.rhythm.lease,
            tell=self.tell,
            derives=self.derives,
            tidy=self.tidy,
        )

    def _announcing(self) -> Announcing:
        return Announcing(
            store=self.store,
            holder=self._holder,
            lease=self.rhythm.lease,
            tell=self.tell,
            listeners=self.listeners,
        )

    def _harvest(self, taken: Sequence[Schedule]) -> None:
        """Harvest what was claimed, and plan it anew."""
        started = self.store.catalogue.now()
        try:
            report = self._run([one.partner for one in taken])
        except BaseException:
            rows.give_back(self.store.catalogue, self._holder)
            raise
        self.failures += len(report.failures)
        detail = {
            "partners": len(taken),
            "failed": len(report.failures),
            "held": len(report.held),
            "skipped": len(report.skipped),
            "wire_bytes": report.wire_bytes,
        }
        self.tell(Event(name="harvested", detail=detail))
        if self.stopping.is_set():  # what was skipped is still due
            rows.give_back(self.store.catalogue, self._holder)
            return
        outcomes: dict[str, list[FlowOutcome]] = defaultdict(list)
        for outcome in report.outcomes:
            outcomes[outcome.partner].append(outcome)
        leaves = leaves_of(self.store, {one.partner: outcomes[one.partner] for one in taken})
        for one in taken:
            self._settle(one, outcomes[one.partner], leaves[one.partner], started)

    def _settle(
        self, taken: Schedule, outcomes: Sequence[FlowOutcome], leave: Leave, started: datetime
    ) -> None:
        times = next_times(
            outcomes,
            leave,
            every=taken.every or self.store.settings.harvest_every,
            failures=taken.failures,
            started=started,
            now=self.store.catalogue.now(),
        )
        rows.settle(
            self.store.catalogue,
            taken,
            due=times.due,
            not_before=times.not_before,
            failures=times.failures,
            started=started,
        )

    def _run(self, partners: Sequence[str]) -> HarvestReport:
        """Harvest in a thread of its own, so that this one can give it up."""
        run = _Run(self, partners)
        run.start()
        while run.is_alive() and not self.stopping.is_set():
            run.join(0.2)
        if run.is_alive():
            self.tell(Event(name="stopping", note="attempts under way are given time to end"))
            until = time.monotonic() + self.rhythm.grace
            while run.is_alive():
                run.join(0.1)
                if run.is_alive() and (self.hurrying.is_set() or time.monotonic() > until):
                    self._abandon()
        if run.error is not None:
            raise run.error
        if run.report is None:  # pragma: no cover - a thread ends with one or the other
            raise AssertionError("a harvest ended without a report")
        return run.report

    def _abandon(self) -> None:
        log, now = CataloguedAttempts(self.store.catalogue), self.store.catalogue.now()
        left = log.close_expired(holder=self._holder, now=now)
        rows.give_back(self.store.catalogue, self._holder)
        self.tell(Event(name="stopped", detail={"aborted": len(left)}))
        raise Abandoned


class _Run(threading.Thread):
    """A harvest under way: in the end a report, or an error."""

    def __init__(self, worker: Worker, partners: Sequence[str]) -> None:
        super().__init__(name="harvest", daemon=True)
        self._worker = worker
        self._partners = partners
        self.report: HarvestReport | None = None
        self.error: BaseException | None = None

    def run(self) -> None:
        worker = self._worker

        def tell(step: Progress) -> None:
            if step.stage is Stage.FINISHED and step.outcome is not None:
                worker.tell(of_outcome(step.outcome))

        try:
            self.report = harvest_into(
                worker.store,
                self._partners,
                patient=True,
                progress=tell,
                stopping=worker.stopping.is_set,
            )
        except BaseException as error:
            self.error = error
