"""`serve --workers`: several processes, each replaced when it ends, and none outliving the node."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pyarrow as pa
import pytest

from hub.formats.message import RawData
from hub.model import Origin
from hub.publish import Submission, publish
from hub.store import init_home, open_store
from tests.publish.stock import FLOW, PLAIN

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")
DATA = "/sdmx/v2/data/dataflow/MIGX/DF_STOCK_BIRTH/1.0.0"
#: A form so wordy that a download does not fit into the buffers of a connection, which Linux lets
#: grow to 4 MiB on the server's side.
WORDY = "application/vnd.sdmx.genericdata+xml;version=2.1"
MOST_BUFFERED = 6 << 20
Serve = Callable[..., "Node"]


class Node:
    """A node served by a process of its own, with its workers."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        said = json.loads("".join(iter(process.stdout.readline, "}\n")) + "}")
        url = urlsplit(said["url"])
        self.host, self.port = str(url.hostname), int(url.port or 0)

    def connect(self) -> http.client.HTTPConnection:
        """A connection that holds little of what it has not read."""
        connection = http.client.HTTPConnection(self.host, self.port)
        taken = connection.sock = socket.socket()
        taken.settimeout(60)
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        try:
            taken.connect((self.host, self.port))
        except OSError:
            taken.close()
            raise
        return connection

    def get(self, target: str, accept: str = "text/csv") -> tuple[int, bytes]:
        connection = self.connect()
        try:
            response = ask(connection, target, accept)
            return response.status, response.read()
        finally:
            connection.close()

    def workers(self) -> set[int]:
        found = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return {int(pid) for pid in found.split() if b"spawn_main" in command_of(int(pid))}

    def wait_for_workers(self, count: int, other_than: set[int] = frozenset()) -> set[int]:
        wait_for(lambda: len(self.workers() - other_than) == count)
        return self.workers()

    def stop(self) -> tuple[int, str]:
        self.process.send_signal(signal.SIGTERM)
        complaints = self.process.communicate(timeout=30)[1]
        return self.process.returncode, complaints


def ask(
    connection: http.client.HTTPConnection, target: str, accept: str
) -> http.client.HTTPResponse:
    connection.request("GET", target, headers={"accept": accept})
    return connection.getresponse()


def command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return b""


def is_alive(pid: int) -> bool:
    return b"spawn_main" in command_of(pid)


def wait_for(condition: Callable[[], object], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def large_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A node with 20,000 observations, which no test changes."""
    from codelists import reporting_areas

    home = tmp_path_factory.mktemp("large") / "home"
    init_home(home, {"node": "SWE", "areas": ["SWE"]})
    origins = sorted(set(reporting_areas()) - {"SWE"})[:200]
    cells = [(origin, str(year)) for origin in origins for year in range(1920, 2020)]
    columns = {name: [value] * len(cells) for name, value in PLAIN.items()}
    columns |= {"COUNTERPART_AREA": [origin for origin, _ in cells]}
    columns |= {"TIME_PERIOD": [year for _, year in cells]}
    given = RawData(source="large", table=pa.table(columns))
    store = open_store(home)
    origin = Origin(kind="submission", name="SWE")
    publish(store, FLOW, Submission(raw=given, source="SWE", origin=origin))
    store.close()
    return home


@pytest.fixture
def serve(large_home: Path, root: Path) -> Iterator[Serve]:
    """Start `corridor serve --workers` on a free port."""
    started: list[Node] = []

    def start(count: int) -> Node:
        command = [sys.executable, "-W", "error", "-m", "hub.main", "--home", str(large_home)]
        process = subprocess.Popen(
            [*command, "serve", "--json", "--port", "0", "--workers", str(count)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=root,
        )
        started.append(Node(process))
        return started[-1]

    yield start
    for node in started:
        workers = node.workers() if node.process.poll() is None else set()
        node.process.kill()
        node.process.communicate()
        wait_for(lambda left=workers: not any(map(is_alive, left)))


def accepts(node: Node) -> bool:
    try:
        node.connect().close()
    except ConnectionRefusedError:
        return False
    return True


def test_all_answer_and_told_to_stop_they_finish_what_is_under_way(serve: Serve) -> None:
    node = serve(3)
    workers = node.wait_for_workers(3)
    ((status, whole),) = {node.get(DATA, WORDY) for _ in range(8)}
    assert status == 200
    assert len(whole) > MOST_BUFFERED, "a download fits into the buffers, which tests nothing"
    connection = node.connect()
    response = ask(connection, DATA, WORDY)
    begun = response.read(100_000)
    node.process.send_signal(signal.SIGTERM)
    wait_for(lambda: not accepts(node))
    assert begun + response.read() == whole
    connection.close()
    assert node.stop() == (0, "")
    assert not any(is_alive(pid) for pid in workers)


def test_told_before_they_serve_they_end_all_the_same(serve: Serve) -> None:
    assert serve(2).stop() == (0, "")


def test_killed_in_the_middle_of_a_download_they_leave_nothing_half_and_are_replaced(
    serve: Serve, large_home: Path
) -> None:
    node = serve(2)
    before = node.wait_for_workers(2)
    target = f"{DATA}?dimensionAtObservation=AllDimensions"
    connection = node.connect()
    response = ask(connection, target, WORDY)
    assert response.read(100_000)
    assert any((large_home / "cache" / "filling").iterdir()), "nothing is kept: this tests nothing"
    finished = set((large_home / "cache").glob("??/*"))
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    with pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
        response.read()
    connection.close()
    assert set((large_home / "cache").glob("??/*")) == finished
    after = node.wait_for_workers(2, before) - before
    status, whole = node.get(target, WORDY)
    assert (status, whole.count(b"<generic:Obs>")) == (200, 20_000)
    assert {node.get(target, WORDY) for _ in range(4)} == {(200, whole)}
    code, complaints = node.stop()
    assert code == 0
    for pid in before:
        assert f"worker {pid} ended with -9" in complaints
    assert any(f"{pid} takes its place" in complaints for pid in after)


def test_on_a_hangup_others_take_over_and_none_outlives_the_node(serve: Serve) -> None:
    node = serve(2)
    before = node.wait_for_workers(2)
    assert node.get(DATA)[0] == 200
    node.process.send_signal(signal.SIGHUP)
    until = time.monotonic() + 120
    while node.workers() & before:
        assert time.monotonic() < until
        with suppress(http.client.RemoteDisconnected, ConnectionResetError):  # by one that ends
            assert node.get("/health")[0] == 200, "somebody answers all the time"
    after = node.wait_for_workers(2)
    node.process.kill()
    wait_for(lambda: not any(is_alive(pid) for pid in after))
