"""Headers of answers: validators, content coding, types, languages, HEAD."""

from __future__ import annotations

import gzip

import pytest

from hub.rest.compression import compress

V1, V2 = "/sdmx/v1", "/sdmx/v2"
FLOW = f"{V2}/data/dataflow/TEST/DF_A/1.0.0"
JSON_20 = "application/vnd.sdmx.data+json;version=2.0.0"


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
