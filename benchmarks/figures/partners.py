"""Harvesting two hundred partners each of which has something new."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks import partners as many
from benchmarks.bars import BY_NAME
from benchmarks.measure import Figure, median_of
from benchmarks.workshop import Workshop
from connectors.corridor.document import PATH
from connectors.corridor.service import CorridorService
from connectors.http import Client, FetchRequest
from connectors.service import Held
from federation.harvest.node import address_policy, harvest_into
from federation.partners import Partner
from federation.partners.catalogued import CataloguedPartners
from hub.store import Store, init_home, open_store

FIGURES = ("harvest-partners", "harvest-nodes")
_NETWORKS = {"partner_networks": ["127.0.0.1/32"]}


def measure(workshop: Workshop) -> Iterator[Figure]:
    """Measure a harvest after every partner revised one observation of its flow."""
    yield _from_ready(workshop)
    yield _from_nodes(workshop)


def _from_nodes(workshop: Workshop) -> Figure:
    """Nodes as partners: they revise, are asked what a harvest asks, revise again, are harvested.

    So downloads and harvest meet nodes in the same state, and ask for the same. Before that all is
    downloaded once, so that neither meets nodes that never told what changed.
    """
    folder = workshop.scratch("nodes")
    shutil.rmtree(folder, ignore_errors=True)
    areas = many.write(folder, workshop.small, workshop.partners)
    with many.serving(folder, "benchmarks.nodes") as server:
        store = _hub(workshop.spare_home(), server.url, areas)
        try:
            _timed(store)
            unchanged = _timed(store)
            wanted = list(_wanted(store, server.url, areas, folder))
            server.revise()
            _download(store, server.url, wanted, folder)
            server.revise()
            download = _download(store, server.url, wanted, folder)
            server.revise()
            server.requests()
            harvest = _timed(store)
            if sorted(server.requests()) != sorted(wanted):
                raise RuntimeError("the harvest asked for something else than was downloaded")
        finally:
            store.close()
    detail = {
        "harvest": harvest,
        "downloads": download,
        "unchanged": unchanged,
        "partners": len(areas),
    }
    return Figure(BY_NAME["harvest-nodes"], harvest / download, detail)


def _wanted(store: Store, url: str, areas: Sequence[str], folder: Path) -> Iterator[str]:
    """What a harvest will ask: every document, and what changed since the release that is held."""
    client = Client(folder, policy=address_policy(store.settings))
    for area in areas:
        service = CorridorService(url=f"{url}/{area}", partner=area)
        offers = service.offers(client, store.structures, lambda _request, _answer: None)
        yield f"/{area}{PATH}"
        for offer in offers:
            if offer.release is not None:
                request = service.request(offer, Held(url="", since=offer.updated))
                yield request.url.removeprefix(url)


def _from_ready(workshop: Workshop) -> Figure:
    """Partners that have their answers ready: what a harvest adds to a download, by itself."""
    harvests, downloads = [], []
    areas: list[str] = []
    for run in range(workshop.runs):
        folder = workshop.scratch(f"partners-{run}")
        areas = many.write(folder, workshop.small, workshop.partners)
        with many.serving(folder) as server:
            store = _hub(workshop.spare_home(), server.url, areas)
            try:
                _timed(store)
                server.revise()
                server.requests()
                harvests.append(_timed(store))
                asked = server.requests()
                downloads.append(_download(store, server.url, asked, folder))
            finally:
                store.close()
    harvest, download = median_of(harvests), median_of(downloads)
    detail = {"harvest": harvest, "downloads": download, "partners": len(areas)}
    return Figure(BY_NAME["harvest-partners"], harvest / download, detail)


def _hub(home: Path, url: str, areas: Sequence[str]) -> Store:
    init_home(home, {"node": "HUB", "role": "hub", "areas": ["*"], **_NETWORKS})
    store = open_store(home)
    registry, now = CataloguedPartners(store.catalogue), store.catalogue.now()
    for area in areas:
        registry.add(Partner(id=area, url=f"{url}/{area}", name=area, areas=(area,), added=now))
    return store


def _timed(store: Store) -> float:
    start = time.perf_counter()
    report = harvest_into(store)
    seconds = time.perf_counter() - start
    if report.failures:
        raise RuntimeError(f"the harvest failed: {report.failures[0]}")
    return seconds


def _download(store: Store, url: str, asked: Sequence[str], folder: Path) -> float:
    """The same requests by the same client, as many at once, and nothing made of the answers."""
    policy = address_policy(store.settings)
    by_partner: dict[str, list[str]] = {}
    for target in asked:
        by_partner.setdefault(target.split("/")[1], []).append(target)

    def fetch(targets: Sequence[str]) -> None:
        client = Client(folder, policy=policy)
        for target in targets:
            client.fetch(FetchRequest(url=url + target))

    start = time.perf_counter()
    with ThreadPoolExecutor(store.settings.harvest_workers) as pool:
        list(pool.map(fetch, by_partner.values()))
    return time.perf_counter() - start
