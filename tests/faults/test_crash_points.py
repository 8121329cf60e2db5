"""A command is killed at each named place: nothing is lost, half done or left running.

Afterwards every earlier release is there byte for byte; what readers see is what it was or what it
was to be; and the same command, given again, comes to what it would have come to.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from hub.store.backup import verify_backup
from tests.faults.child import Ended, Place, kill_at, run
from tests.faults.conftest import Prepared
from tests.faults.places import places
from tests.faults.truth import check_sound, held_in_review, open_attempts, truth_of

PLACES = list(places())
#: Two of five places, unless FAULTS_PLACES=all.
_ALL = os.environ.get("FAULTS_PLACES") == "all"
CHOSEN = [place for number, place in enumerate(PLACES) if _ALL or number % 5 in (0, 2)]
#: Commands after which the past is not what it was, as they are meant to.
_CHANGE_THE_PAST = ("sweep", "purge")


def test_there_are_enough_of_them() -> None:
    assert len(CHOSEN) >= 40
    print(f"commands are killed at {len(CHOSEN)} of {len(PLACES)} places")


@pytest.mark.parametrize(
    ("name", "place"),
    [(s, p) for s, _, p in CHOSEN],
    ids=[f"{scene}, {name}" for scene, name, _ in CHOSEN],
)
def test_killed(
    prepared: Callable[[str], Prepared], tmp_path: Path, name: str, place: Place
) -> None:
    ready = prepared(name)
    folder = ready.copy(tmp_path / "copy")
    killed = ready.run(folder, kill_at, place)
    assert killed.was_killed, f"{place} was never reached: {killed}"
    check_after_death(ready, folder, name)
    again = repeat(ready, folder, name)
    assert again.exit == 0, again.said
    check_after_repetition(ready, folder, name)


def repeat(ready: Prepared, folder: Path, name: str) -> Ended:
    """Give the command again; what cannot be done twice says that it is done."""
    again = ready.run(folder)
    if again.exit == 1 and name == "purge" and "ever had" in again.said:  # done, but for files
        return run(["--home", folder / "home", "sweep"], folder / "said.txt")
    if again.exit == 1 and name == "approve" and "decided already" in again.said:
        return Ended(0, again.said)
    if again.exit == 1 and name == "accept" and "not held any more" in again.said:
        return Ended(0, again.said)
    return again


def check_after_death(ready: Prepared, folder: Path, name: str) -> None:
    home = folder / "home"
    if name == "backup":
        assert verify_backup(folder / "backup").damaged == ()
    if name == "restore" and not home.exists():
        assert list(folder.glob("home.before-*"))  # the old one is at hand
        return
    if name == "upgrade":
        return  # nobody can open it before the upgrade is repeated
    check_sound(home)
    found = truth_of(home)
    if name not in _CHANGE_THE_PAST:
        assert found.past.items() >= ready.before.past.items()
    for flow, held in found.present.items():
        assert held in (ready.before.present.get(flow), ready.after.present.get(flow))
    assert found.present.keys() >= ready.before.present.keys()


def check_after_repetition(ready: Prepared, folder: Path, name: str) -> None:
    home = folder / "home"
    check_sound(home)
    found = truth_of(home)
    assert found.present == ready.after.present
    if name not in _CHANGE_THE_PAST:
        assert found.past.items() >= ready.before.past.items()
    assert open_attempts(home) == 0
    assert held_in_review(home) == {"hold": 1}.get(name, 0)
    if name == "backup":
        assert verify_backup(folder / "backup").damaged == ()
        restored = ["--home", folder / "restored", "restore", folder / "backup"]
        assert run(restored, folder / "said.txt").exit == 0
        assert truth_of(folder / "restored").present == ready.after.present
    if name == "purge":
        for path in (home / "lake" / "data").glob("*/*.parquet"):
            assert 93722 not in pq.read_table(path).column("OBS_VALUE").to_pylist()
