"""Harvesting two hundred partners each of which has something new."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks import partners as many
from benchmarks.bars import BY_NAME
from benchmarks.measure import Figure, median_of
from benchmarks.workshop import Workshop
from connectors.http import Client, FetchRequest
from federation.harvest.node import address_policy, harvest_into
from federation.partners import Partner
from federation.partners.catalogued import CataloguedPartners
from hub.store import Store, init_home, open_store

FIGURES = ("harvest-partners",)
_NETWORKS = {"partner_networks": ["127.0.0.1/32"]}


def measure(workshop: Workshop) -> Iterator[Figure]:
    """Measure a harvest after every partner revised one observation of its flow."""
    harvests, downloads, unchanged = [], [], []
    areas: list[str] = []
    for run in range(workshop.runs):
        folder = workshop.scratch(f"partners-{run}")
        areas = many.write(folder, workshop.small)
        with many.serving(folder) as server:
            store = _hub(workshop.spare_home(), server.url, areas)
            try:
                _timed(store)
                unchanged.append(_timed(store))
                server.revise()
                server.requests()
                harvests.append(_timed(store))
                asked = server.requests()
                downloads.append(_download(store, server.url, asked, folder))
            finally:
                store.close()
    harvest, download = median_of(harvests), median_of(downloads)
    detail = {
        "harvest": harvest,
        "downloads": download,
        "unchanged": median_of(unchanged),
        "partners": len(areas),
    }
    yield Figure(BY_NAME["harvest-partners"], harvest / download, detail)


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
