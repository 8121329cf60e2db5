"""What a worker tells while it works."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from federation.harvest import FlowOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened: `name` says what, `note` in words.

    `started`, `standby`, `attempt` (one ended), `harvested` (a run ended), `planned`, `derived`,
    `swept`, `announced` (to another node), `failed`, `stopping`, `stopped`. `partner`, `flow`,
    `attempt` and `reason` are there where they apply; `detail` holds counts and instants.
    """

    name: str
    note: str = ""
    partner: str = ""
    flow: str = ""
    attempt: int | None = None
    reason: str = ""
    detail: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


#: Called with each event, from one thread at a time.
Tell = Callable[[Event], None]


def of_outcome(outcome: FlowOutcome) -> Event:
    """The event of an attempt that ended."""
    counts = outcome.counts
    detail = {
        "release": outcome.release,
        "added": counts.added,
        "revised": counts.revised,
        "withdrawn": counts.withdrawn,
        "wire_bytes": outcome.wire_bytes,
        "requests": outcome.requests,
    }
    return Event(
        name="attempt",
        note=outcome.note,
        partner=outcome.partner,
        flow=outcome.flow,
        attempt=outcome.attempt,
        reason=outcome.reason.value,
        detail=detail,
    )
