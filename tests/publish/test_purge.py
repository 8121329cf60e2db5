"""A purge: at no instant, in no file and in no answer is what was purged; and nothing else went."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from sqlalchemy import select

from hub.errors import BadRequest, NotFound
from hub.model import Origin, Selection
from hub.publish import Submission, publish
from hub.publish.purge import apply_again, parse_cell, purge_cells, purge_release
from hub.store import Store, flow_name, init_home, open_store, sweep
from hub.store.arrivals import arrivals_of
from hub.store.backup import make_backup, restore_backup, verify_store
from hub.store.partners import finish_attempts, open_attempts
from hub.store.purges import STUBS, Purge, finish_purges, read_stubs
from hub.store.tables import audit, purges
from tests.archiving import archived
from tests.publish.stock import FLOW, SettableClock, figures, raw, submit, year

pytestmark = pytest.mark.usefixtures("layout")

#: The leaked figure; nothing else has this value.
LEAKED = 424_242
CELL = "A.SWE.FB.BIRTH.POL._T._T.PS.2020"
LEAK = year(2020, LEAKED)


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def store(tmp_path: Path, clock: SettableClock, catalogue_url: str) -> Iterator[Store]:
    settings = {"node": "SWE", "areas": ["*"], "role": "hub", "index_rows": 10**9}
    init_home(tmp_path / "home", settings | {"catalogue": catalogue_url}, clock)
    made = open_store(tmp_path / "home", clock)
    yield made
    made.close()


def at(clock: SettableClock) -> datetime:
    clock.pass_(days=1)
    return clock.time


def purge(*cells: str, store: Store, **more: Any) -> Purge:
    schema = store.schema(FLOW)
    parsed = tuple(parse_cell(cell, schema) for cell in cells)
    given = {"flow": flow_name(FLOW), "reason": "confidential", "by": "a clerk", **more}
    return purge_cells(store, schema, Purge(cells=parsed, **given))


def leaks(store: Store) -> list[str]:
    """The files of a node in which the leaked figure is."""
    found = []
    for path in store.settings.home.rglob("*"):
        if path.suffix == ".parquet":
            column = pq.read_table(path).column("OBS_VALUE").to_pylist()
            if LEAKED in column:
                found.append(path.name)
        elif path.is_file() and str(LEAKED).encode() in path.read_bytes():
            found.append(path.name)
    return found


def seen(store: Store, instants: list[datetime]) -> list[dict[Any, Any]]:
    return [figures(store, instant) for instant in instants]


def told(store: Store, since: datetime) -> dict[str, set[Any]]:
    """What a replica that asked at an instant is told: what to write, what to delete."""
    release, schema = store.release(FLOW), store.schema(FLOW)
    assert release is not None
    changes = store.changes(store.change_log(release, since), schema, Selection())
    rows = changes.batches().read_all().to_pylist()
    found: dict[str, set[Any]] = {}
    for part in changes.parts:
        kind = "gone" if part.is_deletion else "there"
        mine, rows = rows[: part.rows], rows[part.rows :]
        found[kind] = {(row["REF_AREA"], row["TIME_PERIOD"]) for row in mine}
    assert not rows
    return found


def test_a_cell_is_gone_from_everywhere_and_nothing_else_is(
    store: Store, clock: SettableClock
) -> None:
    instants = [at(clock)]
    submit(store, raw(year(2019, 1), year(2021, 5)))
    instants.append(at(clock))
    submit(store, raw(LEAK, year(2019, 2)))
    instants.append(at(clock))
    submit(store, raw(year(2021, 6)))
    before = seen(store, instants)
    assert leaks(store)
    (store.settings.home / "cache").mkdir()
    (store.settings.home / "cache" / "answer").write_text(str(LEAKED))
    at(clock)
    done = purge(CELL, store=store)
    assert leaks(store) == []
    expected = [{k: v for k, v in one.items() if v != LEAKED} for one in before]
    assert seen(store, instants) == expected
    assert figures(store) == expected[-1]
    assert verify_store(store).damaged == ()
    with store.catalogue.reading() as connection:
        (line,) = connection.execute(select(audit).where(audit.c.action == "purge")).all()
        (row,) = connection.execute(select(purges)).all()
    assert line.detail["by"] == "a clerk"
    assert line.detail["reason"] == "confidential"
    assert row.finished is not None
    assert row.cells == [CELL.split(".")]
    assert read_stubs(store.settings.home / STUBS) == (_with_instant(done, row.at),)


def _with_instant(done: Purge, instant: datetime) -> Purge:
    return Purge(**{name: getattr(done, name) for name in Purge.__slots__} | {"at": instant})


@pytest.mark.parametrize("asked", [0, 1, 2])
def test_replicas_are_told_that_it_went(store: Store, clock: SettableClock, asked: int) -> None:
    instants = [at(clock)]
    submit(store, raw(year(2019, 1)))
    instants.append(at(clock))
    submit(store, raw(LEAK))
    instants.append(at(clock))
    submit(store, raw(year(2021, 6)))
    at(clock)
    purge(CELL, store=store)
    clock.pass_(seconds=1)
    found = told(store, instants[asked] + timedelta(seconds=1))
    assert ("SWE", "2020") in found.get("gone", set())
    assert ("SWE", "2020") not in found.get("there", set())


def test_what_is_held_back_stays_held_back_and_comes(store: Store, clock: SettableClock) -> None:
    at(clock)
    submit(store, raw(LEAK, year(2019, 1)))
    release = clock.time + timedelta(days=10)
    submit(store, raw(year(2019, 2)), visible_from=release)
    at(clock)
    purge(CELL, store=store)
    assert leaks(store) == []
    assert set(figures(store).values()) == {1}
    clock.pass_(days=20)
    assert figures(store) == {("SWE", "POL", "2019"): 2}


def test_what_was_only_held_back_leaves_no_trace(store: Store, clock: SettableClock) -> None:
    at(clock)
    submit(store, raw(year(2019, 1)))
    submit(store, raw(LEAK), visible_from=clock.time + timedelta(days=10))
    before = store.release(FLOW)
    purge(CELL, store=store)
    assert leaks(store) == []
    assert store.release(FLOW) == before
    clock.pass_(days=20)
    assert figures(store) == {("SWE", "POL", "2019"): 1}


def test_wildcards_name_many_cells(store: Store, clock: SettableClock) -> None:
    at(clock)
    norway = [{**year(2020, n), "REF_AREA": "NOR", "COUNTERPART_AREA": c} for n, c in ((1, "POL"),)]
    submit(store, raw(LEAK, {**LEAK, "COUNTERPART_AREA": "DEU"}, year(2019, 2), *norway))
    purge("*.SWE.*.*.*.*..*.2020", store=store)
    assert leaks(store) == []
    assert set(figures(store)) == {("SWE", "POL", "2019"), ("NOR", "POL", "2020")}


@pytest.mark.parametrize("cell", ["", "A", CELL + ".x", "*.*.*.*.*.*.*.*.*"])
def test_what_is_no_cell_is_refused(store: Store, cell: str) -> None:
    with pytest.raises(BadRequest, match="cell"):
        parse_cell(cell, store.schema(FLOW))


def test_a_cell_that_never_was_changes_nothing(store: Store, clock: SettableClock) -> None:
    at(clock)
    submit(store, raw(year(2019, 1)))
    before = store.history(FLOW)
    with pytest.raises(NotFound, match="ever had"):
        purge(CELL, store=store)
    assert store.history(FLOW) == before
    assert not (store.settings.home / STUBS).exists()


def test_bytes_from_partners_that_may_hold_it_go(store: Store, clock: SettableClock) -> None:
    at(clock)
    came = store.settings.home / "came"

    def archive(text: str) -> str:
        came.write_text(f"{text}: SWE,2020,{LEAKED}")
        digest = archived(store, came, url="https://example.org")
        came.unlink()
        return digest

    # Everything, an increment that goes on from it, and a later answer that had nothing new.
    first, second, third = (archive(text) for text in ("all", "changes", "the same again"))
    detail = (("raw", second), ("raw_before", first))
    origin = Origin(kind="harvest", name="SWE", detail=detail)
    publish(store, FLOW, Submission(raw=raw(LEAK, year(2019)), source="SWE", origin=origin))
    now, name = clock(), f"{FLOW.agency}:{FLOW.id}"
    for digest in (first, second, third):
        opened, _ = open_attempts(store.catalogue, ["SWE"], name, "me", now, timedelta(minutes=1))
        ended = {"id": opened["SWE"], "reason": "UNCHANGED", "note": "", "facts": {"raw": digest}}
        finish_attempts(store.catalogue, [ended], now)
    assert len(leaks(store)) == 4
    purge(CELL, store=store)
    assert leaks(store) == []
    assert not list((store.lake.root / "raw").glob("*/*"))
    assert not any(arrivals_of(store.catalogue, digest) for digest in (first, second, third))
    assert verify_store(store).damaged == ()


def test_bytes_that_no_attempt_names_go_too(store: Store, clock: SettableClock) -> None:
    """Of a killed attempt, and what was not believed; those of others and from before stay."""
    at(clock)
    came, name = store.settings.home / "came", f"{FLOW.agency}:{FLOW.id}"

    def archive(text: str, partner: str = "SWE", flow: str = name) -> str:
        came.write_text(text)
        digest = archived(store, came, partner=partner, flow=flow)
        came.unlink()
        return digest

    stay = {archive("before"), archive("of another", "NOR"), archive("else", flow=f"{name}_X")}
    used = archive(f"used {LEAKED}")
    gone = {used, archive(f"killed {LEAKED}"), archive(f"part {LEAKED}", flow=f"{name} MAP")}
    stay |= {archive("another again", "NOR"), archive("else again", flow=f"{name}_X")}
    stay |= {archive(""), archive("", "NOR")}  # as the body of 304 is
    origin = Origin(kind="harvest", name="SWE", detail=(("raw", used),))
    publish(store, FLOW, Submission(raw=raw(LEAK, year(2019)), source="SWE", origin=origin))
    purge(CELL, store=store)
    assert leaks(store) == []
    left = {path.stem for path in (store.lake.root / "raw").glob("*/*")}
    assert left == stay
    assert not any(arrivals_of(store.catalogue, digest) for digest in gone)


@pytest.mark.parametrize("later", [False, True])
def test_a_release_is_as_if_it_had_never_been(
    store: Store, clock: SettableClock, later: bool
) -> None:
    first = at(clock)
    submit(store, raw(year(2019, 1), year(2021, 5)))
    second = at(clock)
    submit(store, raw(LEAK, year(2019, 2)))
    wrong = store.release(FLOW)
    assert wrong is not None
    third = at(clock)
    if later:
        submit(store, raw(LEAK | {"OBS_VALUE": "3"}))
    at(clock)
    purge_release(store, store.schema(FLOW), wrong.id[:12], "never meant", "a clerk")
    assert leaks(store) == []
    assert figures(store, first) == figures(store, second)
    expected = {("SWE", "POL", "2019"): 1, ("SWE", "POL", "2021"): 5}
    if later:  # what was released afterwards stays as it was
        expected = {("SWE", "POL", "2019"): 2, ("SWE", "POL", "2021"): 5, ("SWE", "POL", "2020"): 3}
    assert figures(store) == expected
    clock.pass_(seconds=1)
    both = {("SWE", "2019"), ("SWE", "2020")}
    for asked in (second, third):
        found = told(store, asked + timedelta(seconds=1))
        has_later = later and asked is third  # then nothing of what went is left to replace
        assert found.get("there", set()) | found.get("gone", set()) == (
            set() if has_later else both
        )
    assert verify_store(store).damaged == ()


def test_a_first_release_leaves_nothing(store: Store, clock: SettableClock) -> None:
    at(clock)
    submit(store, raw(LEAK))
    wrong = store.release(FLOW)
    assert wrong is not None
    at(clock)
    purge_release(store, store.schema(FLOW), wrong.id, "never meant", "a clerk")
    assert leaks(store) == []
    assert figures(store) == {}
    submit(store, raw(year(2020, 7)))
    assert figures(store) == {("SWE", "POL", "2020"): 7}


@pytest.mark.parametrize("id_", ["", "ffffffffffff", "12"])
def test_a_release_that_is_not_there(store: Store, clock: SettableClock, id_: str) -> None:
    at(clock)
    submit(store, raw(year(2019, 1)))
    with pytest.raises(NotFound, match="release list"):
        purge_release(store, store.schema(FLOW), id_, "why", "who")


@pytest.mark.parametrize("kind", ["cell", "release"])
def test_it_is_applied_again_to_an_older_backup(
    store: Store,
    clock: SettableClock,
    tmp_path: Path,
    kind: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at(clock)
    submit(store, raw(year(2019, 1)))
    at(clock)
    submit(store, raw(LEAK))
    wrong = store.release(FLOW)
    make_backup(store, tmp_path / "backup", "test")
    at(clock)
    if kind == "cell":
        purge(CELL, store=store)
    else:
        assert wrong is not None
        purge_release(store, store.schema(FLOW), wrong.id, "why", "who")
    monkeypatch.setenv("CORRIDOR_CATALOGUE", "")
    stubs = read_stubs(store.settings.home / STUBS)
    restore_backup(
        tmp_path / "backup",
        tmp_path / "other",
        now=clock,
        then=lambda restored: apply_again(restored, stubs),
    )
    other = open_store(tmp_path / "other", clock)
    assert leaks(other) == []
    assert figures(other) == figures(store) == {("SWE", "POL", "2019"): 1}
    assert apply_again(other, stubs) == ()
    other.close()
    restore_backup(tmp_path / "backup", tmp_path / "third", now=clock)  # it is in the backup still
    third = open_store(tmp_path / "third", clock)
    assert leaks(third)
    third.close()
    make_backup(store, tmp_path / "backup", "test")
    shutil.rmtree(tmp_path / "third")
    restore_backup(tmp_path / "backup", tmp_path / "third", now=clock)
    third = open_store(tmp_path / "third", clock)
    assert leaks(third) == []
    third.close()


def test_what_a_killed_purge_left_goes_with_the_next_sweep(
    store: Store, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(clock)
    submit(store, raw(LEAK, year(2019, 1)))
    with monkeypatch.context() as patched:
        patched.setattr("hub.publish.purge.cells.finish_purges", lambda _store: 0)
        purge(CELL, store=store)
    assert figures(store) == {("SWE", "POL", "2019"): 1}
    assert leaks(store)
    sweep(store)
    assert leaks(store) == []
    assert finish_purges(store) == 0
