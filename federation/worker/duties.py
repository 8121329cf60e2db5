"""What a worker does beside harvesting: deriving where there is news, sweeping every day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from federation.crosscheck import METHOD_VERSION as ASYMMETRY_METHOD
from federation.derivation import FLOW_RES, STOCK_BIRTH, STOCK_CTZ, derive
from federation.mirror import METHOD_VERSION as MIRROR_METHOD
from federation.worker.events import Event, Tell
from hub.errors import CorridorError
from hub.store import Store
from hub.store.duties import Duty, find_duty, finish_duty, take_duty

DERIVE, SWEEP = "derive", "sweep"
#: How soon a duty that failed is tried again.
_AGAIN = timedelta(minutes=10)

#: Removes what nothing needs any more; gives what it removed, as counts.
Tidy = Callable[[], Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Duties:
    """The duties of a worker; `tidy` sweeps, None leaves that to others."""

    store: Store
    holder: str
    lease: timedelta
    tell: Tell
    derives: bool
    tidy: Tidy | None

    def do(self) -> None:
        """Do what is to be done, where no other worker has it."""
        if self.derives:
            self._derive()
        if self.tidy is not None:
            self._sweep(self.tidy)

    def _derive(self) -> None:
        """Derive where an input is another than that of the last derivation.

        What the last one derived from is kept, so that news is derived even where the worker that
        harvested it was killed before it could.
        """
        inputs = _inputs(self.store)
        known = find_duty(self.store.catalogue, DERIVE)
        if not inputs or (known is not None and known.detail.get("inputs") == inputs):
            return
        duty = self._take(DERIVE)
        if duty is None:
            return
        try:
            derived = derive(self.store)
        except CorridorError as error:
            self._failed(duty, error)
            return
        finish_duty(self.store.catalogue, duty, self._now(), {"inputs": inputs})
        for report in derived.reports:
            self.tell(
                Event(
                    name="derived",
                    flow=f"{report.flow.agency}:{report.flow.id}",
                    reason=report.outcome.name,
                    detail={"release": report.release},
                )
            )

    def _sweep(self, tidy: Tidy) -> None:
        duty = self._take(SWEEP)
        if duty is None:
            return
        try:
            removed = tidy()
        except CorridorError as error:
            self._failed(duty, error)
            return
        due = self._now() + self.store.settings.sweep_every
        finish_duty(self.store.catalogue, duty, due, {"removed": dict(removed)})
        self.tell(Event(name="swept", detail=removed))

    def _take(self, name: str) -> Duty | None:
        return take_duty(self.store.catalogue, name, self.holder, self._now(), self.lease)

    def _failed(self, duty: Duty, error: CorridorError) -> None:
        finish_duty(self.store.catalogue, duty, self._now() + _AGAIN, duty.detail)
        self.tell(Event(name="failed", reason=type(error).__name__, note=error.message))

    def _now(self) -> datetime:
        return self.store.catalogue.now()


def _inputs(store: Store) -> dict[str, str]:
    """What a derivation would be made of now: releases by flow, and the methods."""
    releases = {str(flow): store.release(flow) for flow in (STOCK_BIRTH, STOCK_CTZ, FLOW_RES)}
    found = {flow: release.id for flow, release in releases.items() if release is not None}
    methods = {"emigrants": MIRROR_METHOD, "asymmetry": ASYMMETRY_METHOD}
    return {**found, **methods} if found else {}
