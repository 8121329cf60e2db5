from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from hub.rest import create_app
from hub.rest.serving import build_app
from hub.store import Store, init_home, open_store
from tests.rest.client import Client
from tests.rest.memory import MemoryBackend
from tests.rest.registry import Keyed
from tests.store import drafts
from tests.store.vintages import ARTEFACTS, START, Clock


@pytest.fixture
def backend() -> MemoryBackend:
    return MemoryBackend()


@pytest.fixture
def client(backend: MemoryBackend) -> Client:
    return Client(create_app(backend))


@pytest.fixture(scope="session")
def vintage_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home to copy that knows a flow of which every state can be asked for."""
    home = tmp_path_factory.mktemp("vintages") / "home"
    init_home(home, {"node": "SWE", "areas": ["SWE"]}, lambda: START - timedelta(days=1))
    store = open_store(home, Clock())
    store.load_structures(ARTEFACTS)
    store.close()
    return home


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(vintage_home: Path, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    """A node with a clock that a test sets, and nothing published."""
    store = open_store(shutil.copytree(vintage_home, tmp_path / "home"), clock)
    yield store
    store.close()


@pytest.fixture
def node(store: Store) -> Client:
    """A client of that node."""
    return Client(build_app(store))


@pytest.fixture(scope="session")
def registry_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a node, to copy."""
    home = tmp_path_factory.mktemp("registry") / "home"
    init_home(home, {"node": "SWE", "areas": ["SWE"], "base_url": "https://sdmx.example.org"})
    return home


@pytest.fixture
def home(registry_home: Path, tmp_path: Path) -> Path:
    return shutil.copytree(registry_home, tmp_path / "home")


@pytest.fixture
def keyed(home: Path) -> Iterator[Keyed]:
    """A node without structures of its own that takes changes, and a key to it."""
    store = open_store(home)
    yield Keyed(store)
    store.close()


@pytest.fixture
def whole(keyed: Keyed) -> Keyed:
    """A node with draft structures."""
    keyed.store.load_structures(drafts.ARTEFACTS)
    return keyed
