"""Importing a bundle as a node does it: partners, log, archive and door are its own."""

from __future__ import annotations

from pathlib import Path

from federation.agreements import granting
from federation.choice import CataloguedOffers
from federation.exchange.contents import opened
from federation.exchange.taking import ImportReport, take
from federation.harvest import harvest_lock
from federation.harvest.catalogued import StoreDoor
from federation.harvest.node import ledger_of
from federation.partners.catalogued import CataloguedPartners
from hub.formats.limits import Limits
from hub.store import Store


def import_into(store: Store, path: Path, limits: Limits, *, dry_run: bool = False) -> ImportReport:
    """Take a bundle into a node; raises what `opened` and `take` raise.

    Raises Conflict while a harvest or another import of this node runs.
    """
    with (
        opened(path, store.lake.work_folder(), limits) as bundle,
        harvest_lock(store.settings.home / "harvest.lock"),
    ):
        return take(
            bundle,
            registry=CataloguedPartners(store.catalogue),
            ledger=ledger_of(store),
            door=StoreDoor(store),
            structures=store.structures,
            book=CataloguedOffers(store),
            node=store.settings.node,
            grant=granting(store),
            limit=limits.bytes,
            dry_run=dry_run,
        )
