"""Requests that are answered where they arrive, because one of their kind was answered quickly."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from hub.rest import create_app, quick
from hub.rest.quick import Quick
from tests.rest.client import Client
from tests.rest.memory import MemoryBackend

AVAILABILITY = "/sdmx/v2/availability/dataflow/TEST/DF_A/1.0.0/*"


class Steady(MemoryBackend):
    """Says when it changes, and notes the threads that asked what is available."""

    def __init__(self) -> None:
        super().__init__()
        self.moment: object | None = object()
        self.threads: list[bool] = []

    def state(self) -> object | None:
        return self.moment

    def availability(self, *about: Any) -> Any:
        self.threads.append(threading.current_thread() is threading.main_thread())
        return super().availability(*about)


def scope(path: str = "/a", query: bytes = b"", **headers: str) -> dict[str, Any]:
    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"method": "GET", "path": path, "query_string": query, "headers": sent}


def asked(backend: Steady, *languages: str) -> list[bool]:
    """Where each of several requests was answered: on the loop or in a thread."""
    client = Client(create_app(backend))
    for language in languages:
        assert client.get(AVAILABILITY, headers={"accept-language": language}).status_code == 200
    return backend.threads


def test_the_next_of_a_kind_is_answered_where_it_arrives(monkeypatch) -> None:
    monkeypatch.setattr(quick, "QUICK", 60.0)
    assert asked(Steady(), "en", "fr", "sv") == [False, True, True]


def test_what_took_longer_is_answered_in_a_thread_again(monkeypatch) -> None:
    monkeypatch.setattr(quick, "QUICK", 0.0)
    assert asked(Steady(), "en", "fr", "sv") == [False, False, False]


def test_where_the_catalogue_is_asked_over_a_network_nothing_waits_for_it(monkeypatch) -> None:
    monkeypatch.setattr(quick, "QUICK", 60.0)
    backend = Steady()
    backend.state_waits = True
    assert asked(backend, "en", "fr") == [False, False]


@pytest.mark.parametrize("state", [object(), None])
def test_another_state_is_looked_at_anew(state: object | None) -> None:
    backend = Steady()
    known = Quick(backend)
    known.learn(scope(), backend.moment, 0.0)
    assert known.knows(scope())
    backend.moment = state
    assert not known.knows(scope())


def test_a_kind_is_what_is_asked_for_and_in_which_form() -> None:
    backend = Steady()
    known = Quick(backend)
    known.learn(scope(accept="text/csv"), backend.moment, 0.0)
    assert known.knows(scope(accept="text/csv", accept_language="fr", accept_encoding="gzip"))
    assert not known.knows(scope(accept="application/json"))
    assert not known.knows(scope(path="/b", accept="text/csv"))
    assert not known.knows(scope(query=b"a=1", accept="text/csv"))
    assert not known.knows({**scope(accept="text/csv"), "method": "HEAD"})


def test_no_more_kinds_are_kept_than_there_is_room_for(monkeypatch) -> None:
    monkeypatch.setattr(quick, "_KEPT", 2)
    backend = Steady()
    known = Quick(backend)
    for path in ("/a", "/b", "/c"):
        known.learn(scope(path), backend.moment, 0.0)
    assert [known.knows(scope(path)) for path in ("/a", "/b", "/c")] == [False, True, True]
