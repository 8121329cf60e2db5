"""`POST /notify`: who may announce what, how often, and what comes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from hub.rest.notify import BURST, MOST_BYTES
from hub.rest.serving import build_app
from hub.store import init_home, open_store
from hub.store.keys import Right, create_key
from hub.store.partners import add_partner
from hub.store.schedule import Schedule, all_schedules, plan_missing
from tests.rest.client import Client
from tests.store.vintages import START, Clock

ANNOUNCEMENT = {"node": "SWE", "flow": "MIGX:DF_STOCK_BIRTH", "release": "72a87f16452d"}
LATER = START + timedelta(hours=6)


class Hub:
    """A node that harvests Sweden and Norway in six hours; Sweden has a key."""

    def __init__(self, home: Path) -> None:
        self.clock = Clock()
        init_home(home, {"node": "HUB", "role": "hub", "areas": ["*"]}, self.clock)
        self.store = open_store(home, self.clock)
        for id_ in ("SWE", "NOR"):
            about = {"name": "", "areas": [id_], "agencies": [], "flows": [], "added": START}
            add_partner(self.store.catalogue, {"id": id_, "url": f"https://{id_}.example", **about})
        plan_missing(self.store.catalogue, lambda: LATER)
        self.token = self.key("SWE")
        self.client = Client(build_app(self.store))

    def key(self, *partners: str, rights: tuple[Right, ...] = (Right.NOTIFY,)) -> str:
        return create_key(self.store.catalogue, "x", rights, partners=partners)[1]

    def post(
        self, body: object = ANNOUNCEMENT, token: str | None = None, **headers: str
    ) -> httpx.Response:
        given = {"content-type": "application/json", **headers}
        if token != "":
            given["authorization"] = f"Bearer {token or self.token}"
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.request("POST", "/notify", None, given, content)

    def planned(self, partner: str = "SWE") -> Schedule:
        return all_schedules(self.store.catalogue)[partner]


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    hub = Hub(tmp_path / "hub")
    yield hub
    hub.store.close()


def test_it_brings_the_next_harvest_of_that_partner_forward(hub: Hub) -> None:
    hub.clock.pass_(hours=1)
    answer = hub.post()
    assert answer.status_code == 202
    assert answer.json() == {"partner": "SWE", "due": (START + timedelta(hours=1)).isoformat()}
    assert answer.headers["cache-control"] == "no-store"
    assert hub.planned().due == START + timedelta(hours=1)
    assert hub.planned().announced == START + timedelta(hours=1)
    assert hub.planned("NOR").due == LATER


def test_nothing_else_of_the_node_changes(hub: Hub) -> None:
    """No instant is stamped: readers have nothing to ask for anew."""
    before = hub.client.get("/.well-known/sdmx-node", headers={"host": "x"})
    assert hub.post().status_code == 202
    after = hub.client.get("/.well-known/sdmx-node", headers={"host": "x"})
    assert (after.content, after.headers["etag"]) == (before.content, before.headers["etag"])


def test_who_may(hub: Hub) -> None:
    """By default nobody: a key needs the right, for that partner."""
    other_right = hub.key(rights=(Right.STATUS, Right.STRUCTURES))
    no_partner, norway = hub.key(), hub.key("NOR")
    for token, status, told in (
        ("", 401, 'Bearer realm="SDMX"'),
        ("nonsense", 401, 'Bearer realm="SDMX", error="invalid_token"'),
        (other_right, 403, 'Bearer realm="SDMX", error="insufficient_scope", scope="notify"'),
        (no_partner, 403, 'Bearer realm="SDMX", error="insufficient_scope", scope="notify"'),
        (norway, 403, 'Bearer realm="SDMX", error="insufficient_scope", scope="notify"'),
    ):
        answer = hub.post(token=token)
        assert answer.status_code == status
        assert answer.headers["www-authenticate"] == told
    assert hub.planned().due == LATER
    assert hub.post({"node": "NOR"}, norway).status_code == 202
    assert hub.post({"node": "SWE"}, hub.key("*")).status_code == 202
    assert hub.post({"node": "FIN"}, hub.key("*")).status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"\xff\xfe", 400),
        ({}, 400),
        ({"node": 1}, 400),
        ({"node": "SWE\n"}, 400),
        ({"node": "../SWE"}, 400),
        ({"node": "SWE", "flow": "no flow"}, 400),
        ({"node": "SWE", "flow": "https://x.example:DF"}, 400),
        ({"node": "SWE", "release": "https://x.example/"}, 400),
        ({"node": "SWE", "url": "https://x.example"}, 400),
        ({"node": "SWE", "flow": "A" * 3_000 + ":B"}, 400),
        (b'{"node": "SWE"' + b" " * MOST_BYTES + b"}", 413),
        (b"[" * MOST_BYTES, 400),
    ],
)
def test_what_is_no_announcement_is_refused(hub: Hub, body: object, status: int) -> None:
    answer = hub.post(body)
    assert answer.status_code == status, answer.text
    assert hub.planned().due == LATER


def test_it_is_declared_as_json_and_not_packed(hub: Hub) -> None:
    assert hub.post(**{"content-type": "text/plain"}).status_code == 415
    assert hub.post(**{"content-encoding": "gzip"}).status_code == 415
    assert hub.post(**{"content-type": "application/json; charset=utf-8"}).status_code == 202


def test_only_post_is_taken(hub: Hub) -> None:
    for method in ("GET", "HEAD", "PUT", "DELETE", "PATCH"):
        answer = hub.client.request(method, "/notify")
        assert answer.status_code == 405
        assert answer.headers["allow"] == "POST, OPTIONS"


def test_a_key_that_announces_too_often_is_told_how_long_to_wait(hub: Hub) -> None:
    """Sixty an hour by default, ten at once; whichever process it asks."""
    other = Client(build_app(hub.store))
    answers = [hub.post() for _ in range(BURST)]
    assert {answer.status_code for answer in answers} == {202}
    hub.client = other
    refused = hub.post()
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "60"
    assert "wait 60 s" in refused.text
    assert hub.post({"node": "NOR"}, hub.key("NOR")).status_code == 202  # another key
    hub.clock.pass_(seconds=59)
    assert hub.post().headers["retry-after"] == "1"
    hub.clock.pass_(seconds=1)
    assert hub.post().status_code == 202
