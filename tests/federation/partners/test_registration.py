from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.http import AddressPolicy, Client, FetchLimits
from federation.partners import Registration, add_partner
from hub.errors import BadRequest, Conflict, Forbidden, Invalid, PartnerInvalid
from tests.connectors.http.server import Answer, PartnerServer
from tests.federation.harvest.memory import MemoryRegistry

NOW = datetime(2026, 11, 2, tzinfo=UTC)


class Desk:
    """Somebody who adds partners: a registry, a client, and a node on loopback."""

    def __init__(self, folder: Path, server: PartnerServer) -> None:
        self.folder, self.server = folder, server
        self.registry = MemoryRegistry()
        self.policy = AddressPolicy(allow_private=True)
        self.describe()

    def describe(self, **changes: object) -> None:
        document = {
            "id": "DNK",
            "name": "Danmarks Statistik",
            "role": "national",
            "areas": ["DNK", "GRL", "SWE", "*"],
            "agencies": ["MIGX.DNK"],
            "urls": {"v2": "/sdmx/v2"},
        }
        body = json.dumps(document | changes).encode()
        self.server.on("/.well-known/sdmx-node", Answer(200, body))

    def add(self, *areas: str, url: str = "", own_id: str = "SWE") -> Registration:
        client = Client(self.folder, policy=self.policy, limits=FetchLimits(tries=1))
        return add_partner(
            url or self.server.url,
            areas,
            registry=self.registry,
            client=client,
            own_id=own_id,
            now=NOW,
        )


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with PartnerServer() as server:
        yield Desk(tmp_path, server)


def test_a_partner_gets_the_areas_written_and_none_it_claims(desk: Desk) -> None:
    added = desk.add("DNK", "GRL", "DNK", url=f"{desk.server.url}/.well-known/sdmx-node")
    partner = added.partner
    assert partner.areas == ("DNK", "GRL")
    assert (partner.id, partner.url, partner.name) == ("DNK", desk.server.url, "Danmarks Statistik")
    assert (partner.agencies, partner.added) == (("MIGX.DNK",), NOW)
    assert desk.registry.get("DNK") == partner
    assert added.warnings == ()


def test_an_area_the_node_does_not_claim_is_granted_with_a_warning(desk: Desk) -> None:
    desk.describe(areas=["DNK"])
    added = desk.add("DNK", "GRL")
    assert added.partner.areas == ("DNK", "GRL")
    assert [(f.value, f.severity.value) for f in added.warnings] == [("GRL", "warning")]


@pytest.mark.parametrize("areas", [(), ("",), (" ", "")])
def test_a_partner_needs_areas(areas: tuple[str, ...], desk: Desk) -> None:
    with pytest.raises(BadRequest, match="--areas SWE"):
        desk.add(*areas)
    assert desk.server.requests == []


@pytest.mark.parametrize(
    ("area", "hint"),
    [
        ("SW", "ISO 3166-1 alpha-3"),
        ("swe", "did you mean SWE"),
        ("*", "named one by one"),
        ("_T", "no reporting area"),
        ("M49_150", "no reporting area"),
    ],
)
def test_unknown_areas_totals_and_regions_are_refused(area: str, hint: str, desk: Desk) -> None:
    with pytest.raises(Invalid, match=f"cannot speak for {area.replace('*', '.')}") as caught:
        desk.add("DNK", area)
    assert [finding.value for finding in caught.value.findings] == [area]
    assert hint in caught.value.findings[0].message
    assert desk.registry.list() == ()
    assert desk.server.requests == []


def test_a_partner_is_added_once_by_address_and_by_id(desk: Desk) -> None:
    desk.add("DNK")
    with pytest.raises(Conflict, match="registered already, as partner DNK"):
        desk.add("DNK", url=desk.server.url + "/")
    with PartnerServer() as other:
        other.answers = desk.server.answers
        with pytest.raises(Conflict, match="DNK"):
            desk.add("SWE", url=other.url)
    assert [partner.areas for partner in desk.registry.list()] == [("DNK",)]


def test_this_node_is_not_a_partner_of_itself(desk: Desk) -> None:
    with pytest.raises(Conflict, match="this node itself"):
        desk.add("DNK", own_id="DNK")


def test_what_answers_no_node_document_is_not_added(desk: Desk) -> None:
    desk.server.on("/.well-known/sdmx-node", Answer(200, b"<html>hello"))
    with pytest.raises(PartnerInvalid, match="is this the address of a Corridor node"):
        desk.add("DNK")
    assert desk.registry.list() == ()


def test_an_address_inside_is_not_asked(desk: Desk) -> None:
    desk.policy = AddressPolicy()
    with pytest.raises(Forbidden, match="loopback address"):
        desk.add("DNK")
    assert desk.server.requests == []


@pytest.mark.parametrize("url", ["file:///etc/passwd", "stat.example", "http://u:p@stat.example"])
def test_what_is_no_address_of_a_node_is_refused(url: str, desk: Desk) -> None:
    with pytest.raises(BadRequest):
        desk.add("DNK", url=url)
