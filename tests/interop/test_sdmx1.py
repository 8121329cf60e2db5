"""sdmx1 as a client of REST 1.5: it lists the dataflows, reads structures and data."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd
import pytest

sdmx = pytest.importorskip("sdmx")
# sdmx1 2.28 cannot import its reader of 3.0 any more once it has read structure-specific 2.1
pytest.importorskip("sdmx.reader.xml.v30")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

FLOWS = {
    "DF_ADMIN_ASYLUM",
    "DF_ADMIN_BORDER",
    "DF_ADMIN_PERMITS",
    "DF_ADMIN_REGISTERS",
    "DF_ADMIN_STUDENTS",
    "DF_ADMIN_WORK",
    "DF_BAL",
    "DF_CAP",
    "DF_CHAR",
    "DF_SDG",
    "DF_STOCK_RET",
    "DF_STOCK_BIRTH",
    "DF_STOCK_CTZ",
    "DF_FLOW_RES",
    "DF_FLOW_CTZ",
    "DF_FLOW_BIRTH",
    "DF_EMIGRANTS",
    "DF_ASYMMETRY",
}
STOCK_KEY = (
    "FREQ",
    "REF_AREA",
    "MIGRANT_STATUS",
    "COUNTERPART_BASIS",
    "COUNTERPART_AREA",
    "SEX",
    "AGE",
    "UNIT_MEASURE",
    "TIME_PERIOD",
)
ATTRIBUTES = ("OBS_STATUS", "CONF_STATUS", "SOURCE_TYPE", "DERIVATION", "UNIT_MULT", "DECIMALS")
GENERIC = "application/vnd.sdmx.genericdata+xml;version=2.1"
SPECIFIC = "application/vnd.sdmx.structurespecificdata+xml;version=2.1"


@contextmanager
def _client(url: str, version: str) -> Iterator[Any]:
    """A client whose source has the id of the agency, which sdmx1 then asks for."""
    sdmx.add_source({"id": "MIGX", "name": "A node", "url": url, "versions": [version]})
    client = sdmx.Client("MIGX")
    client.session.trust_env = False
    try:
        yield client
    finally:
        client.session.close()
        del sdmx.source.sources["MIGX"]


@pytest.fixture
def client(url: str) -> Iterator[Any]:
    with _client(f"{url}/sdmx/v1", "2.1") as made:
        yield made


def _rows(message: Any) -> list[dict[str, str]]:
    (dataset,) = message.data
    return [
        {
            **{key: str(value.value) for key, value in observation.key.values.items()},
            **{name: str(value.value) for name, value in observation.attrib.items()},
            "OBS_VALUE": str(observation.value),
        }
        for observation in dataset.obs
    ]


def test_it_lists_the_dataflows(client: Any) -> None:
    assert set(client.dataflow().dataflow) == FLOWS


def test_it_reads_a_dataflow_with_all_it_needs(client: Any) -> None:
    message = client.dataflow("DF_STOCK_BIRTH", params={"references": "all"})
    structure = message.dataflow["DF_STOCK_BIRTH"].structure
    ids = tuple(component.id for component in structure.dimensions.components)
    assert ids == STOCK_KEY
    areas = message.codelist["CL_AREA_MIG"]
    assert areas["POL"].name.localizations["fr"] == "Pologne"
    scheme = message.concept_scheme["CS_MIG"]
    assert structure.dimensions.get("REF_AREA").concept_identity == scheme["REF_AREA"]


@pytest.mark.parametrize("resource", ["codelist", "conceptscheme", "datastructure"])
def test_it_reads_all_of_a_kind(client: Any, resource: str) -> None:
    message = client.get(resource)
    names = {
        "codelist": message.codelist,
        "conceptscheme": message.concept_scheme,
        "datastructure": message.structure,
    }
    expected = {
        "codelist": "CL_AREA_MIG",
        "conceptscheme": "CS_MIG",
        "datastructure": "MIG_MIRROR",
    }
    assert expected[resource] in names[resource]


@pytest.mark.parametrize("flow", ["DF_STOCK_BIRTH", "DF_EMIGRANTS", "DF_ASYMMETRY"])
@pytest.mark.parametrize("accept", [SPECIFIC, GENERIC], ids=["specific", "generic"])
def test_it_reads_the_data(client: Any, plain: Any, alike: Any, flow: str, accept: str) -> None:
    message = client.data(flow, headers={"Accept": accept})
    rows = plain(flow)
    columns = tuple(
        name for name in rows[0] if name not in ("ASYM_REASON",) and not name.startswith("TITLE")
    )
    assert alike(_rows(message), columns) == alike(rows, columns)


def test_keys_are_checked_against_the_structure(client: Any, plain: Any, alike: Any) -> None:
    wanted = {"REF_AREA": ["SWE", "NOR"], "SEX": "_T"}
    message = client.data("DF_STOCK_BIRTH", key=wanted, params={"startPeriod": "2020"})
    rows = [
        row
        for row in plain("DF_STOCK_BIRTH")
        if row["REF_AREA"] in wanted["REF_AREA"]
        and row["SEX"] == "_T"
        and row["TIME_PERIOD"] >= "2020"
    ]
    assert alike(_rows(message), STOCK_KEY) == alike(rows, STOCK_KEY)
    with pytest.raises(ValueError, match="COUNTRY"):
        client.data("DF_STOCK_BIRTH", key={"COUNTRY": "SWE"})


def test_pandas_has_the_values(client: Any, plain: Any) -> None:
    series = sdmx.to_pandas(client.data("DF_STOCK_BIRTH", key="A.DEU......"))
    assert isinstance(series, pd.Series)
    rows = [row for row in plain("DF_STOCK_BIRTH") if row["REF_AREA"] == "DEU"]
    assert len(series) == len(rows)
    assert series.sum() == sum(float(row["OBS_VALUE"]) for row in rows)


def test_it_reads_what_data_may_hold(client: Any) -> None:
    """sdmx1 2.28 makes the URL of a schema query, and reads the answer as structures."""
    message = client.get(
        "schema",
        context="dataflow",
        resource_id="DF_STOCK_BIRTH",
        version="1.0.0",
        headers={"Accept": "application/vnd.sdmx.structure+xml;version=2.1"},
        force=True,
    )
    whole = {id_ for id_, found in message.structure.items() if len(found.dimensions)}
    assert whole == {"MIG_STOCK"}  # others are named as what a constraint applies to
    assert set(message.codelist["CL_COUNTERPART_BASIS"].items) == {"BIRTH"}


def test_what_is_not_there_is_said(client: Any) -> None:
    for call in (lambda: client.dataflow("DF_NOTHING"), lambda: client.data("DF_NOTHING")):
        with pytest.raises(Exception, match="404"):
            call()


def test_on_rest_2_it_lists_the_dataflows_and_reads_lists(url: str) -> None:
    """SDMX-ML 3.0 of sdmx1 2.28 is partial: it stumbles over the attributes of a structure."""
    headers = {"Accept": "application/vnd.sdmx.structure+xml;version=3.0.0"}
    with _client(f"{url}/sdmx/v2", "3.0.0") as client:
        assert set(client.dataflow(agency_id="MIGX", headers=headers).dataflow) == FLOWS
        areas = client.codelist("CL_AREA_MIG", agency_id="MIGX", headers=headers).codelist
    assert "POL" in areas["CL_AREA_MIG"]
