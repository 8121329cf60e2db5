"""What every errand of a run needs."""

from __future__ import annotations

from dataclasses import dataclass

from federation.harvest.ledger import Ledger
from federation.harvest.ports import Door
from federation.harvest.way import Habits
from hub.model import Structures


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """The log, the door, what is known of structures, and when everything is asked for."""

    ledger: Ledger
    door: Door
    structures: Structures
    habits: Habits
