"""Registrations over HTTP: handed in, found again by everything the standard names."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

import httpx
import pytest
from lxml import etree

from hub.formats.message import instant
from hub.model import Dataflow
from hub.rest.serving import build_app
from hub.store import open_store
from hub.store.keys import Right, create_key
from hub.store.registrations import find_registrations
from tests.formats.registry.judge import valid
from tests.formats.registry.messages import QUERYABLE, SIMPLE, message, request
from tests.rest.client import Client
from tests.rest.registry import REGISTRATION, REGISTRY, Keyed, codes, error_of, results, root_of
from tests.store.drafts import AGREEMENT, ARTEFACTS, FLOW, PROVIDERS, TEXT

FLOW_2 = Dataflow(
    agency="TEST", id="DF2", version="2.0", name=TEXT("Second"), structure=FLOW.structure
)
AGREEMENT_2 = replace(
    AGREEMENT,
    id="PA2",
    version="2.0",
    dataflow=FLOW_2.reference,
    provider=PROVIDERS.reference.item("SSB"),
)
SECOND = AGREEMENT_2.urn


@pytest.fixture
def keyed(keyed: Keyed) -> Keyed:
    """A node with two provision agreements."""
    keyed.store.load_structures([*ARTEFACTS, FLOW_2, AGREEMENT_2])
    return keyed


def post(keyed: Keyed, *requests: str, **headers: str) -> httpx.Response:
    return keyed.send("POST", REGISTRATION, message(*requests), **headers)


def ids(response: httpx.Response) -> list[str]:
    """The ids in an answer, in order."""
    assert response.status_code == 200, response.text
    root = root_of_query(response)
    return [element.get("id") for element in root.iter("{*}Registration")]


def root_of_query(response: httpx.Response) -> etree._Element:
    """The root of an answer to a query, which the official schema takes."""
    assert response.headers["content-type"].startswith(REGISTRY)
    return valid(response.content)


def test_a_registration_is_handed_in_and_found(keyed: Keyed) -> None:
    response = post(keyed, request(source=SIMPLE + QUERYABLE, validFrom="2020-01-01T00:00:00Z"))
    assert response.status_code == 201
    (registration,) = root_of(response).iter("{*}Registration")
    id_ = registration.get("id")
    assert results(response) == [("Success", "201", f"registration {id_} was created")]
    found = keyed.client.get(f"{REGISTRATION}/id/{id_}")
    (told,) = root_of_query(found).iter("{*}Registration")
    assert dict(told.attrib) == dict(registration.attrib)
    assert told.get("validFrom") == "2020-01-01T00:00:00Z"
    assert told.findtext("{*}ProvisionAgreement") == AGREEMENT.urn
    assert told.findtext(".//{*}SimpleDataSource") == "https://example.org/data.xml"
    assert told.findtext(".//{*}DataURL") == "https://example.org/sdmx/v2?a=1&b=2"


def test_a_registration_is_changed_and_deleted(keyed: Keyed) -> None:
    (id_,) = (one.get("id") for one in root_of(post(keyed, request())).iter("{*}Registration"))
    changed = post(keyed, request("Replace", QUERYABLE, id=id_))
    assert changed.status_code == 200
    found = keyed.client.get(f"{REGISTRATION}/id/{id_}")
    assert root_of_query(found).find(".//{*}SimpleDataSource") is None
    gone = post(keyed, request("Delete", id=id_))
    assert gone.status_code == 200
    assert results(gone) == [("Success", "200", f"registration {id_} was deleted")]
    again = keyed.client.get(f"{REGISTRATION}/id/{id_}")
    assert again.status_code == 404
    assert id_ in error_of(again)[1]
    assert post(keyed, request("Delete", id=id_)).status_code == 404


def test_each_has_a_status_of_its_own_in_order(keyed: Keyed) -> None:
    response = post(
        keyed,
        request(),
        request(agreement=AGREEMENT.urn.replace("TEST:PA", "TEST:NOPE")),
        request(source=SIMPLE.replace("https", "ftp")),
        request("Replace", id="nope"),
        request("Delete"),
        request(id="mine"),
    )
    assert response.status_code == 207
    assert codes(response) == ["201", "409", "422", "404", "422", "409"]
    assert len(find_registrations(keyed.store)) == 1
    assert post(keyed, request(id="mine"), request(id="yours")).status_code == 409


@pytest.fixture
def filled(keyed: Keyed) -> tuple[Keyed, str, str]:
    """A node with a registration under each of two agreements, and their ids."""
    first = root_of(post(keyed, request())).find(".//{*}Registration").get("id")
    second = root_of(post(keyed, request(agreement=SECOND))).find(".//{*}Registration").get("id")
    return keyed, first, second


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("", "12"),
        ("/", "12"),
        ("/*", "12"),
        ("/*/*/*/*", "12"),
        ("/provider", "12"),
        ("/provider/*/*", "12"),
        ("/provider/TEST/SCB", "1"),
        ("/provider/TEST/SSB", "2"),
        ("/provider/TEST/SCB,SSB", "12"),
        ("/provider/OTHER,TEST/SSB", "2"),
        ("/provider/*/SCB", "1"),
        ("/provider/TEST", "12"),
        ("/provisionagreement", "12"),
        ("/provisionagreement/TEST/PA", "1"),
        ("/provisionagreement/TEST/PA,PA2/", "12"),
        ("/provisionagreement/TEST/PA2/2.0", "2"),
        ("/provisionagreement/*/*/1.0.~", "1"),
        ("/dataflow/TEST/DF", "1"),
        ("/dataflow/TEST/DF2/*", "2"),
        ("/dataflow/TEST/DF,DF2/*", "12"),
        ("/dataflow/*/*/2.0", "2"),
        ("/datastructure/TEST/DSD", "12"),
        ("/datastructure/TEST", "12"),
        ("/*/TEST/DF2", "2"),
        ("/*/TEST/PA", "1"),
        ("/*/*/DSD", "12"),
    ],
)
def test_queries_of_the_standard(filled: tuple[Keyed, str, str], path: str, found: str) -> None:
    keyed, first, second = filled
    expected = [id_ for mark, id_ in (("1", first), ("2", second)) if mark in found]
    assert ids(keyed.client.get(REGISTRATION + path)) == expected


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/dataflow/MIGX/DF_STOCK_BIRTH", 204),
        ("/provisionagreement/NOBODY", 204),
        ("/provider/NOBODY", 204),
        ("/dataflow/TEST/NOPE", 404),
        ("/dataflow/TEST/DF/9.0", 404),
        ("/provider/TEST/NOPE", 404),
        ("/id/nope", 404),
        ("/id", 400),
        ("/id/a b", 400),
        ("/id/a/b", 400),
        ("/metadataflow/TEST/X", 400),
        ("/provider/TEST/SCB/x", 400),
        ("/dataflow/TEST/DF/1.0/x", 400),
        ("/dataflow/TEST/DF/+.2.3", 400),
        ("/dataflow//DF", 400),
        ("?updatedAfter=soon", 400),
        ("?updatedBefore=", 400),
    ],
)
def test_queries_that_find_nothing(filled: tuple[Keyed, str, str], path: str, status: int) -> None:
    response = filled[0].client.get(REGISTRATION + path.replace(" ", "%20"))
    assert response.status_code == status, response.text
    if status == 204:
        assert response.content == b""
    else:
        assert error_of(response)[0] == str(status)


def test_time_bounds_are_exclusive(filled: tuple[Keyed, str, str]) -> None:
    keyed, first, second = filled
    updated = {one.id: one.updated for one in find_registrations(keyed.store)}
    assert updated[first] is not None
    assert updated[second] is not None
    at = quote(instant(updated[first]))
    later = quote(instant(updated[second]))
    get = keyed.client.get
    assert ids(get(f"{REGISTRATION}?updatedAfter={at}")) == [second]
    assert ids(get(f"{REGISTRATION}?updatedBefore={later}")) == [first]
    assert get(f"{REGISTRATION}?updatedAfter={later}").status_code == 204
    assert get(f"{REGISTRATION}?updatedBefore={at}").status_code == 204
    both = get(f"{REGISTRATION}/provider/TEST/SCB?updatedAfter=2020&updatedBefore={later}")
    assert ids(both) == [first]
    assert get(f"{REGISTRATION}?updatedAfter={later}&updatedBefore={at}").status_code == 204
    assert ids(get(f"{REGISTRATION}/id/{first}?updatedBefore={later}")) == [first]


def test_what_registrations_are_offered_as(filled: tuple[Keyed, str, str]) -> None:
    get = filled[0].client.get
    for accept, version in (
        (None, "3.1.0"),
        ("*/*", "3.1.0"),
        ("application/xml", "3.1.0"),
        (f"{REGISTRY}3.0.0", "3.0.0"),
        (f"{REGISTRY}3.0+.0", "3.1.0"),
    ):
        response = get(REGISTRATION, accept)
        assert response.headers["content-type"] == REGISTRY + version
        assert len(ids(response)) == 2
    for accept in ("application/json", "text/csv", f"{REGISTRY}2.1"):
        response = get(REGISTRATION, accept)
        assert response.status_code == 406
    assert get(REGISTRATION, "application/json").json()["errors"][0]["code"] == 406


def test_an_answer_is_known_until_a_registration_changes(filled: tuple[Keyed, str, str]) -> None:
    keyed, first, second = filled
    get = keyed.client.get
    etag = {"if-none-match": get(REGISTRATION).headers["etag"]}
    assert get(REGISTRATION, headers=etag).status_code == 304
    assert get(REGISTRATION).content == get(REGISTRATION).content
    own = {"if-none-match": get(f"{REGISTRATION}/id/{first}").headers["etag"]}
    post(keyed, request("Delete", id=second))
    assert ids(get(REGISTRATION, headers=etag)) == [first]
    assert get(f"{REGISTRATION}/id/{first}", headers=own).status_code == 304
    post(keyed, request("Replace", id=first))
    assert get(f"{REGISTRATION}/id/{first}", headers=own).status_code == 200
    # no Last-Modified: a deletion would not move it
    assert "last-modified" not in get(REGISTRATION).headers


def test_other_processes_see_it_at_once(keyed: Keyed) -> None:
    other = open_store(keyed.store.settings.home)
    try:
        client = Client(build_app(other))
        assert client.get(REGISTRATION).status_code == 204
        post(keyed, request())
        assert len(ids(client.get(REGISTRATION))) == 1
    finally:
        other.close()


def test_head_tells_what_get_would(filled: tuple[Keyed, str, str]) -> None:
    head = filled[0].client.request("HEAD", REGISTRATION)
    get = filled[0].client.get(REGISTRATION)
    assert head.content == b""
    assert head.headers["etag"] == get.headers["etag"]


@pytest.mark.parametrize(
    ("content", "status", "says"),
    [
        (b"", 400, ""),
        (b"<a/>", 400, "root element a"),
        (message(request("x")), 400, "action 'x'"),
        (message(), 400, "no RegistrationRequest"),
        (message(request(), version="v2_1"), 400, "3.0"),
        (message(kind="QueryRegistrationRequest"), 501, "GET /registration"),
        (message(kind="SubmitSubscriptionsRequest"), 501, "SubmitSubscriptionsRequest"),
        (b"<!DOCTYPE a><a/>", 400, "document type"),
    ],
)
def test_messages_that_ask_for_nothing(
    keyed: Keyed, content: bytes, status: int, says: str
) -> None:
    response = keyed.send("POST", REGISTRATION, content)
    assert response.status_code == status, response.text
    code, text = error_of(response)
    assert code == str(status)
    assert says in text


def test_only_registry_messages_are_taken(keyed: Keyed) -> None:
    for type_ in ("application/json", "application/vnd.sdmx.structure+xml;version=3.0.0", ""):
        assert post(keyed, request(), content_type=type_).status_code == 415
    for type_ in (f"{REGISTRY}3.1.0", f"{REGISTRY}3.0.0", "text/xml"):
        assert post(keyed, request(), content_type=type_).status_code == 201
    assert find_registrations(keyed.store)


def test_methods_of_registrations(keyed: Keyed) -> None:
    for method, path in (
        ("PUT", ""),
        ("DELETE", "/id/x"),
        ("POST", "/id/x"),
        ("POST", "/dataflow"),
    ):
        response = keyed.send(method, REGISTRATION + path, message(request()))
        assert response.status_code == 405
        assert method not in response.headers["allow"].split(", ")


def test_another_right_does_not_do(keyed: Keyed) -> None:
    _, token = create_key(keyed.store.catalogue, "other", [Right.STRUCTURES])
    response = post(keyed, request(), authorization=f"Bearer {token}")
    assert response.status_code == 403
    assert 'scope="registrations"' in response.headers["www-authenticate"]
    assert find_registrations(keyed.store) == ()


def test_a_password_in_an_address_is_told_to_nobody(keyed: Keyed) -> None:
    source = SIMPLE.replace("https://", "https://me:hunter2@")
    assert post(keyed, request(source=source)).status_code == 422
    assert keyed.client.get(REGISTRATION).status_code == 204


def test_subscriptions_are_not_offered(keyed: Keyed) -> None:
    for method in ("GET", "POST"):
        response = keyed.send(method, "/sdmx/v2/subscription", message(request()))
        assert response.status_code == 501
        code, text = error_of(response)
        assert code == "501"
        assert "subscriptions are not offered" in text
