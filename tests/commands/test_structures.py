"""Structures that are not the shared ones: loaded, published under, read back over REST.

The structure and the figures are the official sample of exchange rates, SDMX 2.1.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import etree

FLOW = "ECB:EXR(1.0)"
DATAFLOW = {
    "meta": {
        "schema": "https://json.sdmx.org/2.0.0/sdmx-json-structure-schema.json",
        "id": "EXR",
        "prepared": "2026-01-01T00:00:00Z",
        "test": False,
        "sender": {"id": "ECB"},
    },
    "data": {
        "dataflows": [
            {
                "id": "EXR",
                "agencyID": "ECB",
                "version": "1.0",
                "name": "Exchange rates",
                "names": {"en": "Exchange rates", "de": "Wechselkurse"},
                "structure": "urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure="
                "ECB:ECB_EXR_NG(1.0)",
            }
        ]
    },
}


@pytest.fixture
def samples(shared: Path) -> Path:
    return shared / "messages" / "official" / "ml21"


@pytest.fixture
def rates(samples: Path) -> list[dict[str, str]]:
    """The observations of the sample, as attributes of its Obs elements."""
    place = "samples__exr__ecb_exr_ng__structured__ecb_exr_ng_flat.xml"
    return [dict(each.attrib) for each in etree.parse(samples / place).iter("Obs")]


@pytest.fixture
def loaded(corridor: Any, home: Path, samples: Path) -> Path:
    """A home with the sample's structure and a dataflow of it."""
    dataflow = home.parent / "dataflow.json"
    dataflow.write_text(json.dumps(DATAFLOW), "utf-8")
    full = samples / "samples__exr__ecb_exr_ng__ecb_exr_ng_full.xml"
    for file in (full, dataflow):
        assert corridor("--home", home, "structures", "load", file).exit == 0
    return home


def _write(path: Path, rates: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["DATAFLOW", *rates[0]])
        writer.writeheader()
        writer.writerows({"DATAFLOW": FLOW, **rate} for rate in rates)
    return path


def test_figures_of_a_foreign_structure_come_back_as_they_went_in(
    corridor: Any, loaded: Path, rates: list[dict[str, str]], served: Any
) -> None:
    from hub.store import open_store

    file = _write(loaded.parent / "rates.csv", rates)
    checked = corridor("--home", loaded, "check", FLOW, file, "--json").json
    done = corridor("--home", loaded, "publish", FLOW, file, "--json").json
    assert checked["observations"] == done["counts"]["added"] == len(rates) == 12
    store = open_store(loaded)
    with served(store) as (url,):
        answer = httpx.get(f"{url}/sdmx/v2/data/dataflow/ECB/EXR/1.0/*?format=csvdata")
        xml = httpx.get(
            f"{url}/sdmx/v1/data/ECB,EXR,1.0/M.CHF+USD?dimensionAtObservation=AllDimensions",
            headers={"Accept": "application/vnd.sdmx.structurespecificdata+xml;version=2.1"},
        )
        name = httpx.get(
            f"{url}/sdmx/v2/structure/dataflow/ECB/EXR/1.0",
            headers={"Accept": "application/json", "Accept-Language": "de"},
        )
    store.close()
    assert (answer.status_code, xml.status_code) == (200, 200)
    rows = [
        {column: row[column] for column in rates[0]}
        for row in csv.DictReader(io.StringIO(answer.text))
    ]
    assert _in_order(rows) == _in_order(rates)
    read = [dict(each.attrib) for each in etree.fromstring(xml.content).iter("{*}Obs")]
    asked = [rate for rate in rates if rate["CURRENCY"] in ("CHF", "USD")]
    assert _in_order(read) == _in_order(asked)
    assert "Wechselkurse" in name.text


def test_a_bad_figure_of_a_foreign_structure_is_refused(
    corridor: Any, loaded: Path, rates: list[dict[str, str]]
) -> None:
    file = _write(loaded.parent / "rates.csv", [{**rates[0], "CURRENCY": "XXQ"}])
    ran = corridor("--home", loaded, "publish", FLOW, file)
    assert ran.exit == 1
    assert "rates.csv:2 CURRENCY" in ran.err
    assert "not a code of ISO:CL_CURRENCY(1.0)" in ran.err
    same = corridor("--home", loaded, "check", FLOW, file)
    assert (same.exit, same.err) == (1, ran.err)
    assert "no dataflow" in corridor("check", FLOW, file).err


def test_structures_are_listed_and_loaded_once(corridor: Any, loaded: Path, samples: Path) -> None:
    listed = corridor("--home", loaded, "structures", "list", "--json").json
    artefacts = {each["artefact"] for each in listed}
    assert {"ECB:ECB_EXR_NG(1.0)", "ISO:CL_CURRENCY(1.0)", FLOW} <= artefacts
    full = samples / "samples__exr__ecb_exr_ng__ecb_exr_ng_full.xml"
    again = corridor("--home", loaded, "structures", "load", full, "--json").json
    assert again == {"added": 0, "same": 11, "left_out": []}
    assert corridor("--home", loaded, "structures", "list", "--json").json == listed


def test_a_structure_without_its_lists_is_refused_whole(
    corridor: Any, home: Path, samples: Path
) -> None:
    before = corridor("--home", home, "structures", "list", "--json").json
    lone = samples.parent / "sdmx-ml__samples__Data_Structure_Definition__ECB_EXR.xml"
    ran = corridor("--home", home, "structures", "load", lone)
    assert ran.exit == 1
    assert "ECB:CL_FREQ(1.0)" in ran.err
    assert corridor("--home", home, "structures", "list", "--json").json == before


def test_the_agencies_of_another_registry_are_left_out_and_named(corridor: Any, home: Path) -> None:
    agencies = {
        "id": "AGENCIES",
        "agencyID": "SDMX",
        "version": "1.0",
        "name": "Agencies",
        "agencies": [{"id": "ECB", "name": "European Central Bank"}],
    }
    codes = {"id": "CL_X", "agencyID": "ECB", "version": "1.0", "name": "X"}
    message = {**DATAFLOW, "data": {"agencySchemes": [agencies], "codelists": [codes]}}
    file = home.parent / "lists.json"
    file.write_text(json.dumps(message), "utf-8")
    told = "AgencyScheme SDMX:AGENCIES(1.0) was left out: this node keeps its own"
    done = corridor("--home", home, "structures", "load", file, "--json").json
    assert done == {"added": 1, "same": 0, "left_out": [told]}
    again = corridor("--home", home, "structures", "load", file)
    assert again.out.splitlines() == [told, "0 artefacts loaded, 1 there already"]


def test_what_comes_with_the_program_is_not_replaced(corridor: Any, home: Path) -> None:
    changed = json.loads(json.dumps(DATAFLOW))
    flow = changed["data"]["dataflows"][0]
    flow |= {"agencyID": "MIGX", "id": "DF_STOCK_BIRTH", "version": "1.0.0"}
    file = home.parent / "dataflow.json"
    file.write_text(json.dumps(changed), "utf-8")
    ran = corridor("--home", home, "structures", "load", file)
    assert ran.exit == 1
    assert "comes with the program" in ran.err


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"<html><body/></html>", "html"),
        (b"{]", "JSON"),
        (b"PAR1", "JSON"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "DOCTYPE"),
    ],
)
def test_what_is_no_structure_message_is_refused(
    corridor: Any, home: Path, content: bytes, told: str
) -> None:
    file = home.parent / "structures.xml"
    file.write_bytes(content)
    ran = corridor("--home", home, "structures", "load", file)
    assert ran.exit == 1
    assert told.lower() in ran.err.lower()
    assert corridor("--home", home, "structures", "load", home).exit == 1


def _in_order(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return sorted(rows, key=lambda row: (row["CURRENCY"], row["TIME_PERIOD"]))
