"""Harvesting as a node does it: partners, log, archive and door are its own."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from ipaddress import ip_network
from pathlib import Path
from tempfile import TemporaryDirectory

from connectors.http import AddressPolicy, Client
from federation.choice import CataloguedOffers
from federation.harvest.attempt import Ledger
from federation.harvest.catalogued import CataloguedAttempts, LakeArchive, StoreDoor
from federation.harvest.lock import harvest_lock
from federation.harvest.report import HarvestReport, Progress
from federation.harvest.runner import Harvester
from federation.partners import Registration, add_partner
from federation.partners.catalogued import CataloguedPartners
from hub.errors import BadRequest
from hub.settings import Settings
from hub.store import Store


def _tell_nobody(_progress: Progress) -> None:
    return None


def address_policy(settings: Settings) -> AddressPolicy:
    """Which addresses partners may have; raises BadRequest for a network that is none."""
    try:
        networks = tuple(ip_network(text) for text in settings.partner_networks)
    except ValueError as error:
        raise BadRequest(
            f"the setting partner_networks: {error}; write networks like 10.1.0.0/16"
        ) from error
    return AddressPolicy(allowed_networks=networks)


def add_partner_to(store: Store, url: str, areas: Sequence[str]) -> Registration:
    """Add a partner to a node; raises what `add_partner` raises."""
    policy = address_policy(store.settings)
    with TemporaryDirectory(dir=store.lake.work_folder(), prefix="partner-") as folder:
        return add_partner(
            url,
            areas,
            registry=CataloguedPartners(store.catalogue),
            client=Client(Path(folder), policy=policy),
            own_id=store.settings.node,
            now=store.catalogue.now(),
        )


def ledger_of(store: Store, progress: Callable[[Progress], None] = _tell_nobody) -> Ledger:
    """What opens and closes the attempts of a node."""
    return Ledger(
        log=CataloguedAttempts(store.catalogue),
        archive=LakeArchive(store.lake),
        holder=f"{store.settings.node}@{socket.gethostname()}:{store.settings.home}"[:200],
        clock=store.catalogue.now,
        progress=progress,
    )


def harvest_into(
    store: Store,
    partner_ids: Sequence[str] = (),
    flows: Sequence[str] = (),
    *,
    full: bool = False,
    progress: Callable[[Progress], None] = _tell_nobody,
) -> HarvestReport:
    """Harvest some partners (none named: all) into a node.

    Raises NotFound for a partner or flow that is unknown, Conflict while another harvest of this
    node runs.
    """
    registry = CataloguedPartners(store.catalogue)
    chosen = [registry.get(name) for name in partner_ids] if partner_ids else registry.list()
    policy = address_policy(store.settings)
    harvester = Harvester(
        ledger=ledger_of(store, progress),
        door=StoreDoor(store),
        structures=store.structures,
        scratch=store.lake.work_folder(),
        open_client=lambda folder: Client(folder, policy=policy),
        node=store.settings.node,
        book=CataloguedOffers(store),
        registered=[partner.id for partner in registry.list()],
    )
    with harvest_lock(store.settings.home / "harvest.lock"):
        return harvester.harvest(chosen, flows, full=full)
