"""The service behind a real server on loopback: raw paths, streaming, broken connections."""

from __future__ import annotations

import gzip
import http.client
import socket
import threading
import time
from collections.abc import Iterator

import pyarrow as pa
import pytest
import uvicorn

from hub.rest import create_app
from tests.rest.memory import MemoryBackend


class FailingLate(MemoryBackend):
    """A backend whose second batch fails, after bytes have been sent."""

    def read(self, *args, **kwargs):
        table = super().read(*args, **kwargs).read_all()

        def batches() -> Iterator[pa.RecordBatch]:
            yield from table.to_batches()
            raise OSError("the disk is gone")

        return pa.RecordBatchReader.from_batches(table.schema, batches())


@pytest.fixture(scope="module")
def serve():
    """Start servers on free ports; they end with the module."""
    servers = []

    def start(backend: MemoryBackend) -> int:
        listener = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(create_app(backend), log_level="critical", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        servers.append((server, thread, listener))
        while not server.started:
            time.sleep(0.01)
        return int(listener.getsockname()[1])

    yield start
    for server, thread, listener in servers:
        server.should_exit = True
        thread.join()
        listener.close()


@pytest.fixture(scope="module")
def port(serve):
    return serve(MemoryBackend())


def get(port: int, target: str, method: str = "GET", **headers: str) -> tuple[int, dict, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, target, headers=sent)
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return response.status, found, response.read()
    finally:
        connection.close()


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


def test_a_message_is_streamed_and_compressed(port):
    status, headers, body = get(port, FLOW, accept="text/csv", accept_encoding="gzip")
    assert (status, headers["content-encoding"]) == (200, "gzip")
    assert headers["transfer-encoding"] == "chunked"
    assert len(gzip.decompress(body).splitlines()) == 1 + 17


def test_head_and_304_have_no_body(port):
    status, headers, body = get(port, FLOW, "HEAD")
    assert (status, body) == (200, b"")
    status, _, body = get(port, FLOW, if_none_match=headers["etag"])
    assert (status, body) == (304, b"")


def test_a_failure_after_the_first_byte_breaks_the_connection(serve):
    """No client may take half a message for a whole one."""
    with pytest.raises(http.client.IncompleteRead):
        get(serve(FailingLate()), FLOW, accept="text/csv")
