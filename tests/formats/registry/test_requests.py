"""Requests for registrations: read whole, or refused with the place and the reason."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from hub.errors import Invalid, NotSupported, TooLarge
from hub.formats.limits import Limits
from hub.formats.message import Action, Header
from hub.formats.registry import (
    FORMS,
    read_registration_requests,
    write_registration_results,
)
from hub.model import ArtefactClass, Reference
from hub.model.registration import INDEXES, DataSource, QueryableSource, Registration
from tests.formats.registry.judge import valid
from tests.formats.registry.messages import QUERYABLE, SIMPLE, message, request

LIMITS = Limits()
AGREEMENT = Reference(ArtefactClass.PROVISION_AGREEMENT, "TEST", "PA", "1.0.0-draft")


@pytest.mark.parametrize("version", ["v3_0", "v3_1"])
@pytest.mark.parametrize("root", ["RegistryInterface", "SubmitRegistrationsRequest"])
def test_everything_a_request_says_is_read(version: str, root: str) -> None:
    written = message(
        request(),
        request(
            "Replace",
            SIMPLE + QUERYABLE,
            id="A-1",
            validFrom="2026-01-01T00:00:00+01:00",
            validTo="2026-12-31T12:30:00.5",
            lastUpdated="2020-01-01T00:00:00Z",
            **dict.fromkeys(INDEXES[:2], "true"),
            indexAttributes="0",
        ),
        request("Delete", id="B"),
        version=version,
        root=root,
    )
    if root == "RegistryInterface":
        valid(written)  # the schemas have no element of its own, though the REST guide speaks of it
    first, second, third = read_registration_requests(written, LIMITS)
    assert first.action is Action.APPEND
    assert first.registration == Registration(
        agreement=AGREEMENT, source=DataSource(simple="https://example.org/data.xml")
    )
    assert second.action is Action.REPLACE
    assert second.registration == Registration(
        id="A-1",
        agreement=AGREEMENT,
        source=DataSource(
            simple="https://example.org/data.xml",
            queryable=QueryableSource(
                url="https://example.org/sdmx/v2?a=1&b=2", wadl="https://example.org/sdmx.wadl"
            ),
        ),
        valid_from=datetime(2025, 12, 31, 23, tzinfo=UTC),
        valid_to=datetime(2026, 12, 31, 12, 30, 0, 500_000, tzinfo=UTC),
        indexed=INDEXES[:2],
    )
    assert (third.action, third.registration.id) == (Action.DELETE, "B")


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_what_is_written_is_read_again(form: Any) -> None:
    version = {"3.0.0": "v3_0", "3.1.0": "v3_1"}[form.ml.version]
    given = message(request("Replace", QUERYABLE, id="A", validTo="2026-01-01T00:00:00Z"))
    (read,) = read_registration_requests(given, LIMITS)
    header = Header(id="M", prepared=datetime(2026, 1, 1, tzinfo=UTC), sender="S")
    answer = write_registration_results(header, [(read.registration, _status())], form)
    body = answer.decode()
    body = body[body.index("<reg:Registration ") : body.index("<reg:StatusMessage")]
    asked = f'<reg:RegistrationRequest action="Replace">{body}</reg:RegistrationRequest>'
    (again,) = read_registration_requests(message(asked, version=version), LIMITS)
    assert again == read


def _status() -> Any:
    from hub.formats.registry import Status

    return Status(code=200, text="x")


URN = "urn:sdmx:org.sdmx.infomodel"


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (request("Information"), "action 'Information'"),
        (request("append"), "action 'append'"),
        (request(id="a b"), "'a b' is not the id"),
        (request(agreement="PA"), "'PA' is not an SDMX URN"),
        (request(agreement=f"{URN}.datastructure.Dataflow=A:B(1.0)"), "provision agreement"),
        (request(agreement=f"{URN}.base.DataProvider=A:DATA_PROVIDERS(1.0).X"), "provision agreem"),
        (request(agreement=""), "ProvisionAgreement holds text"),
        (request(source=""), "Datasource holds one"),
        (request(source=SIMPLE * 2), "Datasource holds one"),
        (request(source=SIMPLE.replace("https://example.org/data.xml", " ")), "SimpleDataSource"),
        (request(source=QUERYABLE.replace('isRESTDatasource="true"', "")), "isRESTDatasource"),
        (request(source=QUERYABLE.replace('"false"', '"no"')), "isWebServiceDatasource"),
        (request(validFrom="soon"), "validFrom='soon'"),
        (request(validTo="99999-01-01T00:00:00Z"), "validTo"),
        (request(indexDataSet="maybe"), "indexDataSet"),
        (request().replace("<reg:Datasource>", "<reg:Datasource/><reg:Datasource>"), "it has 2"),
        ('<reg:RegistrationRequest action="Append"/>', "needs one Registration, it has 0"),
    ],
)
def test_what_is_malformed_is_told_with_its_line(broken: str, told: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_registration_requests(message(request() + "\n\n", broken), LIMITS)
    (finding,) = refused.value.findings
    assert told in finding.message
    assert finding.line == 3


def test_every_malformed_request_is_found() -> None:
    with pytest.raises(Invalid, match="and 2 more") as refused:
        read_registration_requests(message(*[request("x")] * 5), LIMITS)
    assert len(refused.value.findings) == 5


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"<a/>",
        b"<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>",
        message(request(), version="v2_1"),
        message(),
        message(request())[:-5],
    ],
)
def test_what_is_no_request_is_invalid(body: bytes) -> None:
    with pytest.raises(Invalid):
        read_registration_requests(body, LIMITS)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("QueryRegistrationRequest", "GET /registration"),
        ("SubmitSubscriptionsRequest", "SubmitSubscriptionsRequest"),
        ("SubmitStructureRequest", "SubmitStructureRequest"),
    ],
)
def test_what_else_a_registry_may_be_asked_is_not_served(kind: str, told: str) -> None:
    with pytest.raises(NotSupported, match=told):
        read_registration_requests(message(kind=kind), LIMITS)


def test_what_is_too_large_is_refused() -> None:
    body = message(*[request()] * 10)
    with pytest.raises(TooLarge):
        read_registration_requests(body, Limits(bytes=len(body) - 1))
