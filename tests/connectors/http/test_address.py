from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Iterator
from ipaddress import ip_address, ip_network

import httpx
import pytest

from connectors.http import AddressPolicy, Client, FetchRequest, is_same_service, parse_url
from hub.errors import BadRequest, CorridorError, Forbidden, PartnerUnavailable
from tests.connectors.http.server import Answer, PartnerServer

_watching: list[list[object]] = []


def _note_connections(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect":
        for found in _watching:
            found.append(arguments[1])


sys.addaudithook(_note_connections)  # cannot be taken away again, so it is added once


@pytest.fixture
def connections() -> Iterator[list[object]]:
    """Every address this process connects to, as the interpreter itself reports it."""
    found: list[object] = []
    _watching.append(found)
    yield found
    _watching.remove(found)


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("127.0.0.1", "loopback"),
        ("127.8.8.8", "loopback"),
        ("::1", "loopback"),
        ("::ffff:127.0.0.1", "loopback"),
        ("::127.0.0.1", "loopback"),
        ("64:ff9b::7f00:1", "loopback"),
        ("2002:7f00:1::", "loopback"),
        ("10.1.2.3", "private"),
        ("172.31.0.1", "private"),
        ("192.168.0.1", "private"),
        ("::ffff:10.0.0.1", "private"),
        ("100.64.0.1", "private"),
        ("fd00::1", "private"),
        ("fec0::1", "private"),
        ("169.254.169.254", "link-local"),
        ("fe80::1", "link-local"),
        ("0.0.0.0", "unspecified"),  # noqa: S104 - an address to refuse
        ("::", "unspecified"),
        ("224.0.0.1", "multicast"),
        ("ff02::1", "multicast"),
        ("240.0.0.1", "reserved"),
        ("255.255.255.255", "reserved"),
        ("1.1.1.1", None),
        ("2606:4700::1111", None),
        ("::ffff:1.1.1.1", None),
    ],
)
def test_only_public_addresses_are_allowed_by_default(address: str, kind: str | None) -> None:
    assert AddressPolicy().refusal(ip_address(address)) == kind


def test_settings_allow_private_addresses_but_not_link_local_ones() -> None:
    policy = AddressPolicy(allow_private=True)
    assert policy.refusal(ip_address("127.0.0.1")) is None
    assert policy.refusal(ip_address("10.0.0.1")) is None
    assert policy.refusal(ip_address("169.254.169.254")) == "link-local"
    assert policy.refusal(ip_address("224.0.0.1")) == "multicast"


def test_a_named_network_is_allowed_also_when_spelt_as_ipv6() -> None:
    policy = AddressPolicy(allowed_networks=(ip_network("10.1.0.0/16"),))
    assert policy.refusal(ip_address("10.1.2.3")) is None
    assert policy.refusal(ip_address("::ffff:10.1.2.3")) is None
    assert policy.refusal(ip_address("10.2.0.1")) == "private"


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://host.example/x",
        "gopher://host.example/",
        "//host.example/x",
        "host.example",
        "http:///x",
        "http://user@host.example/",
        "http://user:word@host.example/",
        "http://a\\@host.example/",
        "http://host.example:0/",
        "http://host.example:99999/",
        "http://[fe80::1%25eth0]/",
        "http://[::1/",
        "http://ho st.example/",
        "http://host.example/\r\nX: y",
        "http://" + "a" * 300 + "/",
        "http://host.example/" + "a" * 9000,
    ],
)
def test_what_is_no_partner_url_is_refused_before_anything_is_opened(
    url: str, make_client: Callable[..., Client], connections: list[object]
) -> None:
    with pytest.raises(BadRequest):
        make_client().fetch(FetchRequest(url=url))
    assert connections == []


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "127.0.0.1.",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::127.0.0.1]",
        "localhost",
        "LOCALHOST",
    ],
)
def test_no_spelling_of_loopback_opens_a_socket(
    host: str,
    partner: PartnerServer,
    make_client: Callable[..., Client],
    connections: list[object],
) -> None:
    partner.on("/", Answer(200, b"secret"))
    client = make_client(policy=AddressPolicy())
    with pytest.raises((Forbidden, PartnerUnavailable, BadRequest)) as caught:
        client.fetch(FetchRequest(url=f"http://{host}:{partner.port}/"))
    assert connections == []
    assert partner.requests == []
    if isinstance(caught.value, PartnerUnavailable):  # this system does not know the spelling
        assert "cannot be resolved" in caught.value.message


def test_a_name_one_of_whose_addresses_is_inside_is_refused_whole(
    make_client: Callable[..., Client], connections: list[object]
) -> None:
    client = make_client(
        policy=AddressPolicy(), resolver=lambda _host, _port: ("1.1.1.1", "127.0.0.1")
    )
    with pytest.raises(Forbidden, match=r"stat\.example \(127\.0\.0\.1\) is a loopback address"):
        client.fetch(FetchRequest(url="http://stat.example/"))
    assert connections == []


def test_a_name_is_resolved_once_and_the_checked_address_is_connected_to(
    partner: PartnerServer, make_client: Callable[..., Client], connections: list[object]
) -> None:
    """A name server that changes its answer between check and connection changes nothing."""
    answers = [("127.0.0.1",), ("10.9.9.9",)]
    client = make_client(
        policy=AddressPolicy(allowed_networks=(ip_network("127.0.0.0/8"),)),
        resolver=lambda _host, _port: answers.pop(0),
    )
    partner.on("/x", Answer(200, b"data"))
    fetched = client.fetch(FetchRequest(url=f"http://stat.example:{partner.port}/x"))
    assert fetched.address == "127.0.0.1"
    assert connections == [("127.0.0.1", partner.port)]
    assert answers == [("10.9.9.9",)]
    assert partner.requests[0][1]["Host"] == f"stat.example:{partner.port}"


def test_the_next_address_of_a_name_is_tried_when_one_does_not_answer(
    partner: PartnerServer, make_client: Callable[..., Client]
) -> None:
    partner.on("/x", Answer(200, b"data"))
    client = make_client(resolver=lambda _host, _port: ("127.0.0.2", "127.0.0.1"))
    fetched = client.fetch(FetchRequest(url=f"http://stat.example:{partner.port}/x"))
    assert fetched.address == "127.0.0.1"


def test_a_proxy_of_the_environment_is_not_used(
    partner: PartnerServer, make_client: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    with PartnerServer() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        make_client().fetch(FetchRequest(url=partner.on("/x", Answer(200, b"direct"))))
        assert proxy.requests == []
    assert len(partner.requests) == 1


@pytest.mark.parametrize(
    ("url", "other", "same"),
    [
        ("http://h.example/a", "http://H.example:80/b", True),
        ("http://h.example/a", "https://h.example/b", True),
        ("https://h.example/a", "http://h.example/b", False),
        ("http://h.example/a", "http://h.example:8080/b", False),
        ("http://h.example:8080/a", "https://h.example/b", False),
        ("http://h.example/a", "http://h.example.org/a", False),
    ],
)
def test_same_service(url: str, other: str, same: bool) -> None:
    assert is_same_service(httpx.URL(url), httpx.URL(other)) is same


def test_an_international_name_is_sent_in_ascii() -> None:
    assert parse_url("http://statistik.bücher.example/").raw_host.startswith(b"statistik.xn--")


def test_a_name_that_is_never_resolved_does_not_wait_for_ever(
    make_client: Callable[..., Client], partner: PartnerServer
) -> None:
    client = make_client(resolver=lambda _host, _port: partner.closing.wait(20) and ())
    client.limits = dataclasses.replace(client.limits, connect_seconds=0.1, tries=1)
    with pytest.raises(CorridorError, match="was not resolved within"):
        client.fetch(FetchRequest(url="http://stat.example/"))
