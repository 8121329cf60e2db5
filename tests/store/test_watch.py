"""Whether the catalogue changed: told by the next question, over every database."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from hub.errors import Internal
from hub.store import Store, init_home, open_store
from hub.store.retention import forget
from tests.publish.stock import SettableClock, raw, submit, year
from tests.store import postgresql


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def store(catalogue_url: str, tmp_path: Path, clock: SettableClock) -> Iterator[Store]:
    about = {"node": "SWE", "areas": ["SWE"], "index_rows": 10**9, "catalogue": catalogue_url}
    init_home(tmp_path / "home", about, clock)
    made = open_store(tmp_path / "home", clock)
    yield made
    made.close()


@pytest.fixture
def other(store: Store, clock: SettableClock) -> Iterator[Store]:
    """The same node, as another process has it."""
    made = open_store(store.settings.home, clock)
    yield made
    made.close()


def test_every_commit_of_another_is_seen_at_once(store: Store, other: Store) -> None:
    """The clock stands, so that no change is seen by the time that passed."""
    watch = store.watch
    seen = [watch.version()]
    for value in range(5):
        submit(other, raw(year(2020, value)))
        seen.append(watch.version())
        assert watch.version() == seen[-1]
    assert len(set(seen)) == 6
    forget(other.catalogue, other.present())
    assert watch.version() != seen[-1]


def test_what_failed_is_no_change(store: Store, other: Store) -> None:
    watch = store.watch
    before = watch.version()
    with suppress(KeyError), other.catalogue.writing() as connection:
        other.catalogue.stamp(connection)
        raise KeyError
    with other.catalogue.reading() as connection:
        other.catalogue.present(connection)
    assert watch.version() == before


def test_threads_share_a_watch(store: Store, other: Store) -> None:
    watch = store.watch
    with ThreadPoolExecutor(8) as pool:
        before = set(pool.map(lambda _: watch.version(), range(100)))
        submit(other, raw(year(2020)))
        after = set(pool.map(lambda _: watch.version(), range(100)))
    assert len(before) == len(after) == 1
    assert before != after


@pytest.fixture
def over_server(
    postgresql_url: str, tmp_path: Path, clock: SettableClock
) -> Iterator[tuple[Store, Callable[[str], None]]]:
    """A node over a server, and what runs statements there without being of the node."""
    url = postgresql.new_database(postgresql_url)
    init_home(tmp_path / "home", {"node": "SWE", "areas": ["SWE"], "catalogue": url}, clock)
    store = open_store(tmp_path / "home", clock)
    server = create_engine(postgresql_url, isolation_level="AUTOCOMMIT")

    def run(statement: str) -> None:
        with server.connect() as connection:
            connection.execute(text(statement.format(name=url.rpartition("/")[2])))

    yield store, run
    server.dispose()
    store.close()


CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"


class _Reset:
    """The socket of a server that is gone, where that is noticed on reading only."""

    def write(self, _sent: bytes) -> None:
        return None

    flush = close = lambda self: None

    def read(self, _size: int) -> bytes:
        raise ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")


def test_connections_that_were_reset_while_they_waited_are_made_anew(
    over_server: tuple[Store, Callable[[str], None]],
) -> None:
    store, run = over_server
    with store.catalogue.reading() as one, store.catalogue.reading() as another:
        waiting: Any = [each.connection.dbapi_connection for each in (one, another)]
    run(CUT)
    for each in waiting:
        each._sock = _Reset()
    with store.catalogue.reading() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
    assert store.watch.version() == store.watch.version()


def test_a_connection_that_was_cut_is_made_anew(
    over_server: tuple[Store, Callable[[str], None]],
) -> None:
    store, run = over_server
    before = store.watch.version()
    run(CUT)
    assert store.watch.version() == before
    submit(store, raw(year(2020)))
    run(CUT)
    assert store.watch.version() != before


def test_a_server_that_is_gone_is_told(over_server: tuple[Store, Callable[[str], None]]) -> None:
    store, run = over_server
    before = store.watch.version()
    run("ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    run(CUT)
    with pytest.raises(Internal, match="does not tell whether it changed"):
        store.watch.version()
    run("ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    assert store.watch.version() == before
