"""Telling other nodes of releases."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from connectors.http import AddressPolicy, post_json
from federation.harvest.node import add_partner_to
from federation.worker import Event, Listener, Worker, read_listeners
from hub.errors import BadRequest, Forbidden, NotFound
from hub.store import Store
from hub.store.duties import find_duty
from hub.store.keys import Right, create_key
from hub.store.schedule import all_schedules

FLOW = "MIGX:DF_STOCK_BIRTH"
KEY = "corridor_0123456789ab_" + "x" * 43


class Hub(ThreadingHTTPServer):
    """Takes announcements, and answers as it is told."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status, self.headers = 202, dict[str, str]()
        self.taken: list[tuple[str, str | None, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Hub

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((self.path, self.headers["Authorization"], json.loads(body)))
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def publisher(node: Any, corridor: Any, stock_table: Any, tmp_path: Path) -> Callable[[str], Store]:
    """Sweden; each call publishes a value."""
    store: Store = node("SWE", partner_networks=["127.0.0.1/32"])

    def publish(value: str) -> Store:
        file = stock_table.write(tmp_path / "swe.csv", {"OBS_VALUE": value})
        assert corridor("--home", store.settings.home, "publish", FLOW, file).exit == 0
        return store

    return publish


def _worker(store: Store, *listeners: Listener) -> tuple[Worker, list[Event]]:
    told: list[Event] = []
    return Worker(store=store, tell=told.append, derives=False, listeners=listeners), told


def test_each_release_is_announced_once(hub: Hub, publisher: Callable[[str], Store]) -> None:
    store = publisher("1")
    worker, told = _worker(store, Listener(hub.url, KEY))
    worker.run(once=True)
    ((path, authorization, body),) = hub.taken
    release = store.release(next(f.reference for f in store.flows() if f.id == FLOW[5:]))
    assert release is not None
    assert (path, authorization) == ("/notify", f"Bearer {KEY}")
    assert body == {"node": "SWE", "flow": FLOW, "release": release.id}
    assert "announced" in [event.name for event in told]
    worker.run(once=True)
    assert len(hub.taken) == 1
    publisher("2")
    worker.run(once=True)
    assert len(hub.taken) == 2
    assert KEY not in str(told) + repr(worker.listeners)


@pytest.mark.parametrize("status", [302, 401, 403, 404, 429, 500])
def test_what_is_not_taken_is_announced_later(
    hub: Hub, publisher: Callable[[str], Store], status: int
) -> None:
    store = publisher("1")
    hub.status, hub.headers = status, {"Retry-After": "3600", "Location": f"{hub.url}/other"}
    listener = Listener(hub.url, KEY)
    worker, told = _worker(store, listener)
    worker.run(once=True)
    worker.run(once=True)
    assert [path for path, _, _ in hub.taken] == ["/notify"]  # no redirect, not at once again
    assert f"answered {status}" in next(event for event in told if event.name == "failed").note
    duty = find_duty(store.catalogue, listener.duty)
    assert duty is not None
    assert 3500 < (duty.due - store.catalogue.now()).total_seconds() <= 3600
    with store.catalogue.writing() as connection:
        connection.exec_driver_sql("UPDATE duty SET due = 0")
    hub.status = 202
    worker.run(once=True)
    assert len(hub.taken) == 2


def test_a_key_is_not_sent_in_clear_text_but_to_networks_that_are_named(
    hub: Hub, tmp_path: Path
) -> None:
    for policy in (AddressPolicy(), AddressPolicy(allow_private=True)):
        with pytest.raises(Forbidden, match="partner_networks"):
            post_json(hub.url, b"{}", KEY, tmp_path, policy=policy)
    with pytest.raises(Forbidden, match="https://"):
        post_json(
            "http://stat.example/",
            b"{}",
            KEY,
            tmp_path,
            policy=AddressPolicy(),
            resolver=lambda _host, _port: ("1.1.1.1",),
        )
    assert hub.taken == []


def test_the_file_of_keys(tmp_path: Path) -> None:
    file = tmp_path / "announce.toml"
    with pytest.raises(NotFound):
        read_listeners(file)
    file.write_text(f'"https://sdmx.example.org/" = "{KEY}"\n')
    file.chmod(0o644)
    with pytest.raises(Forbidden, match="chmod 600"):
        read_listeners(file)
    file.chmod(0o600)
    assert read_listeners(file) == (Listener("https://sdmx.example.org", KEY),)
    for wrong in (f'"https://x.example" = ["{KEY}"]', f"https = {KEY}", f'"ftp://x" = "{KEY}"'):
        file.write_text(wrong)
        with pytest.raises(BadRequest) as caught:
            read_listeners(file)
        assert KEY not in caught.value.message


def test_from_a_release_to_the_harvest_of_another_node(
    node: Any, corridor: Any, served: Any, publisher: Callable[[str], Store]
) -> None:
    """Both nodes of this program, nothing in between."""
    store, hub = publisher("1"), node("EUROBS", role="observatory")
    _, key = create_key(hub.catalogue, "SWE", [Right.NOTIFY], partners=["SWE"])
    harvester, told = _worker(hub)
    with served(store, hub) as (publisher_url, hub_url):
        add_partner_to(hub, publisher_url, ["SWE"])
        keys = store.settings.home / "announce.toml"
        keys.write_text(f'"{hub_url}" = "{key}"\n')
        keys.chmod(0o600)
        with (store.settings.home / "corridor.toml").open("a") as toml:
            toml.write('announce_keys = "announce.toml"\n')
        harvester.run(once=True)  # plans the partner, in some minutes
        ran = corridor("--home", store.settings.home, "worker", "--once", "--no-derive")
        assert ran.exit == 0, ran.out + ran.err
        assert f"announced: to {hub_url}" in ran.out
        assert all_schedules(hub.catalogue)["SWE"].announced is not None
        harvester.run(once=True)
    assert "RELEASED" in [event.reason for event in told if event.flow == FLOW]
