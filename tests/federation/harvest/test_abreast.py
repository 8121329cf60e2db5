"""Errands side by side, in turn: what several wait for is read at once, and each gets its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from connectors.service import Answer, Text
from federation.harvest.abreast import abreast
from federation.harvest.asking import Asking
from federation.harvest.turns import Turns
from hub.errors import PartnerInvalid
from hub.model import Structures

HEADER = "STRUCTURE,STRUCTURE_ID,ACTION,AREA,OBS_VALUE\n"


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(3) as made:
        yield made


def text(folder: Path, area: str, action: str = "R") -> Text:
    path = folder / f"{area}.bin"
    path.write_text(f"{HEADER}dataflow,X:DF(1.0.0),{action},{area},1\n", "utf-8")
    return Text(f"{area}.csv", path, lambda data: Answer(data=data))


def errand(*texts: Text) -> Asking[list[str | None]]:
    found: list[str | None] = []
    for one in texts:
        data = yield one
        found.append(None if data is None else data.table.column("AREA")[0].as_py())
    return found


def test_each_gets_what_is_its_own_in_the_order_given(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    texts = {area: text(tmp_path, area) for area in ("SWE", "NOR", "DNK")}
    errands = [errand(), errand(texts["SWE"], texts["DNK"]), errand(texts["NOR"])]
    ends = abreast(pool, Turns(0), errands, Structures())
    # the one that pauses again has nobody to be read with
    assert [end.result() for end in ends] == [[], ["SWE", None], ["NOR"]]


def test_what_fails_ends_alone(tmp_path: Path, pool: ThreadPoolExecutor) -> None:
    def failing() -> Asking[list[str | None]]:
        yield from errand(text(tmp_path, "ISL"))
        raise PartnerInvalid("no")

    errands = [errand(text(tmp_path, "SWE")), failing(), errand(text(tmp_path, "FIN"))]
    ends = abreast(pool, Turns(0), errands, Structures())
    assert isinstance(ends[1].exception(), PartnerInvalid)
    assert [ends[0].result(), ends[2].result()] == [["SWE"], ["FIN"]]


def test_what_ends_at_once_is_never_beside_anything(pool: ThreadPoolExecutor) -> None:
    turns, running, most = Turns(0.05), [0], [0]

    def piece() -> None:
        with turns.turn():
            running[0] += 1
            most[0] = max(most[0], running[0])
            running[0] -= 1

    done: list[Future[None]] = [pool.submit(piece) for _ in range(200)]
    for each in done:
        each.result(10)
    assert most == [1]


def test_what_takes_long_does_not_keep_others_waiting(pool: ThreadPoolExecutor) -> None:
    turns, together = Turns(), threading.Barrier(3)

    def piece() -> int:
        with turns.turn():
            return together.wait(10)  # until all three are there

    assert sorted(each.result(20) for each in [pool.submit(piece) for _ in range(3)]) == [0, 1, 2]


def test_beside_what_computes_nothing_begins_for_a_while(pool: ThreadPoolExecutor) -> None:
    turns, begun = Turns(0.02), []

    def compute() -> float:
        with turns.turn():
            begun.append(time.monotonic())
            until = time.thread_time() + 0.1
            while time.thread_time() < until:
                pass
            return time.monotonic()

    first, second = (pool.submit(compute) for _ in range(2))
    ended = min(first.result(10), second.result(10))
    # on a machine that is busy with others a thread waits though it would compute
    assert begun[1] >= min(ended, begun[0] + 0.02)


def test_beside_what_takes_very_long_others_begin_whatever_it_does(
    pool: ThreadPoolExecutor,
) -> None:
    turns, is_begun = Turns(0.005), threading.Event()

    def compute() -> bool:
        with turns.turn():
            until = time.monotonic() + 10
            while not is_begun.is_set() and time.monotonic() < until:
                sum(range(1_000))
            return is_begun.is_set()

    def tell() -> None:
        with turns.turn():
            is_begun.set()

    computing = pool.submit(compute)
    while not turns._running:
        time.sleep(0.001)
    pool.submit(tell).result(10)
    assert computing.result(10)


def test_what_fails_makes_room(pool: ThreadPoolExecutor) -> None:
    turns = Turns(0.2)

    def piece() -> None:
        with turns.turn():
            raise ValueError("no")

    for each in [pool.submit(piece) for _ in range(9)]:
        with pytest.raises(ValueError, match="no"):
            each.result(10)
