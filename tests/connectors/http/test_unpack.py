from __future__ import annotations

import dataclasses
import gzip
import random
import tracemalloc
import zlib
from collections.abc import Callable

import pytest

from connectors.http import Client, Fetched, FetchRequest, excerpt, unpack
from hub.errors import PartnerInvalid, PartnerUnavailable
from tests.connectors.http.conftest import QUICK
from tests.connectors.http.server import Answer, PartnerServer

TEXT = b"A.SWE.FB,2024,%d\n" * 20_000
Get = Callable[..., Fetched]


@pytest.fixture
def get(client: Client, partner: PartnerServer) -> Get:
    def fetch(body: bytes, coding: str = "") -> Fetched:
        url = partner.on("/x", Answer(200, body, {"Content-Encoding": coding}))
        return client.fetch(FetchRequest(url=url))

    return fetch


def _raw_deflate(data: bytes) -> bytes:
    engine = zlib.compressobj(wbits=-15)
    return engine.compress(data) + engine.flush()


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (TEXT, ""),
        (TEXT, "identity"),
        (gzip.compress(TEXT), "gzip"),
        (gzip.compress(TEXT), "x-gzip"),
        (gzip.compress(TEXT), "GZIP"),
        (gzip.compress(TEXT), ""),  # packed without saying so
        (gzip.compress(TEXT[:50_000]) + gzip.compress(TEXT[50_000:]), "gzip"),
        (zlib.compress(TEXT), "deflate"),
        (_raw_deflate(TEXT), "deflate"),
    ],
)
def test_content_comes_out_whole_and_the_raw_bytes_stay(body: bytes, coding: str, get: Get) -> None:
    fetched = get(body, coding)
    assert unpack(fetched, 1 << 20).read_bytes() == TEXT
    assert fetched.path.read_bytes() == body


def test_content_that_packs_badly_spans_many_pieces(
    make_client: Callable[..., Client], partner: PartnerServer
) -> None:
    noise = random.Random(7).randbytes(900_000)  # noqa: S311 - not for secrets
    url = partner.on("/x", Answer(200, gzip.compress(noise), {"Content-Encoding": "gzip"}))
    fetched = make_client(limits=dataclasses.replace(QUICK, wire_bytes=2 << 20)).fetch(
        FetchRequest(url=url)
    )
    assert unpack(fetched, 900_000).read_bytes() == noise


@pytest.mark.parametrize("coding", ["gzip", "deflate", ""])
def test_a_bomb_is_stopped_at_the_bound_and_costs_no_memory(coding: str, get: Get) -> None:
    zeros = bytes(64 << 20)
    packed = zlib.compress(zeros) if coding == "deflate" else gzip.compress(zeros)
    fetched = get(packed, coding)
    del zeros
    tracemalloc.start()
    with pytest.raises(PartnerInvalid, match="unpack to more than the 1000000 bytes"):
        unpack(fetched, 1_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert fetched.wire_bytes < 100_000
    assert peak < 4 << 20
    assert fetched.path.with_suffix(".content").stat().st_size <= 1_000_000


def test_exactly_the_bound_passes(get: Get) -> None:
    assert unpack(get(gzip.compress(TEXT), "gzip"), len(TEXT)).stat().st_size == len(TEXT)


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_packed_data_that_breaks_off_is_not_taken_for_whole(coding: str, get: Get) -> None:
    packed = gzip.compress(TEXT) if coding == "gzip" else zlib.compress(TEXT)
    with pytest.raises(PartnerUnavailable, match="breaks off"):
        unpack(get(packed[:-9], coding), 1 << 20)


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (b"plain text", "gzip"),
        (gzip.compress(TEXT)[:-8] + b"\0" * 8, "gzip"),
        (gzip.compress(TEXT) + b"trailing", "gzip"),
        (zlib.compress(TEXT) + b"trailing", "deflate"),
    ],
)
def test_broken_packing_is_the_partners_fault(body: bytes, coding: str, get: Get) -> None:
    with pytest.raises(PartnerInvalid):
        unpack(get(body, coding), 1 << 20)


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip"])
def test_a_coding_that_was_not_asked_for_is_refused(coding: str, get: Get) -> None:
    with pytest.raises(PartnerInvalid, match="only gzip was asked for"):
        unpack(get(b"x", coding), 1 << 20)


def test_an_empty_body_is_empty_whatever_its_coding(get: Get) -> None:
    assert unpack(get(b"", "gzip"), 10).read_bytes() == b""


def test_the_words_of_a_packed_error_page_can_be_read(get: Get) -> None:
    page = b"<html><body>no such flow</body></html>"
    assert excerpt(get(gzip.compress(page), "gzip")) == "no such flow"
    assert excerpt(get(b"broken", "gzip")) == ""
    assert excerpt(get(b"\x00\x01\x02")) == ""
