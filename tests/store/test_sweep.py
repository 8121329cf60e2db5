"""Sweeping: garbage goes, and nothing else, whatever runs beside it."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from sqlalchemy import select, update

from hub.errors import Conflict
from hub.model import Origin
from hub.publish import Submission, publish
from hub.store import GRACE, Store, Sweeping, file_lock, init_home, open_store, sweep
from hub.store.arrivals import forget_arrivals, last_arrivals
from hub.store.parts import files_of, state_of
from hub.store.retention import forget
from hub.store.sweep_files import OldFile, put_back, set_aside
from hub.store.tables import arrivals, audit, slice_versions
from tests.archiving import archived
from tests.publish.stock import FLOW, SettableClock, by_year, lake_files, raw, submit, year

pytestmark = pytest.mark.usefixtures("layout")

OLD = 2 * GRACE.total_seconds()


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files of the test's own."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    return tmp_path / "temporary"


@pytest.fixture
def store(tmp_path: Path, clock: SettableClock) -> Iterator[Store]:
    init_home(tmp_path / "home", {"node": "SWE", "areas": ["SWE"], "index_rows": 10**9}, clock)
    made = open_store(tmp_path / "home", clock)
    yield made
    made.close()


def age(*paths: Path, seconds: float = OLD) -> None:
    """Let files be that old."""
    for path in paths:
        then = time.time() - seconds
        os.utime(path, (then, then))


def age_all(store: Store, seconds: float = OLD) -> None:
    age(*store.lake.root.rglob("*"), seconds=seconds)
    at = datetime.now(UTC) - timedelta(seconds=seconds)
    with store.catalogue.writing() as connection:
        connection.execute(update(arrivals).values(at=at))


def swept(done: Sweeping) -> dict[str, int]:
    return {one.kind: one.files for one in done.swept if one.files}


def test_what_versions_name_stays_and_the_rest_goes(store: Store, clock: SettableClock) -> None:
    for value in (1, 2, 3):
        clock.pass_(days=1)
        submit(store, raw(year(2020, value), year(2021, 5)))
    before = lake_files(store)
    garbage = store.lake.data_path(store.lake.put_table(pa.table({"A": ["left behind"]})))
    size = garbage.stat().st_size
    assert swept(sweep(store)) == {}, "young files stay"
    age_all(store)
    told = sweep(store, dry_run=True)
    assert swept(told) == {"observations": 1}
    assert garbage.exists()
    assert sweep(store) == told
    assert next(one for one in told.swept if one.kind == "observations").bytes == size
    assert lake_files(store) - {store.lake.root / "sweep.lock"} == before
    assert by_year(store) == {"2020": 3, "2021": 5}
    assert swept(sweep(store)) == {}


def test_it_is_recorded(store: Store) -> None:
    path = store.lake.data_path(store.lake.put_table(pa.table({"A": ["left behind"]})))
    size = path.stat().st_size
    age(path)
    sweep(store)
    sweep(store)
    with store.catalogue.reading() as connection:
        query = select(audit.c.detail).where(audit.c.action == "sweep")
        assert connection.execute(query).scalars().all() == [
            {"observations": {"files": 1, "bytes": size}}
        ]


def test_files_of_versions_that_left_the_history_go_when_nobody_reads_them(
    store: Store, clock: SettableClock
) -> None:
    for value in (1, 2, 3):
        clock.pass_(days=1)
        submit(store, raw(year(2020, value)))
    first, second, last = store.history(FLOW)[::-1]
    clock.pass_(days=1)
    forget(store.catalogue, clock.time)
    age_all(store)
    clock.pass_(hours=23)
    assert swept(sweep(store)) == {}, "who began to read before may still be reading"
    clock.pass_(hours=2)
    assert swept(sweep(store)) == {"observations": 3}  # two states and the delta between them
    assert not state_of(store.lake, first).path.exists()
    assert not state_of(store.lake, second).path.exists()
    assert store.lake.has_data(files_of(last))
    assert by_year(store) == {"2020": 3}
    with store.catalogue.reading() as connection:
        facts = connection.execute(select(slice_versions.c.facts)).scalars().all()
    assert [bool(one) for one in facts] == [False, False, True]


def test_the_setting_shortens_the_history(
    tmp_path: Path, clock: SettableClock, store: Store
) -> None:
    for value in (1, 2, 3):
        clock.pass_(days=10)
        submit(store, raw(year(2020, value)))
    with (tmp_path / "home" / "corridor.toml").open("a", encoding="utf-8") as file:
        file.write('keep_history = "5d"\n')
    shorter = open_store(tmp_path / "home", clock)
    clock.pass_(days=1)
    told = sweep(shorter, dry_run=True).forgotten
    assert [one.versions for one in told] == [1]  # five days ago the second one was visible
    assert sweep(shorter).forgotten == told
    assert len(shorter.history(FLOW)) == 2
    clock.pass_(days=5)
    sweep(shorter)
    assert len(shorter.history(FLOW)) == 1
    assert by_year(shorter) == {"2020": 3}
    shorter.close()


def test_an_old_file_found_again_by_a_publisher_is_young(store: Store) -> None:
    table = pa.table({"A": ["twice"]})
    path = store.lake.data_path(store.lake.put_table(table))
    age(path)
    store.lake.put_table(table)
    assert swept(sweep(store)) == {}
    assert path.exists()


def test_a_publisher_that_slept_while_its_files_were_swept_publishes_all_the_same(
    store: Store, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the writing of files and the commit comes a sweep of everything old."""
    submit(store, raw(year(2020, 1)))
    writing = type(store.catalogue).writing
    slept: list[int] = []

    def sleep_first(catalogue):
        if not slept:
            slept.append(1)
            age_all(store)
            slept.append(swept(sweep(store))["observations"])
        return writing(catalogue)

    monkeypatch.setattr(type(store.catalogue), "writing", sleep_first)
    submit(store, raw(year(2020, 2)))
    assert slept == [1, 2], "state and delta were swept"
    assert by_year(store) == {"2020": 2}
    (newest, _) = store.history(FLOW)
    assert store.lake.has_data(files_of(newest))


def test_a_sweep_that_slept_while_a_publisher_committed_takes_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between looking for garbage and taking it away, it is named."""
    submission = Submission(
        raw=raw(year(2020, 1)), source="SWE", origin=Origin(kind="submission", name="SWE")
    )
    submit(store, raw(year(2020, 1)))  # writes the file; then it is withdrawn again
    (named,) = store.history(FLOW)
    path = state_of(store.lake, named).path
    with store.catalogue.writing() as connection:
        connection.execute(slice_versions.delete())
    age(path)
    writing = type(store.catalogue).writing
    done: list[int] = []

    def publish_first(catalogue):
        if not done:
            done.append(1)
            publish(store, FLOW, submission)
            age(path)  # as if it had slept since it found the file there
        return writing(catalogue)

    monkeypatch.setattr(type(store.catalogue), "writing", publish_first)
    assert swept(sweep(store)) == {}
    assert by_year(store) == {"2020": 1}


def test_one_sweep_at_a_time(store: Store) -> None:
    with file_lock(store.lake.root / "sweep.lock") as is_held:
        assert is_held
        with pytest.raises(Conflict, match="another sweep"):
            sweep(store)
        sweep(store, dry_run=True)
    sweep(store)


def archive(store: Store, tmp_path: Path, content: bytes) -> str:
    came = tmp_path / "came.bin"
    came.write_bytes(content)
    return archived(store, came, url="https://example.org")


def raw_files(store: Store) -> int:
    return len([path for path in (store.lake.root / "raw").rglob("*") if path.is_file()])


def test_raw_bytes_stay_unless_the_setting_says_otherwise(
    store: Store, tmp_path: Path, clock: SettableClock
) -> None:
    used = archive(store, tmp_path, b"used")
    for content in (b"refused", b"came again", b"young", b"told by nobody"):
        archive(store, tmp_path, content)
    origin = Origin(kind="harvest", name="SWE", detail=(("raw", used),))
    publish(store, FLOW, Submission(raw=raw(year(2020)), source="SWE", origin=origin))
    age_all(store, 20 * OLD)
    young = archive(store, tmp_path, b"young")
    age(store.lake.raw_path(young), seconds=20 * OLD)
    (untold,) = (
        path
        for path in (store.lake.root / "raw").glob("*/*.bin")
        if path.read_bytes() == b"told by nobody"
    )
    with store.catalogue.writing() as connection:
        forget_arrivals(connection, [untold.stem])
    assert swept(sweep(store)) == {"raw": 1}
    assert not untold.exists()
    with (tmp_path / "home" / "corridor.toml").open("a", encoding="utf-8") as file:
        file.write('keep_raw = "30d"\n')
    shorter = open_store(tmp_path / "home", clock)
    archive(shorter, tmp_path, b"came again")
    told = sweep(shorter, dry_run=True)
    assert swept(told) == {"raw": 1}
    before = raw_files(store)
    assert sweep(shorter) == told
    assert raw_files(store) == before - 1
    contents = {path.read_bytes() for path in (store.lake.root / "raw").glob("*/*.bin")}
    assert contents == {b"used", b"came again", b"young"}
    with store.catalogue.reading() as connection:
        assert last_arrivals(connection).keys() == {
            hashlib.sha256(content).hexdigest() for content in contents
        }
    shorter.close()


def test_bytes_that_come_again_while_they_are_swept_stay(store: Store, tmp_path: Path) -> None:
    path = store.lake.raw_path(archive(store, tmp_path, b"again"))
    cutoff = time.time() - GRACE.total_seconds()
    age(path)
    found = OldFile(path, 5)
    archive(store, tmp_path, b"again")
    assert set_aside(store.lake, found, cutoff) is None
    assert path.read_bytes() == b"again"
    age(path)
    aside = set_aside(store.lake, found, cutoff)
    assert aside is not None
    assert not path.exists()
    archive(store, tmp_path, b"again")
    assert path.read_bytes() == b"again"


@pytest.mark.parametrize("kind", ["data", "raw"])
def test_what_a_killed_sweep_had_in_hand_is_put_back(
    store: Store, tmp_path: Path, kind: str
) -> None:
    if kind == "data":
        path = store.lake.data_path(store.lake.put_table(pa.table({"A": ["x"]})))
    else:
        path = store.lake.raw_path(archive(store, tmp_path, b"x"))
    age(path)
    aside = set_aside(store.lake, OldFile(path, 1), time.time())
    assert aside is not None
    assert not path.exists()
    put_back(store.lake)
    assert path.exists()
    assert list(store.lake.work_folder().iterdir()) == []


def test_work_of_dead_processes_goes(store: Store, temporary: Path) -> None:
    work = store.lake.work_folder()
    (work / "tmpold.parquet").write_bytes(b"12345")
    (work / "harvest-old" / "deep").mkdir(parents=True)
    (work / "harvest-old" / "deep" / "file").write_bytes(b"123")
    (work / "harvest-busy" / "deep").mkdir(parents=True)
    busy = work / "harvest-busy" / "deep" / "file"
    busy.write_bytes(b"1")
    spill, other = temporary / f"corridor-{'0' * 32}", temporary / "corridor-demo-x"
    for folder in (spill, other):
        folder.mkdir()
        (folder / "file").write_bytes(b"12")
    age(*work.rglob("*"), *temporary.rglob("*"))
    age(busy, seconds=10)
    (work / "tmpnew.parquet").write_bytes(b"1")
    done = sweep(store)
    assert {one.kind: (one.files, one.bytes) for one in done.swept if one.files} == {
        "work": (2, 8),
        "spill": (1, 2),
    }
    assert {path.name for path in work.iterdir()} == {"harvest-busy", "tmpnew.parquet"}
    assert not spill.exists()
    assert other.exists()


def test_indexes_that_readers_do_not_use_go(store: Store, clock: SettableClock) -> None:
    paths = []
    for value in (1, 2):
        clock.pass_(days=1)
        submit(store, raw(year(2020, value)))
        release = store.release(FLOW)
        assert release is not None
        paths.append(store.build_index(release, store.schema(FLOW)))
    reader = store.read(release, store.schema(FLOW))
    folder = store.indexes.folder
    (folder / "x.1-2.work").write_bytes(b"half")
    age(*folder.rglob("*"))
    assert swept(sweep(store)) == {"indexes": 2}
    assert list(folder.iterdir()) == [paths[1]]
    assert reader.read_all().num_rows == 1
    shutil.rmtree(paths[1])
    assert by_year(store) == {"2020": 2}


def test_nothing_of_a_young_sweep_is_garbage(store: Store) -> None:
    submit(store, raw(year(2020, 1)))
    assert swept(sweep(store, grace=timedelta(hours=1))) == {}
