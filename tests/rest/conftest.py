from __future__ import annotations

import pytest

from hub.rest import create_app
from tests.rest.client import Client
from tests.rest.memory import MemoryBackend


@pytest.fixture
def backend() -> MemoryBackend:
    return MemoryBackend()


@pytest.fixture
def client(backend: MemoryBackend) -> Client:
    return Client(create_app(backend))
