"""`agreement`: written down, shown, ended; and what a harvest does with and without one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, update

from hub.store import open_store
from hub.store.tables import arrivals

FLOW, OTHER = "MIGX:DF_STOCK_BIRTH", "MIGX:DF_STOCK_CTZ"
BASIS = "Regulation (EC) 862/2007"


@pytest.fixture
def requests(
    node: Any, corridor: Any, served: Any, stock_table: Any, tmp_path: Path
) -> Iterator[str]:
    """A served partner with one flow; gives its address."""
    store = node("SWE")
    file = stock_table.write(tmp_path / "swe.csv", {}, {"TIME_PERIOD": "2019"})
    assert corridor("--home", tmp_path / "SWE", "publish", FLOW, file).exit == 0
    with served(store) as (url,):
        yield url


@pytest.fixture
def hub(node: Any, corridor: Any, requests: str, tmp_path: Path) -> Callable[..., Any]:
    """Runs commands at a hub that knows the partner and has not harvested it."""
    node("HUB", role="hub")

    def run(*arguments: object) -> Any:
        return corridor("--home", tmp_path / "HUB", *arguments)

    assert run("partner", "add", requests, "--areas", "SWE").exit == 0
    return run


def reasons(ran: Any) -> dict[str, str]:
    return {one["flow"]: one["reason"] for one in ran.json["outcomes"]}


def asked(tmp_path: Path) -> int:
    """How many answers of partners are in the archive."""
    with closing(open_store(tmp_path / "HUB")) as store, store.catalogue.reading() as connection:
        found: int = connection.execute(select(func.count()).select_from(arrivals)).scalar_one()
        return found


def require(tmp_path: Path) -> None:
    settings = tmp_path / "HUB" / "corridor.toml"
    settings.write_text(settings.read_text("utf-8") + "require_agreements = true\n", "utf-8")


def test_a_missing_agreement_blocks_where_they_are_required(hub: Any, tmp_path: Path) -> None:
    require(tmp_path)
    ran = hub("harvest", "--json")
    assert (ran.exit, reasons(ran)) == (3, {"": "REFUSED"})
    note = ran.json["outcomes"][0]["note"]
    assert "there is no agreement with SWE" in note
    assert "corridor agreement add SWE --basis TEXT" in note
    assert asked(tmp_path) == 0
    shown = hub("partner", "show", "SWE", "--json").json["attempts"][0]
    assert (shown["reason"], shown["note"]) == ("REFUSED", note)
    assert hub("agreement", "add", "SWE", "--basis", BASIS).exit == 0
    assert reasons(hub("harvest", "--json"))[FLOW] == "RELEASED"


def test_without_any_a_partner_has_the_rights_it_was_added_with(hub: Any) -> None:
    assert reasons(hub("harvest", "--json"))[FLOW] == "RELEASED"


def test_one_that_is_over_blocks_even_where_none_is_required(hub: Any, tmp_path: Path) -> None:
    hub("agreement", "add", "SWE", "--basis", BASIS, "--from", "2020-01-01", "--to", "2020-12-31")
    ran = hub("harvest", "--json")
    assert reasons(ran) == {"": "REFUSED"}
    assert "agreement 1 with SWE ended on 2021-01-01" in ran.json["outcomes"][0]["note"]
    assert asked(tmp_path) == 0


def test_what_was_harvested_is_not_called_unmodified_once_the_agreement_is_over(
    hub: Any, tmp_path: Path
) -> None:
    """A second agreement keeps the partner itself open, so only the flow is refused."""
    hub("agreement", "add", "SWE", "--basis", BASIS, "--flow", FLOW)
    hub("agreement", "add", "SWE", "--basis", BASIS, "--flow", OTHER)
    assert reasons(hub("harvest", "--json"))[FLOW] == "RELEASED"
    assert hub("agreement", "end", "1", "--reason", "a new law").exit == 0
    before = asked(tmp_path)
    ran = hub("harvest", "--json")
    assert reasons(ran)[FLOW] == "REFUSED"
    (note,) = (one["note"] for one in ran.json["outcomes"] if one["flow"] == FLOW)
    assert "(a new law)" in note
    assert asked(tmp_path) <= before + 1, "at most the node document"


def test_flows_and_areas_are_narrowed(hub: Any) -> None:
    hub("agreement", "add", "SWE", "--basis", BASIS, "--flow", OTHER)
    ran = hub("harvest", "--json")
    assert (ran.exit, FLOW in reasons(ran)) == (0, False)
    (why,) = (one["why"] for one in ran.json["skipped"] if one["flow"] == FLOW)
    assert f"no agreement with SWE is about {FLOW}" in why
    assert hub("agreement", "add", "SWE", "--basis", BASIS, "--areas", "NOR").exit == 1


def test_it_is_shown_listed_ended_and_removed(hub: Any) -> None:
    assert "no agreement yet" in hub("agreement", "list").out
    made = hub(
        *("agreement", "add", "SWE", "--basis", BASIS, "--flow", FLOW, "--areas", "SWE"),
        *("--from", "2026-01-01", "--to", "2999-12-31", "--retention", "5y"),
        *("--contact", "anna@example.se", "--json"),
    )
    assert made.exit == 0, made.err
    assert made.json | {"added": "", "added_by": ""} == {
        "id": 1,
        "partner": "SWE",
        "flows": [FLOW],
        "areas": ["SWE"],
        "from": "2026-01-01T00:00:00+00:00",
        "until": "3000-01-01T00:00:00+00:00",
        "state": "in force",
        "basis": BASIS,
        "retention": "5y",
        "contact": "anna@example.se",
        "artefact": "",
        "added": "",
        "added_by": "",
        "ended": None,
        "ended_why": "",
    }
    hub("agreement", "add", "SWE", "--basis", BASIS, "--from", "2999-01-01")
    states = [one["state"] for one in hub("agreement", "list", "--json").json]
    assert states == ["in force", "to come"]
    assert hub("agreement", "list", "--partner", "NOR", "--json").json == []
    assert "anna@example.se" in hub("agreement", "show", "1").out
    assert hub("agreement", "end", "1", "--reason", "over").exit == 0
    again = hub("agreement", "end", "1", "--reason", "over")
    assert (again.exit, "ended on" in again.err) == (1, True)
    assert hub("agreement", "show", "1", "--json").json["state"] == "over"
    assert hub("agreement", "remove", "2", "--reason", "a slip").exit == 0
    assert [one["id"] for one in hub("agreement", "list", "--json").json] == [1]
    trail = hub("audit", "--action", "agreement", "--json").json
    assert [line["action"] for line in reversed(trail)] == [
        "agreement add",
        "agreement add",
        "agreement end",
        "agreement remove",
    ]
    assert all(line["subject"] == "SWE" and line["detail"]["by"] for line in trail)


REFUSED = [
    (("add", "NOR", "--basis", BASIS), "no partner NOR"),
    (("add", "SWE", "--basis", " "), "needs its legal basis"),
    (("add", "SWE", "--basis", "a\x1b[2J"), "control characters"),
    (("add", "SWE", "--basis", BASIS, "--flow", "MIGX:DF_EMIGRANTS"), "is not harvested"),
    (("add", "SWE", "--basis", BASIS, "--areas", "SVE"), "SVE is no reporting area"),
    (("add", "SWE", "--basis", BASIS, "--areas", "NOR"), "narrows what it was added with"),
    (("add", "SWE", "--basis", BASIS, "--from", "soon"), "is not an instant"),
    (("add", "SWE", "--basis", BASIS, "--to", "2020-01-01"), "is not after the beginning"),
    (("add", "SWE", "--basis", BASIS, "--retention", "long"), "is no duration"),
    (("add", "SWE", "--basis", BASIS, "--artefact", "MIGX:NONE(1.0)"), "MIGX:NONE"),
    (("show", "7"), "no agreement 7"),
    (("end", "7", "--reason", "x"), "no agreement 7"),
    (("remove", "7", "--reason", " "), "say why"),
]


def test_what_is_refused(hub: Any) -> None:
    for words, says in REFUSED:
        ran = hub("agreement", *words)
        assert (ran.exit, says in ran.err) == (1, True), ran.err
    assert hub("agreement", "list", "--json").json == []


def test_bytes_go_when_the_agreement_says_so_and_explain_tells_why(
    hub: Any, tmp_path: Path
) -> None:
    hub("agreement", "add", "SWE", "--basis", BASIS, "--retention", "90d")
    assert hub("harvest").exit == 0
    key = "A.SWE.FB.BIRTH.POL._T._T.PS.2020"
    told = hub("explain", FLOW, key, "--verify")
    assert told.exit == 0, told.err
    raw = tmp_path / "HUB" / "lake" / "raw"
    hub("sweep", "--older-than", "0h")
    assert len(list(raw.rglob("*.bin"))) == 2, "nothing is that old yet"
    for path in raw.rglob("*.*"):
        old = path.stat().st_mtime - 91 * 86_400
        os.utime(path, (old, old))
    with closing(open_store(tmp_path / "HUB")) as store, store.catalogue.writing() as connection:
        connection.execute(update(arrivals).values(at=datetime.now(UTC) - timedelta(days=91)))
    would = hub("sweep", "--dry-run", "--json").json["swept"]
    assert {one["kind"]: one["files"] for one in would}["raw"] == 2
    assert len(list(raw.rglob("*.bin"))) == 2
    hub("sweep")
    assert list(raw.rglob("*.bin")) == []
    assert hub("verify").exit == 0
    told = hub("explain", FLOW, key)
    assert told.exit == 0
    assert "they were kept for as long as agreement 1 with the partner says" in told.out
    judged = hub("explain", FLOW, key, "--verify")
    assert judged.exit == 1
    assert "agreement 1" in judged.out + judged.err
    assert reasons(hub("harvest", "--json")).get(FLOW) in ("NOT_MODIFIED", "UNCHANGED", None)


def test_an_area_that_is_not_agreed_is_not_asked_for(
    hub: Any, requests: str, tmp_path: Path
) -> None:
    assert hub("partner", "remove", "SWE").exit == 0
    assert hub("partner", "add", requests, "--areas", "SWE,NOR").exit == 0
    assert hub("agreement", "add", "SWE", "--basis", BASIS, "--areas", "NOR").exit == 0
    ran = hub("harvest", "--json")
    assert FLOW not in reasons(ran)
    (why,) = (one["why"] for one in ran.json["skipped"] if one["flow"] == FLOW)
    assert "it has nothing for the areas it may speak for (NOR)" in why
    assert hub("agreement", "add", "SWE", "--basis", BASIS, "--areas", "SWE").exit == 0
    assert reasons(hub("harvest", "--json"))[FLOW] == "RELEASED"


def test_a_provision_agreement_of_the_partner_is_named_not_copied(
    hub: Any, requests: str, tmp_path: Path
) -> None:
    url = f"{requests}/sdmx/v2/structure/provisionagreement/MIGX.SWE/*/*?references=children"
    message = tmp_path / "agreements.json"
    message.write_bytes(httpx.get(url, headers={"Accept": "application/json"}).content)
    assert hub("structures", "load", message).exit == 0
    listed = hub("structures", "list", "--json").json
    (named,) = (
        one["artefact"]
        for one in listed
        if one["class"] == "ProvisionAgreement" and "MIGX.SWE:" in one["artefact"]
    )
    words = ("agreement", "add", "SWE", "--basis", BASIS, "--artefact", named)
    assert hub(*words, "--flow", FLOW, "--json").json["artefact"] == named
    other = hub(*words, "--flow", OTHER)
    assert (other.exit, f"is about {FLOW}" in other.err) == (1, True)
