"""How far back history goes: what leaves it, what stays, and what may still be asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from hub.errors import Unprocessable
from hub.store import Store, init_home, open_store
from hub.store.parts import state_of
from hub.store.retention import Forgotten, forget
from hub.store.tables import audit, slice_versions
from tests.publish.stock import FLOW, SettableClock, by_year, figures, raw, submit, year

pytestmark = pytest.mark.usefixtures("layout")

NAME = "MIGX:DF_STOCK_BIRTH"


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def store(catalogue_url: str, tmp_path: Path, clock: SettableClock) -> Iterator[Store]:
    about = {"node": "HUB", "role": "hub", "areas": ["*"], "index_rows": 10**9}
    init_home(tmp_path / "home", about | {"catalogue": catalogue_url}, clock)
    made = open_store(tmp_path / "home", clock)
    yield made
    made.close()


def release(
    store: Store, clock: SettableClock, value: int, area: str = "SWE", **more: object
) -> datetime:
    """Publish a value a day after what was before; returns when it became visible."""
    clock.pass_(days=1)
    report = submit(store, raw(year(2020, value, REF_AREA=area)), source="HUB", **more)
    assert report.visible_from is not None
    return report.visible_from


def by_area(store: Store, at: datetime | None = None) -> dict[str, float]:
    return figures(store, at, ("REF_AREA",))


def test_what_a_later_instant_does_not_need_leaves_the_history(
    store: Store, clock: SettableClock
) -> None:
    instants = [release(store, clock, value) for value in (1, 2, 3, 4)]
    other = release(store, clock, 9, "NOR")
    assert store.history_since(FLOW) is None
    before = {at: by_area(store, at) for at in [*instants, other]}
    horizon = instants[2] + timedelta(hours=3)
    assert forget(store.catalogue, horizon) == (Forgotten(NAME, 2),)
    assert store.history_since(FLOW) == instants[2]
    assert [version.slice for version in store.history(FLOW)] == ["NOR", "SWE", "SWE"]
    for at in (instants[2], horizon, instants[3], other):
        expected = before.get(at) or before[instants[2]]
        assert by_area(store, at) == expected
    for at in (instants[0], instants[1], instants[2] - timedelta(microseconds=1)):
        with pytest.raises(Unprocessable, match=f"kept from {instants[2].isoformat()[:19]}"):
            store.release(FLOW, at)
    assert by_area(store) == {"SWE": 4, "NOR": 9}
    assert forget(store.catalogue, horizon) == ()


def test_a_version_visible_at_the_horizon_itself_is_the_first_that_stays(
    store: Store, clock: SettableClock
) -> None:
    first, second = release(store, clock, 1), release(store, clock, 2)
    assert forget(store.catalogue, second - timedelta(microseconds=1)) == ()
    assert by_area(store, first) == {"SWE": 1}
    assert forget(store.catalogue, second) == (Forgotten(NAME, 1),)
    assert by_area(store, second) == {"SWE": 2}


def test_what_is_current_or_held_back_stays_however_old(store: Store, clock: SettableClock) -> None:
    release(store, clock, 1)
    until = clock.time + timedelta(days=400)
    release(store, clock, 2, visible_from=until)
    clock.pass_(days=300)
    assert forget(store.catalogue, clock.time) == ()
    assert by_area(store) == {"SWE": 1}
    clock.time = until
    assert by_area(store) == {"SWE": 2}
    assert forget(store.catalogue, clock.time) == (Forgotten(NAME, 1),)
    assert by_area(store) == {"SWE": 2}


def test_sources_of_a_slice_have_histories_of_their_own(store: Store, clock: SettableClock) -> None:
    release(store, clock, 1)
    clock.pass_(days=1)
    submit(store, raw(year(2020, 5)), source="SWE", kind="harvest")
    release(store, clock, 2)
    assert by_area(store) == {"SWE": 5}
    assert forget(store.catalogue, clock.time) == (Forgotten(NAME, 1),)
    kept = {(version.source, version.rows) for version in store.history(FLOW)}
    assert kept == {("HUB", 1), ("SWE", 1)}
    # What is not used now is used again when the other source has nothing left.
    clock.pass_(days=1)
    submit(store, raw(), source="SWE", kind="harvest", replaces=True, covers=("SWE",))
    assert by_area(store) == {"SWE": 2}


def test_it_is_told_beforehand_and_recorded(store: Store, clock: SettableClock) -> None:
    for value in (1, 2, 3):
        release(store, clock, value)
    stamped = store.present()
    told = forget(store.catalogue, clock.time, dry_run=True)
    assert told == (Forgotten(NAME, 2),)
    assert (store.history_since(FLOW), store.present()) == (None, stamped)
    assert forget(store.catalogue, clock.time) == told
    with store.catalogue.reading() as connection:
        query = select(audit.c.subject, audit.c.detail).where(audit.c.action == "forget")
        ((subject, detail),) = connection.execute(query).all()
        by_id = select(slice_versions.c.removed).order_by(slice_versions.c.id)
        removed = connection.execute(by_id).scalars().all()
    since = store.history_since(FLOW)
    assert since is not None
    assert (subject, detail) == (NAME, {"versions": 2, "since": since.isoformat()})
    assert [at is None for at in removed] == [False, False, True]


def test_a_release_that_returns_to_old_content_keeps_its_file(
    store: Store, clock: SettableClock
) -> None:
    for value in (1, 2, 1):
        release(store, clock, value)
    forget(store.catalogue, clock.time)
    (kept,) = store.history(FLOW)
    assert state_of(store.lake, kept).path.exists()
    assert by_year(store) == {"2020": 1}
