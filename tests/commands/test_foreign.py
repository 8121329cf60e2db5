"""A foreign service as a partner: added from the catalogue, harvested, explained, read by hand."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.http.server import Answer, PartnerServer
from tests.connectors.sdmx import made, naive
from tests.formats.samples.table import MESSAGES

FLOW = "MIGX:DF_FLOW_RES"
IMM = "/data/MIGR_IMM5PRV/..COMPLET....AT?format=SDMX-CSV"
EMI = "/data/MIGR_EMI3NXT/..COMPLET....AT?format=SDMX-CSV"
CSV = {"Content-Type": "application/vnd.sdmx.data+csv;version=1.0.0"}
ARRIVED = ("BE,COMPLET,TOTAL,T,AT,1998,324,", "BE,COMPLET,TOTAL,T,AT,1999,238,b")
LEFT = ("BE,COMPLET,TOTAL,T,AT,1998,160,", "DE,COMPLET,TOTAL,T,AT,1998,170,")


def _sent(flow: str, *rows: str, etag: str = "") -> Answer:
    """As Eurostat sends data: gzip, without saying so."""
    packed = gzip.compress(made.eurostat(*rows, flow=flow))
    return Answer(200, packed, CSV | ({"ETag": etag} if etag else {}))


@pytest.fixture
def server() -> Iterator[PartnerServer]:
    with PartnerServer() as running:
        yield running


@pytest.fixture
def hub(corridor: Any, node: Any, tmp_path: Path) -> Callable[..., Any]:
    """Runs commands at a hub that may ask loopback addresses."""
    node("HUB", role="hub")

    def run(*arguments: object) -> Any:
        return corridor("--home", tmp_path / "HUB", *arguments)

    return run


@pytest.fixture
def eurostat(hub: Any, server: PartnerServer) -> Callable[..., Any]:
    """The hub, with a partner that is asked as Eurostat is."""
    added = hub("partner", "add", server.url, "--source", "ESTAT", "--areas", "AUT")
    assert added.exit == 0, added.err
    server.on(IMM, _sent("MIGR_IMM5PRV", *ARRIVED, etag='"1"'))
    server.on(EMI, _sent("MIGR_EMI3NXT", *LEFT, etag='"1"'))
    return hub


def _held(tmp_path: Path, flow: str = "DF_FLOW_RES") -> dict[tuple[str, str, str], str]:
    """(type, counterpart, year): value and status, of what readers get."""
    from hub.model import ArtefactClass, Reference
    from hub.store import open_store
    from hub.store.parquet import read_plain
    from hub.store.parts import state_of

    store = open_store(tmp_path / "HUB")
    try:
        reference = Reference(ArtefactClass.DATAFLOW, "MIGX", flow, "1.0.0")
        versions = store.newest(reference)
        tables = [read_plain(state_of(store.lake, version)) for version in versions]
    finally:
        store.close()
    rows = [row for table in tables for row in table.to_pylist()]
    return {
        (row["FLOW_TYPE"], row["COUNTERPART_AREA"], row["TIME_PERIOD"]): (
            f"{row['OBS_VALUE']:g} {row['OBS_STATUS']}"
        )
        for row in rows
    }


def test_two_dataflows_make_up_one_shared_flow(eurostat: Any, tmp_path: Path) -> None:
    ran = eurostat("harvest", "ESTAT", "--flow", FLOW, "--json")
    assert ran.exit == 0, ran.err
    assert _held(tmp_path) == {
        ("IMM", "BEL", "1998"): "324 A",
        ("IMM", "BEL", "1999"): "238 B",
        ("EMI", "BEL", "1998"): "160 A",
        ("EMI", "DEU", "1998"): "170 A",
    }
    told = {each["flow"]: each for each in ran.json["outcomes"]}
    immigration = told[f"{FLOW} SM_ESTAT_MIGR_IMM5PRV"]
    assert (immigration["reason"], immigration["counts"]["added"]) == ("RELEASED", 2)
    assert "map-untested" in {finding["rule"] for finding in immigration["findings"]}


def test_what_one_dataflow_no_longer_has_is_withdrawn_and_the_other_stays(
    eurostat: Any, server: PartnerServer, tmp_path: Path
) -> None:
    assert eurostat("harvest", "ESTAT", "--flow", FLOW).exit == 0
    server.on(IMM, _sent("MIGR_IMM5PRV", ARRIVED[0].replace("324", "325"), etag='"2"'))
    server.on(EMI, Answer(304))
    ran = eurostat("harvest", "ESTAT", "--flow", FLOW, "--json")
    assert ran.exit == 0, ran.err
    assert _held(tmp_path) == {
        ("IMM", "BEL", "1998"): "325 A",
        ("EMI", "BEL", "1998"): "160 A",
        ("EMI", "DEU", "1998"): "170 A",
    }
    told = {each["flow"]: each for each in ran.json["outcomes"]}
    immigration = told[f"{FLOW} SM_ESTAT_MIGR_IMM5PRV"]
    assert immigration["counts"] == {"added": 0, "revised": 1, "withdrawn": 1}
    assert told[f"{FLOW} SM_ESTAT_MIGR_EMI3NXT"]["reason"] == "NOT_MODIFIED"
    asked = [headers for path, headers in server.requests if path == EMI]
    assert [headers.get("If-None-Match") for headers in asked] == [None, '"1"']


def test_the_same_again_changes_nothing(
    eurostat: Any, server: PartnerServer, tmp_path: Path
) -> None:
    assert eurostat("harvest", "ESTAT", "--flow", FLOW).exit == 0
    before = _held(tmp_path)
    ran = eurostat("harvest", "ESTAT", "--flow", FLOW, "--full", "--json")
    reasons = {each["reason"] for each in ran.json["outcomes"] if each["flow"]}
    assert reasons == {"UNCHANGED"}
    assert _held(tmp_path) == before


def test_data_that_is_being_prepared_fails_for_now(
    eurostat: Any, server: PartnerServer, tmp_path: Path
) -> None:
    later = (
        b'<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><status>SUBMITTED'
        b"</status></S:Envelope>"
    )
    server.on(IMM, Answer(200, later, CSV), _sent("MIGR_IMM5PRV", *ARRIVED))
    ran = eurostat("harvest", "ESTAT", "--flow", FLOW, "--json")
    assert ran.exit == 3
    told = {each["flow"]: each for each in ran.json["outcomes"]}
    waiting = told[f"{FLOW} SM_ESTAT_MIGR_IMM5PRV"]
    assert waiting["reason"] == "FAILED"
    assert "harvest again later" in waiting["note"]
    assert set(_held(tmp_path)) == {("EMI", "BEL", "1998"), ("EMI", "DEU", "1998")}
    assert eurostat("harvest", "ESTAT", "--flow", FLOW).exit == 0
    assert len(_held(tmp_path)) == 4


def test_a_part_that_vanishes_is_held_and_the_other_stays(
    eurostat: Any, server: PartnerServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CORRIDOR_VALVE_LEAST", "1")
    assert eurostat("harvest", "ESTAT", "--flow", FLOW).exit == 0
    server.on(IMM, Answer(404, b"NoRecordsFound"))
    server.on(EMI, Answer(304))
    ran = eurostat("harvest", "ESTAT", "--flow", FLOW, "--json")
    told = {each["flow"]: each for each in ran.json["outcomes"]}
    assert told[f"{FLOW} SM_ESTAT_MIGR_IMM5PRV"]["reason"] == "HELD"
    assert len(_held(tmp_path)) == 4


def test_the_profile_is_kept_and_shown(eurostat: Any, server: PartnerServer) -> None:
    (partner,) = eurostat("partner", "list", "--json").json
    assert (partner["id"], partner["profile"]) == ("ESTAT", "eurostat")
    shown = eurostat("partner", "show", "ESTAT")
    assert "profile eurostat" in shown.out
    assert server.url in shown.out
    again = eurostat("partner", "add", "--source", "ESTAT", "--areas", "AUT")
    assert again.exit == 1
    assert "known already" in again.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--source", "NOBODY"], "there is no service NOBODY in the catalogue"),
        (["--source", "ESTAT", "--profile", "none"], "there is no profile none; known: corridor"),
        (["--source", "ESTAT", "--profile", "corridor"], "no Corridor node"),
        (["http://x.example", "--profile", "sdmx-2.1"], "needs its URL and an --id"),
        (["--source", "ESTAT", "--id", "1 2"], "cannot be the id of a partner"),
        (["--source", "ESTAT", "--id", "HUB"], "other than HUB"),
        (["ftp://x.example", "--source", "ESTAT"], "http"),
    ],
)
def test_services_that_cannot_be_added(hub: Any, arguments: list[str], told: str) -> None:
    ran = hub("partner", "add", *arguments, "--areas", "AUT")
    assert ran.exit == 1
    assert told in ran.err
    assert hub("partner", "list", "--json").json == []


def test_neither_url_nor_source_is_a_wrong_command(hub: Any) -> None:
    assert hub("partner", "add", "--areas", "AUT").exit == 2


def test_a_file_goes_through_a_profile_by_hand(hub: Any, tmp_path: Path) -> None:
    file = made.written(tmp_path, made.eurostat())
    options = ("--profile", "eurostat", "--source", "EUROSTAT")
    ran = hub("publish", FLOW, file, *options, "--json")
    assert ran.exit == 0, ran.err
    assert ran.json["counts"]["added"] == 9
    rules = {finding["rule"] for finding in ran.json["findings"]}
    assert rules >= {"map-other", "map-dropped", "map-unnamed", "map-untested"}
    plain = hub("publish", FLOW, file)
    assert plain.exit == 1
    both = hub("publish", FLOW, file, "--profile", "eurostat", "--map", file)
    assert both.exit == 2


def test_check_takes_a_profile_too(corridor: Any, tmp_path: Path) -> None:
    file = made.written(tmp_path, made.eurostat())
    ran = corridor("check", FLOW, file, "--profile", "eurostat")
    assert ran.exit == 0
    assert "9 observations, no error" in ran.out


@pytest.mark.skipif(
    not MESSAGES.is_dir(), reason="the messages beside the project (../shared/data) are not here"
)
def test_recorded_messages_are_harvested_as_eurostat_sent_them(
    hub: Any, server: PartnerServer, tmp_path: Path
) -> None:
    """Two recorded messages of one shared flow, and one of another, for three of 33 countries."""
    areas = "DE+UK+EL"
    for path, name in (
        (f"/data/MIGR_ASYAPPCTZA/......{areas}", "estat_MIGR_ASYAPPCTZA.csv"),
        (f"/data/MIGR_ASYTPSM/.....{areas}", "estat_MIGR_ASYTPSM.csv"),
        (f"/data/MIGR_EIRFS/.TOTAL....{areas}", "estat_MIGR_EIRFS.csv"),
    ):
        body = gzip.compress((MESSAGES / name).read_bytes())
        server.on(f"{path}?format=SDMX-CSV", Answer(200, body, CSV))
    added = hub("partner", "add", server.url, "--source", "ESTAT", "--areas", "DEU,GRC,GBR")
    assert added.exit == 0, added.err
    flows = ("--flow", "MIGX:DF_ADMIN_ASYLUM", "--flow", "MIGX:DF_ADMIN_BORDER")
    ran = hub("harvest", "ESTAT", *flows, "--json")
    assert ran.exit == 0, ran.err
    taken = {each["flow"]: each["counts"]["added"] for each in ran.json["outcomes"]}
    chosen = {"DEU", "GRC", "GBR"}

    def count(expected: naive.Expected) -> int:
        return sum(key[0] in chosen for key in expected.cells)

    assert taken == {
        "": 0,
        "MIGX:DF_ADMIN_ASYLUM SM_ESTAT_MIGR_ASYAPPCTZA": count(naive.asylum()),
        "MIGX:DF_ADMIN_ASYLUM SM_ESTAT_MIGR_ASYTPSM": count(naive.protection()),
        "MIGX:DF_ADMIN_BORDER": count(naive.refusals()),
    }


def test_a_figure_of_a_part_is_explained_from_its_own_bytes(
    eurostat: Any, server: PartnerServer, tmp_path: Path
) -> None:
    """Immigration came first, emigration after it: both are found in what was archived."""
    assert eurostat("harvest", "ESTAT", "--flow", FLOW).exit == 0
    server.on(EMI, _sent("MIGR_EMI3NXT", LEFT[0], etag='"2"'))
    server.on(IMM, Answer(304))
    assert eurostat("harvest", "ESTAT", "--flow", FLOW).exit == 0
    assert len(_held(tmp_path)) == 3
    for key, value in (
        ("A.AUT.IMM.PREV_RES.BEL._T._T._T.PS.1999", 238),
        ("A.AUT.EMI.NEXT_RES.BEL._T._T._T.PS.1998", 160),
    ):
        ran = eurostat("explain", FLOW, key, "--verify", "--json")
        assert ran.exit == 0, ran.out
        assert str(value) in ran.out
