"""Answers from the cache: the same bytes as written anew, and never those of another release."""

from __future__ import annotations

import http.client
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.rest import create_app
from hub.rest.cache import RenderedCache
from hub.rest.serving import build_app
from hub.store import Store, init_home, open_store
from tests.publish.conftest import NO_INDEX
from tests.publish.stock import raw, submit
from tests.rest.client import Client
from tests.rest.memory import Long, MemoryBackend
from tests.rest.server import get, serving

FLOW = "/sdmx/v2/data/dataflow/TEST/DF_A/1.0.0"
FORMS = [
    "application/vnd.sdmx.data+json;version=2.0.0",
    "application/vnd.sdmx.data+json;version=2.1.0",
    "application/vnd.sdmx.data+csv;version=2.0.0",
    "application/vnd.sdmx.data+csv;version=2.1.0;labels=both",
    "application/vnd.sdmx.data+xml;version=3.0.0",
    "application/vnd.sdmx.data+xml;version=3.1.0",
    "application/vnd.sdmx.genericdata+xml;version=2.1",
    "application/vnd.apache.arrow.stream",
]
PARQUET = "application/vnd.apache.parquet"
CODINGS = ["", "gzip", "br", "zstd"]


class Steady(MemoryBackend):
    """A backend that says when it changes."""

    def __init__(self) -> None:
        super().__init__()
        self.moment = object()

    def state(self) -> object:
        return self.moment


class SteadyLong(Long):
    """A long answer from a backend that never changes."""

    def state(self) -> object:
        return MemoryBackend


@pytest.fixture
def serve(tmp_path):
    """Serve a backend with a cache; each call is a process of its own over the same folder."""
    with ExitStack() as stack:

        def start(backend: MemoryBackend, most_bytes: int = 1 << 30) -> int:
            cache = RenderedCache(tmp_path / "cache", most_bytes)
            return stack.enter_context(serving(create_app(backend, cache=cache)))

        yield start


def kept(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]


def wait_for(condition, seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return bool(condition())


@pytest.mark.parametrize("batches", [0, 5, 8], ids=["short", "large", "streamed"])
def test_hit_and_miss_are_the_same_bytes(serve, tmp_path, batches):
    """In every form and coding; written anew, from memory, from disk, after a restart."""

    def backend() -> MemoryBackend:
        return SteadyLong(batches=batches) if batches else Steady()

    first, plain = backend(), backend()
    port, uncached = serve(first), serve(plain, 0)
    asked = [(form, coding) for form in FORMS for coding in CODINGS]
    asked += [(PARQUET, "")]  # it is packed already: there is one of it
    for form, coding in asked:
        wanted = {"accept": form, "accept_encoding": coding}
        status, headers, body = get(uncached, FLOW, **wanted)
        assert status == 200
        told = ("etag", "content-type", "content-encoding", "vary", "last-modified")
        for _ in range(3):
            again = get(port, FLOW, **wanted)
            assert again[0] == 200
            assert [again[1].get(name) for name in told] == [headers.get(name) for name in told]
            assert again[2] == body
    tags = {get(port, FLOW, accept=f, accept_encoding=c)[1]["etag"] for f, c in asked}
    assert len(tags) == len(asked)
    assert get(port, FLOW, accept=PARQUET, accept_encoding="zstd")[1]["etag"] in tags
    assert first.reads == plain.reads  # each was written once
    assert wait_for(lambda: len(kept(tmp_path)) == len(asked))
    restarted = backend()
    port = serve(restarted)
    for form, coding in asked:
        wanted = {"accept": form, "accept_encoding": coding}
        found = get(port, FLOW, **wanted)[2]
        assert found == get(uncached, FLOW, **wanted)[2]
    assert restarted.reads == 0


def test_first_requests_at_the_same_time(serve, tmp_path):
    port = serve(SteadyLong(batches=10))
    start = threading.Barrier(6)

    def ask(_: int) -> bytes:
        start.wait()
        return get(port, FLOW, accept="text/csv")[2]

    with ThreadPoolExecutor(6) as pool:
        bodies = set(pool.map(ask, range(6)))
    assert len(bodies) == 1
    assert wait_for(lambda: len(kept(tmp_path)) == 1)


def test_a_client_that_leaves_makes_no_entry(serve, tmp_path):
    backend = SteadyLong()
    port = serve(backend)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", FLOW, headers={"accept": "text/csv"})
    assert connection.getresponse().read(100_000)
    connection.close()
    assert backend.ended.wait(5)
    assert wait_for(lambda: not kept(tmp_path))
    backend.batches = 10
    whole = get(port, FLOW, accept="text/csv")[2]
    assert len(whole.splitlines()) == 1 + 10 * 1700


def test_a_client_that_leaves_a_stored_answer_harms_none(serve):
    port = serve(SteadyLong(batches=60))
    whole = get(port, FLOW, accept="text/csv")[2]
    assert len(whole) > 4 << 20
    for _ in range(5):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", FLOW, headers={"accept": "text/csv"})
        assert connection.getresponse().read(1000)
        connection.close()
    assert get(port, FLOW, accept="text/csv")[2] == whole


def test_a_failure_makes_no_entry(serve, tmp_path):
    port = serve(SteadyLong(batches=10, fails=True))
    for _ in range(2):
        with pytest.raises(http.client.IncompleteRead):
            get(port, FLOW, accept="text/csv")
    assert wait_for(lambda: not kept(tmp_path))


@pytest.mark.parametrize("long", [False, True], ids=["short", "long"])
def test_head_condition_and_range_of_what_is_kept(serve, long):
    port = serve(SteadyLong(batches=8) if long else Steady())
    _, _, whole = get(port, FLOW, accept="text/csv")
    status, headers, body = get(port, FLOW, "HEAD", accept="text/csv")
    assert (status, body, headers["content-length"]) == (200, b"", str(len(whole)))
    # A range is ignored, as nothing said that ranges are served (RFC 9110, 14.2).
    status, headers, body = get(port, FLOW, accept="text/csv", range="bytes=0-9")
    assert (status, body) == (200, whole)
    assert "accept-ranges" not in headers
    for name, value in (
        ("if_none_match", headers["etag"]),
        ("if_modified_since", headers["last-modified"]),
    ):
        conditions = {"accept": "text/csv", name: value}
        status, unchanged, body = get(port, FLOW, **conditions)
        assert (status, body) == (304, b"")
        assert unchanged["etag"] == headers["etag"]
        assert unchanged["access-control-allow-origin"] == "*"
    assert get(port, FLOW, accept="text/csv", if_none_match='"other"')[2] == whole


def test_what_the_answer_depends_on_is_never_mixed_up(serve):
    port = serve(Steady())
    asked = [
        {"accept": "text/csv"},
        {"accept": "application/json"},
        {"accept": "application/json", "accept_language": "fr"},
        {"accept": "text/csv", "accept_encoding": "gzip"},
        {"accept": "text/xml"},
    ]
    once = [get(port, FLOW, **headers) for headers in asked]
    again = [get(port, FLOW, **headers) for headers in asked]
    assert [body for _, _, body in once] == [body for _, _, body in again]
    assert len({headers["etag"] for _, headers, _ in again}) == 5
    assert get(port, f"{FLOW}?limit=1", accept="text/csv")[2] != once[0][2]
    other = FLOW.replace("DF_A", "DF_B")
    assert get(port, other, accept="text/csv")[2] != once[0][2]


def test_a_change_of_state_is_seen_by_the_next_request(serve):
    backend = Steady()
    port = serve(backend)
    before = get(port, FLOW, accept="text/csv")
    assert get(port, FLOW, accept="text/csv", if_none_match=before[1]["etag"])[0] == 304
    rows = backend.rows[next(iter(backend.rows))]
    rows[0] = {**rows[0], "OBS_VALUE": 1.0}
    backend.moment = object()
    after = get(port, FLOW, accept="text/csv", if_none_match=before[1]["etag"])
    assert after[0] == 200
    assert after[2] != before[2]


class Clock:
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def served(tmp_path, catalogue_url, clock):
    """The store of a node that answers."""
    about = {"node": "SWE", "areas": ["SWE"], "index_rows": NO_INDEX, "catalogue": catalogue_url}
    init_home(tmp_path / "home", about, clock)
    store = open_store(tmp_path / "home", clock)
    yield store
    store.close()


@pytest.fixture
def node(served, clock):
    """A client of a node, another process that publishes there, and the clock of both."""
    other = open_store(served.settings.home, clock)
    yield Client(build_app(served)), other, clock
    other.close()


def release(store: Store, value: int, visible_from: datetime | None = None) -> None:
    submit(store, raw({"OBS_VALUE": str(value)}), visible_from=visible_from)


def asked(client: Client) -> tuple[str, str]:
    target = "/sdmx/v2/data/dataflow/MIGX/DF_STOCK_BIRTH/1.0.0/*?attributes=none"
    response = client.get(target, "text/csv")
    assert response.status_code == 200, response.text
    same = client.get(target, "text/csv", {"if-none-match": response.headers["etag"]})
    assert same.status_code == 304
    return response.text.strip().rpartition(",")[2], response.headers["etag"]


def test_a_release_is_seen_by_the_next_request(node):
    client, publisher, clock = node
    seen = []
    for value in range(5):
        clock.now += timedelta(seconds=1)
        release(publisher, value)
        assert asked(client)[0] == asked(client)[0] == str(value)
        seen.append(asked(client)[1])
    assert len(set(seen)) == 5


def test_an_answer_given_before_asks_only_whether_something_changed(node, served, monkeypatch):
    client, publisher, _ = node
    release(publisher, 1)
    before = asked(client)

    def reading() -> None:
        raise AssertionError("the catalogue was read")

    monkeypatch.setattr(served.catalogue, "reading", reading)
    assert asked(client) == before
    monkeypatch.undo()
    release(publisher, 2)
    assert asked(client)[0] == "2"


def test_what_is_held_back_is_seen_at_its_instant(node):
    client, publisher, clock = node
    release(publisher, 1)
    clock.now += timedelta(seconds=1)
    instant = clock.now + timedelta(hours=1)
    later = instant + timedelta(hours=1)
    release(publisher, 2, instant)
    release(publisher, 3, later)
    assert asked(client)[0] == "1"
    for at, before, after in ((instant, "1", "2"), (later, "2", "3")):
        clock.now = at - timedelta(microseconds=1)
        assert asked(client)[0] == before
        clock.now = at
        assert asked(client)[0] == after


def test_a_release_equal_to_an_old_one_has_its_figures_but_its_own_tag(node):
    client, publisher, clock = node
    tags = []
    for value in (1, 2, 1):
        clock.now += timedelta(seconds=1)
        release(publisher, value)
        figure, tag = asked(client)
        assert figure == str(value)
        tags.append(tag)
    assert len(set(tags)) == 3  # when it was prepared is part of the message


def test_structures_loaded_by_another_process_are_seen(node):
    client, publisher, _ = node
    target = "/sdmx/v2/structure/provisionagreement/*/*"
    assert client.get(target).status_code == 204
    release(publisher, 1)
    assert client.get(target).status_code == 200
