from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from connectors.http import AddressPolicy, Client, FetchLimits
from tests.connectors.http.server import PartnerServer

QUICK = FetchLimits(
    wire_bytes=1 << 20,
    unpacked_bytes=1 << 20,
    connect_seconds=2,
    read_seconds=2,
    total_seconds=5,
    wait_seconds=30,
    tries=3,
)


@pytest.fixture
def partner() -> Iterator[PartnerServer]:
    with PartnerServer() as server:
        yield server


@pytest.fixture
def pauses() -> list[float]:
    """The pauses a client made, in seconds, which no test waits for."""
    return []


@pytest.fixture
def make_client(tmp_path: Path, pauses: list[float]) -> Callable[..., Client]:
    def make(**options: object) -> Client:
        settings = {
            "policy": AddressPolicy(allow_private=True),
            "limits": QUICK,
            "sleep": pauses.append,
        }
        return Client(tmp_path, **(settings | options))

    return make


@pytest.fixture
def client(make_client: Callable[..., Client]) -> Client:
    return make_client()
