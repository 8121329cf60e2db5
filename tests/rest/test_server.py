"""The service behind a real server on loopback: raw paths, streaming, broken connections."""

from __future__ import annotations

import gzip
import http.client
from contextlib import ExitStack

import pytest

from hub.rest import create_app
from tests.rest.memory import Long, MemoryBackend
from tests.rest.server import get, serving


@pytest.fixture(scope="module")
def serve():
    """Start servers on free ports; they end with the module."""
    with ExitStack() as stack:
        yield lambda backend: stack.enter_context(serving(create_app(backend)))


@pytest.fixture(scope="module")
def port(serve):
    return serve(MemoryBackend())


FLOW = "/sdmx/v2/data/dataflow/TEST/DF_A/1.0.0"


@pytest.mark.parametrize(
    "target",
    [
        f"{FLOW}/.SWE.F?c[TIME_PERIOD]=ge:2020+le:2021",
        f"{FLOW}/.SWE.F?c%5BTIME_PERIOD%5D=ge%3A2020%2Ble%3A2021",
        f"{FLOW}/%2A.SWE.F/?c[TIME_PERIOD]=ge:2020&c[TIME_PERIOD]=le:2021",
        "/sdmx/v2/data/dataflow/TEST/DF_A/+/A.SWE.F?c[TIME_PERIOD]=ge:2020%20le:2021",
    ],
)
def test_raw_and_encoded_requests_mean_the_same(port, target):
    status, headers, body = get(port, target, accept="text/csv")
    assert status == 200
    assert headers["content-type"] == "application/vnd.sdmx.data+csv;version=2.1.0"
    assert len(body.splitlines()) == 1 + 2


def test_a_key_of_dots_survives(port):
    """`..` is a key of wildcards, not the parent folder."""
    status, _, body = get(port, "/sdmx/v1/data/DF_A/..", accept="text/csv")
    assert status == 200
    assert len(body.splitlines()) == 1 + 17


def test_a_short_message_tells_its_length(port):
    status, headers, body = get(port, FLOW, accept="text/csv")
    assert (status, headers["content-length"]) == (200, str(len(body)))
    assert get(port, FLOW, "HEAD", accept="text/csv")[1]["content-length"] == str(len(body))


def test_a_long_message_is_streamed_and_compressed(serve):
    status, headers, body = get(
        serve(Long(batches=50)), FLOW, accept="text/csv", accept_encoding="gzip"
    )
    assert (status, headers["content-encoding"]) == (200, "gzip")
    assert headers["transfer-encoding"] == "chunked"
    assert len(gzip.decompress(body).splitlines()) == 1 + 50 * 1700


def test_a_client_that_leaves_stops_the_reading(serve):
    backend = Long()
    connection = http.client.HTTPConnection("127.0.0.1", serve(backend), timeout=10)
    connection.request("GET", FLOW, headers={"accept": "text/csv"})
    assert connection.getresponse().read(100_000)
    connection.close()
    assert backend.ended.wait(5)
    assert backend.taken < 1000


def test_head_and_304_have_no_body(port):
    status, headers, body = get(port, FLOW, "HEAD")
    assert (status, body) == (200, b"")
    status, _, body = get(port, FLOW, if_none_match=headers["etag"])
    assert (status, body) == (304, b"")


def test_a_failure_after_the_first_byte_breaks_the_connection(serve):
    """No client may take half a message for a whole one."""
    with pytest.raises(http.client.IncompleteRead):
        get(serve(Long(batches=50, fails=True)), FLOW, accept="text/csv")
