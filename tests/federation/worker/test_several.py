"""Workers of several homes on one catalogue and one lake: each partner is harvested by one."""

from __future__ import annotations

import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from federation.harvest.catalogued import CataloguedAttempts
from federation.harvest.node import add_partner_to
from federation.worker import Abandoned, Event, Rhythm, Worker
from hub.store import Store, open_store
from hub.store.schedule import all_schedules
from tests.federation.worker.process import wait_for
from tests.federation.worker.stalling import stalling
from tests.store import postgresql

FLOW = "MIGX:DF_STOCK_BIRTH"
COUNTRIES = ("DNK", "FIN", "NOR", "SWE")
QUICK = Rhythm(look=0.1, batch=1, grace=0.3)


@pytest.fixture
def countries(
    node: Any, corridor: Any, stock_table: Any, tmp_path: Path, served: Any
) -> Iterator[list[str]]:
    """The addresses of four nodes with a figure each."""
    stores = []
    for country in COUNTRIES:
        store = node(country)
        file = stock_table.write(tmp_path / f"{country}.csv", {"REF_AREA": country})
        assert corridor("--home", store.settings.home, "publish", FLOW, file).exit == 0
        stores.append(store)
    with served(*stores) as addresses:
        yield addresses


@pytest.fixture
def homes(node: Any, tmp_path: Path, postgresql_url: str) -> Iterator[list[Store]]:
    """Two homes of one hub, on one database and one lake."""
    url = postgresql.new_database(postgresql_url)
    first = node("HUB", role="hub", catalogue=url, lake=str(tmp_path / "lake"))
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(first.settings.home / "corridor.toml", other)
    second = open_store(other)
    yield [first, second]
    second.close()


def test_two_homes_share_the_partners_and_each_is_harvested_once(
    homes: list[Store], countries: list[str]
) -> None:
    for country, url in zip(COUNTRIES, countries, strict=True):
        add_partner_to(homes[0], url, [country])
    told: list[Event] = []
    workers = [Worker(store=one, tell=told.append, rhythm=QUICK) for one in homes]
    threads = [threading.Thread(target=worker.run) for worker in workers]
    with homes[0].catalogue.writing() as connection:  # all are due now, not in some minutes
        connection.exec_driver_sql("UPDATE partner SET added = 0")
    for store in homes:
        assert store.settings.catalogue == homes[0].settings.catalogue
    from hub.store import schedule as rows

    rows.plan_missing(homes[0].catalogue, homes[0].catalogue.now)
    for thread in threads:
        thread.start()
    try:
        wait_for(lambda: _harvested(homes[0]) == len(COUNTRIES) and _is_derived(told))
    finally:
        for worker in workers:
            worker.stopping.set()
        for thread in threads:
            thread.join()
    attempts = CataloguedAttempts(homes[0].catalogue).list(limit=1000)
    documents = Counter(one.partner for one in attempts if not one.flow)
    assert documents == Counter(COUNTRIES)  # each by one of them, once
    assert {one.reason.value for one in attempts if one.reason} == {"UNCHANGED", "RELEASED"}
    assert all(one.reason is not None for one in attempts)
    assert len({one.holder for one in attempts}) == 2  # and both took part
    released = homes[1].release(next(f.reference for f in homes[1].flows() if f.id == FLOW[5:]))
    assert released is not None
    assert {one.slice for one in released.slices} == set(COUNTRIES)
    assert not [event for event in told if event.name == "failed"]
    assert all(one.taken_by is None for one in all_schedules(homes[0].catalogue).values())


def _harvested(store: Store) -> int:
    with_times = all_schedules(store.catalogue).values()
    return sum(one.due > store.catalogue.now() and one.taken_by is None for one in with_times)


def _is_derived(told: list[Event]) -> bool:
    return any(event.name == "derived" for event in told)


def test_what_does_not_end_in_time_is_given_up_and_closed(node: Any, countries: list[str]) -> None:
    hub: Store = node("EUROBS", role="observatory")
    told: list[Event] = []
    with ExitStack() as stack:
        partner = stack.enter_context(stalling(countries[-1]))
        add_partner_to(hub, partner.url, ["SWE"])
        partner.is_open.clear()
        worker = Worker(store=hub, tell=told.append, rhythm=QUICK)
        caught: list[BaseException] = []

        def run() -> None:
            try:
                worker.run()
            except Abandoned as error:
                caught.append(error)

        thread = threading.Thread(target=run)
        from hub.store import schedule as rows

        rows.plan_missing(hub.catalogue, hub.catalogue.now)
        thread.start()
        assert partner.is_waiting.wait(60)
        worker.stopping.set()
        thread.join(60)
        assert len(caught) == 1
        attempts = CataloguedAttempts(hub.catalogue).list()
        assert all(one.reason is not None for one in attempts)
        assert attempts[0].reason is not None
        assert attempts[0].reason.value == "ABORTED"
        assert all_schedules(hub.catalogue)["SWE"].taken_by is None
        partner.is_open.set()
        wait_for(lambda: not [one for one in threading.enumerate() if one.name == "harvest"])
    assert CataloguedAttempts(hub.catalogue).list()[0].reason is not None
