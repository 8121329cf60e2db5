"""What is published while something is held back, and what is held back coming after it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from hub.engine import arrow_schema
from hub.model import Origin, Schema, Structures, resolve
from hub.publish import Outcome, Statement, Submission, hand_in, publish, reject
from hub.publish.purge import parse_cell, purge_cells
from hub.publish.rebase import applied_again
from hub.store import Store, flow_name, sweep
from hub.store.actors import Actor
from hub.store.parts import Part
from hub.store.purges import Purge
from hub.store.tables import audit, slice_versions
from tests.publish.stock import (
    FLOW,
    SettableClock,
    by_year,
    counts,
    deletion,
    figures,
    raw,
    submit,
    year,
)
from tests.store import vintages

pytestmark = pytest.mark.usefixtures("layout")

TOMORROW = datetime(2026, 1, 16, 9, 30, tzinfo=UTC)
LATER = TOMORROW + timedelta(days=1)
CORRECTED = raw(year(2019, 11), year(2022, 40))


def begin(store: Store) -> None:
    """Three years, of which one is to be revised, one withdrawn and one added tomorrow."""
    submit(store, raw(year(2019, 1), year(2020, 2), year(2021, 3)))
    rows = [year(2020, 20), deletion(TIME_PERIOD="2021"), year(2018, 8)]
    submit(store, raw(*rows, actions=["Replace", "Delete", "Replace"]), visible_from=TOMORROW)


def test_a_correction_shows_at_once_and_nothing_of_what_is_held_back(
    store: Store, clock: SettableClock
) -> None:
    begin(store)
    clock.pass_(hours=1)
    would = submit(store, CORRECTED, dry_run=True)
    report = submit(store, CORRECTED)
    assert counts(would) == counts(report) == (1, 1, 0)
    assert report.outcome is Outcome.RELEASED
    assert report.visible_from == report.committed
    assert report.held == (TOMORROW,)
    now = {"2019": 11, "2020": 2, "2021": 3, "2022": 40}
    assert by_year(store) == now
    clock.time = TOMORROW - timedelta(microseconds=1)
    assert by_year(store) == now
    clock.time = TOMORROW
    assert by_year(store) == {"2018": 8, "2019": 11, "2020": 20, "2022": 40}
    assert by_year(store, TOMORROW - timedelta(microseconds=1)) == now


def test_what_is_told_of_the_change_is_against_the_correction(
    store: Store, clock: SettableClock
) -> None:
    begin(store)
    clock.pass_(hours=1)
    submit(store, CORRECTED)
    clock.time = TOMORROW
    (last, *_) = store.history(FLOW)
    assert len(store.history(FLOW)) == 3, "what nobody can see any more is not listed"
    assert (last.counts.added, last.counts.revised, last.counts.withdrawn) == (1, 1, 1)
    release = store.release(FLOW)
    assert release is not None
    (step,) = store.change_log(release, TOMORROW - timedelta(seconds=1)).steps
    assert step.is_delta
    assert step.after == last


def test_several_corrections_and_several_embargoes(store: Store, clock: SettableClock) -> None:
    begin(store)
    submit(store, raw(year(2020, 200), year(2023, 5)), visible_from=LATER)
    clock.pass_(hours=1)
    submit(store, raw(year(2019, 12)))
    between = submit(store, raw(year(2017, 7)), visible_from=TOMORROW - timedelta(hours=1))
    assert between.held == (TOMORROW, LATER)
    submit(store, raw(year(2020, 2.5)))
    assert by_year(store) == {"2019": 12, "2020": 2.5, "2021": 3}
    clock.time = TOMORROW - timedelta(minutes=59)
    assert by_year(store) == {"2017": 7, "2019": 12, "2020": 2.5, "2021": 3}
    clock.time = TOMORROW
    assert by_year(store) == {"2017": 7, "2018": 8, "2019": 12, "2020": 20}
    clock.time = LATER
    assert by_year(store) == {"2017": 7, "2018": 8, "2019": 12, "2020": 200, "2023": 5}
    assert [v.visible_from for v in store.history(FLOW)][:2] == [LATER, TOMORROW]


def test_an_embargo_after_which_nothing_is_left_to_change(
    store: Store, clock: SettableClock
) -> None:
    submit(store, raw(year(2019, 1)))
    submit(store, raw(year(2019, 2)), visible_from=TOMORROW)
    assert submit(store, raw(year(2019, 2))).held == ()
    clock.time = LATER
    assert by_year(store) == {"2019": 2}
    assert len(store.history(FLOW)) == 2


def test_a_first_release_before_one_that_is_held_back(store: Store, clock: SettableClock) -> None:
    submit(store, raw(year(2020, 2)), visible_from=TOMORROW)
    submit(store, raw(year(2019, 1)))
    assert by_year(store) == {"2019": 1}
    clock.time = TOMORROW
    assert by_year(store) == {"2019": 1, "2020": 2}


def test_who_comes_after_reads_what_another_made_of_the_line(
    store: Store, open_again: Callable[..., Store], clock: SettableClock
) -> None:
    """The line changes between reading and committing: everything is computed anew."""
    begin(store)
    other = open_again(Interfering(clock, lambda: submit(store, raw(year(2019, 50)))))
    submit(other, raw(year(2016, 6)))
    assert by_year(store) == {"2016": 6, "2019": 50, "2020": 2, "2021": 3}
    clock.time = TOMORROW
    assert by_year(store) == {"2016": 6, "2018": 8, "2019": 50, "2020": 20}


class Interfering:
    """Does something once, the first time somebody wants to know the time."""

    def __init__(self, clock: SettableClock, interfere: Callable[[], object]) -> None:
        self._clock, self._interfere = clock, interfere
        self._left = True

    def __call__(self) -> datetime:
        if self._left:
            self._left = False
            now = self._clock()
            self._interfere()
            return now
        return self._clock()


def test_notes_stay_with_what_they_are_of(store: Store, clock: SettableClock) -> None:
    submit(store, raw(year(2019, 1)))
    submit(
        store, raw(year(2020, 2)), visible_from=TOMORROW, statement=Statement(note="New register")
    )
    submit(store, raw(year(2019, 3)), statement=Statement(note="A slip", by="user anna"))
    assert [v.note for v in store.history(FLOW)] == ["New register", "A slip", ""]
    with store.catalogue.reading() as connection:
        query = select(audit.c.detail).where(audit.c.action == "release").order_by(audit.c.id)
        details = connection.execute(query).scalars().all()
    assert details[-1]["by"] == "user anna"
    assert details[-1]["applied_again"] == [TOMORROW.isoformat()]
    assert details[1]["held_until"] == TOMORROW.isoformat()


def test_files_of_what_nobody_will_see_go_with_a_sweep(
    store: Store, clock: SettableClock, age_files: Callable[[Path], None]
) -> None:
    begin(store)
    submit(store, CORRECTED)
    with store.catalogue.reading() as connection:
        named = func.coalesce(slice_versions.c.file, slice_versions.c.digest)
        query = select(named).where(slice_versions.c.superseded.is_not(None))
        (digest,) = connection.execute(query).scalars().all()
    age_files(store.lake.root)
    sweep(store)
    assert store.lake.has_data([digest]), "somebody may be publishing on top of it still"
    clock.pass_(days=3)
    age_files(store.lake.root)
    sweep(store)
    assert not store.lake.has_data([digest])
    assert by_year(store) == {"2018": 8, "2019": 11, "2020": 20, "2022": 40}
    assert figures(store)


@pytest.fixture
def age_files() -> Callable[[Path], None]:
    import os
    import time

    def age(folder: Path) -> None:
        long_ago = time.time() - 10 * 86_400
        for path in folder.rglob("*.parquet"):
            os.utime(path, (long_ago, long_ago))

    return age


# --- against a naive reference ---------------------------------------------------------------

SCHEMA: Schema = resolve(vintages.FLOW.reference, Structures(vintages.ARTEFACTS))
DIMENSIONS = [column.id for column in SCHEMA.dimensions]
OWN = ("OBS_VALUE", "STATUS")
UPPER = {"TITLE": ("FREQ", "AREA", "SEX"), "LICENCE": ("AREA",), "SOURCE": ()}
KEYS = [("A", "SWE", sex, period) for sex in ("F", "M") for period in ("2001", "2002", "2003")]
State = Mapping[tuple[str, ...], Mapping[str, Any]]


def group(name: str, key: tuple[str, ...]) -> tuple[str, ...]:
    named = dict(zip(DIMENSIONS, key, strict=True))
    return tuple(named[dimension] for dimension in UPPER[name])


@st.composite
def states(draw: st.DrawFn) -> State:
    """Observations of one slice, with one value of each upper attribute for its group."""
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True))
    shared: dict[tuple[str, tuple[str, ...]], Any] = {}
    found = {}
    for key in keys:
        row = {
            "OBS_VALUE": draw(st.sampled_from([None, 1.0, 2.0])),
            "STATUS": draw(st.sampled_from([None, "A", "P"])),
        }
        for name in UPPER:
            place = (name, group(name, key))
            if place not in shared:
                shared[place] = draw(st.sampled_from([None, "x", "y"]))
            row[name] = shared[place]
        found[key] = row
    return found


def naive(old: State, held: State, new: State) -> State:
    """What comes of them, one observation and one value after another."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for key in {*held, *new}:
        was, mine, theirs = old.get(key), held.get(key), new.get(key)
        if mine is None:
            if was is None and theirs is not None:
                found[key] = {name: theirs[name] for name in OWN}
        elif theirs is None:
            if was is None or any(mine[name] != was[name] for name in OWN):
                found[key] = {name: mine[name] for name in OWN}
        else:
            found[key] = {
                name: mine[name] if was is None or mine[name] != was[name] else theirs[name]
                for name in OWN
            }
    for key, row in found.items():
        for name in UPPER:
            row[name] = naive_upper(name, group(name, key), old, held, new)
    return found


def naive_upper(name: str, place: tuple[str, ...], *states: State) -> Any:
    there, said = [], []
    for state in states:
        values = [row[name] for key, row in state.items() if group(name, key) == place]
        there.append(bool(values))
        said.append(values[0] if values else None)
    (was, mine, theirs), (is_old, is_held, is_new) = said, there
    if not is_held:
        return theirs
    if not is_new:
        return mine
    if not is_old:
        return theirs if mine is None else mine
    return mine if mine != was else theirs


def written(state: State, path: Path) -> Path:
    rows = [dict(zip(DIMENSIONS, key, strict=True)) | dict(row) for key, row in state.items()]
    pq.write_table(pa.Table.from_pylist(rows, schema=arrow_schema(SCHEMA)), path)
    return path


@settings(max_examples=60, deadline=None)
@given(old=states(), held=states(), new=states(), is_first=st.booleans())
def test_what_comes_of_three_states(
    tmp_path_factory: pytest.TempPathFactory, old: State, held: State, new: State, is_first: bool
) -> None:
    folder = tmp_path_factory.mktemp("states")
    before = {} if is_first else old
    files = [
        written(state, folder / f"{number}.parquet")
        for number, state in enumerate((old, held, new))
    ]
    parts = list(map(Part, files))
    table = applied_again(SCHEMA, None if is_first else parts[0], parts[1], parts[2])
    found = {
        tuple(row[name] for name in DIMENSIONS): {name: row[name] for name in (*OWN, *UPPER)}
        for row in table.to_pylist()
    }
    assert table.num_rows == len(found)
    assert found == naive(before, held, new)


def test_no_release_comes_out_before_an_instant_that_was_seen(
    store: Store, open_again: Callable[..., Store], clock: SettableClock
) -> None:
    """A release got its instant, an embargo ends, a reader looks, the release is committed.

    The reader waits for it: else who asks what changed since the end of the embargo would miss it.
    """
    begin(store)
    publisher, reader = open_again(clock), open_again(clock)
    is_stamped, may_commit = threading.Event(), threading.Event()

    def wait(_connection: object, _at: datetime) -> None:
        is_stamped.set()
        assert may_commit.wait(20)

    given = Submission(
        raw=raw(year(2017, 7)), source="SWE", origin=Origin(kind="submission", name="SWE")
    )
    with ThreadPoolExecutor(2) as pool:
        released = pool.submit(publish, publisher, FLOW, given, together=wait)
        assert is_stamped.wait(20)
        clock.time = TOMORROW + timedelta(hours=1)
        seen = pool.submit(by_year, reader)
        with pytest.raises(TimeoutError):
            seen.result(0.5)
        may_commit.set()
        assert released.result(20).outcome is Outcome.RELEASED
        assert seen.result(20) == {"2017": 7, "2018": 8, "2019": 1, "2020": 20}
    after = submit(store, raw(year(2016, 6)))
    assert after.visible_from is not None
    assert after.visible_from > TOMORROW


def test_a_purge_reaches_what_is_held_back_and_what_nobody_will_see(
    store: Store, clock: SettableClock
) -> None:
    begin(store)
    submit(store, CORRECTED)
    with store.catalogue.reading() as connection:
        query = select(slice_versions.c.digest).where(slice_versions.c.superseded.is_not(None))
        (digest,) = connection.execute(query).scalars().all()
    schema = store.schema(FLOW)
    cell = parse_cell("A.SWE.FB.BIRTH.POL._T._T.PS.2020", schema)
    purge_cells(store, schema, Purge(flow=flow_name(FLOW), cells=(cell,), reason="r", by="me"))
    assert not store.lake.has_data([digest])
    assert by_year(store) == {"2019": 11, "2021": 3, "2022": 40}
    clock.time = TOMORROW
    assert by_year(store) == {"2018": 8, "2019": 11, "2022": 40}
    submit(store, raw(year(2023, 5)))
    assert by_year(store)["2023"] == 5


def test_a_purge_removes_what_was_handed_in_and_decided(store: Store) -> None:
    submit(store, raw(year(2020, 1), year(2019, 1)))
    anna, bo = Actor("key", "a", "Anna"), Actor("key", "b", "Bo")
    given = Submission(
        raw=raw(year(2020, 77)), source="SWE", origin=Origin(kind="submission", name="SWE")
    )
    report = hand_in(store, FLOW, given, anna)
    assert report.waiting is not None
    (file,) = (store.lake.root / "waiting").rglob("*.parquet")
    reject(store, report.waiting, bo, "Confidential")
    assert file.is_file(), "until the next sweep"
    schema = store.schema(FLOW)
    cell = parse_cell("A.SWE.FB.BIRTH.POL._T._T.PS.2020", schema)
    purge_cells(store, schema, Purge(flow=flow_name(FLOW), cells=(cell,), reason="r", by="me"))
    assert not file.is_file()
