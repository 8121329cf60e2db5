"""Importing bundles as a node does it: partners, log, archive and door are its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from connectors.corridor import node_url
from federation.agreements import granting
from federation.choice import CataloguedOffers
from federation.exchange.contents import opened
from federation.exchange.taking import ImportReport, take
from federation.harvest import harvest_lock
from federation.harvest.catalogued import StoreDoor
from federation.harvest.node import ledger_of
from federation.partners import Registration, register
from federation.partners.catalogued import CataloguedPartners
from hub.formats.limits import Limits
from hub.store import Store

#: What the address of the data of a node ends with.
_API = "/sdmx/v2"


def add_maker_to(store: Store, path: Path, areas: Sequence[str], limits: Limits) -> Registration:
    """Add the node that made a bundle to the partners of a node, where no network leads to it.

    It has the address its document names, if any. Raises what `opened` and `register` raise.
    """
    with opened(path, store.lake.work_folder(), limits) as bundle:
        stated = bundle.document.urls.get("v2", "")
        url = stated.removesuffix(_API) if stated.endswith(_API) else ""
        return register(
            bundle.document,
            node_url(url) if url else "",
            areas,
            registry=CataloguedPartners(store.catalogue),
            own_id=store.settings.node,
            now=store.catalogue.now(),
        )


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
