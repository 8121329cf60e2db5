from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpcore
import pytest

from tests.connectors.addresses.recorder import Recorder, recording
from tests.connectors.addresses.spellings import NAMES
from tests.connectors.http.server import PartnerServer


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    with recording() as found:
        yield found


@pytest.fixture
def victim() -> Iterator[PartnerServer]:
    """What an attacker wants to reach: it listens on loopback, and nobody is to ask it."""
    with PartnerServer() as server:
        yield server


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Let the system's resolver read every spelling of an address, and ask no name server.

    The names of the tests have the answers that are written there, one after the other; the count
    says how often each was asked for.
    """
    asked: Counter[str] = Counter()
    real = socket.getaddrinfo

    def look_up(host: Any, port: Any, *arguments: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name in NAMES:
            answers = NAMES[name]
            answer = answers[min(asked[name], len(answers) - 1)]
            asked[name] += 1
            return [found for one in answer for found in real(one, port, type=socket.SOCK_STREAM)]
        if name is not None and name.lower().rstrip(".") != "localhost":
            options["flags"] = options.get("flags", 0) | socket.AI_NUMERICHOST
        return real(host, port, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    context = httpcore.default_ssl_context()  # reading the trusted certificates takes its time
    monkeypatch.setattr(httpcore, "default_ssl_context", lambda: context)
    # what cannot be resolved is tried again, after pauses that nobody has to wait for here
    monkeypatch.setattr("connectors.http.client.backoff", lambda _tries: 0.0)
    return asked
