"""No spelling of an address that is forbidden opens a socket, wherever it is written.

In the URL of a partner, in a redirect of a partner, in an announcement; proved by what the
interpreter says of every connection of this process. The count is printed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from connectors.http import AddressPolicy, Client, FetchRequest
from federation.harvest.node import add_partner_to
from hub.errors import BadRequest, Forbidden, PartnerInvalid, PartnerUnavailable
from hub.rest.serving import build_app
from hub.store import Store
from hub.store.keys import Right, create_key
from hub.store.schedule import all_schedules
from tests.connectors.addresses.recorder import Recorder
from tests.connectors.addresses.spellings import NAMES, SPELLINGS
from tests.connectors.http.conftest import QUICK
from tests.connectors.http.server import Answer, PartnerHandler, PartnerServer
from tests.rest.client import Client as RestClient

DOCUMENT = b'{"id": "NOR", "name": "x", "role": "national", "areas": ["NOR"], "dataflows": []}'


@pytest.fixture
def swe(node: Callable[..., Store]) -> Store:
    """A node as it is set up by default: partners are on the public internet."""
    return node("SWE")


def test_there_are_as_many_spellings_as_promised() -> None:
    assert len(SPELLINGS) == len(set(SPELLINGS))
    assert len(SPELLINGS) >= 90


def test_no_spelling_in_the_url_of_a_partner_opens_a_socket(
    swe: Store, recorder: Recorder, victim: PartnerServer
) -> None:
    """What `corridor partner add` does with its URL."""
    victim.on("/.well-known/sdmx-node", Answer(200, DOCUMENT))
    refused: Counter[str] = Counter()
    for spelling in SPELLINGS:
        recorder.opened.clear()
        url = spelling.replace("{port}", str(victim.port))
        with pytest.raises((BadRequest, Forbidden, PartnerUnavailable)) as caught:
            add_partner_to(swe, url, ["NOR"])
        if isinstance(caught.value, PartnerUnavailable):  # this system does not know the spelling
            assert "cannot be resolved" in caught.value.message, url
        assert recorder.connections == [], url
        assert not [one for one in recorder.opened if "passwd" in one], url
        refused[type(caught.value).__name__] += 1
    assert victim.requests == []
    assert refused["Forbidden"] > 60
    assert refused["BadRequest"] > 30
    print(f"{len(SPELLINGS)} spellings as the URL of a partner: {dict(refused)}, no connection")


@pytest.mark.parametrize("spelling", ["http://2130706433:{port}/", "file:///etc/passwd"])
def test_the_command_says_so(
    corridor: Any, swe: Store, recorder: Recorder, victim: PartnerServer, spelling: str
) -> None:
    url = spelling.replace("{port}", str(victim.port))
    ran = corridor("--home", swe.settings.home, "partner", "add", url, "--areas", "NOR")
    assert ran.exit == 1
    assert "partner_networks" in ran.err or "http://" in ran.err
    assert recorder.connections == []


@pytest.fixture
def rude(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[PartnerServer, Client]]:
    """A partner on loopback, allowed by its network, and a client that asks it."""
    monkeypatch.setitem(NAMES, "stat.example", [("127.0.0.1",)])  # type: ignore[arg-type]
    policy = AddressPolicy(allowed_networks=(ip_network("127.0.0.1/32"),))
    with PartnerServer() as server:
        yield server, Client(tmp_path, policy=policy, limits=QUICK, sleep=lambda _: None)


def _leading_to(location: str) -> Callable[[PartnerHandler], None]:
    """A redirect whose Location is written as it is, whatever is in it."""

    def act(handler: PartnerHandler) -> None:
        head = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nConnection: close\r\nLocation: "
        handler.wfile.write(head + location.encode() + b"\r\n\r\n")

    return act


def test_no_spelling_in_a_redirect_opens_a_socket(
    rude: tuple[PartnerServer, Client], recorder: Recorder, victim: PartnerServer
) -> None:
    """The partner is asked, and nobody else: where the address is its own, it is asked again."""
    partner, client = rude
    refused: Counter[str] = Counter()
    for spelling in SPELLINGS:
        location = spelling.replace("{port}", str(victim.port))
        partner.on("/x", _leading_to(location))
        try:
            fetched = client.fetch(FetchRequest(url=f"http://stat.example:{partner.port}/x"))
        except PartnerInvalid:
            refused["PartnerInvalid"] += 1
        else:
            assert fetched.status == 404, location  # a path of the partner's own
            refused["its own"] += 1
        assert set(recorder.connections) == {("127.0.0.1", partner.port)}, location
    assert victim.requests == []
    assert refused["PartnerInvalid"] > len(SPELLINGS) - 5
    print(f"{len(SPELLINGS)} spellings as a redirect: {dict(refused)}, no other connection")


@pytest.mark.parametrize(
    "second", ["127.0.0.2", "10.1.2.3", "169.254.169.254", "::1", "::ffff:127.0.0.2"]
)
def test_a_name_that_turns_is_looked_up_and_checked_again_for_each_connection(
    rude: tuple[PartnerServer, Client],
    recorder: Recorder,
    names: Counter[str],
    monkeypatch: pytest.MonkeyPatch,
    second: str,
) -> None:
    """A partner that leads back to itself under its own name, which is another address by then."""
    partner, client = rude
    monkeypatch.setitem(NAMES, "turns.example", [("127.0.0.1",), (second,)])  # type: ignore[arg-type]
    url = f"http://turns.example:{partner.port}"
    partner.on("/x", _leading_to(f"{url}/y"))
    partner.on("/y", Answer(200, b"inside"))
    with pytest.raises(Forbidden, match=r"turns\.example"):
        client.fetch(FetchRequest(url=f"{url}/x"))
    assert names["turns.example"] == 2
    assert recorder.connections == [("127.0.0.1", partner.port)]
    assert [path for path, _ in partner.requests] == ["/x"]


def test_between_check_and_connection_no_name_is_looked_up(
    rude: tuple[PartnerServer, Client],
    recorder: Recorder,
    names: Counter[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    partner, client = rude
    turning = [("127.0.0.1",), ("127.0.0.2",)]
    monkeypatch.setitem(NAMES, "turns.example", turning)  # type: ignore[arg-type]
    partner.on("/x", Answer(200, b"data"))
    client.fetch(FetchRequest(url=f"http://turns.example:{partner.port}/x"))
    assert names["turns.example"] == 1
    assert recorder.connections == [("127.0.0.1", partner.port)]


def test_no_spelling_in_an_announcement_opens_a_socket(
    swe: Store, recorder: Recorder, victim: PartnerServer
) -> None:
    """Whatever stands where in it: it is no name of a partner, and no place is asked."""
    _, token = create_key(swe.catalogue, "x", [Right.NOTIFY], partners=["*"])
    client = RestClient(build_app(swe))
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    seen: Counter[int] = Counter()
    for spelling in SPELLINGS:
        url = spelling.replace("{port}", str(victim.port))
        for body in (
            {"node": url},
            {"node": "NOR", "flow": url},
            {"node": "NOR", "flow": "MIGX:DF_STOCK_BIRTH", "release": url},
            {"node": "NOR", "url": url},
            {"node": "NOR", "callback": url, "links": [{"href": url}]},
        ):
            answer = client.request("POST", "/notify", None, headers, json.dumps(body).encode())
            assert answer.status_code == 400, body
            seen[answer.status_code] += 1
            assert recorder.connections == [], body
    assert victim.requests == []
    assert all_schedules(swe.catalogue) == {}
    print(f"{len(SPELLINGS)} spellings in announcements: {dict(seen)}, no connection")
