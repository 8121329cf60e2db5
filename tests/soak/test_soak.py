"""Workers that answer while others publish, sweep and index: every answer is of one release.

It is of one that readers saw at some time between the question and the end of the answer: neither
half of one and half of another, nor one that had been followed already. Nothing fails meanwhile. A
few seconds here; `make soak` lets it run for a minute, or as many seconds as CORRIDOR_SOAK_SECONDS
says.
"""

from __future__ import annotations

import json
import multiprocessing
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from benchmarks.client import Connection, request
from hub.store import init_home, open_store, sweep
from tests.soak.asking import Asked, Told, ask_until
from tests.soak.releases import SECONDS, Released, publish_until, release

WORKERS, CLIENTS = 4, 2
#: With all areas, then with one, then with two.
FIRST = 30
#: Longer than any of these publishes and downloads takes.
GRACE = timedelta(seconds=5)

pytestmark = pytest.mark.skipif(
    "forkserver" not in multiprocessing.get_all_start_methods(), reason="needs a fork server"
)


@contextmanager
def serving(home: Path, root: Path) -> Iterator[int]:
    """Serve a node with several workers; they must neither complain nor fail."""
    command = [sys.executable, "-W", "error", "-m", "hub.main", "--home", str(home), "serve"]
    complaints = home / "complaints.txt"
    with complaints.open("w") as errors:
        process = subprocess.Popen(
            [*command, "--json", "--port", "0", "--workers", str(WORKERS)],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            cwd=root,
        )
    assert process.stdout is not None
    said = json.loads("".join(iter(process.stdout.readline, "}\n")) + "}")
    try:
        yield int(urlsplit(said["url"]).port or 0)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=60)
        finally:
            process.kill()
            print(complaints.read_text())  # shown where the test fails
    assert (process.returncode, complaints.read_text()) == (0, "")


def get_ready(pool: ProcessPoolExecutor, port: int) -> None:
    """Wait until the clients' processes run and the workers answer."""
    for each in [pool.submit(time.sleep, 1) for _ in range(CLIENTS + 2)]:
        each.result()
    for _ in range(4 * WORKERS):  # whoever is free takes a connection
        with Connection(port) as connection:
            assert connection.get(request("/health")).status == 200


def sweep_until(home: Path, stop: Path) -> Counter[str]:
    """Sweep once a second until a file is there; counts what was removed."""
    store, removed = open_store(home), Counter()
    is_over = False
    while not is_over:
        time.sleep(1)
        is_over = stop.exists()  # and then once more
        done = sweep(store, grace=GRACE)
        removed.update({one.kind: one.files for one in done.swept})
        removed["versions"] += sum(one.versions for one in done.forgotten)
    store.close()
    return removed


def judge(told: Told, released: Sequence[Released]) -> str | None:
    """What is wrong with an answer; None where a release of its time answers so."""
    following = [*released[1:], None]
    seen = [
        one.number
        for one, later in zip(released, following, strict=True)
        if one.earliest <= told.ended and (later is None or later.latest >= told.begun)
    ]
    if any(told.question.is_answer_of(told.said, number) for number in seen):
        return None
    return f"{told.question.target}: {told.said}, when readers saw {seen}"


def test_every_answer_is_of_one_release_that_readers_see(
    tmp_path: Path, root: Path, catalogue_url: str
) -> None:
    home = tmp_path / "home"
    about = {"node": "HUB", "role": "hub", "areas": ["*"], "keep_history": "0h"}
    init_home(home, about | {"catalogue": catalogue_url})
    store = open_store(home)
    begun = release(store, FIRST)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["hub.publish", "tests.soak.asking", "tests.soak.releases"])
    pool = ProcessPoolExecutor(CLIENTS + 2, mp_context=context)
    with serving(home, root) as port, pool:
        get_ready(pool, port)
        until, stop = time.time() + SECONDS, tmp_path / "stop"
        publisher = pool.submit(publish_until, home, FIRST + 1, until, stop)
        sweeper = pool.submit(sweep_until, home, stop)
        clients = [pool.submit(ask_until, port, stop) for _ in range(CLIENTS)]
        released = [begun, *publisher.result()]
        asked = [client.result() for client in clients]
        removed = sweeper.result()
    told = [one for each in asked for one in each.told]
    wrong = [found for one in told if (found := judge(one, released)) is not None]
    assert not wrong, f"{len(wrong)} of {len(told)} answers, the first: {wrong[:3]}"
    check_that_it_tested(store, released, asked, removed)
    store.close()


def check_that_it_tested(
    store, released: list[Released], asked: list[Asked], removed: Counter[str]
) -> None:
    statuses = sum((one.statuses for one in asked), Counter())
    numbers = {one.said.number for each in asked for one in each.told} - {None}
    print(f"{len(released)} releases, answers {dict(statuses)}, removed {dict(removed)}")
    assert len(numbers) > 2
    assert statuses[200]
    assert statuses[304]
    assert removed["versions"]
    assert any((store.lake.root / "index").iterdir())
