"""`/metrics` and `GET /api/partners`: who sees them, that they are true, that nothing leaks."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.openmetrics.parser import (
    text_string_to_metric_families as read_open_metrics,
)
from prometheus_client.parser import text_string_to_metric_families as read_metrics

from hub.rest.serving import build_app
from hub.store import open_store
from hub.store import partners as rows
from hub.store.actors import Actor
from hub.store.keys import Right, create_key
from hub.store.review import hold
from hub.store.schedule import Rate, announce, claim, plan_missing, set_every
from tests.rest.client import Client
from tests.rest.test_embargo import HELD, TICK, Twins
from tests.store.vintages import Clock

PATHS = ("/metrics", "/api/partners")
Values = dict[tuple[str, frozenset[tuple[str, str]]], float]


class Watched:
    """A hub with two partners, one of which was harvested; the clock stands."""

    def __init__(self, home: Path, vintage_home: Path) -> None:
        self.clock = Clock()
        shutil.copytree(vintage_home, home)
        self.store = open_store(home, self.clock)
        self.catalogue = self.store.catalogue
        for id_ in ("NOR", "SWE"):
            about = {"name": id_.title(), "areas": [id_], "agencies": [], "flows": []}
            url = f"https://{id_.lower()}.example"
            rows.add_partner(
                self.catalogue, {"id": id_, "url": url, "added": self.clock(), **about}
            )
        plan_missing(self.catalogue, lambda: self.clock() + timedelta(hours=1))
        self.key, self.token = create_key(self.catalogue, "ops", [Right.STATUS])
        self.client = Client(build_app(self.store))

    def attempt(self, partner: str, flow: str, reason: str | None, note: str = "") -> int:
        at, lease = self.clock(), timedelta(hours=1)
        opened, _ = rows.open_attempts(self.catalogue, [partner], flow, "test", at, lease)
        if reason is not None:
            ended = {"id": opened[partner], "reason": reason, "note": note, "facts": {}}
            rows.finish_attempts(self.catalogue, [ended], at)
        return opened[partner]

    def get(self, path: str, accept: str | None = None, token: str | None = None) -> httpx.Response:
        headers = {"authorization": f"Bearer {token or self.token}"}
        return self.client.get(path, accept, headers)

    def values(self) -> Values:
        return values_of(self.get("/metrics").text)

    def partner(self, id_: str) -> dict[str, Any]:
        told = self.get("/api/partners").json()["partners"]
        found: dict[str, Any] = next(one for one in told if one["id"] == id_)
        return found


def values_of(text: str) -> Values:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in read_metrics(text)
        for sample in family.samples
    }


def named(name: str, **labels: str) -> tuple[str, frozenset[tuple[str, str]]]:
    return f"corridor_{name}", frozenset(labels.items())


@pytest.fixture
def watched(tmp_path: Path, vintage_home: Path) -> Iterator[Watched]:
    watched = Watched(tmp_path / "home", vintage_home)
    yield watched
    watched.store.close()


@pytest.mark.parametrize("path", PATHS)
def test_nobody_sees_them_without_the_right(watched: Watched, path: str) -> None:
    rights = [right for right in Right if right is not Right.STATUS]
    _, other = create_key(watched.catalogue, "other", rights)
    assert watched.client.get(path).status_code == 401
    assert watched.client.get(path).headers["www-authenticate"] == 'Bearer realm="SDMX"'
    refused = watched.get(path, token=other)
    assert refused.status_code == 403
    assert refused.headers["www-authenticate"].endswith('scope="status"')
    shown = watched.get(path)
    assert shown.status_code == 200
    assert shown.headers["cache-control"] == "no-store"
    head = {"authorization": f"Bearer {watched.token}"}
    assert watched.client.request("HEAD", path, headers=head).content == b""
    for method in ("POST", "PUT", "DELETE"):
        assert watched.client.request(method, path).status_code == 405


def test_the_status_tells_how_each_flow_stands(watched: Watched) -> None:
    watched.attempt("SWE", "", "UNCHANGED")
    watched.attempt("SWE", "MIGX:DF_STOCK_BIRTH", "RELEASED")
    confirmed = watched.clock()
    watched.clock.pass_(hours=5)
    watched.attempt("SWE", "MIGX:DF_STOCK_BIRTH", "FAILED", "no connection")
    watched.attempt("SWE", "MIGX:DF_STOCK_CTZ", "HELD", "gone")
    counts = {"why": "gone", "added": 0, "revised": 0, "withdrawn": 9}
    partner = Actor("partner", "SWE", "Sweden")
    waits = hold(watched.catalogue, "MIGX:DF_STOCK_CTZ(1.0.0)", partner, counts)
    under_way = watched.attempt("SWE", "MIGX:DF_FLOW_RES", None)
    set_every(watched.catalogue, "SWE", timedelta(hours=6))
    told = watched.partner("SWE")
    flows = {one["flow"]: one for one in told["flows"]}
    stock = flows["MIGX:DF_STOCK_BIRTH"]
    assert (stock["reason"], stock["note"]) == ("FAILED", "no connection")
    assert stock["confirmed"] == confirmed.isoformat()
    assert stock["fresh_until"] == (confirmed + timedelta(hours=6)).isoformat()
    assert not stock["is_late"]
    assert told["held"] == [waits.id]
    assert flows["MIGX:DF_STOCK_CTZ"]["held"] == waits.id
    held = {"partner": "SWE", "flow": "MIGX:DF_STOCK_CTZ"}
    assert watched.values()[named("flow_held", **held)] == 1
    assert told["open"] == [under_way]
    assert told["is_late"]  # two flows of which nothing ever came
    assert told["every_seconds"] == 6 * 3600
    watched.clock.pass_(hours=2)
    assert all(one["is_late"] for one in watched.partner("SWE")["flows"])
    norway = watched.partner("NOR")
    assert (norway["flows"], norway["is_late"], norway["every_seconds"]) == ([], True, 86_400)


def test_the_metrics_are_those_of_the_catalogue(watched: Watched) -> None:
    labels = {"partner": "SWE", "flow": "MIGX:DF_STOCK_BIRTH"}
    watched.attempt("SWE", "MIGX:DF_STOCK_BIRTH", "RELEASED")
    begun = watched.clock()
    watched.clock.pass_(hours=1)
    watched.attempt("SWE", "MIGX:DF_STOCK_BIRTH", "FAILED")
    watched.attempt("SWE", "MIGX:DF_STOCK_BIRTH", "FAILED")
    watched.attempt("NOR", "", None)
    found = watched.values()
    assert found[named("attempts_total", partner="SWE", reason="FAILED")] == 2
    assert found[named("attempts_total", partner="SWE", reason="RELEASED")] == 1
    assert found[named("flow_confirmed_timestamp_seconds", **labels)] == begun.timestamp()
    last = named("flow_last_attempt_timestamp_seconds", **labels, reason="FAILED")
    assert found[last] == watched.clock().timestamp()
    assert found[named("partner_open_attempts", partner="NOR")] == 1
    assert found[named("partner_open_attempts", partner="SWE")] == 0
    assert found[named("partner_late", partner="SWE")] == 0
    assert found[named("partner_late", partner="NOR")] == 1
    due = found[named("partner_due_timestamp_seconds", partner="SWE")]
    assert due == (begun + timedelta(hours=1)).timestamp()
    again = Client(build_app(watched.store)).get(  # another process tells the same
        "/metrics", headers={"authorization": f"Bearer {watched.token}"}
    )
    assert values_of(again.text) == found


def test_prometheus_and_openmetrics_read_them(watched: Watched) -> None:
    watched.attempt("SWE", 'a "quoted"\nflow\\', "FAILED")
    plain = watched.get("/metrics")
    assert plain.headers["content-type"].startswith("text/plain; version=")
    asked = "application/openmetrics-text; version=1.0.0, text/plain; q=0.5"
    newer = watched.get("/metrics", asked)
    assert newer.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    families = list(read_open_metrics(newer.text))
    flows = {s.labels.get("flow") for family in families for s in family.samples}
    assert 'a "quoted"\nflow\\' in flows
    assert values_of(plain.text).keys() >= {named("partner_late", partner="SWE")}


def test_what_is_held_back_makes_no_difference(vintage_home: Path, tmp_path: Path) -> None:
    """Two nodes with one clock; the first holds figures back, the second does not have them."""
    twins = Twins(vintage_home, tmp_path)
    try:
        twins.begin()
        clients, tokens = [], []
        for store in twins.both:
            tokens.append(create_key(store.catalogue, "ops", [Right.STATUS])[1])
            clients.append(Client(build_app(store)))

        def told(path: str) -> list[bytes]:
            return [
                client.get(path, headers={"authorization": f"Bearer {token}"}).content
                for client, token in zip(clients, tokens, strict=True)
            ]

        before = [told(path) for path in PATHS]
        twins.clock.time = HELD - TICK
        for path, (first, second) in zip(PATHS, before, strict=True):
            assert first == second, path
            again = told(path)
            assert again[0] == again[1], path
        assert told("/metrics")[0] == before[0][0]
        twins.publish_at_the_hour()
        after = told("/metrics")
        assert after[0] == after[1]
        assert after[0] != before[0][0]
    finally:
        twins.close()


def test_announcements_and_claims_are_told(watched: Watched) -> None:
    now = watched.clock()
    announce(watched.catalogue, "key", "SWE", Rate(timedelta(minutes=1), 10))
    claim(watched.catalogue, "a worker", now, timedelta(minutes=3), 5)
    told = watched.partner("SWE")
    assert (told["announced"], told["taken_by"]) == (now.isoformat(), "a worker")
    watched.clock.pass_(minutes=4)
    assert watched.partner("SWE")["taken_by"] is None  # its lease is over
