"""Four eyes on the command line: handing in, listing, approving, rejecting, and who did it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hub.store import actors
from tests.commands.standing import status_of

FLOW = "MIGX:DF_STOCK_BIRTH"
UNTIL = "2999-01-01T00:00:00+00:00"


@pytest.fixture
def four_eyes(home: Path) -> Path:
    """The home of a node whose settings ask for a second key."""
    settings = home / "corridor.toml"
    settings.write_text(settings.read_text("utf-8") + "four_eyes = true\n", "utf-8")
    return home


@pytest.fixture
def key(corridor: Any, home: Path) -> Any:
    def make(name: str, *rights: str) -> str:
        given = [part for right in rights for part in ("--right", right)]
        spelt: str = corridor("--home", home, "key", "create", "--name", name, *given).out.strip()
        return spelt

    return make


@pytest.fixture
def file(home: Path, stock_table: Any) -> Path:
    found: Path = stock_table.write(
        home.parent / "next.csv", {"OBS_VALUE": "93800"}, {"TIME_PERIOD": "2021"}
    )
    return found


def values(corridor: Any, home: Path) -> int:
    rows: int = corridor("--home", home, "status", "--json").json["flows"][0]["observations"]
    return rows


def test_what_is_handed_in_waits_for_a_second_key(
    corridor: Any, four_eyes: Path, key: Any, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, bo = key("Anna", "publish"), key("Bo", "approve", "publish")
    before = status_of(corridor, four_eyes)
    ran = corridor(
        "--home", four_eyes, "publish", FLOW, file, "--note", "Revised", "--key", anna, "--json"
    )
    assert (ran.exit, ran.json["outcome"], ran.json["waiting"]) == (0, "WAITING", 1)
    assert ran.json["counts"] == {"added": 1, "revised": 1, "withdrawn": 0}
    assert status_of(corridor, four_eyes) == before
    (row,) = corridor("--home", four_eyes, "approve", "--json").json
    assert (row["id"], row["flow"], row["note"]) == (1, f"{FLOW}(1.0.0)", "Revised")
    assert "Anna" in row["by"]
    assert "Revised" in corridor("--home", four_eyes, "approve").out
    monkeypatch.setenv("CORRIDOR_KEY", bo)
    would = corridor("--home", four_eyes, "approve", "1", "--dry-run", "--json").json
    assert (would["outcome"], would["counts"]["revised"]) == ("DRY_RUN", 1)
    done = corridor("--home", four_eyes, "approve", "1", "--json")
    assert (done.exit, done.json["outcome"]) == (0, "RELEASED"), done.err
    assert values(corridor, four_eyes) == 3
    assert corridor("--home", four_eyes, "approve", "--json").json == []
    (row,) = corridor("--home", four_eyes, "approve", "--decided", "--json").json
    assert row["state"] == "released"
    again = corridor("--home", four_eyes, "approve", "1")
    assert (again.exit, "decided already" in again.err) == (1, True)
    trail = corridor("--home", four_eyes, "audit", "--action", "release", "--json").json
    assert "Anna" in trail[0]["detail"]["by"]
    assert "Bo" in trail[0]["detail"]["approved_by"]
    assert trail[0]["detail"]["revised"] == 1
    (listed, *_) = corridor("--home", four_eyes, "release", "list", FLOW, "--json").json
    assert listed["note"] == "Revised"


def test_nobody_approves_what_they_handed_in(
    corridor: Any, four_eyes: Path, key: Any, file: Path
) -> None:
    both = key("Anna", "publish", "approve")
    corridor("--home", four_eyes, "publish", FLOW, file, "--key", both)
    ran = corridor("--home", four_eyes, "approve", "1", "--key", both)
    assert (ran.exit, "handed in with this key" in ran.err) == (1, True)
    assert values(corridor, four_eyes) == 2
    told = corridor("--home", four_eyes, "approve", "1", "--reject", "A typo", "--key", both)
    assert told.exit == 0, "but they may take it back"


def test_without_a_key_it_is_the_user_of_the_system_who_hands_in(
    corridor: Any, four_eyes: Path, key: Any, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bo = key("Bo", "approve")
    monkeypatch.setenv("USER", "somebody-else")
    monkeypatch.setenv("LOGNAME", "somebody-else")
    corridor("--home", four_eyes, "publish", FLOW, file)
    (row,) = corridor("--home", four_eyes, "approve", "--json").json
    assert row["by"] == str(actors.system_user())
    assert "somebody-else" not in row["by"]
    ran = corridor("--home", four_eyes, "approve", "1", "--key", bo)
    assert (ran.exit, "who runs this as well" in ran.err) == (1, True)
    assert values(corridor, four_eyes) == 2
    other = actors.Actor("user", "another")
    monkeypatch.setattr("hub.commands.approving.system_user", lambda: other)
    assert corridor("--home", four_eyes, "approve", "1", "--key", bo).exit == 0
    assert values(corridor, four_eyes) == 3


@pytest.mark.parametrize(
    ("right", "says"), [("publish", "does not allow"), ("structures", "does not allow")]
)
def test_a_key_needs_the_right(
    corridor: Any, four_eyes: Path, key: Any, file: Path, right: str, says: str
) -> None:
    anna = key("Anna", "publish")
    corridor("--home", four_eyes, "publish", FLOW, file, "--key", anna)
    other = key("Bo", right)
    for more in ([], ["--reject", "No"]):
        ran = corridor("--home", four_eyes, "approve", "1", "--key", other, *more)
        assert (ran.exit, says in ran.err) == (1, True)
        assert other not in ran.err
    for given in ("", "corridor_0123456789ab_" + "x" * 43, "nonsense"):
        ran = corridor("--home", four_eyes, "approve", "1", "--key", given)
        assert ran.exit == 1
        assert not given or given not in ran.err
    assert len(corridor("--home", four_eyes, "approve", "--json").json) == 1


def test_a_rejection_has_a_reason(corridor: Any, four_eyes: Path, key: Any, file: Path) -> None:
    anna, bo = key("Anna", "publish"), key("Bo", "approve")
    corridor("--home", four_eyes, "publish", FLOW, file, "--key", anna)
    told = corridor("--home", four_eyes, "approve", "1", "--reject", "Wrong table", "--key", bo)
    assert (told.exit, "Wrong table" in told.out) == (0, True)
    assert values(corridor, four_eyes) == 2
    assert corridor("--home", four_eyes, "approve", "1", "--key", bo).exit == 1
    (line,) = corridor("--home", four_eyes, "audit", "--action", "reject", "--json").json
    assert line["detail"]["reason"] == "Wrong table"
    assert "Bo" in line["detail"]["decided_by"]
    assert "Anna" in line["detail"]["by"]


def test_an_embargo_is_kept_until_it_is_approved_and_beyond(
    corridor: Any, four_eyes: Path, key: Any, file: Path
) -> None:
    anna, bo = key("Anna", "publish"), key("Bo", "approve")
    corridor("--home", four_eyes, "publish", FLOW, file, "--key", anna, "--embargo", UNTIL)
    done = corridor("--home", four_eyes, "approve", "1", "--key", bo, "--json").json
    assert done["visible_from"] == UNTIL
    assert values(corridor, four_eyes) == 2


def test_it_is_validated_and_compared_again(
    corridor: Any, four_eyes: Path, key: Any, file: Path, stock_table: Any
) -> None:
    """What was published meanwhile is what it is compared with."""
    anna, bo = key("Anna", "publish"), key("Bo", "approve", "publish")
    corridor("--home", four_eyes, "publish", FLOW, file, "--key", anna)
    other = stock_table.write(four_eyes.parent / "other.csv", {"TIME_PERIOD": "2021"})
    corridor("--home", four_eyes, "publish", FLOW, other, "--key", bo)
    cleo = key("Cleo", "approve")
    first = corridor("--home", four_eyes, "approve", "2", "--key", cleo, "--json").json
    assert first["counts"] == {"added": 1, "revised": 0, "withdrawn": 0}
    then = corridor("--home", four_eyes, "approve", "1", "--key", bo, "--json").json
    assert then["counts"] == {"added": 0, "revised": 1, "withdrawn": 0}
    corridor("--home", four_eyes, "publish", FLOW, file, "--key", anna)
    assert corridor("--home", four_eyes, "approve", "--json").json == [], "it would change nothing"


def test_going_back_waits_as_well(corridor: Any, four_eyes: Path, key: Any, file: Path) -> None:
    anna, bo = key("Anna", "publish"), key("Bo", "approve")
    corridor("--home", four_eyes, "publish", FLOW, file, "--key", anna)
    corridor("--home", four_eyes, "approve", "1", "--key", bo)
    first = corridor("--home", four_eyes, "release", "list", FLOW, "--json").json[-1]["release"]
    told = corridor("--home", four_eyes, "release", "rollback", FLOW, first, "--key", anna)
    assert (told.exit, "corridor approve 2" in told.out) == (0, True)
    assert values(corridor, four_eyes) == 3
    done = corridor("--home", four_eyes, "approve", "2", "--key", bo, "--json").json
    assert (done["outcome"], done["release"]) == ("RELEASED", first)
    assert values(corridor, four_eyes) == 2


def test_what_is_refused_does_not_wait(
    corridor: Any, four_eyes: Path, key: Any, stock_table: Any
) -> None:
    anna = key("Anna", "publish")
    bad = stock_table.write(four_eyes.parent / "bad.csv", {"OBS_VALUE": "many"})
    assert corridor("--home", four_eyes, "publish", FLOW, bad, "--key", anna).exit == 1
    foreign = stock_table.write(four_eyes.parent / "foreign.csv", {"REF_AREA": "NOR"})
    assert corridor("--home", four_eyes, "publish", FLOW, foreign, "--key", anna).exit == 1
    assert corridor("--home", four_eyes, "approve", "--json").json == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("approve", "7"), "nothing waits under the number 7"),
        (("approve", "--reject", "No"), "say what"),
        (("approve", "--dry-run"), "say what"),
    ],
)
def test_what_cannot_be_approved(
    corridor: Any, four_eyes: Path, key: Any, arguments: tuple[str, ...], says: str
) -> None:
    ran = corridor("--home", four_eyes, *arguments, "--key", key("Bo", "approve"))
    assert (ran.exit, says in ran.err) == (1, True)


def test_no_key_is_written_anywhere(corridor: Any, four_eyes: Path, key: Any, file: Path) -> None:
    anna, bo = key("Anna", "publish"), key("Bo", "approve")
    corridor("--home", four_eyes, "publish", FLOW, file, "--key", anna)
    corridor("--home", four_eyes, "approve", "1", "--key", bo)
    trail = json.dumps(corridor("--home", four_eyes, "audit", "--json").json)
    secrets = [spelt.split("_", 2)[2].encode() for spelt in (anna, bo)]
    assert not any(secret.decode() in trail for secret in secrets)
    for path in four_eyes.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(secret in content for secret in secrets), path
