"""The lake: content under its digest, whole or absent."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.errors import NotFound
from hub.store import Lake
from hub.store import lake as stored
from hub.store.syncing import can_sync_all, sync_all
from tests.store.everything import LIST, TEXTS

SCHEMA = pa.schema(
    {"A": pa.string(), "B": pa.float64(), "C": pa.int64(), "D": LIST, "E": TEXTS, "F": pa.bool_()}
)
ROWS = st.fixed_dictionaries(
    {
        "A": st.none() | st.text(max_size=3),
        "B": st.none() | st.floats(allow_nan=False),
        "C": st.none() | st.integers(-(2**63), 2**63 - 1),
        "D": st.none() | st.lists(st.text(max_size=2), max_size=2),
        "E": st.none() | st.lists(st.tuples(st.just("en"), st.text(max_size=2)), max_size=1),
        "F": st.none() | st.booleans(),
    }
)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = Lake(tmp_path / "lake")
    made.create()
    return made


def files(lake: Lake) -> list[Path]:
    return sorted(path for path in lake.root.rglob("*") if path.is_file())


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(ROWS, max_size=12), st.data())
def test_equal_tables_have_equal_digests_and_come_out_as_they_went_in(
    lake: Lake, rows: list[dict[str, object]], data: st.DataObject
) -> None:
    table = pa.Table.from_pylist(rows, SCHEMA)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(rows)), max_size=3)))
    bounds = zip([0, *cuts], [*cuts, len(rows)], strict=True)
    pieces = pa.concat_tables([table.slice(start, end - start) for start, end in bounds])
    digest = lake.put_table(table)
    assert lake.put_table(pieces) == digest
    assert lake.table(digest).equals(table)


def test_the_digest_is_that_of_the_texts_however_they_are_encoded(lake: Lake) -> None:
    """Over several row groups, and as Arrow writes the plain table at once."""
    texts = pa.array([None if i % 7 == 0 else f"t{i % 1000}" for i in range(300_000)])
    plain = pa.table({"A": texts, "B": pa.nulls(len(texts), pa.string())})
    unused = pa.DictionaryArray.from_arrays(pa.nulls(len(texts), pa.int8()), ["unused"])
    digest = lake.put_table(plain)
    assert lake.put_table(pa.table({"A": texts.dictionary_encode(), "B": unused})) == digest
    at_once = lake.root / "at-once.parquet"
    pq.write_table(plain, at_once, compression="zstd", row_group_size=122_880, store_schema=False)
    assert lake.data_path(digest).read_bytes() == at_once.read_bytes()


def test_other_content_has_another_digest(lake: Lake) -> None:
    table = pa.table({"A": ["a", "b"]})
    digests = {
        lake.put_table(other)
        for other in (
            table,
            table.slice(0, 1),
            table.rename_columns(["B"]),
            pa.table({"A": ["b", "a"]}),
        )
    }
    assert len(digests) == 4


def test_a_file_has_the_digest_of_its_bytes(lake: Lake) -> None:
    digest = lake.put_table(pa.table({"A": ["a"]}))
    content = lake.data_path(digest).read_bytes()
    assert hashlib.sha256(content).hexdigest() == digest
    assert files(lake) == [lake.data_path(digest)], "nothing is left in the work folder"


def test_the_same_from_many_threads(lake: Lake) -> None:
    table = pa.table({"A": [str(i) for i in range(1000)]})
    with ThreadPoolExecutor(8) as pool:
        digests = set(pool.map(lambda _: lake.put_table(table), range(16)))
    assert files(lake) == [lake.data_path(digests.pop())]
    assert not digests


def test_a_missing_file_is_named(lake: Lake) -> None:
    with pytest.raises(NotFound, match=r"0000.*\.parquet: restore it"):
        lake.table("0" * 64)


def test_what_a_crash_left_is_nothing(lake: Lake) -> None:
    leftover = lake.work_folder() / "tmpabc.parquet"
    leftover.write_bytes(b"half of a")
    digest = lake.put_table(pa.table({"A": ["a"]}))
    assert lake.table(digest).num_rows == 1
    assert leftover.read_bytes() == b"half of a"


def test_a_table_that_cannot_be_written_leaves_nothing(lake: Lake) -> None:
    unions = pa.UnionArray.from_sparse(pa.array([0], pa.int8()), [pa.array([1])])
    with pytest.raises(pa.ArrowNotImplementedError):
        lake.put_table(pa.table({"A": unions}))
    assert files(lake) == []


def test_the_same_bytes_are_kept_once(lake: Lake, tmp_path: Path) -> None:
    came, again = tmp_path / "came", lake.work_folder() / "again"
    for file in (came, again):
        file.write_bytes(b"\x00raw\xff")
    digest = hashlib.sha256(b"\x00raw\xff").hexdigest()
    for file in (came, came, again):
        lake.put_raw({digest: file})
    assert lake.raw_path(digest).read_bytes() == b"\x00raw\xff"
    assert [path for path in files(lake) if path != again] == [lake.raw_path(digest)]
    assert came.exists()
    assert again.exists()


def test_a_file_of_the_work_folder_gets_a_second_name(lake: Lake) -> None:
    contents = {hashlib.sha256(content).hexdigest(): content for content in (b"a", b"b", b"c")}
    came = {digest: lake.work_folder() / digest for digest in contents}
    for digest, file in came.items():
        file.write_bytes(contents[digest])
    lake.put_raw(came)
    for digest, file in came.items():
        assert lake.raw_path(digest).samefile(file)
        file.unlink()
        assert lake.raw_path(digest).read_bytes() == contents[digest]


@pytest.mark.parametrize("can_sync_all", [True, False])
def test_many_files_are_synced_before_they_get_their_names(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_sync_all: bool
) -> None:
    done: list[tuple[str, str]] = []
    synced, linked = stored.sync, os.link
    monkeypatch.setattr(stored, "can_sync_all", lambda: can_sync_all)
    monkeypatch.setattr(stored, "sync_all", lambda path: done.append(("all", path.name)))
    monkeypatch.setattr(stored, "sync", lambda p: (done.append(("sync", p.name)), synced(p)))
    monkeypatch.setattr(
        os, "link", lambda a, b: (done.append(("link", Path(a).name)), linked(a, b))
    )
    contents = {hashlib.sha256(bytes([n])).hexdigest(): bytes([n]) for n in range(40)}
    came = {digest: lake.work_folder() / digest for digest in contents}
    for digest, file in came.items():
        file.write_bytes(contents[digest])
    outside = tmp_path / "outside"
    outside.write_bytes(b"elsewhere")
    came[hashlib.sha256(b"elsewhere").hexdigest()] = outside
    lake.put_raw(came)
    for digest, file in came.items():
        assert lake.raw_path(digest).read_bytes() == file.read_bytes()
    links = [place for place, (what, _) in enumerate(done) if what == "link"]
    if can_sync_all:
        assert [what for what, _ in done[: links[0]]] == ["all"]
        assert done[-1] == ("all", "raw")
        assert len(links) == 40
    else:
        for place in links:
            assert done.index(("sync", done[place][1])) < place
        folders = {digest[:2] for digest in came}
        assert folders <= {name for what, name in done[links[-1] :] if what == "sync"}


def test_a_file_system_is_synced_where_that_is_possible(tmp_path: Path) -> None:
    if can_sync_all():
        sync_all(tmp_path)
        with pytest.raises(FileNotFoundError):
            sync_all(tmp_path / "nothing")
    else:
        with pytest.raises(OSError, match="cannot sync"):
            sync_all(tmp_path)
