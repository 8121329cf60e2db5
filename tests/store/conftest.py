"""Nodes to read from."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.store import Store, init_home, open_store

#: No release of a test is that large: reading is from the Parquet files unless a test says so.
NO_INDEX = 1_000_000_000


@pytest.fixture(scope="module")
def module_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    home = tmp_path_factory.mktemp("store") / "home"
    init_home(home, {"node": "SWE", "areas": ["SWE"], "index_rows": NO_INDEX})
    store = open_store(home)
    yield store
    store.close()


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home to copy, because making one takes a while."""
    home = tmp_path_factory.mktemp("store") / "home"
    init_home(home, {"node": "SWE", "areas": ["SWE"], "index_rows": NO_INDEX})
    return home


@pytest.fixture
def store(empty_home: Path, tmp_path: Path) -> Iterator[Store]:
    store = open_store(shutil.copytree(empty_home, tmp_path / "home"))
    yield store
    store.close()
