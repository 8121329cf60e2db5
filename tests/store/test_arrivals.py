"""What is told of bytes from partners: written down, taken in from files of old, forgotten."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.store import Store, init_home, open_store
from hub.store.arrivals import (
    Arrival,
    arrivals_of,
    forget_arrivals,
    last_arrivals,
    note_arrivals,
    take_in_arrivals,
)
from tests.archiving import archived

CAME = datetime(2025, 3, 1, tzinfo=UTC)
DIGESTS = tuple(hashlib.sha256(text).hexdigest() for text in (b"a", b"b"))


@pytest.fixture
def store(tmp_path: Path, catalogue_url: str) -> Iterator[Store]:
    init_home(tmp_path / "home", {"node": "HUB", "role": "hub", "catalogue": catalogue_url})
    made = open_store(tmp_path / "home")
    yield made
    made.close()


def test_every_arrival_of_the_same_bytes_is_told(store: Store, tmp_path: Path) -> None:
    (tmp_path / "came").write_bytes(b"a")
    for number in (1, 2):
        assert archived(store, tmp_path / "came", url="https://example.org/é", n=number)
    found = arrivals_of(store.catalogue, DIGESTS[0])
    assert [one.facts for one in found] == [
        {"url": "https://example.org/é", "n": number} for number in (1, 2)
    ]
    assert arrivals_of(store.catalogue, DIGESTS[1]) == ()


def test_one_that_is_there_stays_as_it_is(store: Store) -> None:
    many = [
        Arrival(id=f"{n:032}", digest=DIGESTS[n % 2], at=CAME + timedelta(hours=n), facts={"n": n})
        for n in range(1_100)
    ]
    note_arrivals(store.catalogue, many[:600])
    other = Arrival(id=many[0].id, digest=DIGESTS[1], at=CAME, facts={"n": "another"})
    note_arrivals(store.catalogue, [other, *many[300:]])
    assert arrivals_of(store.catalogue, DIGESTS[0]) == tuple(many[0::2])
    assert arrivals_of(store.catalogue, DIGESTS[1]) == tuple(many[1::2])
    with store.catalogue.reading() as connection:
        last = last_arrivals(connection)
    assert last == {DIGESTS[0]: many[1_098].at, DIGESTS[1]: many[1_099].at}


def test_those_before_an_instant_are_forgotten_or_all(store: Store) -> None:
    for digest in DIGESTS:
        note_arrivals(
            store.catalogue,
            [Arrival(digest=digest, at=CAME + timedelta(days=n), facts={"n": n}) for n in (0, 1)],
        )
    with store.catalogue.writing() as connection:
        forget_arrivals(connection, DIGESTS[:1], CAME + timedelta(days=1))
    assert [one.facts["n"] for one in arrivals_of(store.catalogue, DIGESTS[0])] == [1]
    with store.catalogue.writing() as connection:
        forget_arrivals(connection, DIGESTS[:1])
    assert arrivals_of(store.catalogue, DIGESTS[0]) == ()
    assert len(arrivals_of(store.catalogue, DIGESTS[1])) == 2


def test_what_nodes_of_old_told_in_files_is_taken_in(store: Store) -> None:
    folder = store.lake.raw_path(DIGESTS[0]).parent
    folder.mkdir(parents=True)
    store.lake.raw_path(DIGESTS[0]).write_bytes(b"a")
    texts = {"1" * 32: json.dumps({"url": "https://example.org"}), "2" * 32: "{", "3" * 32: "[]"}
    for number, text in texts.items():
        file = folder / f"{DIGESTS[0]}.{number}.json"
        file.write_text(text)
        os.utime(file, (CAME.timestamp(), CAME.timestamp()))
    assert take_in_arrivals(store.catalogue, store.lake) == 1
    assert arrivals_of(store.catalogue, DIGESTS[0]) == (
        Arrival(id="1" * 32, digest=DIGESTS[0], at=CAME, facts={"url": "https://example.org"}),
    )
    left = sorted(path.name.split(".")[1] for path in folder.glob("*.json"))
    assert left == ["2" * 32, "3" * 32], "what is damaged stays, to be looked at"
    assert take_in_arrivals(store.catalogue, store.lake) == 0
