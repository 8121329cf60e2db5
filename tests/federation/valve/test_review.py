"""Deciding on what is held: who, against what readers have by then, and once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from federation.harvest.catalogued import CataloguedAttempts
from federation.partners import HOLDS, FinishReason
from federation.partners.catalogued import CataloguedPartners
from federation.valve import accept, difference_of, held_as, held_here, reject
from hub.errors import BadRequest, Conflict, CorridorError, Invalid, NotFound
from hub.publish import Outcome, Report
from hub.publish import approve as approve_handed_in
from hub.publish.purge import parse_cell, purge_cells
from hub.store import flow_name, open_store, sweep
from hub.store.actors import Actor
from hub.store.backup import make_backup, restore_backup, verify_store
from hub.store.parts import files_of
from hub.store.purges import Purge
from hub.store.trail import Wanted, lines
from hub.store.waiting import State, all_waiting
from tests.federation.valve.conftest import NAME, Hub, thirty
from tests.publish.stock import FLOW, SettableClock, year

BO, CLEO = Actor("user", "bo"), Actor("key", "0123", "Cleo")


@pytest.fixture
def held(hub: Hub) -> Hub:
    """A hub that holds figures a thousand times too large."""
    hub.send(*thirty())
    hub.send(*thirty(times=1000), etag='"slip"')
    return hub


def test_the_difference_has_old_and_new_the_largest_first(held: Hub) -> None:
    found = difference_of(held.store, 1, 2)
    assert (found.counts.added, found.counts.revised, found.counts.withdrawn) == (0, 30, 0)
    told = [(one.key["TIME_PERIOD"], one.old, one.new) for one in found.rows]
    assert told == [
        ("2019", {"OBS_VALUE": 1290.0}, {"OBS_VALUE": 1_290_000.0}),
        ("2018", {"OBS_VALUE": 1280.0}, {"OBS_VALUE": 1_280_000.0}),
    ]
    assert list(held.store.lake.work_folder().iterdir()) == []


def test_what_is_added_and_vanishes_is_told_the_largest_first_too(hub: Hub) -> None:
    hub.send(*thirty())
    hub.send(*thirty()[10:], year(2020, 1310), year(2021, 1320))
    rows = difference_of(hub.store, 1, 50).rows
    assert [one.kind for one in rows] == ["withdrawn"] * 10 + ["added"] * 2
    assert [one.old["OBS_VALUE"] for one in rows[:10]] == [1090 - 10 * n for n in range(10)]
    assert [one.new["OBS_VALUE"] for one in rows[10:]] == [1320, 1310]


def test_accepting_releases_exactly_that(held: Hub) -> None:
    report = accept(held.store, 1, BO, note="Yes, it is true")
    assert (report.outcome, report.total.revised) == (Outcome.RELEASED, 30)
    assert held.values()["SWE", "POL", "2019"] == 1_290_000
    (version, *_) = held.store.history(FLOW)
    detail = dict(version.origin.detail)
    assert (version.source, version.origin.kind, version.note) == (
        "SWE",
        "harvest",
        "Yes, it is true",
    )
    assert (detail["attempt"], detail["raw"]) == ("2", held.digests[0])
    one = held_as(held.store, 1)
    assert (one.state, one.by) == (State.RELEASED, BO)
    assert held_here(held.store) == []
    (line,) = lines(held.store.catalogue, Wanted(action="review accept"))
    assert (line.subject, line.detail["by"], line.detail["partner"]) == (
        str(FLOW),
        "user bo",
        "SWE",
    )
    (line, *_) = lines(held.store.catalogue, Wanted(action="release"))
    assert line.detail["approved_by"] == "user bo"
    assert line.detail["by"] == "partner SWE (Office of SWE)"
    assert held.send(*thirty(times=1000)).reason is FinishReason.UNCHANGED


def test_validators_are_those_of_what_was_taken(held: Hub) -> None:
    """Else 304 would say that nothing changed since something that was never accepted."""
    log = CataloguedAttempts(held.store.catalogue)
    last = log.last("SWE", NAME, HOLDS)
    assert last is not None
    assert last.facts["etag"] == '"e"'
    accept(held.store, 1, CLEO)
    last = log.last("SWE", NAME, HOLDS)
    assert last is not None
    assert (last.facts["etag"], last.facts["raw"]) == ('"slip"', held.digests[0])
    assert last.reason is FinishReason.RELEASED
    assert last.note == "attempt 2 was held, and accepted as 1 by key 0123 (Cleo)"
    assert last.finished is not None


def test_it_is_compared_with_what_readers_have_by_then(held: Hub) -> None:
    """A source of its own came between; the partner's slice is still what it was."""
    held.partner("NOR")
    held.send(*thirty("NOR"), partner="NOR")
    assert accept(held.store, 1, BO, dry_run=True).outcome is Outcome.DRY_RUN
    assert held_as(held.store, 1).state is State.WAITING
    assert accept(held.store, 1, BO).total.revised == 30
    assert held.values()["NOR", "POL", "2019"] == 1290


@pytest.mark.parametrize("decide", ["accept", "reject"])
def test_what_was_decided_is_not_decided_again(held: Hub, decide: str) -> None:
    if decide == "accept":
        accept(held.store, 1, BO)
    else:
        reject(held.store, 1, BO, "no")
    for again in (
        lambda: accept(held.store, 1, CLEO),
        lambda: reject(held.store, 1, CLEO, "no"),
        lambda: difference_of(held.store, 1, 5),
    ):
        with pytest.raises(Conflict, match="1 is not held any more"):
            again()
    with pytest.raises(NotFound, match="nothing is held under the number 2"):
        accept(held.store, 2, BO)


def test_of_two_who_decide_at_once_only_one_does(held: Hub) -> None:
    def decide(actor: Actor) -> Report | CorridorError:
        store = open_store(held.store.settings.home, SettableClock())
        try:
            return accept(store, 1, actor)
        except CorridorError as error:
            return error
        finally:
            store.close()

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(decide, (BO, CLEO)))
    assert sorted(isinstance(one, Conflict) for one in found) == [False, True]
    assert [one.reason for one in held.attempts()].count(FinishReason.RELEASED) == 2


def test_a_rejection_needs_a_reason(held: Hub) -> None:
    with pytest.raises(BadRequest, match="needs a reason"):
        reject(held.store, 1, BO, " ")
    assert reject(held.store, 1, BO, "in thousands").reason == "in thousands"
    before = held.values()
    assert before["SWE", "POL", "2019"] == 1290
    (line,) = lines(held.store.catalogue, Wanted(action="review reject"))
    assert (line.detail["by"], line.detail["reason"]) == ("user bo", "in thousands")


def test_an_area_taken_away_meanwhile_is_not_released(hub: Hub) -> None:
    hub.partner("OBS", "SWE", "NOR")
    hub.send(*thirty(), *thirty("NOR"), partner="OBS")
    hub.send(*thirty(times=1000), *thirty("NOR"), partner="OBS")
    registry = CataloguedPartners(hub.store.catalogue)
    narrower = replace(registry.get("OBS"), areas=("SWE",))
    registry.remove("OBS")
    with pytest.raises(NotFound, match="no partner OBS"):
        accept(hub.store, 1, BO)
    registry.add(narrower)
    with pytest.raises(Invalid, match="may speak for SWE only"):
        accept(hub.store, 1, BO)
    assert held_as(hub.store, 1).state is State.WAITING


def test_it_is_not_approved_as_if_it_were_handed_in(held: Hub) -> None:
    with pytest.raises(Conflict, match="corridor review accept"):
        approve_handed_in(held.store, 1, CLEO, BO)
    assert all_waiting(held.store.catalogue, decided=True) == []


def test_a_purge_reaches_what_is_held(hub_with: Callable[..., Hub], catalogue_url: str) -> None:
    """The figure is in the file of what is held, in its raw bytes, and in files made for it."""
    hub = hub_with(catalogue_url)
    hub.send(*thirty())
    leaked = 424_242
    hub.send(*thirty(times=1000), year(2020, leaked))
    (raw,) = hub.digests
    schema = hub.store.schema(FLOW)
    cell = parse_cell("A.SWE.FB.BIRTH.POL._T._T.PS.2020", schema)
    before = hub.values()
    assert any(str(leaked) in repr(hub.store.lake.waiting(f.stem)) for f in hub.files("waiting"))
    purge_cells(
        hub.store,
        schema,
        Purge(flow=flow_name(FLOW), cells=(cell,), reason="confidential", by="a clerk"),
    )
    assert hub.files("waiting") == []
    assert not hub.store.lake.raw_path(raw).exists()
    named = {digest for version in hub.store.history(FLOW) for digest in files_of(version)}
    assert {file.stem for file in hub.files("data")} <= named
    assert held_as(hub.store, 1).state is State.PURGED
    assert hub.values() == before
    assert verify_store(hub.store).damaged == ()
    (line,) = lines(hub.store.catalogue, Wanted(action="purge"))
    assert line.detail["held"] == [1]


def test_a_purge_of_what_was_released_takes_what_came_since(held: Hub) -> None:
    """The bytes of every answer since the figure came may hold it as well."""
    schema = held.store.schema(FLOW)
    cell = parse_cell("A.SWE.FB.BIRTH.POL._T._T.PS.2019", schema)
    held.partner("NOR")
    held.send(*thirty("NOR"), partner="NOR")
    others = set(held.digests)
    purge_cells(held.store, schema, Purge(flow=NAME, cells=(cell,), reason="leak", by="x"))
    assert {path.stem for path in held.files("raw") if path.suffix == ".bin"} == others
    assert held_as(held.store, 1).state is State.PURGED
    assert held.values().keys() >= {("SWE", "POL", "2018"), ("NOR", "POL", "2019")}
    assert ("SWE", "POL", "2019") not in held.values()


def test_a_backup_has_what_is_held(held: Hub) -> None:
    folder = held.scratch / "backup"
    make_backup(held.store, folder, "1")
    restore_backup(folder, held.scratch / "again")
    store = open_store(held.scratch / "again", SettableClock())
    try:
        assert accept(store, 1, BO).total.revised == 30
    finally:
        store.close()


def test_files_stay_until_it_is_decided(held: Hub) -> None:
    import os

    for path in held.files("waiting"):
        os.utime(path, (0, 0))
    sweep(held.store)
    assert len(held.files("waiting")) == 1
    reject(held.store, 1, BO, "no")
    sweep(held.store)
    assert held.files("waiting") == []
