"""What a registry answers is valid, whole, and understood by others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from pysdmx.io import read_sdmx

from hub.formats.message import Action, Header
from hub.formats.registry import (
    FORMS,
    REGISTRY_21,
    REGISTRY_30,
    REGISTRY_31,
    RegistryForm,
    Status,
    StructureResult,
    write_registration_results,
    write_registrations,
    write_structure_results,
)
from hub.model import UNTIL_21, ArtefactClass, Reference
from hub.model.registration import INDEXES, DataSource, QueryableSource, Registration
from tests.formats.registry.judge import statuses, valid

HEADER = Header(
    id="M1",
    prepared=datetime(2026, 1, 31, 12, tzinfo=UTC),
    sender="SWE",
    sender_name="Statistics <Sweden> & others",
)
AGREEMENT = Reference(ArtefactClass.PROVISION_AGREEMENT, "TEST", "PA", "1.0")
EVERYTHING = Registration(
    id="abc-1",
    agreement=AGREEMENT,
    source=DataSource(
        simple="https://example.org/data.xml",
        queryable=QueryableSource(
            url="https://example.org/sdmx/v2?a=1&b=2",
            wsdl="https://example.org/sdmx.wsdl",
            wadl="https://example.org/sdmx.wadl",
            is_rest=True,
            is_web_service=True,
        ),
    ),
    valid_from=datetime(2026, 1, 1, tzinfo=UTC),
    valid_to=datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    updated=datetime(2026, 2, 1, 1, tzinfo=timezone(timedelta(hours=1))),
    indexed=INDEXES,
)
LEAST = Registration(agreement=AGREEMENT, source=DataSource(simple="http://example.org/d"))


@pytest.mark.parametrize("form", [REGISTRY_31, REGISTRY_30, REGISTRY_21], ids=str)
def test_results_of_structures_are_valid_in_every_version(form: RegistryForm) -> None:
    results = [
        StructureResult(
            reference=Reference(cls, "TEST.SUB", "A@$_-1", "1.0.0"),
            action=action,
            status=Status(code=code, text=f"{cls} < & > \x00\x0b \ud800 \U0001f600"),
        )
        for cls in ArtefactClass
        if cls not in UNTIL_21  # SDMX 3.x has no URN for what it does not have
        for action, code in ((Action.APPEND, 201), (Action.REPLACE, 409), (Action.DELETE, 200))
    ]
    root = valid(write_structure_results(HEADER, results, form))
    told = statuses(root)
    assert len(told) == len(results)
    assert [code for _, code, _ in told[:3]] == ["201", "409", "200"]
    assert [word for word, _, _ in told[:3]] == ["Success", "Failure", "Success"]
    assert [e.get("action") for e in root.iter("{*}SubmittedStructure")][:3] == [
        "Append",
        "Replace",
        "Delete",
    ]


def test_pysdmx_understands_the_results() -> None:
    reference = Reference(ArtefactClass.CODELIST, "TEST", "CL", "1.0.0")
    flow = Reference(ArtefactClass.DATAFLOW, "TEST", "DF", "2.0")
    results = [
        StructureResult(
            reference=reference, action=Action.APPEND, status=Status(code=201, text="created")
        ),
        StructureResult(
            reference=flow, action=Action.DELETE, status=Status(code=409, text="needed")
        ),
    ]
    written = write_structure_results(HEADER, results, REGISTRY_21)
    found = read_sdmx(written.decode(), validate=True).submission
    assert found is not None
    assert [(one.action, one.short_urn, one.status) for one in found] == [
        ("Append", "Codelist=TEST:CL(1.0.0)", "Success"),
        ("Delete", "Dataflow=TEST:DF(2.0)", "Failure"),
    ]


def test_a_constraint_has_its_older_name_in_an_older_message() -> None:
    reference = Reference(ArtefactClass.DATA_CONSTRAINT, "TEST", "CC", "1.0")
    result = StructureResult(
        reference=reference, action=Action.REPLACE, status=Status(code=200, text="x")
    )
    assert b"registry.ContentConstraint=TEST:CC(1.0)" in write_structure_results(
        HEADER, [result], REGISTRY_21
    )
    assert b"registry.DataConstraint=TEST:CC(1.0)" in write_structure_results(
        HEADER, [result], REGISTRY_31
    )


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_registrations_are_valid_and_whole(form: RegistryForm) -> None:
    root = valid(write_registrations(HEADER, [EVERYTHING, LEAST], form))
    found, least = root.iter("{*}Registration")
    assert dict(found.attrib) == {
        "id": "abc-1",
        "validFrom": "2026-01-01T00:00:00Z",
        "validTo": "2026-12-31T23:59:59.999999Z",
        "lastUpdated": "2026-02-01T00:00:00Z",
        **dict.fromkeys(INDEXES, "true"),
    }
    assert found.findtext("{*}ProvisionAgreement") == AGREEMENT.urn
    assert found.findtext(".//{*}SimpleDataSource") == "https://example.org/data.xml"
    assert found.findtext(".//{*}DataURL") == "https://example.org/sdmx/v2?a=1&b=2"
    assert found.findtext(".//{*}WSDLURL") == "https://example.org/sdmx.wsdl"
    queryable = found.find(".//{*}QueryableDataSource")
    assert dict(queryable.attrib) == {"isRESTDatasource": "true", "isWebServiceDatasource": "true"}
    assert dict(least.attrib) == {}
    assert least.find(".//{*}QueryableDataSource") is None
    assert root.find(".//{*}QueryRegistrationResponse/{*}StatusMessage").get("status") == "Success"
    valid(write_registrations(HEADER, [], form))


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_results_of_registrations_are_valid(form: RegistryForm) -> None:
    results = [
        (EVERYTHING, Status(code=200, text="done")),
        (LEAST, Status(code=409, text="no such agreement")),
    ]
    root = valid(write_registration_results(HEADER, results, form))
    assert statuses(root) == [("Success", "200", "done"), ("Failure", "409", "no such agreement")]
