"""Nodes to publish at, with a clock that a test sets."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from hub.model import Schema, resolve
from hub.store import Store, init_home, open_store
from tests.publish.stock import FLOW, SettableClock

#: No release of a test is that large: all reading is from the Parquet files.
NO_INDEX = 1_000_000_000


@pytest.fixture(scope="session")
def stock_schema() -> Schema:
    from dsd import shared_structures

    return resolve(FLOW, shared_structures())


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home to copy, because making one takes a while."""
    home = tmp_path_factory.mktemp("publish") / "home"
    about = {"node": "SWE", "areas": ["SWE"], "index_rows": NO_INDEX}
    init_home(home, about, lambda: SettableClock().time - timedelta(days=1))
    return home


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def home(empty_home: Path, tmp_path: Path) -> Path:
    shutil.copytree(empty_home, tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def open_again(home: Path) -> Iterator[Callable[..., Store]]:
    """Opens the home once more, as another process would."""
    with ExitStack() as stack:

        def open_(clock: Callable[..., object]) -> Store:
            store = open_store(home, clock)
            stack.callback(store.close)
            return store

        yield open_


@pytest.fixture
def store(open_again: Callable[..., Store], clock: SettableClock) -> Store:
    return open_again(clock)
