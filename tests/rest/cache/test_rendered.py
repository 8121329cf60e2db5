"""The cache by itself: bounds, whole or absent, several processes, kill at any moment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hub.rest.cache import Body, RenderedCache, Stored
from hub.rest.cache.sweeping import FILLING, sweep

LARGE = 3 << 20


def key(number: int) -> str:
    return f"{number:040x}"[::-1] + "-identity"


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in files(folder))


def content(cache: RenderedCache, name: str) -> bytes | None:
    found = cache.find(name)
    return found.content() if isinstance(found, Stored) else found and found.content


@pytest.mark.parametrize("length", [0, 1, 1000, (1 << 20) + 1, LARGE])
@pytest.mark.parametrize("coding", [None, "gzip"])
def test_what_is_stored_is_found_by_another_process(tmp_path, length, coding):
    body = Body(os.urandom(length), coding)
    RenderedCache(tmp_path, 1 << 30).store(key(1), body)
    found = RenderedCache(tmp_path, 1 << 30).find(key(1))
    assert found is not None
    assert found.coding == coding
    assert (found.content() if isinstance(found, Stored) else found.content) == body.content
    assert RenderedCache(tmp_path, 1 << 30).find(key(2)) is None


def test_a_cache_of_no_bytes_keeps_nothing(tmp_path):
    cache = RenderedCache(tmp_path / "cache", 0)
    cache.hold(key(1), Body(b"x", None))
    cache.store(key(1), Body(b"x", None))
    assert cache.find(key(1)) is None
    assert not (tmp_path / "cache").exists()


def _cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 1)


def _empty(path: Path) -> None:
    os.truncate(path, 0)


def _lengthen(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"x")


def _fill_with_zeros(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def _replace_by_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("length", [100, LARGE])
@pytest.mark.parametrize(
    "damage", [_cut, _empty, _lengthen, _fill_with_zeros, _replace_by_a_folder, Path.unlink]
)
def test_what_is_not_whole_is_not_found(tmp_path, damage, length):
    cache = RenderedCache(tmp_path, 1 << 30)
    cache.store(key(1), Body(os.urandom(length), None))
    (path,) = files(tmp_path)
    damage(path)
    assert cache.find(key(1)) is None


def test_a_body_that_is_removed_while_it_is_read_stays_readable(tmp_path):
    cache = RenderedCache(tmp_path, 1 << 30)
    body = os.urandom(LARGE)
    cache.store(key(1), Body(body, None))
    found = cache.find(key(1))
    assert isinstance(found, Stored)
    blocks = found.blocks()
    begun = next(blocks)
    sweep(tmp_path, 0)
    assert files(tmp_path) == []
    assert begun + b"".join(blocks) == body


def test_the_folder_stays_within_its_bound(tmp_path):
    """Whatever is written, by two processes at once, and what was used last survives."""
    most, now = 2 << 20, time.time()
    caches = RenderedCache(tmp_path, most), RenderedCache(tmp_path, most)
    for number in range(300):
        caches[number % 2].store(key(number), Body(os.urandom(20_000), None))
        assert size(tmp_path) <= most
        (written,) = tmp_path.rglob(key(number))
        os.utime(written, (now - 1000 + number,) * 2)
        (first,) = tmp_path.rglob(key(0))
        os.utime(first, (now - 2000,) * 2)
        RenderedCache(tmp_path, most).find(key(0))
    assert size(tmp_path) > most // 2
    found = RenderedCache(tmp_path, most)
    assert found.find(key(299)) is not None
    assert found.find(key(0)) is not None  # the oldest, but always used
    assert found.find(key(1)) is None


def test_a_body_beyond_its_part_of_the_bound_is_given_up(tmp_path):
    cache = RenderedCache(tmp_path, 8_000_000)
    filling = cache.fill(key(1), None)
    assert filling is not None
    for _ in range(20):
        filling.write(bytes(100_000))
    assert files(tmp_path) == []
    cache.complete(key(1), filling)
    assert cache.find(key(1)) is None


def test_a_body_is_filled_once_at_a_time(tmp_path):
    cache = RenderedCache(tmp_path, 1 << 30)
    first = cache.fill(key(1), None)
    assert first is not None
    assert cache.fill(key(1), None) is None
    first.write(b"abc")
    cache.abandon(key(1), first)
    assert files(tmp_path) == []
    again = cache.fill(key(1), None)
    assert again is not None
    again.write(b"abc")
    cache.complete(key(1), again)
    assert content(cache, key(1)) == b"abc"


FILL = """
import sys
from pathlib import Path
from hub.rest.cache import RenderedCache
cache = RenderedCache(Path(sys.argv[1]), 1 << 30)
filling = cache.fill(sys.argv[2], None)
while True:
    filling.write(bytes(10_000))
    print("written", flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_a_killed_process_leaves_no_body(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", FILL, str(tmp_path), key(1)], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    cache = RenderedCache(tmp_path, 1 << 30)
    assert cache.find(key(1)) is None
    cache.store(key(1), Body(b"whole", None))
    assert content(cache, key(1)) == b"whole"
    # What it was writing counts, stays while it may be alive, and goes when it cannot be.
    (left,) = files(tmp_path / FILLING)
    sweep(tmp_path, 1 << 30)
    assert left.exists()
    os.utime(left, (time.time() - 10_000,) * 2)
    sweep(tmp_path, 1 << 30)
    assert not left.exists()
    assert content(cache, key(1)) == b"whole"


def test_a_disk_that_takes_nothing_costs_no_answer(tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be")
    cache = RenderedCache(tmp_path / "cache", 1 << 30)
    cache.store(key(1), Body(b"x", None))
    assert cache.fill(key(1), None) is None
    assert cache.find(key(1)) is None


def test_a_folder_that_was_emptied_is_made_again(tmp_path):
    cache = RenderedCache(tmp_path / "cache", 1 << 30)
    (tmp_path / "cache" / FILLING).rmdir()
    assert cache.fill(key(1), None) is None
    cache.store(key(1), Body(b"x", None))
    assert content(cache, key(1)) == b"x"


def test_memory_holds_what_was_used_last(tmp_path):
    cache = RenderedCache(tmp_path, 1_000)
    for number in range(12):
        cache.hold(key(number), Body(bytes(100), None))
        assert cache.held(key(0)) is not None
    assert cache.held(key(1)) is None
    assert sum(cache.held(key(number)) is not None for number in range(12)) == 10


def test_what_is_used_again_gets_on_disk(tmp_path):
    cache = RenderedCache(tmp_path, 1 << 30)
    assert cache.hold(key(1), Body(b"asked for twice", None))
    assert cache.hold(key(2), Body(b"asked for once", None))
    assert files(tmp_path) == []
    assert cache.waits(key(1))
    cache.settle(key(1))
    assert not cache.waits(key(1))
    another = RenderedCache(tmp_path, 1 << 30)
    assert content(another, key(1)) == b"asked for twice"
    assert another.find(key(2)) is None
    assert not another.waits(key(1))  # what was read from disk is there


def test_what_waits_and_is_dropped_is_gone(tmp_path):
    cache = RenderedCache(tmp_path, 1_000)
    for number in range(12):
        cache.hold(key(number), Body(bytes(100), None))
    assert not cache.waits(key(0))
    cache.settle(key(0))
    assert files(tmp_path) == []
