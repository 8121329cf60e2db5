"""Harvesting partners: from their documents to the door, every step in the log."""

from federation.harvest.ledger import Ledger
from federation.harvest.lock import harvest_lock
from federation.harvest.past import Past
from federation.harvest.patience import Budget, Patience
from federation.harvest.ports import (
    AttemptLog,
    Door,
    PartnerRegistry,
    RawArchive,
    Received,
    Settled,
    Taken,
)
from federation.harvest.report import FlowOutcome, HarvestReport, Progress, Skipped, Stage
from federation.harvest.runner import Harvester
from federation.harvest.way import Habits, Way

__all__ = [
    "AttemptLog",
    "Budget",
    "Door",
    "FlowOutcome",
    "Habits",
    "HarvestReport",
    "Harvester",
    "Ledger",
    "PartnerRegistry",
    "Past",
    "Patience",
    "Progress",
    "RawArchive",
    "Received",
    "Settled",
    "Skipped",
    "Stage",
    "Taken",
    "Way",
    "harvest_lock",
]
