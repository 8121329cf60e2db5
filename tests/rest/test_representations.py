"""Headers of answers: validators, content coding, types, languages, HEAD."""

from __future__ import annotations

import pytest

V1, V2 = "/sdmx/v1", "/sdmx/v2"
FLOW = f"{V2}/data/dataflow/TEST/DF_A/1.0.0"
JSON_20 = "application/vnd.sdmx.data+json;version=2.0.0"


def test_validators_and_304(client, backend):
    first = client.get(FLOW, JSON_20)
    assert first.headers["last-modified"] == "Fri, 20 Feb 2026 12:30:16 GMT"
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


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_a_packed_message_holds_the_same_bytes(client, coding):
    plain = client.get(FLOW, JSON_20)
    packed = client.get(FLOW, JSON_20, {"accept-encoding": coding})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == coding
    assert packed.headers["etag"] != plain.headers["etag"]
    assert packed.content == plain.content  # the client has unpacked it


def test_a_short_message_is_not_packed(client):
    target = f"{FLOW}/A.SWE.F?lastNObservations=1&attributes=none"
    plain = client.get(target, "text/csv")
    packed = client.get(target, "text/csv", {"accept-encoding": "gzip"})
    assert len(plain.content) < 500
    assert "content-encoding" not in packed.headers
    assert packed.headers["etag"] == plain.headers["etag"]
    only = client.get(target, "text/csv", {"accept-encoding": "gzip, identity;q=0"})
    assert only.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize("coding", ["", "gzip", "br, gzip;q=0.5"])
def test_any_coding_the_client_takes_is_known_again(client, coding):
    tag = client.get(FLOW, JSON_20, {"accept-encoding": coding}).headers["etag"]
    conditions = {"accept-encoding": "gzip, br", "if-none-match": tag}
    response = client.get(FLOW, JSON_20, conditions)
    assert (response.status_code, response.headers["etag"]) == (304, tag)


def test_a_coding_the_client_does_not_take_is_not(client):
    tag = client.get(FLOW, JSON_20, {"accept-encoding": "zstd"}).headers["etag"]
    conditions = {"accept-encoding": "gzip", "if-none-match": tag}
    assert client.get(FLOW, JSON_20, conditions).status_code == 200


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
