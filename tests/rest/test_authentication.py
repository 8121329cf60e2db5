"""Who may change something: default deny, and nothing told about keys."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from hub.rest import ServiceLimits, create_app
from hub.store.keys import Right, create_key, revoke_key
from tests.rest.client import Client
from tests.rest.memory import MemoryBackend
from tests.rest.registry import REGISTRATION, STRUCTURE, Keyed, body, error_of, path_of
from tests.store.drafts import AREAS

CHANGES = [
    ("POST", STRUCTURE),
    ("POST", f"{STRUCTURE}/codelist"),
    ("PUT", path_of(AREAS)),
    ("DELETE", path_of(AREAS)),
    ("DELETE", f"{path_of(AREAS)}/NOR"),
    ("POST", REGISTRATION),
]


@pytest.fixture
def keyed(keyed: Keyed) -> Keyed:
    """A node with a code list."""
    keyed.store.load_structures([AREAS])
    return keyed


@pytest.mark.parametrize(("method", "target"), CHANGES)
def test_nobody_changes_anything_without_a_key(keyed: Keyed, method: str, target: str) -> None:
    for given in (None, "", "Basic c2NiOnBhc3N3b3Jk", "Bearer", "Bearer ", keyed.token):
        headers = {} if given is None else {"authorization": given}
        response = keyed.client.request(method, target, None, headers, body(AREAS))
        assert response.status_code == 401
        code, text = error_of(response)
        assert code == "401"
        assert "Authorization: Bearer KEY" in text
        assert response.headers["www-authenticate"].startswith('Bearer realm="SDMX"')
        assert response.headers["access-control-allow-origin"] == "*"
        assert response.headers["cache-control"] == "no-store"
    assert keyed.store.structures.find(AREAS.reference) == AREAS


@pytest.mark.parametrize(("method", "target"), CHANGES)
def test_a_key_that_is_none_is_refused(keyed: Keyed, method: str, target: str) -> None:
    catalogue = keyed.store.catalogue
    revoked, ended = (create_key(catalogue, name, list(Right)) for name in ("a", "b"))
    revoke_key(catalogue, revoked[0].id)
    soon = catalogue.now() + timedelta(milliseconds=1)
    _, expired = create_key(catalogue, "c", list(Right), soon)
    catalogue.now = lambda: soon  # the clock of the node
    wrong = ended[1][:-1] + ("A" if ended[1][-1] != "A" else "B")
    for token in ("nonsense", wrong, revoked[1], expired, f"{keyed.token} {keyed.token}"):
        response = keyed.send(method, target, body(AREAS), authorization=f"Bearer {token}")
        assert response.status_code == 401
        assert error_of(response)[0] == "401"
        assert response.headers["www-authenticate"] == (
            'Bearer realm="SDMX", error="invalid_token"'
        )
        assert token not in response.text
        assert token not in str(response.headers)


def test_the_scheme_is_read_as_http_says(keyed: Keyed) -> None:
    for scheme in ("Bearer", "bearer", "BEARER", " Bearer "):
        response = keyed.send(
            "POST", STRUCTURE, body(AREAS), authorization=f"{scheme} {keyed.token}"
        )
        assert response.status_code == 200, scheme


def test_reading_needs_no_key_and_a_wrong_one_does_not_hinder(keyed: Keyed) -> None:
    for headers in ({}, {"authorization": "Bearer nonsense"}):
        assert keyed.client.get(path_of(AREAS), headers=headers).status_code == 200
        assert keyed.client.get(REGISTRATION, headers=headers).status_code == 204


def test_who_asks_is_known_before_the_body_is_looked_at(keyed: Keyed) -> None:
    """A body that is too long, of a wrong type or broken is no one's business without a key."""
    app = create_app(MemoryBackend(), limits=ServiceLimits(body_bytes=10), store=keyed.store)
    client = Client(app)
    for content, type_ in ((b"x" * 100, "application/xml"), (b"", "text/html")):
        headers = {"content-type": type_}
        assert client.request("POST", STRUCTURE, None, headers, content).status_code == 401
    headers = {"content-type": "text/html", "authorization": f"Bearer {keyed.token}"}
    assert client.request("POST", STRUCTURE, None, headers, b"").status_code == 415


def test_keys_are_in_no_log(keyed: Keyed, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        keyed.send("POST", STRUCTURE, body(AREAS))
        keyed.send("POST", STRUCTURE, b"<broken")
        keyed.send("POST", STRUCTURE, body(AREAS), authorization=f"Bearer {keyed.token}x")
        keyed.store.close()
        keyed.store.catalogue.engine.dispose()
        keyed.store.catalogue._writers = None  # type: ignore[assignment]  # a fault of the node
        assert keyed.send("POST", STRUCTURE, body(AREAS)).status_code == 500
    assert "request failed" in caplog.text
    assert keyed.token not in caplog.text
    assert keyed.token.split("_", 2)[2] not in caplog.text


def test_a_node_that_takes_no_changes_says_so() -> None:
    client = Client(create_app(MemoryBackend()))
    for method, target in CHANGES:
        response = client.request(method, target)
        assert response.status_code == 501
        assert error_of(response)[0] == "501"
