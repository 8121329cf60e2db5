"""Four eyes at the store: what waits, who may decide, and what happens between."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pytest

from hub.errors import Conflict, CorridorError, Forbidden, NotFound
from hub.formats.message import RawData
from hub.model import Origin
from hub.publish import Outcome, Report, Submission, approve, hand_in, reject
from hub.store import Store, open_store, sweep
from hub.store.actors import Actor, system_user
from hub.store.waiting import State, all_waiting
from tests.publish.stock import FLOW, SettableClock, by_year, counts, deletion, raw, submit, year

ANNA, BO, CLEO = (Actor("key", id_, id_.title()) for id_ in ("anna", "bo", "cleo"))
USER = Actor("user", "operator")


def given(data: RawData, **more: bool) -> Submission:
    origin = Origin(kind="submission", name="SWE", detail=(("file", data.source),))
    return Submission(raw=data, source="SWE", origin=origin, areas=frozenset(["SWE"]), **more)


def wait(store: Store, data: RawData, **more: bool) -> int:
    report = hand_in(store, FLOW, given(data, **more), ANNA)
    assert report.outcome is Outcome.WAITING
    assert report.waiting is not None
    return report.waiting


def test_actions_are_kept_with_what_waits(store: Store) -> None:
    """Values to delete, wildcards, and what is not a text in the file of what waits."""
    submit(store, raw(year(2019, 1, COMMENT_OBS="so"), year(2020, 2)))
    rows = [
        {**deletion(TIME_PERIOD="2019"), "COMMENT_OBS": "-"},
        deletion(TIME_PERIOD="2020"),
        year(2021, 3),
    ]
    id_ = wait(store, raw(*rows, actions=["Delete", "Delete", "Append"]))
    assert by_year(store) == {"2019": 1, "2020": 2}
    report = approve(store, id_, BO, USER)
    assert counts(report) == (1, 1, 1)
    assert by_year(store) == {"2019": 1, "2021": 3}
    assert by_year(store, value="COMMENT_OBS") == {"2019": None, "2021": None}
    (version, *_) = store.history(FLOW)
    assert dict(version.origin.detail)["file"] == "stocks.csv"


def test_values_that_are_no_texts_survive_waiting(store: Store) -> None:
    data = raw(year(2020, 1))
    encoded = data.table.column("SEX").combine_chunks().dictionary_encode()
    table = data.table.set_column(data.table.column_names.index("SEX"), "SEX", encoded)
    id_ = wait(store, RawData(source="x", table=table))
    assert pa.types.is_dictionary(table.column("SEX").type)
    approve(store, id_, BO, USER)
    assert by_year(store) == {"2020": 1}


def test_a_complete_slice_withdraws_what_came_meanwhile(store: Store) -> None:
    submit(store, raw(year(2019, 1)))
    id_ = wait(store, raw(year(2020, 2)), replaces=True)
    submit(store, raw(year(2021, 3)))
    assert counts(approve(store, id_, BO, USER)) == (1, 0, 2)
    assert by_year(store) == {"2020": 2}


def test_of_two_who_decide_at_once_only_one_does(store: Store, home: Path) -> None:
    id_ = wait(store, raw(year(2020, 1)))

    def decide(actor: Actor) -> Report | CorridorError:
        other = open_store(home, SettableClock())
        try:
            return approve(other, id_, actor, USER)
        except CorridorError as error:
            return error
        finally:
            other.close()

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(decide, (BO, CLEO)))
    done = [one for one in found if isinstance(one, Report)]
    refused = [one for one in found if isinstance(one, Conflict)]
    # Who comes second finds that it was decided, or nothing left to change.
    assert len(done) == 1
    assert len(refused) == 1
    assert done[0].outcome is Outcome.RELEASED
    assert len(store.history(FLOW)) == 1
    assert all_waiting(store.catalogue) == []


def test_what_the_node_may_not_speak_for_any_more_goes_on_waiting(store: Store, home: Path) -> None:
    id_ = wait(store, raw(year(2020, 1)))
    settings = home / "corridor.toml"
    settings.write_text(settings.read_text("utf-8").replace('["SWE"]', '["NOR"]'), "utf-8")
    other = open_store(home, SettableClock())
    try:
        with pytest.raises(Forbidden, match="may not speak for REF_AREA SWE"):
            approve(other, id_, BO, USER)
    finally:
        other.close()
    (row,) = all_waiting(store.catalogue)
    assert row.state is State.WAITING
    assert by_year(store) == {}


def test_what_has_become_of_no_consequence_is_closed(store: Store) -> None:
    id_ = wait(store, raw(year(2020, 1)))
    submit(store, raw(year(2020, 1)))
    assert approve(store, id_, BO, USER).outcome is Outcome.UNCHANGED
    (row,) = all_waiting(store.catalogue, decided=True)
    assert (row.state, row.decided_by) == (State.UNCHANGED, BO)


def test_the_same_key_never_approves_whatever_it_is_called(store: Store) -> None:
    id_ = wait(store, raw(year(2020, 1)))
    with pytest.raises(Forbidden):
        approve(store, id_, Actor("key", ANNA.id, "Another name"), USER)
    report = hand_in(store, FLOW, given(raw(year(2021, 1))), USER)
    assert report.waiting is not None
    with pytest.raises(Forbidden, match="CORRIDOR_KEY"):
        approve(store, report.waiting, BO, USER)
    assert approve(store, report.waiting, BO, Actor("user", "x")).outcome is Outcome.RELEASED


def test_a_lost_file_is_told(store: Store) -> None:
    id_ = wait(store, raw(year(2020, 1)))
    for file in (store.lake.root / "waiting").rglob("*.parquet"):
        file.unlink()
    with pytest.raises(NotFound, match="restore it from a backup"):
        approve(store, id_, BO, USER)
    assert len(all_waiting(store.catalogue)) == 1


def test_files_go_with_the_sweep_after_the_decision(store: Store) -> None:
    import os

    kept, gone = wait(store, raw(year(2020, 1))), wait(store, raw(year(2021, 1)))
    reject(store, gone, BO, "No")
    for file in (store.lake.root / "waiting").rglob("*.parquet"):
        os.utime(file, (0, 0))
    told = {one.kind: one.files for one in sweep(store, dry_run=True).swept}
    swept = {one.kind: one.files for one in sweep(store).swept}
    assert told["waiting"] == swept["waiting"] == 1
    assert approve(store, kept, BO, USER).outcome is Outcome.RELEASED


def test_the_user_is_asked_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    before = system_user()
    for name in ("USER", "LOGNAME", "USERNAME", "LNAME"):
        monkeypatch.setenv(name, "mallory")
    assert system_user() == before
    assert "mallory" not in str(before)
