"""The archive of a node: what is kept is there at once, and put in its place together."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from federation.harvest.archive import LakeArchive
from hub.store import Store, init_home, open_store
from hub.store.arrivals import arrivals_of
from hub.store.purges import Purge
from hub.store.tables import purges

PREFIX = "harvest-mine-"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    init_home(tmp_path / "home", {"node": "HUB", "role": "hub"})
    made = open_store(tmp_path / "home")
    yield made
    made.close()


@pytest.fixture
def archive(store: Store) -> LakeArchive:
    return LakeArchive(store.lake, store.catalogue)


def came(store: Store, *contents: bytes, run: str = f"{PREFIX}1") -> dict[str, Path]:
    """Bodies in the folder of a run, by their digests."""
    folder = store.lake.work_folder() / run
    folder.mkdir(exist_ok=True)
    bodies = {hashlib.sha256(content).hexdigest(): content for content in contents}
    for digest, content in bodies.items():
        (folder / f"{digest[:8]}.body").write_bytes(content)
    return {digest: folder / f"{digest[:8]}.body" for digest in bodies}


def facts(store: Store, digest: str) -> list[object]:
    return [dict(one.facts) for one in arrivals_of(store.catalogue, digest)]


def test_what_is_kept_is_in_its_place_once_it_is_settled(
    store: Store, archive: LakeArchive
) -> None:
    files = came(store, b"a", b"b")
    first, second = files
    for number, (digest, path) in enumerate(files.items()):
        archive.store(path, digest, {"n": number})
    archive.store(files[first], first, {"n": "again"})
    assert archive.find(first) is None
    archive.settle()
    assert facts(store, first) == [{"n": 0}, {"n": "again"}]
    assert facts(store, second) == [{"n": 1}]
    shutil.rmtree(files[first].parent)
    found = archive.find(second)
    assert found is not None
    assert found.read_bytes() == b"b"
    archive.settle()
    assert len(facts(store, first)) == 2


def test_the_next_run_puts_in_place_what_a_killed_one_had_kept(
    store: Store, archive: LakeArchive
) -> None:
    files = came(store, b"settled", b"kept", b"damaged", b"gone")
    settled, kept, damaged, gone = files
    archive.store(files[settled], settled, {"n": 1})
    archive.settle()
    for digest in (kept, damaged, gone):
        archive.store(files[digest], digest, {"n": 2})
    journal = files[kept].parent / "arrivals.jsonl"
    journal.write_bytes(journal.read_bytes() + b'{"file":"half of a li')
    files[damaged].write_bytes(b"half of a body")
    files[gone].unlink()
    others = came(store, b"another installation", run="harvest-yours-1")
    LakeArchive(store.lake, store.catalogue).take_in(PREFIX)
    for digest, there in ((settled, 1), (kept, 1), (damaged, 0), (gone, 0)):
        assert len(facts(store, digest)) == there, digest
        assert store.lake.raw_path(digest).is_file() == bool(there)
    assert not journal.parent.exists()
    assert all(path.is_file() for path in others.values())


def test_what_came_before_a_purge_of_its_flow_is_not_taken_in(
    store: Store, archive: LakeArchive
) -> None:
    files = came(store, b"purged", b"of another flow", b"since")
    purged, other, since = files
    archive.store(files[purged], purged, {"flow": "MIGX:DF_STOCK_BIRTH PART"})
    archive.store(files[other], other, {"flow": "MIGX:DF_STOCK_CTZ"})
    stub = Purge(flow="MIGX:DF_STOCK_BIRTH", reason="leaked", by="a clerk").stub
    with store.catalogue.writing() as connection:
        at = store.catalogue.stamp(connection)
        connection.execute(purges.insert().values({**stub, "at": at, "files": []}))
    archive.store(files[since], since, {"flow": "MIGX:DF_STOCK_BIRTH"})
    archive.take_in(PREFIX)
    assert [archive.find(digest) is not None for digest in files] == [False, True, True]


def test_a_journal_reaches_no_file_outside_of_its_folder(
    store: Store, archive: LakeArchive, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    digest = hashlib.sha256(b"secret").hexdigest()
    files = came(store, b"x")
    (path,) = files.values()
    archive.store(path, *files, {})
    journal = path.parent / "arrivals.jsonl"
    text = journal.read_text().replace(path.name, str(secret)).replace(next(iter(files)), digest)
    journal.write_text(text)
    archive.take_in(PREFIX)
    assert archive.find(digest) is None


def test_what_cannot_be_put_in_its_place_is_not_forgotten(
    store: Store, archive: LakeArchive
) -> None:
    files = came(store, b"a")
    (digest, path), *_ = files.items()
    archive.store(path, digest, {})
    aside = path.rename(path.with_suffix(".aside"))
    with pytest.raises(FileNotFoundError):
        archive.settle()
    aside.rename(path)
    archive.settle()
    assert archive.find(digest) is not None
