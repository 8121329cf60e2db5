"""What every errand of a run needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from federation.harvest.ledger import Ledger
from federation.harvest.ports import Door
from federation.harvest.way import Habits
from federation.partners import Partner
from hub.model import Structures


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """The log, the door, what is known of structures, and when everything is asked for.

    `grant` tells a partner with the areas it may speak for in a flow; it raises Forbidden where
    nothing may be asked of it (`federation.agreements`).
    """

    ledger: Ledger
    door: Door
    structures: Structures
    habits: Habits
    grant: Callable[[Partner, str], Partner]
