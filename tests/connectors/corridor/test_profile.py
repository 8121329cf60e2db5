from __future__ import annotations

import dataclasses
import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.corridor import (
    NodeFlow,
    data_file,
    data_request,
    document_url,
    flow_url,
    node_url,
    read_node,
)
from connectors.http import AddressPolicy, Client, Fetched, FetchLimits
from connectors.service import Held
from hub.errors import BadRequest, CorridorError, PartnerInvalid
from tests.connectors.http.server import Answer, PartnerServer

PATH = "/.well-known/sdmx-node"
FLOW = NodeFlow(agency="MIGX", id="DF_STOCK_BIRTH", version="1.0.0")
DATA_PATH = "/sdmx/v2/data/dataflow/MIGX/DF_STOCK_BIRTH/1.0.0/*"
CSV = b"STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA,OBS_VALUE\ndataflow,MIGX:DF(1.0.0),I,SWE,1\n"
CSV_TYPE = {"Content-Type": "application/vnd.sdmx.data+csv;version=2.0.0"}


@pytest.fixture
def partner() -> Iterator[PartnerServer]:
    with PartnerServer() as server:
        yield server


@pytest.fixture
def client(tmp_path: Path) -> Client:
    return Client(
        tmp_path,
        policy=AddressPolicy(allow_private=True),
        limits=FetchLimits(read_seconds=2, total_seconds=5, tries=1),
    )


def document(**changes: object) -> bytes:
    least = {"id": "SWE", "name": "x", "role": "national", "urls": {"v2": "/sdmx/v2"}}
    return json.dumps(least | changes).encode()


def fetch_data(partner: PartnerServer, client: Client, answer: Answer) -> Fetched:
    partner.on(PATH, Answer(200, document()))
    partner.on(DATA_PATH, answer)
    return client.fetch(data_request(flow_url(read_node(partner.url, client), FLOW)))


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("https://h.example", "https://h.example/.well-known/sdmx-node"),
        ("https://h.example/", "https://h.example/.well-known/sdmx-node"),
        ("https://h.example/.well-known/sdmx-node", "https://h.example/.well-known/sdmx-node"),
        ("http://h.example:8001/node/?x=1", "http://h.example:8001/node/.well-known/sdmx-node"),
    ],
)
def test_where_the_document_is(given: str, found: str) -> None:
    assert document_url(given) == found
    assert document_url(node_url(given)) == found


def test_a_document_url_of_something_else_is_refused() -> None:
    with pytest.raises(BadRequest):
        document_url("file:///etc/passwd")


@pytest.mark.parametrize("stated", ["/sdmx/v2", "/sdmx/v2/", "../sdmx/v2", "{url}/sdmx/v2"])
def test_a_node_is_read_and_its_data_asked_for(
    stated: str, partner: PartnerServer, client: Client
) -> None:
    urls = {"v2": stated.format(url=partner.url)}
    partner.on(PATH, Answer(200, gzip.compress(document(urls=urls)), {"Content-Encoding": "gzip"}))
    node = read_node(partner.url + "/", client)
    assert (node.url, node.document.id) == (partner.url, "SWE")
    url = flow_url(node, FLOW)
    request = data_request(url, Held(url=url, etag='"e"', last_modified="then"))
    assert request.url == partner.url + DATA_PATH
    assert request.accept == "application/vnd.sdmx.data+csv;version=2.0.0"
    assert (request.etag, request.last_modified) == ('"e"', "then")
    assert not data_request(url, Held(url=f"{url}?c[X]=1", etag='"e"')).is_conditional


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (Answer(200, b"<!doctype html><title>Welcome</title>"), "an HTML page.*Welcome"),
        (Answer(200, b"<?xml version='1.0'?><a/>"), "an XML document, not a node document"),
        (Answer(200, b""), "an empty file, not a node document"),
        (Answer(200, b'{"id": 3}'), r"is not a node document: .*\$\.id"),
        (Answer(200, b'{"id": '), "is not a node document: Input data was truncated"),
        (Answer(200, b"[" * 100_000), "is not a node document"),
        (Answer(404, b"<html><h1>Not Found</h1></html>"), "answered 404.*Not Found"),
        (Answer(304), "answered 304"),
        (Answer(200, b"{" + b" " * (4 << 20)), "at most 4194304 bytes"),
        (Answer(200, gzip.compress(b"{" + b" " * (9 << 20))), "unpack to more than the 4194304"),
        (Answer(200, document(urls={})), "urls.v2 is missing"),
        (Answer(200, document(urls={"v1": "/sdmx/v1"})), "urls.v2 is missing"),
        (Answer(200, document(urls={"v2": "http://other.example/"})), "another host"),
        (Answer(200, document(urls={"v2": "http://127.0.0.1:1/"})), "another host"),
        (Answer(200, document(urls={"v2": "file:///etc"})), "urls.v2 is unusable"),
        (Answer(200, document(urls={"v2": "http://["})), "urls.v2 is unusable"),
    ],
)
def test_what_is_no_document_of_a_node(
    answer: Answer, message: str, partner: PartnerServer, client: Client
) -> None:
    partner.on(PATH, answer)
    with pytest.raises(PartnerInvalid, match=message):
        read_node(partner.url, client)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, CSV, CSV_TYPE),
        Answer(200, b"\xef\xbb\xbf" + CSV, {"Content-Type": "text/csv; charset=utf-8"}),
        Answer(200, CSV),
        Answer(200, gzip.compress(CSV), CSV_TYPE),
        Answer(200, gzip.compress(CSV), CSV_TYPE | {"Content-Length": ""}),
        Answer(200, gzip.compress(CSV), CSV_TYPE | {"Content-Encoding": "gzip"}),
    ],
)
def test_sdmx_csv_is_taken(answer: Answer, partner: PartnerServer, client: Client) -> None:
    assert data_file(fetch_data(partner, client, answer), 1_000).read_bytes().endswith(CSV)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (Answer(200, b"<html><body>Log in", CSV_TYPE), "an HTML page instead of.*Log in"),
        (
            Answer(200, b"<S:Envelope xmlns:S='s'><S:Body>SUBMITTED</S:Body>", CSV_TYPE),
            "an XML document instead of SDMX-CSV: “SUBMITTED”",
        ),
        (Answer(200, b'{"errors": [{"code": 500}]}', CSV_TYPE), "a JSON document instead of"),
        (Answer(200, b"name;value\na;1\n", CSV_TYPE), r"a table in text \(CSV\) instead of"),
        (Answer(200, b"", CSV_TYPE), "200 with an empty body"),
        (Answer(200, CSV, {"Content-Type": "text/html"}), "sent text/html instead of"),
        (Answer(404, b"no"), "answered 404 instead of data: “no”"),
        (Answer(413, b"<e>too much</e>"), "answered 413 instead of data: “too much”"),
        (Answer(200, CSV, CSV_TYPE | {"Content-Length": ""}), "neither Content-Length nor chunks"),
        (Answer(206, CSV, CSV_TYPE), "answered 206"),
    ],
)
def test_what_is_no_sdmx_csv_is_refused_whatever_it_is_called(
    answer: Answer, message: str, partner: PartnerServer, client: Client
) -> None:
    with pytest.raises(PartnerInvalid, match=message):
        data_file(fetch_data(partner, client, answer), 1_000)


def test_a_forged_flow_cannot_lead_out_of_the_service(client: Client) -> None:
    """Ids are checked where the document is read, so no part of a path can be smuggled in."""
    forged = document(dataflows=[{"agency": "MIGX", "id": "..%2f..", "version": "1.0.0"}])
    with PartnerServer() as partner:
        partner.on(PATH, Answer(200, forged))
        with pytest.raises(PartnerInvalid, match=r"\$\.dataflows\[0\]\.id"):
            read_node(partner.url, client)


def test_bounds_of_the_client_hold_for_the_document(client: Client, partner: PartnerServer) -> None:
    client.limits = dataclasses.replace(client.limits, wire_bytes=10)
    partner.on(PATH, Answer(200, document()))
    with pytest.raises(CorridorError, match="at most 10 bytes"):
        read_node(partner.url, client)
