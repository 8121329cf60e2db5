"""Partners and the attempts to harvest them, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

#: The flow of an attempt that reads the node document and no data.
NODE_DOCUMENT = ""

#: What an attempt knows beyond its reason: validators, status, digests, counts.
Facts = Mapping[str, str | int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """Another node, with the rights the operator gave it.

    `id` is the node id, `url` the node's address without a slash at the end, "" where only its
    bundles are imported. `areas` are the reporting areas it may speak for, as written when it was
    added and never as it claims; `agencies` are those it names as its own. `flows` restricts what
    is harvested to dataflows named `AGENCY:ID`; none means every shared national flow. `profile`
    says what kind of service it is (`connectors.registry`). `added` is in UTC.
    """

    id: str
    url: str
    name: str
    areas: tuple[str, ...]
    agencies: tuple[str, ...] = ()
    flows: tuple[str, ...] = ()
    profile: str = "corridor"
    added: datetime


class FinishReason(StrEnum):
    """Why an attempt is over."""

    RELEASED = "RELEASED"
    NOT_MODIFIED = "NOT_MODIFIED"
    UNCHANGED = "UNCHANGED"
    HELD = "HELD"
    REFUSED = "REFUSED"
    FAILED = "FAILED"
    ABORTED = "ABORTED"

    @property
    def is_failure(self) -> bool:
        """True where nothing usable came of it and no decision of a person is waited for."""
        return self in (FinishReason.REFUSED, FinishReason.FAILED, FinishReason.ABORTED)


#: The reasons after which this node holds what the partner sent.
HOLDS = frozenset({FinishReason.RELEASED, FinishReason.UNCHANGED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One harvest of one dataflow of one partner, from first request to finish reason.

    `flow` is `AGENCY:ID`, or NODE_DOCUMENT. While `reason` is None the attempt is open, and its
    `holder` (one installation of the program, which runs one harvest at a time) has the lease until
    `lease_until`. Instants are UTC.
    """

    id: int
    partner: str
    flow: str
    holder: str
    opened: datetime
    lease_until: datetime
    reason: FinishReason | None = None
    finished: datetime | None = None
    note: str = ""
    facts: Facts = field(default_factory=lambda: MappingProxyType({}))
