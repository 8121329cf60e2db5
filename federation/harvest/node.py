"""Harvesting as a node does it: partners, log, archive and door are its own."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from ipaddress import ip_network
from pathlib import Path
from tempfile import TemporaryDirectory

from connectors.http import AddressPolicy, Client
from federation.harvest.attempt import Ledger
from federation.harvest.catalogued import CataloguedAttempts, LakeArchive, StoreDoor
from federation.harvest.lock import harvest_lock
from federation.harvest.report import HarvestReport, Progress
from federation.harvest.runner import Harvester
from federation.partners import Attempt, Registration, add_partner
from federation.partners.catalogued import CataloguedPartners
from hub.errors import BadRequest, Conflict
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


def holder_of(settings: Settings) -> str:
    """The name of this installation, which its attempts and claims bear."""
    return f"{settings.node}@{socket.gethostname()}:{settings.home.resolve()}"[:200]


def close_left(store: Store) -> Sequence[Attempt]:
    """Close as ABORTED what killed harvests of this installation left, and expired leases.

    Nothing is closed while a harvest of this installation runs: it does so itself.
    """
    log = CataloguedAttempts(store.catalogue)
    try:
        with harvest_lock(store.settings.home / "harvest.lock"):
            return log.close_expired(holder=holder_of(store.settings), now=store.catalogue.now())
    except Conflict:
        return ()


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


def harvest_into(
    store: Store,
    partner_ids: Sequence[str] = (),
    flows: Sequence[str] = (),
    *,
    full: bool = False,
    progress: Callable[[Progress], None] = _tell_nobody,
    stopping: Callable[[], bool] = lambda: False,
) -> HarvestReport:
    """Harvest some partners (none named: all) into a node.

    Once `stopping` says so, no attempt is opened any more; what remains is skipped.
    Raises NotFound for a partner or flow that is unknown, Conflict while another harvest of this
    node runs.
    """
    registry = CataloguedPartners(store.catalogue)
    chosen = [registry.get(name) for name in partner_ids] if partner_ids else registry.list()
    policy = address_policy(store.settings)
    harvester = Harvester(
        ledger=Ledger(
            log=CataloguedAttempts(store.catalogue),
            archive=LakeArchive(store.lake),
            holder=holder_of(store.settings),
            clock=store.catalogue.now,
            progress=progress,
            stopping=stopping,
        ),
        door=StoreDoor(store),
        structures=store.structures,
        scratch=store.lake.work_folder(),
        open_client=lambda folder: Client(folder, policy=policy),
    )
    with harvest_lock(store.settings.home / "harvest.lock"):
        return harvester.harvest(chosen, flows, full=full)
