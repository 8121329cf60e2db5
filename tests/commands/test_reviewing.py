"""`review`: a partner served over HTTP slips, somebody looks at it, and decides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

FLOW = "MIGX:DF_STOCK_BIRTH"
NAME = f"{FLOW}(1.0.0)"


@pytest.fixture
def sweden(node: Any, corridor: Any, stock_table: Any, tmp_path: Path) -> Callable[..., None]:
    """Publishes thirty years at a partner, so many times as large as they are."""
    node("SWE")

    def publish(times: float = 1, *more: dict[str, str]) -> None:
        rows = [
            {"TIME_PERIOD": str(year), "OBS_VALUE": str(int((1000 + year) * times))}
            for year in range(1990, 2020)
        ]
        file = stock_table.write(tmp_path / "swe.csv", *rows, *more)
        assert corridor("--home", tmp_path / "SWE", "publish", FLOW, file).exit == 0

    publish()
    return publish


@pytest.fixture
def hub(
    node: Any, corridor: Any, served: Any, sweden: Any, tmp_path: Path
) -> Iterator[Callable[..., Any]]:
    """Runs commands at a hub that has harvested its partner, which goes on being served."""
    from hub.store import open_store

    node("HUB", role="hub")
    partner = open_store(tmp_path / "SWE")

    def run(*arguments: object) -> Any:
        return corridor("--home", tmp_path / "HUB", *arguments)

    with served(partner) as (url,):
        assert run("partner", "add", url, "--areas", "SWE").exit == 0
        assert run("harvest").exit == 0
        yield run
    partner.close()


def outcome(ran: Any) -> Any:
    return next(one for one in ran.json["outcomes"] if one["flow"] == FLOW)


def newest(hub: Any) -> float:
    """The largest figure readers of the hub get."""
    (row, *_) = hub("release", "diff", FLOW, "1990-01-01T00:00:00Z", "--rows", "1", "--json").json[
        "rows"
    ]
    value: float = row["new"]["OBS_VALUE"]
    return value


def test_a_slip_is_held_shown_and_accepted(hub: Any, sweden: Any) -> None:
    assert hub("review", "list").out.strip() == "nothing is held"
    sweden(1000)
    ran = hub("harvest", "--json")
    assert (ran.exit, outcome(ran)["reason"]) == (0, "HELD")
    assert "1,000 times what it was" in outcome(ran)["note"]
    assert "1 held for you to look at" in hub("harvest").out
    assert newest(hub) == 3019
    (row,) = hub("review", "list", "--json").json
    assert (row["id"], row["partner"], row["flow"], row["revised"]) == (1, "SWE", NAME, 30)
    assert "a slip of units?" in hub("review", "list").out
    shown = hub("review", "show", "1", "--rows", "1", "--json").json
    assert (shown["counts"]["revised"], shown["not_shown"], shown["state"]) == (30, 29, "held")
    assert shown["rows"][0]["old"] == {"OBS_VALUE": 3019.0}
    assert shown["rows"][0]["new"] == {"OBS_VALUE": 3_019_000.0}
    told = hub("review", "show", "1", "--rows", "2").out
    assert "OBS_VALUE 3019 → 3019000" in told
    assert "and 28 more" in told
    assert "corridor review accept 1" in told
    assert hub("review", "accept", "1", "--dry-run", "--json").json["outcome"] == "DRY_RUN"
    done = hub("review", "accept", "1", "--note", "They count all of it now", "--json")
    assert (done.exit, done.json["outcome"], done.json["counts"]["revised"]) == (0, "RELEASED", 30)
    assert newest(hub) == 3_019_000
    assert hub("review", "list", "--json").json == []
    (row,) = hub("review", "list", "--decided", "--json").json
    assert row["state"] == "accepted"
    assert row["decided_by"].startswith("user ")
    (line,) = hub("audit", "--action", "review", "--json").json
    assert (line["action"], line["detail"]["waiting"]) == ("review accept", 1)
    assert outcome(hub("harvest", "--json"))["reason"] in ("UNCHANGED", "NOT_MODIFIED")


def test_after_an_acceptance_going_back_is_seen(hub: Any, sweden: Any) -> None:
    """What was taken before must not be taken for what is held now: 304 would lie."""
    sweden(1000)
    hub("harvest")
    hub("review", "accept", "1")
    sweden(1)
    ran = hub("harvest", "--json")
    assert outcome(ran)["reason"] == "HELD"
    assert "1/1,000" in outcome(ran)["note"]
    assert hub("review", "accept", "2").exit == 0
    assert newest(hub) == 3019


def test_a_partner_that_goes_back_itself_closes_it(hub: Any, sweden: Any) -> None:
    """Whether the partner is asked again for the data, on condition, or not at all."""
    sweden(1000)
    hub("harvest")
    sweden(1)
    assert outcome(hub("harvest", "--json"))["reason"] in ("UNCHANGED", "NOT_MODIFIED")
    (row,) = hub("review", "list", "--decided", "--json").json
    assert row["state"] == "superseded"
    sweden(1, {"TIME_PERIOD": "2020", "OBS_VALUE": "3020"})
    assert outcome(hub("harvest", "--json"))["reason"] == "RELEASED"


def test_a_rejection_is_told_until_something_else_comes(hub: Any, sweden: Any) -> None:
    sweden(1000)
    hub("harvest")
    assert hub("review", "reject", "1").exit == 2, "a reason is asked for"
    told = hub("review", "reject", "1", "--reason", "They are in thousands")
    assert (told.exit, "1 is rejected: They are in thousands" in told.out) == (0, True)
    ran = hub("harvest", "--json")
    assert (ran.exit, outcome(ran)["reason"]) == (3, "REFUSED")
    assert "They are in thousands" in outcome(ran)["note"]
    assert newest(hub) == 3019
    shown = hub("review", "show", "1")
    assert "rejected by user" in shown.out
    again = hub("review", "accept", "1")
    assert (again.exit, "not held any more" in again.err) == (1, True)
    assert hub("review", "reopen", "1").exit == 0
    assert outcome(hub("harvest", "--json"))["reason"] == "HELD"
    assert hub("review", "show", "2", "--json").json["state"] == "held"


def test_a_partner_that_has_nothing_any_more_is_held(
    hub: Any, corridor: Any, sweden: Any, stock_table: Any, tmp_path: Path
) -> None:
    rows = [
        {"TIME_PERIOD": str(year), "OBS_VALUE": str(1000 + year), "ACTION": "D"}
        for year in range(1990, 2020)
    ]
    file = stock_table.write(tmp_path / "gone.csv", *rows)
    assert corridor("--home", tmp_path / "SWE", "publish", FLOW, file).exit == 0
    ran = hub("harvest", "--json")
    assert outcome(ran)["reason"] == "HELD"
    assert "nothing is left of 30 observations" in outcome(ran)["note"]
    shown = hub("review", "show", "1", "--json").json
    assert shown["counts"] == {"added": 0, "revised": 0, "withdrawn": 30}
    assert hub("review", "accept", "1", "--json").json["counts"]["withdrawn"] == 30


def test_with_four_eyes_deciding_needs_a_key(hub: Any, sweden: Any, tmp_path: Path) -> None:
    settings = tmp_path / "HUB" / "corridor.toml"
    settings.write_text(settings.read_text("utf-8") + "four_eyes = true\n", "utf-8")
    sweden(1000)
    assert outcome(hub("harvest", "--json"))["reason"] == "HELD"
    for words in (("accept", "1"), ("reject", "1", "--reason", "no"), ("reopen", "1")):
        ran = hub("review", *words)
        assert (ran.exit, "needs a key with the right 'approve'" in ran.err) == (1, True)
    other = hub("key", "create", "--name", "Anna", "--right", "publish").out.strip()
    ran = hub("review", "accept", "1", "--key", other)
    assert (ran.exit, "does not allow" in ran.err) == (1, True)
    assert hub("approve", "--json").json == []
    key = hub("key", "create", "--name", "Bo", "--right", "approve").out.strip()
    ran = hub("approve", "1", "--key", key)
    assert (ran.exit, "corridor review accept" in ran.err) == (1, True)
    assert hub("review", "accept", "1", "--key", key).exit == 0
    (line,) = hub("audit", "--action", "review", "--json").json
    assert "(Bo)" in line["detail"]["by"]


def test_what_is_not_held(corridor: Any, home: Path) -> None:
    for words in (
        ("show", "7"),
        ("accept", "7"),
        ("reject", "7", "--reason", "x"),
        ("reopen", "7"),
    ):
        ran = corridor("--home", home, "review", *words)
        assert (ran.exit, "nothing is held under the number 7" in ran.err) == (1, True)
