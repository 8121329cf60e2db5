"""Attempts many at a time, on both kinds of database, and from two homes on one catalogue."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from federation.harvest.catalogued import CataloguedAttempts, StoreDoor
from federation.harvest.node import add_partner_to, harvest_into
from federation.harvest.ports import Received
from federation.partners import FinishReason, Partner
from federation.partners.catalogued import CataloguedPartners
from hub.errors import Conflict
from hub.formats.csv import read_csv
from hub.model import ArtefactClass, Reference
from hub.store import Store, attempts, init_home, open_store
from hub.store import partners as rows
from hub.store.catalogue import Catalogue

NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)
LEASE = timedelta(minutes=5)
HOLDS = {"held": ["RELEASED"], "last": []}
STOCK = Reference(ArtefactClass.DATAFLOW, "MIGX", "DF_STOCK_BIRTH", "1.0.0")


@pytest.fixture
def hub(catalogue_url: str, tmp_path: Any) -> Any:
    about = {"node": "HUB", "role": "hub", "areas": ["*"], "catalogue": catalogue_url}
    init_home(tmp_path / "hub", {**about, "partner_networks": ["127.0.0.1/32"]})
    store = open_store(tmp_path / "hub")
    registry = CataloguedPartners(store.catalogue)
    for name in ("NOR", "SWE"):
        partner = Partner(
            id=name, url=f"http://{name}.example", name=name, areas=(name,), added=NOW
        )
        registry.add(partner)
    yield store
    store.close()


@pytest.fixture
def catalogue(hub: Store) -> Catalogue:
    return hub.catalogue


def opened(catalogue: Catalogue, flow: str, at: datetime, *names: str) -> dict[str, int]:
    ids, _ = rows.open_attempts(catalogue, names, flow, "me", at, LEASE)
    return ids


def closed(catalogue: Catalogue, id_: int, at: datetime, reason: str, **facts: Any) -> int:
    ended = {"id": id_, "reason": reason, "note": "", "facts": facts}
    assert rows.finish_attempts(catalogue, [ended], at) == set()
    return id_


def test_what_is_known_of_flows_comes_in_one_answer(catalogue: Catalogue) -> None:
    first = opened(catalogue, "F", NOW, "SWE", "NOR")
    closed(catalogue, first["SWE"], NOW, "RELEASED", rows=3)
    closed(catalogue, first["NOR"], NOW, "FAILED")
    second = opened(catalogue, "F", NOW, "SWE", "NOR")
    closed(catalogue, second["SWE"], NOW, "FAILED")
    other = closed(catalogue, opened(catalogue, "G", NOW, "SWE")["SWE"], NOW, "RELEASED")
    assert attempts.latest_attempts(catalogue, ["F", "G"], HOLDS) == {
        ("SWE", "F"): {"held": first["SWE"], "last": second["SWE"]},
        ("NOR", "F"): {"last": first["NOR"]},
        ("SWE", "G"): {"held": other, "last": other},
    }
    (held,) = rows.attempts_with(catalogue, [first["SWE"]])
    assert held["facts"] == {"rows": 3}
    assert list(attempts.latest_attempts(catalogue, ["F"], HOLDS, "NOR")) == [("NOR", "F")]


def test_what_needs_no_request_is_settled_unless_somebody_is_at_it(catalogue: Catalogue) -> None:
    opened(catalogue, "F", NOW, "SWE")
    given = [
        {"partner": name, "reason": "NOT_MODIFIED", "note": "", "facts": {"requests": 0}}
        for name in ("SWE", "NOR")
    ]
    made = attempts.settle_attempts(catalogue, "F", given, "you", NOW)
    assert list(made) == ["NOR"]
    (row,) = rows.attempts_with(catalogue, made.values())
    assert (row["reason"], row["opened"], row["finished"]) == ("NOT_MODIFIED", NOW, NOW)


def test_requests_of_the_last_hour_are_counted(catalogue: Catalogue) -> None:
    def spent(at: datetime) -> dict[str, tuple[int, str | None]]:
        since, asked = at - timedelta(hours=1), at - timedelta(days=1)
        found = attempts.spent_since(catalogue, since, asked, reserved=4)
        return {name: (one.requests, one.retry_at) for name, one in found.items()}

    until = (NOW + timedelta(hours=3)).isoformat()
    for minute in range(30):  # among many, the first of the time asked for is found
        at = NOW + timedelta(minutes=minute)
        id_ = opened(catalogue, f"F{minute}", at, "SWE")["SWE"]
        closed(catalogue, id_, at, "UNCHANGED", requests=2)
    id_ = opened(catalogue, "F", NOW + timedelta(minutes=30), "SWE")["SWE"]
    closed(catalogue, id_, NOW + timedelta(minutes=30), "FAILED", requests=1, retry_at=until)
    assert spent(NOW + timedelta(minutes=31)) == {"SWE": (61, until)}
    assert spent(NOW + timedelta(minutes=75)) == {"SWE": (29, until)}
    at = NOW + timedelta(days=2)
    opened(catalogue, "F", at, "NOR")  # it has not told what it costs
    assert spent(at) == {"NOR": (4, None)}
    assert spent(at + timedelta(hours=2)) == {"NOR": (0, None)}


def test_a_lease_that_is_renewed_does_not_end(catalogue: Catalogue) -> None:
    id_ = opened(catalogue, "F", NOW, "SWE")["SWE"]
    attempts.renew_attempts(catalogue, [id_], NOW + timedelta(minutes=20))
    at = NOW + timedelta(minutes=10)
    assert rows.abort_attempts(catalogue, "ABORTED", "you", at) == []
    with catalogue.writing() as connection:
        attempts.require_open(connection, [id_])
    assert rows.abort_attempts(catalogue, "ABORTED", "you", at + timedelta(minutes=10))
    attempts.renew_attempts(catalogue, [id_], at + timedelta(hours=1))
    with (
        catalogue.writing() as connection,
        pytest.raises(Conflict, match=f"attempt {id_} was closed by another process"),
    ):
        attempts.require_open(connection, [id_])


def test_one_that_lost_its_lease_releases_nothing(
    hub: Store, stock_table: Any, tmp_path: Any
) -> None:
    log = CataloguedAttempts(hub.catalogue)
    partner = CataloguedPartners(hub.catalogue).get("SWE")
    ids, _ = log.open_all(["SWE"], "MIGX:DF_STOCK_BIRTH", holder="me", now=NOW, lease_seconds=60)
    received = Received(
        partner=partner,
        flow=STOCK,
        attempt=ids["SWE"],
        data=read_csv(stock_table.write(tmp_path / "x.csv", {}), hub.structures),
        raw="0" * 64,
        partner_release=None,
        url="",
    )
    log.close_expired(holder="you", now=NOW + timedelta(hours=1))
    with pytest.raises(Conflict, match="closed by another process"):
        StoreDoor(hub).take_all(STOCK, [received])
    assert hub.release(STOCK) is None


def test_two_homes_harvest_into_one_catalogue(
    catalogue_url: str,
    node: Callable[..., Store],
    served: Callable[..., Any],
    stock_table: Any,
    corridor: Callable[..., Any],
    tmp_path: Any,
) -> None:
    if not catalogue_url:
        pytest.skip("two homes share a catalogue on PostgreSQL only")
    partners = [node(name) for name in ("SWE", "NOR", "DNK")]
    lake = str(tmp_path / "lake")
    homes = [
        node(f"HUB{n}", "hub", catalogue=catalogue_url, lake=lake) if n == 1 else None
        for n in (1, 2)
    ]
    first = homes[0]
    assert first is not None
    (tmp_path / "HUB2").mkdir()
    text = (tmp_path / "HUB1" / "corridor.toml").read_text("utf-8").replace("HUB1", "HUB2")
    (tmp_path / "HUB2" / "corridor.toml").write_text(text, "utf-8")
    second = open_store(tmp_path / "HUB2")
    for store in partners:
        name = store.settings.node
        file = stock_table.write(tmp_path / f"{name}.csv", {"REF_AREA": name})
        assert corridor("--home", store.settings.home, "publish", str(STOCK), file).exit == 0
    try:
        with served(*partners) as urls:
            for url, store in zip(urls, partners, strict=True):
                add_partner_to(first, url, [store.settings.node])
            for _ in range(2):
                with ThreadPoolExecutor(2) as pool:
                    reports = list(pool.map(harvest_into, (first, second)))
                assert not any(report.failures for report in reports), reports
    finally:
        second.close()
    release = first.release(STOCK)
    assert release is not None
    assert sorted(one.slice for one in release.slices) == ["DNK", "NOR", "SWE"]
    assert len(first.history(STOCK)) == 3, "a slice was released twice"
    log = CataloguedAttempts(first.catalogue)
    assert all(one.reason is not None for one in log.list())
    reasons = [one.reason for one in log.list() if one.flow]
    assert reasons.count(FinishReason.RELEASED) == 3
