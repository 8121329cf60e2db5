"""sdmx1 on both APIs, in every format: what it reads, and what it says where it cannot."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

sdmx = pytest.importorskip("sdmx")
pytest.importorskip("sdmx.reader.xml.v30")  # before its reader of 2.1: see test_sdmx1.py
# it warns that it reads structure-specific data better with the structure, and is given it
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

FLOW = "DF_STOCK_BIRTH"
KEY = (
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
ATTRIBUTES = ("OBS_VALUE", "OBS_STATUS", "CONF_STATUS", "SOURCE_TYPE", "DERIVATION")
DATA = "application/vnd.sdmx.data+"
ML_21 = [
    f"application/vnd.sdmx.{kind}+xml;version=2.1"
    for kind in (
        "genericdata",
        "structurespecificdata",
        "generictimeseriesdata",
        "structurespecifictimeseriesdata",
    )
]
CSV_2 = [f"{DATA}csv;version={version}" for version in ("2.0.0", "2.1.0")]
ML_30 = f"{DATA}xml;version=3.0.0"
STRUCTURE = "application/vnd.sdmx.structure+xml;version="
#: What sdmx1 2.28 has no reader for, and what it says.
UNREAD = {
    f"{DATA}csv;version=1.0.0": (ValueError, "expected 'STRUCTURE'"),
    f"{DATA}json;version=1.0.0": (KeyError, "structures"),  # it reads the draft before it
    f"{DATA}json;version=2.0.0": (TypeError, "list indices"),
    f"{DATA}json;version=2.1.0": (TypeError, "list indices"),
    f"{DATA}xml;version=3.1.0": (AssertionError, "Cannot determine SDMX-ML version"),
}


def _short(value: str) -> str:
    return value.removeprefix("application/vnd.sdmx.")


def _client(url: str, api: str) -> Any:
    version = {"v1": "2.1", "v2": "3.0.0"}[api]
    source = {"id": "MIGX", "name": "A node", "url": f"{url}/sdmx/{api}", "versions": [version]}
    sdmx.add_source(source, override=True)
    made = sdmx.Client("MIGX")
    made.session.trust_env = False
    return made


@pytest.fixture
def client(url: str, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A client of the API that the parameter `api` names."""
    made = _client(url, request.getfixturevalue("api"))
    try:
        yield made
    finally:
        made.session.close()
        del sdmx.source.sources["MIGX"]


@pytest.fixture
def structure(url: str) -> Any:
    """The data structure, read from SDMX-ML 2.1: what stands in 3.0 is not read whole."""
    made = _client(url, "v1")
    found = made.dataflow(FLOW, params={"references": "descendants"}).structure["MIG_STOCK"]
    made.session.close()
    return found


def _raw(url: str, accept: str, key: str = "*") -> io.BytesIO:
    address = f"{url}/sdmx/v2/data/dataflow/MIGX/{FLOW}/1.0.0/{key}"
    return io.BytesIO(httpx.get(address, headers={"Accept": accept}).content)


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


@pytest.mark.parametrize(
    ("api", "accept"),
    [*(("v1", form) for form in ML_21), *(("v2", form) for form in (*ML_21, ML_30))],
    ids=_short,
)
def test_it_reads_the_data(
    client: Any, structure: Any, plain: Any, alike: Any, api: str, accept: str
) -> None:
    more = {} if api == "v1" else {"context": "dataflow", "version": "1.0.0"}
    message = client.data(FLOW, headers={"Accept": accept}, dsd=structure, **more)
    columns = (*KEY, *ATTRIBUTES)
    assert alike(_rows(message), columns) == alike(plain(FLOW), columns)


@pytest.mark.parametrize("accept", CSV_2, ids=_short)
def test_it_reads_csv_given_the_structure(
    url: str, structure: Any, plain: Any, alike: Any, accept: str
) -> None:
    """The client does not hand the structure on to the reader of CSV, so the message is."""
    message = sdmx.reader.csv.Reader().convert(_raw(url, accept), structure=structure)
    columns = (*KEY, "OBS_STATUS", "DERIVATION")
    assert alike(_rows(message), columns) == alike(plain(FLOW), columns)


@pytest.mark.parametrize("accept", UNREAD, ids=_short)
def test_what_it_does_not_read(url: str, structure: Any, accept: str) -> None:
    error, told = UNREAD[accept]
    raw = _raw(url, accept, "A.SWE")
    read = sdmx.reader.csv.Reader().convert if "csv" in accept else sdmx.read_sdmx
    with pytest.raises(error, match=told):
        read(raw, structure=structure)


@pytest.mark.parametrize("api", ["v1"])
def test_it_asks_what_is_available(client: Any, url: str, plain: Any, api: str) -> None:
    """sdmx1 2.28 has no ReferencePeriod, by which REST 1.5 tells the coverage in time.

    Without that element it reads the answer. `force`, because it asks only those services for it
    whom it knows to have it.
    """
    headers = {"Accept": f"{STRUCTURE}2.1"}
    about = {"resource_id": FLOW, "key": "A.SWE......", "force": True, "headers": headers}
    with pytest.raises(sdmx.exceptions.XMLParseError, match="ReferencePeriod"):
        client.get("availableconstraint", **about)
    asked = client.get("availableconstraint", dry_run=True, **about)
    answer = httpx.get(asked.url, headers=headers).content
    shorter = re.sub(rb"<str:ReferencePeriod[^>]*/>", b"", answer)
    assert len(shorter) < len(answer)
    (constraint,) = sdmx.read_sdmx(io.BytesIO(shorter)).constraint.values()
    (region,) = constraint.data_content_region
    swedish = [row for row in plain(FLOW) if row["REF_AREA"] == "SWE"]
    found = {
        dimension.id: {value.value for value in selection.values}
        for dimension, selection in region.member.items()
    }
    for name in ("REF_AREA", "COUNTERPART_AREA", "SEX", "AGE"):
        assert found[name] == {row[name] for row in swedish}


@pytest.mark.parametrize("api", ["v1"])
def test_it_asks_for_series_alone(client: Any, plain: Any, api: str) -> None:
    """`series_keys` asks with `detail=serieskeysonly`, and pandas has the keys."""
    keys = client.series_keys(FLOW)
    series = KEY[:-1]
    wanted = {tuple(row[name] for name in series) for row in plain(FLOW)}
    found = {tuple(str(key.values[name].value) for name in series) for key in keys}
    assert found == wanted


@pytest.mark.parametrize("api", ["v2"])
@pytest.mark.parametrize("version", ["2.1", "3.0.0"])
@pytest.mark.parametrize("kind", ["codelist", "conceptscheme", "agencyscheme", "dataflow"])
def test_on_rest_2_it_reads_structures(client: Any, api: str, kind: str, version: str) -> None:
    agency = "SDMX" if kind == "agencyscheme" else "MIGX"
    headers = {"Accept": f"{STRUCTURE}{version}"}
    about = {"agency_id": agency, "resource_id": "*", "version": "~"}
    message = client.get(kind, headers=headers, **about)
    expected = {
        "codelist": (message.codelist, "CL_AREA_MIG"),
        "conceptscheme": (message.concept_scheme, "CS_MIG"),
        "agencyscheme": (message.organisation_scheme, "AGENCIES"),
        "dataflow": (message.dataflow, FLOW),
    }
    found, wanted = expected[kind]
    assert wanted in found


@pytest.mark.parametrize("api", ["v2"])
@pytest.mark.parametrize("version", ["2.1", "3.0.0"])
def test_on_rest_2_it_reads_data_structures_of_2_1(
    client: Any, api: str, version: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of 3.0, sdmx1 2.28 stumbles over attributes that belong to a group."""
    headers = {"Accept": f"{STRUCTURE}{version}"}
    about = {"agency_id": "MIGX", "resource_id": "MIG_STOCK", "version": "~", "headers": headers}
    if version == "3.0.0":
        with pytest.raises(sdmx.exceptions.XMLParseError):
            client.get("datastructure", **about)
        return
    found = client.get("datastructure", **about).structure["MIG_STOCK"]
    assert tuple(component.id for component in found.dimensions.components) == KEY
