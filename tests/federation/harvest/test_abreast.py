"""Errands side by side: what several wait for is read at once, and each gets its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from connectors.service import Answer, Text
from federation.harvest.abreast import abreast
from federation.harvest.asking import Asking
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
    ends = abreast(pool, errands, Structures())
    # the one that pauses again has nobody to be read with
    assert [end.result() for end in ends] == [[], ["SWE", None], ["NOR"]]


def test_what_fails_ends_alone(tmp_path: Path, pool: ThreadPoolExecutor) -> None:
    def failing() -> Asking[list[str | None]]:
        yield from errand(text(tmp_path, "ISL"))
        raise PartnerInvalid("no")

    errands = [errand(text(tmp_path, "SWE")), failing(), errand(text(tmp_path, "FIN"))]
    ends = abreast(pool, errands, Structures())
    assert isinstance(ends[1].exception(), PartnerInvalid)
    assert [ends[0].result(), ends[2].result()] == [["SWE"], ["FIN"]]


def test_what_takes_long_does_not_keep_others_waiting(pool: ThreadPoolExecutor) -> None:
    together = threading.Barrier(3)

    def slow() -> Asking[int]:
        yield from ()
        return together.wait(10)  # until all three are there

    ends = abreast(pool, [slow() for _ in range(3)], Structures())
    assert sorted(end.result() for end in ends) == [0, 1, 2]
