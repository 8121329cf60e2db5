"""`partner`, `harvest`, `derive`: what partners do wrong, and what they revise and withdraw."""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

FLOW = "MIGX:DF_STOCK_BIRTH"
PAGE = b"<!DOCTYPE html><html><head><title>Maintenance</title></head><body>Back soon</body></html>"


@contextmanager
def _page(port: int | None = 0) -> Iterator[str]:
    """A web server that answers everything with the same page, as many proxies do."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(PAGE)))
            self.end_headers()
            self.wfile.write(PAGE)

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", port or 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def _nobody(_port: int | None) -> Iterator[str]:
    yield ""


@pytest.fixture
def observatory(corridor: Any, node: Any, tmp_path: Path) -> Callable[..., Any]:
    """Runs commands at an observatory."""
    node("EUROBS", role="observatory")

    def run(*arguments: object) -> Any:
        return corridor("--home", tmp_path / "EUROBS", *arguments)

    return run


@pytest.fixture
def sweden(node: Any, corridor: Any, stock_table: Any, tmp_path: Path) -> Any:
    """A node with figures of two years about people born in Poland."""
    store = node("SWE")
    file = stock_table.write(
        tmp_path / "swe.csv", {}, {"TIME_PERIOD": "2019", "OBS_VALUE": "92759"}
    )
    assert corridor("--home", tmp_path / "SWE", "publish", FLOW, file).exit == 0
    return store


def _held(observatory: Any) -> Any:
    return observatory("release", "show", FLOW, "--json").json


def _served_rows(url: str, flow: str, key: str) -> dict[tuple[str, str], str]:
    """(destination or reporting area, year): value, as the node serves it."""
    answer = httpx.get(f"{url}/sdmx/v2/data/dataflow/MIGX/{flow}/1.0.0/{key}?format=csvdata")
    rows = csv.DictReader(io.StringIO(answer.text)) if answer.status_code == 200 else []
    return {
        (row.get("DEST_AREA") or row["REF_AREA"], row["TIME_PERIOD"]): row["OBS_VALUE"]
        for row in rows
    }


@pytest.mark.parametrize(
    ("instead", "told"),
    [
        pytest.param(_nobody, "Connection refused", id="nobody"),
        pytest.param(_page, "an HTML page, not a node document", id="a web page"),
        pytest.param("NOR", "says it is NOR, registered there is SWE", id="another node"),
    ],
)
def test_a_partner_that_fails_changes_nothing(
    observatory: Any, sweden: Any, node: Any, served: Any, tmp_path: Path, instead: Any, told: str
) -> None:
    with served(sweden) as (url,):
        assert observatory("partner", "add", url, "--areas", "SWE").exit == 0
        assert observatory("harvest").exit == 0
    before = _held(observatory)
    assert [each["slice"] for each in before["slices"]] == ["SWE"]
    port = urlsplit(url).port
    other = served(node("NOR"), port=port) if isinstance(instead, str) else instead(port)
    with other:
        ran = observatory("harvest")
    assert ran.exit == 3
    assert told in ran.err
    assert f"127.0.0.1:{port}" in ran.err
    assert "Traceback" not in ran.err
    assert _held(observatory) == before
    newest = observatory("partner", "show", "SWE", "--json").json["attempts"][0]
    assert newest["reason"] in ("FAILED", "REFUSED")
    assert told in newest["note"]
    kept = [path.read_bytes() for path in (tmp_path / "EUROBS" / "lake" / "raw").rglob("*.bin")]
    assert (PAGE in kept) == (instead is _page)


def test_a_failed_harvest_under_json_is_one_document(
    observatory: Any, sweden: Any, served: Any
) -> None:
    with served(sweden) as (url,):
        observatory("partner", "add", url, "--areas", "SWE")
    with _page(urlsplit(url).port):
        ran = observatory("harvest", "--json")
    assert ran.exit == ran.json["error"]["exit"] == 3
    (outcome,) = ran.json["outcomes"]
    assert (outcome["partner"], outcome["reason"]) == ("SWE", "FAILED")
    assert outcome["counts"] == {"added": 0, "revised": 0, "withdrawn": 0}


def test_what_is_no_node_is_not_added(observatory: Any) -> None:
    with _page() as url:
        ran = observatory("partner", "add", url, "--areas", "SWE")
    assert ran.exit == 3
    assert "is this the address of a Corridor node?" in ran.err
    assert observatory("partner", "list", "--json").json == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--areas", "SE"], "did you mean"),
        (["--areas", ","], "--areas SWE"),
    ],
)
def test_areas_are_asked_for(observatory: Any, arguments: list[str], told: str) -> None:
    ran = observatory("partner", "add", "http://127.0.0.1:9", *arguments)
    assert ran.exit == 1
    assert told in ran.err


def test_addresses_that_are_not_allowed_are_not_asked(
    corridor: Any, node: Any, tmp_path: Path
) -> None:
    node("SWE")
    ran = corridor(
        "--home", tmp_path / "SWE", "partner", "add", "http://10.0.0.1", "--areas", "NOR"
    )
    assert ran.exit == 1
    assert "partner_networks" in ran.err


def test_a_partner_is_added_listed_shown_and_removed(
    observatory: Any, sweden: Any, served: Any
) -> None:
    with served(sweden) as (url,):
        added = observatory("partner", "add", url, "--areas", "SWE", "--json").json
        twice = observatory("partner", "add", url, "--areas", "SWE")
        observatory("harvest")
    about = {"id": "SWE", "name": "SWE", "areas": ["SWE"], "url": url, "profile": "corridor"}
    assert added == about | {"findings": []}
    assert twice.exit == 1
    assert "registered already" in twice.err
    assert observatory("partner", "list", "--json").json == [about]
    attempts = observatory("partner", "show", "SWE", "--json").json["attempts"]
    released = [each["flow"] for each in attempts if each["reason"] == "RELEASED"]
    assert released == [FLOW]
    assert url in observatory("partner", "list").out
    before = _held(observatory)
    assert observatory("partner", "remove", "SWE", "--json").json == {"removed": "SWE"}
    assert _held(observatory) == before
    assert observatory("partner", "remove", "SWE").exit == 1


def test_a_partner_may_not_speak_for_another_area(
    observatory: Any, sweden: Any, served: Any
) -> None:
    with served(sweden) as (url,):
        added = observatory("partner", "add", url, "--areas", "NOR")
        assert "does not say that it speaks for NOR" in added.err
        ran = observatory("harvest")
    assert ran.exit == 0
    told = "nothing for the areas it may speak for (NOR); what it has is about SWE"
    assert told in ran.err
    assert _held(observatory)["slices"] == []


def test_what_a_partner_revises_and_withdraws_arrives(
    observatory: Any,
    sweden: Any,
    node: Any,
    corridor: Any,
    served: Any,
    stock_table: Any,
    tmp_path: Path,
) -> None:
    norway = node("NOR")
    here = {"REF_AREA": "NOR", "TIME_PERIOD": "2020", "OBS_VALUE": "98691"}
    file = stock_table.write(tmp_path / "nor.csv", here)
    assert corridor("--home", tmp_path / "NOR", "publish", FLOW, file).exit == 0
    from hub.store import open_store

    mirror = open_store(tmp_path / "EUROBS")
    with served(mirror, sweden, norway) as (url, *partners):
        for partner, area in zip(partners, ("SWE", "NOR"), strict=True):
            observatory("partner", "add", partner, "--areas", area)

        def emigrants() -> dict[tuple[str, str], str]:
            assert observatory("harvest").exit == 0
            assert observatory("derive").exit == 0
            return _served_rows(url, "DF_EMIGRANTS", "A.POL.*.STK_BIRTH.VAL.RCV.RPT._T._T.PS")

        assert emigrants() == {
            ("SWE", "2019"): "92759",
            ("SWE", "2020"): "93722",
            ("NOR", "2020"): "98691",
            ("_T", "2019"): "92759",
            ("_T", "2020"): str(93722 + 98691),
        }
        revised = stock_table.write(tmp_path / "swe.csv", {"OBS_VALUE": "93000"})
        corridor("--home", tmp_path / "SWE", "publish", FLOW, revised)
        after = emigrants()
        assert (after["SWE", "2020"], after["_T", "2020"]) == ("93000", str(93000 + 98691))
        assert after["SWE", "2019"] == "92759"
        corridor("--home", tmp_path / "SWE", "publish", FLOW, revised, "--replace-slice")
        gone = emigrants()
        assert {year for _, year in gone} == {"2020"}
        assert ("SWE", "2019") not in _served_rows(url, "DF_STOCK_BIRTH", "*")
        still = observatory("derive", "--json").json["reports"]
        assert [report["outcome"] for report in still] == ["UNCHANGED", "UNCHANGED"]
    mirror.close()


def test_where_nothing_is_there_is_nothing_to_derive(observatory: Any) -> None:
    ran = observatory("derive")
    assert ran.exit == 0
    assert "nothing to derive from" in ran.out
    assert observatory("harvest").out.startswith("no partner to harvest")
    assert observatory("status").out.startswith("EUROBS, observatory node: nothing is published")


def test_unknown_partners_and_flows_are_told(observatory: Any) -> None:
    for arguments, told in (
        (["harvest", "SWE"], "there is no partner SWE"),
        (["harvest", "--flow", "MIGX:DF_NOTHING"], "DF_NOTHING"),
        (["partner", "show", "SWE"], "there is no partner SWE"),
    ):
        ran = observatory(*arguments)
        assert ran.exit == 1
        assert told in ran.err
