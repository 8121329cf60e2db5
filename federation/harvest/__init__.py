"""Harvesting partners: from their documents to the door, every step in the log."""

from federation.harvest.attempt import Ledger
from federation.harvest.lock import harvest_lock
from federation.harvest.ports import (
    AttemptLog,
    Door,
    PartnerRegistry,
    RawArchive,
    Received,
    Taken,
)
from federation.harvest.report import FlowOutcome, HarvestReport, Progress, Skipped, Stage
from federation.harvest.runner import Harvester

__all__ = [
    "AttemptLog",
    "Door",
    "FlowOutcome",
    "HarvestReport",
    "Harvester",
    "Ledger",
    "PartnerRegistry",
    "Progress",
    "RawArchive",
    "Received",
    "Skipped",
    "Stage",
    "Taken",
    "harvest_lock",
]
