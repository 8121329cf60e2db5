"""How the exchange with partners stands, as values. Instants are UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from federation.harvest.patience import Budget


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowStatus:
    """One flow of a partner (`AGENCY:ID`; "" is its node document).

    `attempt` to `note` are of the last attempt that ended; None where none did. `confirmed` is when
    this node last knew that it holds what the partner has; `fresh_until` is until when that is good
    enough: as long as the partner's interval. `held` is the number under which something of it
    waits for a person to look at it, `open` the attempt under way.
    """

    flow: str
    attempt: int | None = None
    opened: datetime | None = None
    finished: datetime | None = None
    reason: str | None = None
    note: str = ""
    confirmed: datetime | None = None
    fresh_until: datetime | None = None
    held: int | None = None
    open: int | None = None

    def is_late(self, now: datetime) -> bool:
        """True where what is held is older than promised, or nothing ever came."""
        return self.fresh_until is None or self.fresh_until < now


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerStatus:
    """A partner: how often it is harvested, when next, and each of its flows.

    `due` is None before a worker planned it, `not_before` where it may be asked at any time.
    `announced` is when it last announced a release, `failures` how many harvests failed in a row.
    `taken_by` is the worker that has it now. `budget` says how many requests it may get now.
    """

    id: str
    name: str
    url: str
    areas: tuple[str, ...]
    every: timedelta
    due: datetime | None
    not_before: datetime | None
    announced: datetime | None
    failures: int
    taken_by: str | None
    budget: Budget
    flows: tuple[FlowStatus, ...]

    @property
    def data_flows(self) -> tuple[FlowStatus, ...]:
        """Its flows without the node document."""
        return tuple(one for one in self.flows if one.flow)

    def is_late(self, now: datetime) -> bool:
        """True where a flow is older than promised, or nothing ever came."""
        return not self.data_flows or any(one.is_late(now) for one in self.data_flows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """All partners at one instant."""

    at: datetime
    partners: tuple[PartnerStatus, ...]

    def rows(self) -> list[dict[str, Any]]:
        """As JSON has it: instants as texts, intervals in seconds."""
        return [_partner(one, self.at) for one in self.partners]


def _partner(partner: PartnerStatus, now: datetime) -> dict[str, Any]:
    return {
        "id": partner.id,
        "name": partner.name,
        "url": partner.url,
        "areas": list(partner.areas),
        "every_seconds": int(partner.every.total_seconds()),
        "due": _text(partner.due),
        "not_before": _text(partner.not_before),
        "announced": _text(partner.announced),
        "failures": partner.failures,
        "taken_by": partner.taken_by,
        "requests_left": partner.budget.left,
        "requests_per_hour": partner.budget.limit,
        "quiet_until": _text(partner.budget.quiet_until),
        "is_late": partner.is_late(now),
        "held": [one.held for one in partner.flows if one.held is not None],
        "open": [one.open for one in partner.flows if one.open is not None],
        "flows": [_flow(one, now) for one in partner.flows],
    }


def _flow(flow: FlowStatus, now: datetime) -> dict[str, Any]:
    return {
        "flow": flow.flow,
        "attempt": flow.attempt,
        "opened": _text(flow.opened),
        "finished": _text(flow.finished),
        "reason": flow.reason,
        "note": flow.note,
        "confirmed": _text(flow.confirmed),
        "fresh_until": _text(flow.fresh_until),
        "is_late": flow.is_late(now),
        "held": flow.held,
        "open": flow.open,
    }


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()
