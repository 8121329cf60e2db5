"""A disk that is full or broken, a catalogue that is lost: at each operation that a command does.

The command ends with a word about it, or does without; nothing is lost or half done, and given
again it comes to what it would have come to.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.conftest import Prepared
from tests.faults.failing import OPERATIONS, count, fail
from tests.faults.scenes import SCENES
from tests.faults.test_crash_points import (
    check_after_death,
    check_after_repetition,
    repeat,
)

#: Of each operation of each command so many are tried, spread over all; `make faults` tries all.
_EACH = int(os.environ.get("FAULTS_EACH", "2"))
_NAMES = [name for name in SCENES if name != "upgrade"]


@pytest.fixture(scope="session")
def reached(prepared: Callable[[str], Prepared], tmp_path_factory: pytest.TempPathFactory):
    """How often a command does each operation, counted once."""
    known: dict[str, dict[str, int]] = {}

    def of(name: str) -> dict[str, int]:
        if name not in known:
            ready = prepared(name)
            folder = ready.copy(tmp_path_factory.mktemp(f"{name}-counted") / "copy")
            told = folder / "counts.json"
            ended = ready.run(folder, count, told, str(folder))
            assert ended.exit == 0, ended.said
            known[name] = json.loads(told.read_text())
        return known[name]

    return of


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("name", _NAMES)
def test_one_operation_fails(
    prepared: Callable[[str], Prepared], reached, tmp_path: Path, name: str, operation: str
) -> None:
    ready = prepared(name)
    times = reached(name).get(operation, 0)
    for nth in chosen(times):
        folder = ready.copy(tmp_path / f"copy{nth}")
        failed = ready.run(folder, fail, operation, nth, str(folder))
        place = f"{operation} {nth} of {times}: {failed}"
        assert failed.exit in (0, 1, 3), place
        assert "Traceback" not in failed.said, place
        check_after_death(ready, folder, name)
        again = repeat(ready, folder, name)
        assert again.exit == 0, f"{place}, then {again.said}"
        check_after_repetition(ready, folder, name)


def chosen(times: int) -> list[int]:
    """Which of so many calls are let fail: the first, the last, and some between."""
    if times <= _EACH:
        return list(range(1, times + 1))
    return sorted({1 + round(i * (times - 1) / (_EACH - 1)) for i in range(_EACH)})


def test_there_are_enough_of_them(reached) -> None:
    tried = sum(len(chosen(times)) for name in _NAMES for times in reached(name).values())
    there = sum(times for name in _NAMES for times in reached(name).values())
    print(f"{tried} of {there} operations of disk and catalogue are let fail")
    assert tried >= 100
