"""Harvesting as a node does it: partners, log, archive and door are its own."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from tempfile import TemporaryDirectory

from connectors.http import AddressPolicy, Client, FetchLimits, RequestBudget, trusted
from federation.agreements import granting
from federation.choice import CataloguedOffers
from federation.harvest.archive import LakeArchive
from federation.harvest.catalogued import CataloguedAttempts, StoreDoor
from federation.harvest.ledger import Ledger
from federation.harvest.lock import harvest_lock
from federation.harvest.patience import Budget, Patience
from federation.harvest.report import HarvestReport, Progress
from federation.harvest.runner import Harvester
from federation.harvest.way import Habits
from federation.partners import Attempt, ForeignService, Registration, add_partner, add_service
from federation.partners.catalogued import CataloguedPartners
from hub.errors import BadRequest, Conflict
from hub.settings import Settings
from hub.standing import set_aside
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


def _run_name(settings: Settings) -> str:
    """How the names of the folders of this installation's runs begin."""
    return f"harvest-{hashlib.sha256(holder_of(settings).encode()).hexdigest()[:12]}-"


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


def fetch_limits(settings: Settings) -> FetchLimits:
    """The bounds of one request to a partner."""
    return FetchLimits(
        wire_bytes=settings.partner_wire_bytes,
        unpacked_bytes=settings.partner_unpacked_bytes,
        connect_seconds=settings.partner_connect_seconds,
        read_seconds=settings.partner_read_seconds,
        total_seconds=settings.partner_total_seconds,
        wait_seconds=settings.partner_wait_seconds,
        tries=settings.partner_tries,
    )


def patience_of(settings: Settings) -> Patience:
    """How often a node asks, and how it treats partners that fail."""
    return Patience(
        requests_per_hour=settings.partner_requests_per_hour,
        first=timedelta(seconds=settings.partner_backoff_seconds),
        most=timedelta(seconds=settings.partner_backoff_most_seconds),
        longest=timedelta(seconds=settings.partner_retry_after_seconds),
        reserved=settings.partner_tries,
    )


def habits_of(settings: Settings) -> Habits:
    """When a node asks for everything, and how far back increments reach."""
    return Habits(
        lag=timedelta(seconds=settings.harvest_lag_seconds),
        full_after=timedelta(days=settings.harvest_full_days),
        full_after_increments=settings.harvest_full_increments,
    )


def budgets_of(store: Store) -> dict[str, Budget]:
    """What each partner may be asked now, by its id."""
    partners = CataloguedPartners(store.catalogue).list()
    log = CataloguedAttempts(store.catalogue)
    return dict(patience_of(store.settings).budgets(log, partners, store.catalogue.now()))


def add_partner_to(store: Store, url: str, areas: Sequence[str]) -> Registration:
    """Add a partner to a node; raises what `add_partner` raises."""
    policy = address_policy(store.settings)
    with TemporaryDirectory(dir=store.lake.work_folder(), prefix="partner-") as folder:
        return add_partner(
            url,
            areas,
            registry=CataloguedPartners(store.catalogue),
            client=Client(Path(folder), policy=policy, limits=fetch_limits(store.settings)),
            own_id=store.settings.node,
            now=store.catalogue.now(),
        )


def add_service_to(store: Store, service: ForeignService, areas: Sequence[str]) -> Registration:
    """Add a foreign service to the partners of a node; raises what `add_service` raises."""
    return add_service(
        service,
        areas,
        registry=CataloguedPartners(store.catalogue),
        own_id=store.settings.node,
        now=store.catalogue.now(),
    )


def ledger_of(
    store: Store,
    progress: Callable[[Progress], None] = _tell_nobody,
    stopping: Callable[[], bool] = lambda: False,
) -> Ledger:
    """What opens and closes the attempts of a node."""
    settings = store.settings
    return Ledger(
        log=CataloguedAttempts(store.catalogue),
        archive=LakeArchive(store.lake, store.catalogue),
        holder=holder_of(settings),
        lease_seconds=settings.harvest_lease_seconds,
        patience=patience_of(settings),
        clock=store.catalogue.now,
        progress=progress,
        stopping=stopping,
    )


def harvest_into(
    store: Store,
    partner_ids: Sequence[str] = (),
    flows: Sequence[str] = (),
    *,
    full: bool = False,
    patient: bool = False,
    progress: Callable[[Progress], None] = _tell_nobody,
    stopping: Callable[[], bool] = lambda: False,
) -> HarvestReport:
    """Harvest some partners (none named: all) into a node.

    A `patient` run leaves alone for a while what failed (`federation.harvest.patience`). Once
    `stopping` says so no attempt is opened any more, and what remains is skipped. Another home on
    the same catalogue may harvest at the same time. Raises NotFound for a partner or flow
    that is unknown, Conflict while another harvest of this home runs.
    """
    registry = CataloguedPartners(store.catalogue)
    everybody = registry.list()
    chosen = [registry.get(name) for name in partner_ids] if partner_ids else everybody
    with harvest_lock(store.settings.home / "harvest.lock"):
        LakeArchive(store.lake, store.catalogue).take_in(_run_name(store.settings))
        harvester = _harvester(store, [one.id for one in everybody], progress, stopping)
        with set_aside():
            return harvester.harvest(chosen, flows, full=full, patient=patient)


def _harvester(
    store: Store,
    registered: Collection[str],
    progress: Callable[[Progress], None],
    stopping: Callable[[], bool],
) -> Harvester:
    settings = store.settings
    policy, limits, certificates = address_policy(settings), fetch_limits(settings), trusted()

    def open_client(folder: Path, requests: int) -> Client:
        return Client(
            folder,
            policy=policy,
            limits=limits,
            budget=RequestBudget(requests),
            trust=certificates,
        )

    return Harvester(
        ledger=ledger_of(store, progress, stopping),
        door=StoreDoor(store),
        grant=granting(store),
        structures=store.structures,
        scratch=store.lake.work_folder(),
        run_name=_run_name(settings),
        open_client=open_client,
        habits=habits_of(settings),
        workers=settings.harvest_workers,
        node=settings.node,
        book=CataloguedOffers(store),
        registered=registered,
    )
