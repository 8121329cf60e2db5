"""Several change structures at once, and one is killed: what readers see is always whole."""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from sqlalchemy import select

from hub.errors import Conflict
from hub.model import Codelist, Structures
from hub.model.integrity import missing
from hub.store import Store, init_home, open_store
from hub.store.maintenance import Outcome, delete, submit
from hub.store.tables import artefacts, former_artefacts
from tests.store.drafts import AGREEMENT, AREAS, ARTEFACTS, CONCEPTS, PROVIDERS, codelist, renamed

ROUNDS = 12
KILLS = 5
SSB = replace(AGREEMENT, provider=PROVIDERS.reference.item("SSB"))
WITHOUT_SCB = replace(PROVIDERS, items=PROVIDERS.items[1:])


@pytest.fixture
def home(catalogue_url: str, tmp_path: Path) -> Path:
    home = tmp_path / "node"
    init_home(home, {"node": "SWE", "areas": ["SWE"], "catalogue": catalogue_url})
    with opened(home) as store:
        store.load_structures(ARTEFACTS)
    return home


@contextmanager
def opened(home: Path) -> Iterator[Store]:
    store = open_store(home)
    try:
        yield store
    finally:
        store.close()


def check_whole(structures: Structures) -> None:
    """Nothing that was handed in refers to what is not there."""
    for artefact in structures:
        if artefact.agency == "TEST":
            assert missing(artefact, structures) == ()


def test_writers_at_once_leave_no_loose_ends(home: Path) -> None:
    """One moves an agreement between providers and takes one away, another deletes and creates.

    Each alone is allowed; done at once, they could leave an agreement without its provider.
    """

    def move(store: Store) -> int:
        changes = ([SSB, WITHOUT_SCB], [PROVIDERS, AGREEMENT])
        done = [submit(store, changes[n % 2], by="move") for n in range(ROUNDS)]
        return sum(one.error is None for some in done for one in some)

    def recreate(store: Store) -> int:
        done = []
        for number in range(ROUNDS):
            given = AGREEMENT if number % 2 else SSB
            done.append(delete(store, AGREEMENT.reference, by="recreate").error is None)
            done.append(submit(store, [given], by="recreate")[0].error is None)
        return sum(done)

    def look(store: Store) -> int:
        for _ in range(4 * ROUNDS):
            check_whole(store.structures)
        return 1

    with (
        opened(home) as first,
        opened(home) as second,
        opened(home) as third,
        ThreadPoolExecutor(3) as pool,
    ):
        done = [pool.submit(move, first), pool.submit(recreate, second), pool.submit(look, third)]
        assert all(one.result() for one in done)
        check_whole(third.structures)
        assert first.structures.find(PROVIDERS.reference) == second.structures.find(
            PROVIDERS.reference
        )


def test_of_two_who_create_the_same_one_is_first(home: Path) -> None:
    def create(number: int) -> list[object]:
        with opened(home) as store:
            given = [codelist(f"CL_{n}", str(number), version="1.0.0") for n in range(ROUNDS)]
            done = [submit(store, [one], by=str(number))[0] for one in given]
            return [one.outcome or type(one.error) for one in done]

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(create, (1, 2))
    for mine, theirs in zip(first, second, strict=True):
        assert {mine, theirs} == {Outcome.CREATED, Conflict}
    with opened(home) as store:
        made = [one for one in store.structures.of_type(Codelist) if one.version == "1.0.0"]
        mine = {one.id: one.items[0].id for one in made if one.agency == "TEST"}
    winners = ["1" if outcome is Outcome.CREATED else "2" for outcome in first]
    assert [mine[f"CL_{n}"] for n in range(ROUNDS)] == winners


def test_every_earlier_state_is_kept_once(home: Path) -> None:
    """States of one artefact follow one another without gap or overlap, whoever made them."""

    def rename(number: int) -> None:
        with opened(home) as store:
            for step in range(ROUNDS):
                submit(store, [renamed(AREAS, f"{number}-{step}")], by="k")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(rename, (1, 2)))
    with opened(home) as store, store.catalogue.reading() as connection:
        query = select(former_artefacts).order_by(former_artefacts.c.loaded)
        former = connection.execute(query).all()
        present = connection.execute(select(artefacts).where(artefacts.c.id == AREAS.id)).one()
    assert len(former) == 2 * ROUNDS
    ends = [row.ended for row in former]
    assert [*[row.loaded for row in former[1:]], present.loaded] == ends
    assert len({row.body for row in (*former, present)}) == 2 * ROUNDS + 1


def rename_for_ever(home: Path, ready: Connection) -> None:
    """Give two artefacts the same name in one request, again and again."""
    with opened(home) as store:
        for number in count():
            name = f"{os.getpid()}-{number}"
            submit(store, [renamed(AREAS, name), renamed(CONCEPTS, name)], by="k")
            if number == 0:
                ready.send("begun")


@pytest.mark.skipif(
    "forkserver" not in multiprocessing.get_all_start_methods(), reason="needs a fork server"
)
def test_a_killed_request_leaves_nothing_half(tmp_path: Path) -> None:
    home = tmp_path / "node"
    init_home(home, {"node": "SWE", "areas": ["SWE"]})
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["hub.store.maintenance", "tests.store.drafts"])
    chance, seen = random.Random(20260115), set()  # noqa: S311
    with opened(home) as store:
        store.load_structures(ARTEFACTS)
        submit(store, [renamed(AREAS, "0"), renamed(CONCEPTS, "0")], by="k")
        for _ in range(KILLS):
            ours, theirs = context.Pipe()
            process = context.Process(target=rename_for_ever, args=(home, theirs))
            process.start()
            theirs.close()
            assert ours.recv() == "begun"
            time.sleep(chance.uniform(0, 0.1))
            process.kill()
            process.join()
            ours.close()
            structures = store.structures
            areas = structures.find(AREAS.reference)
            concepts = structures.find(CONCEPTS.reference)
            assert areas is not None
            assert concepts is not None
            assert str(areas.name) == str(concepts.name)
            seen.add(str(areas.name))
        assert any(not name.endswith("-0") for name in seen), "no kill came while it was at work"
        assert submit(store, [renamed(AREAS, "last")], by="k")[0].outcome is Outcome.REPLACED
