"""A node that is backed up, damaged, restored: the same answers, or a word about each damage."""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import select

from hub.errors import Conflict, Forbidden, Invalid, NotFound
from hub.model import Origin
from hub.publish import Submission, publish
from hub.store import Store, file_lock, init_home, open_store
from hub.store.backup import make_backup, restore_backup, verify_backup, verify_store
from hub.store.tables import audit, metadata
from tests.archiving import archived
from tests.publish.stock import FLOW, SettableClock, figures, raw, submit, year

pytestmark = pytest.mark.usefixtures("layout")

PROGRAM = "test"


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def store(tmp_path: Path, clock: SettableClock, catalogue_url: str) -> Iterator[Store]:
    settings = {"node": "SWE", "areas": ["SWE"], "index_rows": 10**9, "catalogue": catalogue_url}
    init_home(tmp_path / "home", settings, clock)
    made = open_store(tmp_path / "home", clock)
    yield made
    made.close()


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let restored nodes have their catalogue in their home."""
    monkeypatch.setenv("CORRIDOR_CATALOGUE", "")


def fill(store: Store, clock: SettableClock) -> list[datetime]:
    """Three releases, one of them of what a partner sent, and something held back."""
    came = store.settings.home / "came"
    came.write_bytes(b"what a partner sent")
    digest = archived(store, came, url="https://example.org")
    origin = Origin(kind="harvest", name="NOR", detail=(("raw", digest),))
    instants = []
    for value in (1, 2):
        clock.pass_(days=1)
        submit(store, raw(year(2020, value), year(2021, 5)))
        instants.append(clock.time)
    clock.pass_(days=1)
    given = raw({"REF_AREA": "NOR", "TIME_PERIOD": "2019", "OBS_VALUE": "7"})
    publish(store, FLOW, Submission(raw=given, source="NOR", origin=origin))
    instants.append(clock.time)
    held = raw({"REF_AREA": "DNK", "TIME_PERIOD": "2019", "OBS_VALUE": "9"})
    submit(store, held, source="DNK", visible_from=clock.time + timedelta(days=9))
    return instants


def rows(store: Store) -> dict[str, list[Any]]:
    """Every row of the catalogue, but for what backups themselves wrote into the audit trail."""
    with store.catalogue.reading() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
                if table is not audit or row.action not in ("backup", "restore")
            ]
            for table in metadata.sorted_tables
            if table.name != "clock"
        }


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.usefixtures("here")
def test_a_restored_node_answers_as_the_first_did(
    store: Store, clock: SettableClock, tmp_path: Path
) -> None:
    instants = fill(store, clock)
    done = make_backup(store, tmp_path / "backup", PROGRAM)
    assert done.files == len(files(tmp_path / "backup")) - 2  # manifest and lock
    restored = restore_backup(tmp_path / "backup", tmp_path / "other", now=clock)
    assert (restored.node, restored.files) == ("SWE", done.files)
    other = open_store(tmp_path / "other", clock)
    assert rows(other) == rows(store)
    for instant in instants:
        assert figures(other, instant) == figures(store, instant)
    for moved in (0, 10):
        clock.pass_(days=moved)
        mine, theirs = store.release(FLOW), other.release(FLOW)
        assert mine is not None
        assert theirs == mine
    assert verify_store(other).damaged == ()
    submit(other, raw(year(2022, 4)))  # new rows get numbers of their own
    assert figures(other)["SWE", "POL", "2022"] == 4
    other.close()


def test_a_node_moves_to_another_kind_of_database(
    store: Store,
    clock: SettableClock,
    tmp_path: Path,
    postgresql_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from tests.store import postgresql

    fill(store, clock)
    make_backup(store, tmp_path / "backup", PROGRAM)
    url = postgresql.new_database(postgresql_url)
    monkeypatch.setenv("CORRIDOR_CATALOGUE", url)
    restore_backup(tmp_path / "backup", tmp_path / "other")
    other = open_store(tmp_path / "other", clock)
    assert rows(other) == rows(store)
    submit(other, raw(year(2022, 4)))
    other.close()
    with pytest.raises(Conflict, match="CORRIDOR_CATALOGUE"):
        restore_backup(tmp_path / "backup", tmp_path / "third")
    assert not (tmp_path / "third").exists()
    assert not (tmp_path / "third.restoring").exists()


def test_into_the_same_folder_only_what_is_new_is_copied(
    store: Store, clock: SettableClock, tmp_path: Path
) -> None:
    fill(store, clock)
    folder = tmp_path / "backup"
    first = make_backup(store, folder, PROGRAM)
    assert (first.copied_files, first.copied_bytes) == (first.files, first.bytes)
    clock.pass_(days=1)
    submit(store, raw(year(2023, 3)))
    stale = folder / "lake" / "data" / "ab" / "abandoned.parquet"
    stale.parent.mkdir(exist_ok=True)
    stale.write_bytes(b"left by a killed backup")
    second = make_backup(store, folder, PROGRAM)
    assert second.copied_files == 3  # the catalogue, a state, a delta
    assert not stale.exists()
    assert len(list(folder.glob("catalogue-*.jsonl"))) == 1
    assert verify_backup(folder).damaged == ()


def test_what_is_published_meanwhile_does_not_disturb_it(
    store: Store, clock: SettableClock, tmp_path: Path
) -> None:
    fill(store, clock)
    stop = threading.Event()

    def publish_on() -> None:
        value = 100
        while not stop.is_set():
            value += 1
            submit(store, raw(year(2020, value)))

    thread = threading.Thread(target=publish_on)
    thread.start()
    try:
        for number in range(3):
            folder = tmp_path / f"backup{number}"
            make_backup(store, folder, PROGRAM)
            assert verify_backup(folder).damaged == ()
            _check_needed(folder)
    finally:
        stop.set()
        thread.join()


def _check_needed(folder: Path) -> None:
    """Each file that the catalogue of a backup names is in the backup."""
    (catalogue,) = folder.glob("catalogue-*.jsonl")
    lines = [json.loads(line) for line in catalogue.read_text().splitlines()]
    digests = {
        row[name]
        for table, row in lines
        if table == "slice_version"
        for name in ("file" if row["file"] else "digest", "delta")
        if row[name]
    }
    assert digests
    there = {path.stem for path in folder.glob("lake/data/*/*.parquet")}
    assert digests <= there


def test_each_damage_is_told_and_a_damaged_backup_restores_nothing(
    store: Store, clock: SettableClock, tmp_path: Path
) -> None:
    fill(store, clock)
    folder = tmp_path / "backup"
    make_backup(store, folder, PROGRAM)
    good = files(folder)
    hit = [name for name in good if name.startswith(("lake/", "catalogue-"))]
    assert len(hit) > 5
    for name in hit:
        path = folder / name
        for damage in (b"", good[name][:-1], good[name] + b"x", b"X" + good[name][1:], None):
            path.unlink() if damage is None else path.write_bytes(damage)
            assert [one.path for one in verify_backup(folder).damaged] == [name]
        with pytest.raises(Invalid, match="nothing was restored") as refused:
            restore_backup(folder, tmp_path / "other")
        assert [finding.file for finding in refused.value.findings] == [name]
        assert not (tmp_path / "other").exists()
        path.write_bytes(good[name])
    assert verify_backup(folder).damaged == ()


def test_a_damaged_node_is_told_of_and_makes_no_backup(
    store: Store, clock: SettableClock, tmp_path: Path
) -> None:
    fill(store, clock)
    assert verify_store(store).damaged == ()
    root = store.lake.root
    data = [*root.glob("data/*/*.parquet"), *root.glob("raw/*/*.bin")]
    assert len(data) > 5
    for path in data:
        content = path.read_bytes()
        path.write_bytes(content[:-1])
        (found,) = verify_store(store).damaged
        assert found.path == f"lake/{path.relative_to(root).as_posix()}"
        assert found.needed_for
        with pytest.raises(Invalid, match="damaged"):
            make_backup(store, tmp_path / "backup", PROGRAM)
        with pytest.raises(NotFound, match="never finished"):
            verify_backup(tmp_path / "backup")
        path.unlink()
        assert [one.what for one in verify_store(store).damaged] == ["it is missing"]
        path.write_bytes(content)
    make_backup(store, tmp_path / "backup", PROGRAM)  # goes on where the others stopped


def test_fewer_observations_than_the_catalogue_says_are_damage(
    store: Store, clock: SettableClock
) -> None:
    fill(store, clock)
    with store.catalogue.writing() as connection:
        connection.execute(metadata.tables["slice_version"].update().values(rows=17))
    found = verify_store(store).damaged
    assert found
    assert all("instead of 17" in one.what for one in found)


def test_an_unsound_database_is_told_of(tmp_path: Path, clock: SettableClock) -> None:
    init_home(tmp_path / "home", {"node": "SWE", "areas": ["SWE"], "index_rows": 10**9}, clock)
    store = open_store(tmp_path / "home", clock)
    fill(store, clock)
    store.close()
    file = tmp_path / "home" / "catalogue.sqlite"
    with closing(sqlite3.connect(file)) as connection:
        index = "SELECT rootpage FROM sqlite_master WHERE name LIKE 'ix_slice_version_flow_vis%'"
        (page,) = connection.execute(index).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    content = bytearray(file.read_bytes())
    content[page * size - 4] ^= 1  # a key of the index no longer is that of its row
    file.write_bytes(content)
    store = open_store(tmp_path / "home", clock)
    assert [one.path for one in verify_store(store).damaged] == ["catalogue.sqlite"]
    store.close()


@pytest.mark.usefixtures("here")
def test_a_home_in_use_is_left_alone_unless_it_may_move(
    store: Store, clock: SettableClock, tmp_path: Path
) -> None:
    fill(store, clock)
    make_backup(store, tmp_path / "backup", PROGRAM)
    used = tmp_path / "used"
    used.mkdir()
    (used / "something").write_text("of value")
    with pytest.raises(Conflict, match="--replace"):
        restore_backup(tmp_path / "backup", used)
    assert files(used) == {"something": b"of value"}
    restored = restore_backup(tmp_path / "backup", used, replace=True)
    assert restored.aside is not None
    assert files(restored.aside) == {"something": b"of value"}
    open_store(used).close()


def test_folders_used_otherwise_are_refused(
    store: Store, clock: SettableClock, tmp_path: Path
) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_bytes(b"x")
    with pytest.raises(Conflict, match="something else"):
        make_backup(store, tmp_path / "photos", PROGRAM)
    make_backup(store, tmp_path / "backup", PROGRAM)
    manifest = tmp_path / "backup" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"node": "SWE"', '"node": "NOR"'))
    with pytest.raises(Conflict, match="of node NOR"):
        make_backup(store, tmp_path / "backup", PROGRAM)
    with file_lock(store.lake.root / "sweep.lock"), pytest.raises(Conflict, match="sweep"):
        make_backup(store, tmp_path / "third", PROGRAM)
    (tmp_path / "file").write_text("")
    with pytest.raises((Forbidden, Conflict, OSError)):
        make_backup(store, tmp_path / "file" / "below", PROGRAM)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "\x00",
        '{"format": 1}',
        '{"format": 99, "node": "S", "made": "2026-01-01T00:00:00Z", "program": "", '
        '"revision": "", "settings": "", "catalogue": "", "files": {}}',
    ],
)
def test_what_is_no_manifest_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(Invalid, match="manifest"):
        verify_backup(tmp_path)


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "lake/../../x", "c:\\x", "lake\\x", ""])
def test_a_manifest_cannot_name_files_elsewhere(tmp_path: Path, name: str) -> None:
    manifest = {
        "format": 1,
        "node": "SWE",
        "made": "2026-01-01T00:00:00Z",
        "program": "",
        "revision": "0003",
        "settings": "",
        "catalogue": "c",
        "files": {name: {"bytes": 1, "sha256": "00"}},
    }
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(Invalid, match="no place within"):
        restore_backup(tmp_path, tmp_path / "home")


@pytest.mark.usefixtures("here")
def test_rows_that_are_none_restore_nothing(
    store: Store, clock: SettableClock, tmp_path: Path
) -> None:
    from hub.store.lake import hash_of

    make_backup(store, tmp_path / "backup", PROGRAM)
    (catalogue,) = (tmp_path / "backup").glob("catalogue-*.jsonl")
    manifest = tmp_path / "backup" / "manifest.json"
    told = json.loads(manifest.read_text())
    for line in ('["secrets", {"a": 1}]', "{}", "[", '["clock", 5]'):
        shutil.copyfile(catalogue, tmp_path / "saved")
        with catalogue.open("a") as file:
            file.write(line + "\n")
        told["files"][catalogue.name] = {
            "bytes": catalogue.stat().st_size,
            "sha256": hash_of(catalogue),
        }
        manifest.write_text(json.dumps(told))
        with pytest.raises(Invalid, match="row"):
            restore_backup(tmp_path / "backup", tmp_path / "other")
        assert not (tmp_path / "other").exists()
        shutil.copyfile(tmp_path / "saved", catalogue)


def test_the_files_of_a_backup_are_what_any_reader_reads(
    store: Store, clock: SettableClock, tmp_path: Path
) -> None:
    """No program of ours is needed to get at the figures."""
    fill(store, clock)
    make_backup(store, tmp_path / "backup", PROGRAM)
    values = {
        str(value)
        for path in (tmp_path / "backup").glob("lake/data/*/*.parquet")
        for value in pq.read_table(path).column("OBS_VALUE").cast(pa.string()).to_pylist()
    }
    assert {"1", "2", "5", "7", "9"} <= values
    assert datetime.fromisoformat(
        json.loads((tmp_path / "backup" / "manifest.json").read_text())["made"]
    ).astimezone(UTC)
