"""The schema resource of both APIs: which artefact, which form, what is in it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from lxml import etree

from hub.formats.schema import FORMS, Family
from hub.formats.structure import FORMS as STRUCTURE_FORMS
from hub.formats.structure import read as read_structures
from hub.model import (
    AgencyScheme,
    CubeRegion,
    DataConstraint,
    KeyValues,
    Maintainable,
    Organisation,
    Representation,
    Structures,
)
from hub.rest import create_app
from tests.formats.schema.judge import XML, judge
from tests.rest.artefacts import AGENCY, ARTEFACTS, DSD, FLOW
from tests.rest.client import Client
from tests.rest.memory import MemoryBackend

P = "application/vnd.sdmx."
FLOW_V2 = "/sdmx/v2/schema/dataflow/TEST/DF_A"
XSD_31, XSD_30, XSD_21 = (f for f in FORMS if f.family is Family.XML)


@pytest.mark.parametrize(
    ("major", "accept", "expected"),
    [
        (2, None, f"{P}schema+json;version=2.1.0"),
        (2, "*/*", f"{P}schema+json;version=2.1.0"),
        (2, "application/xml", f"{P}schema+xml;version=3.1.0"),
        (2, f"{P}schema+json", f"{P}schema+json;version=2.1.0"),
        (2, f"{P}schema+json;version=2.0.0", f"{P}schema+json;version=2.0.0"),
        (2, f"{P}schema+xml; version=3.0.0", f"{P}schema+xml;version=3.0.0"),
        (2, f"{P}schema+xml;version=2.1", f"{P}schema+xml;version=2.1"),
        (2, f"{P}structure+json", f"{P}structure+json;version=2.1.0"),
        (2, f"{P}structure+xml;version=3.0.0", f"{P}structure+xml;version=3.0.0"),
        (1, None, f"{P}schema+xml;version=2.1"),
        (1, "application/xml", f"{P}schema+xml;version=2.1"),
        (1, f"{P}structure+xml;version=2.1", f"{P}structure+xml;version=2.1"),
        (1, f"{P}structure+json;version=1.0.0", f"{P}structure+json;version=1.0.0"),
    ],
)
def test_every_form(client: Client, major: int, accept: str | None, expected: str) -> None:
    answer = client.get(f"/sdmx/v{major}/schema/dataflow/TEST/DF_A/1.0.0", accept)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == expected


@pytest.mark.parametrize(
    ("target", "accept"),
    [
        (f"/sdmx/v1/{FLOW_V2[9:]}", f"{P}schema+json;version=2.0.0"),
        (FLOW_V2, f"{P}schema+xml;version=2.0"),
        (FLOW_V2, f"{P}data+json;version=2.0.0"),
    ],
)
def test_forms_that_are_not_offered(client: Client, target: str, accept: str) -> None:
    assert client.get(target, accept).status_code == 406


@pytest.mark.parametrize(("name", "word"), [("schema", "xml"), ("jsonschema", "json")])
def test_the_format_can_be_a_parameter(client: Client, name: str, word: str) -> None:
    answer = client.get(f"{FLOW_V2}?format={name}")
    assert answer.headers["content-type"].startswith(f"{P}schema+{word};")


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/sdmx/v2/schema/dataflow/TEST/DF_A", 200),
        ("/sdmx/v2/schema/dataflow/TEST/DF_A/", 200),
        ("/sdmx/v2/schema/dataflow/TEST/DF_A/~", 200),
        ("/sdmx/v2/schema/dataflow/TEST/DF_A/+", 200),
        ("/sdmx/v2/schema/dataflow/TEST/DF_A/1.+.0", 200),
        ("/sdmx/v2/schema/dataflow/TEST/DF_A/2.0.0-draft?deletion=true", 200),
        ("/sdmx/v2/schema/datastructure/TEST/DSD/1.0.0/?dimensionAtObservation=SEX", 200),
        ("/sdmx/v2/schema/provisionagreement/TEST/PA_SCB/1.0.0", 200),
        ("/sdmx/v1/schema/dataflow/TEST/DF_A", 200),
        ("/sdmx/v1/schema/dataflow/TEST/DF_A/latest?explicitMeasure=true", 200),
        ("/sdmx/v1/schema/datastructure/TEST/DSD/1.0.0?dimensionAtObservation=SEX", 200),
        ("/sdmx/v2/schema", 400),
        ("/sdmx/v2/schema/dataflow", 400),
        ("/sdmx/v2/schema/dataflow/TEST", 400),
        ("/sdmx/v2/schema/dataflow/*/DF_A", 400),
        ("/sdmx/v2/schema/dataflow/TEST/*", 400),
        ("/sdmx/v2/schema/*/TEST/DF_A", 400),
        ("/sdmx/v2/schema/codelist/TEST/CL_AREA", 400),
        ("/sdmx/v2/schema/dataflow/TEST/DF_A,DF_BARE", 400),
        ("/sdmx/v2/schema/dataflow/TEST/DF_A/*", 400),
        ("/sdmx/v2/schema/dataflow/TEST/DF_A/1.0.0,2.0.0", 400),
        ("/sdmx/v2/schema/dataflow/TEST/DF_A/1.0.0/more", 400),
        ("/sdmx/v2/schema/dataflow/TEST/DF_A?deletion=perhaps", 400),
        ("/sdmx/v1/schema/dataflow/all/DF_A", 400),
        ("/sdmx/v1/schema/dataflow/TEST/DF_A/all", 400),
        ("/sdmx/v1/schema/metadataprovisionagreement/TEST/X", 400),
        ("/sdmx/v1/schema/dataflow/TEST/DF_A?explicitMeasure=perhaps", 400),
        ("/sdmx/v2/schema/dataflow/TEST/DF_Z", 404),
        ("/sdmx/v2/schema/dataflow/TEST/DF_A/9.0.0", 404),
        ("/sdmx/v2/schema/metadatastructure/TEST/MSD", 404),
        ("/sdmx/v2/schema/metadataflow/TEST/MDF", 404),
        ("/sdmx/v2/schema/metadataprovisionagreement/TEST/MPA", 404),
        ("/sdmx/v1/schema/metadataflow/TEST/MDF", 404),
        ("/sdmx/v1/schema/dataflow/TEST/DF_A/2.0.0-draft", 404),
        ("/sdmx/v2/schema/dataflow/TEST/DF_A?dimensionAtObservation=NOTHING", 422),
        ("/sdmx/v1/schema/dataflow/TEST/DF_A?dimensionAtObservation=NOTHING", 403),
        ("/sdmx/v2/schema/dataflow/TEST/DF_A?asOf=2026-02-01", 200),
        ("/sdmx/v2/schema/dataflow/TEST/DF_A?asOf=2026-01-01", 404),
        ("/sdmx/v2/schema/dataflow/TEST/DF_A?asOf=once", 400),
    ],
)
def test_statuses(client: Client, target: str, status: int) -> None:
    assert client.get(target).status_code == status


def test_errors_are_told_in_the_family_of_the_schema(client: Client) -> None:
    missing = "/sdmx/v2/schema/dataflow/TEST/DF_Z"
    told = client.get(missing).json()["errors"][0]
    assert told["code"] == 404
    assert "dataflow TEST:DF_Z(~)" in told["title"]
    xml = client.get(missing, f"{P}schema+xml;version=3.0.0")
    assert etree.fromstring(xml.content).tag.endswith("message}Error")


@pytest.mark.parametrize(
    ("context", "urn", "areas"),
    [
        ("datastructure/TEST/DSD", "datastructure.DataStructure=TEST:DSD", 5),
        ("dataflow/TEST/DF_A/1.0.0", "datastructure.Dataflow=TEST:DF_A", 2),
        ("provisionagreement/TEST/PA_SCB", "registry.ProvisionAgreement=TEST:PA_SCB", 1),
    ],
)
def test_the_constraints_up_to_the_context_apply(
    backend: MemoryBackend, client: Client, context: str, urn: str, areas: int
) -> None:
    agreement = next(a for a in ARTEFACTS if a.id == "PA_SCB")
    only = CubeRegion(keys=(KeyValues(component="REF_AREA", values=("SWE", "FRA")),))
    more = DataConstraint(
        agency=AGENCY, id="CON_PA", targets=(agreement.reference,), regions=(only,)
    )
    backend.structures = Structures([*ARTEFACTS, more])
    for accept in (f"{P}schema+xml;version=3.0.0", f"{P}schema+xml;version=2.1"):
        answer = client.get(f"/sdmx/v2/schema/{context}", accept)
        root = etree.fromstring(answer.content)
        assert root.get("targetNamespace").startswith(f"urn:sdmx:org.sdmx.infomodel.{urn}(1.0.0):")
        type_ = root.find(f".//{XML}attribute[@name='REF_AREA']").get("type")
        found = root.findall(f"{XML}simpleType[@name='{type_}']//{XML}enumeration")
        assert len(found) == areas
    listed = client.get(f"/sdmx/v2/schema/{context}").json()["definitions"]["REF_AREA"]
    assert len(listed["properties"]["id"]["enum"]) == areas


def test_the_schema_of_1_5_lets_attributes_be_left_out(client: Client) -> None:
    def uses(target: str) -> dict[str, str]:
        root = etree.fromstring(client.get(target, f"{P}schema+xml;version=2.1").content)
        found = root.findall(f"{XML}complexType[@name='ObsType']//{XML}attribute")
        return {a.get("name"): a.get("use") for a in found}

    at = "dataflow/TEST/DF_A?dimensionAtObservation=SEX"
    assert uses(f"/sdmx/v1/schema/{at}")["OBS_VALUE"] == "optional"
    assert uses(f"/sdmx/v1/schema/{at}")["SEX"] == "required"
    assert uses(f"/sdmx/v1/schema/{at}&deletion=false")["OBS_VALUE"] == "required"
    assert uses(f"/sdmx/v2/schema/{at}")["OBS_VALUE"] == "required"
    assert uses(f"/sdmx/v2/schema/{at}&deletion=true")["OBS_VALUE"] == "optional"
    assert uses(f"/sdmx/v2/schema/{at}&deletion=true")["SEX"] == "optional"


@pytest.mark.parametrize("at", ["TIME_PERIOD", "SEX", "AllDimensions"])
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.media_type[27:])
def test_data_that_is_served_is_valid(client: Client, form: Any, at: str) -> None:
    schema = client.get(f"{FLOW_V2}/1.0.0?dimensionAtObservation={at}", form.media_type)
    judged = judge(schema.content, form)
    name = "structurespecificdata" if form.version == "2.1" else "data"
    kind = f"{P}{name}+{form.family};version={form.version}"
    data = f"/sdmx/v2/data/dataflow/TEST/DF_A/1.0.0?dimensionAtObservation={at}"
    assert judged.faults(client.get(data, kind).content) == []
    other = client.get(f"/sdmx/v2/data/dataflow/TEST.SUB/DF_B?dimensionAtObservation={at}", kind)
    assert other.status_code == (422 if at == "SEX" else 200)
    assert at == "SEX" or judged.faults(other.content)


def _found(answer: Any) -> dict[str, Maintainable]:
    return {artefact.id: artefact for artefact in read_structures(answer.content)}


@pytest.mark.parametrize("form", STRUCTURE_FORMS, ids=lambda form: form.media_type[21:])
def test_structures_hold_what_applies_and_no_more(client: Client, form: Any) -> None:
    found = _found(client.get(f"{FLOW_V2}/1.0.0", form.media_type))
    assert found.keys() == {"DSD", "CL_AREA", "CL_SEX", "CL_FREQ", "CL_STATUS", "CS_TEST"}
    areas: Any = found["CL_AREA"]
    assert areas.is_partial
    assert {code.id: code.parent for code in areas.items} == {"SWE": None, "NOR": None}
    assert not found["CL_SEX"].is_partial
    concepts: Any = found["CS_TEST"]
    assert [c.id for c in concepts.items] == [c.id for c in DSD.components]


def test_constraints_come_where_a_shared_list_does_not_tell(backend: MemoryBackend) -> None:
    """Two components share a list here, and may not have the same codes of it."""
    areas = next(a for a in ARTEFACTS if a.id == "CL_AREA")
    status = next(a for a in DSD.attributes if a.id == "OBS_STATUS")
    by_area = replace(status, representation=Representation(enumeration=areas.reference))
    structure = replace(DSD, attributes=(by_area, *(a for a in DSD.attributes if a != status)))
    backend.structures = Structures(ARTEFACTS).with_([structure])
    answer = Client(create_app(backend)).get(f"{FLOW_V2}/1.0.0", f"{P}structure+json")
    found = _found(answer)
    assert "CON_A" in found
    codes: Any = found["CL_AREA"]
    assert len(codes.items) == 5


def test_the_agencies_of_what_is_there(backend: MemoryBackend, client: Client) -> None:
    def scheme(agency: str, *ids: str) -> AgencyScheme:
        items = tuple(Organisation(id=id_) for id_ in ids)
        return AgencyScheme(agency=agency, id="AGENCIES", version="1.0", items=items)

    schemes = [scheme("SDMX", "TEST", "OTHER", "SDMX"), scheme("TEST", "SUB"), scheme("X", "Y")]
    backend.structures = Structures([*ARTEFACTS, *schemes])
    answer = client.get("/sdmx/v2/schema/dataflow/TEST.SUB/DF_B", f"{P}structure+json")
    found: list[Any] = [a for a in read_structures(answer.content) if isinstance(a, AgencyScheme)]
    # the dataflow is not in the answer: what is there belongs to TEST
    assert [(a.agency, [i.id for i in a.items]) for a in found] == [("SDMX", ["TEST", "SDMX"])]


def test_an_unchanged_schema_is_not_sent_again(client: Client) -> None:
    first = client.get(FLOW_V2)
    again = client.get(FLOW_V2, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    tags = {
        client.get(f"{FLOW_V2}{more}", accept).headers["etag"]
        for more in ("", "?deletion=true", "?dimensionAtObservation=SEX")
        for accept in (None, "application/xml")
    }
    assert len(tags) == 6


def test_names_follow_the_languages(client: Client) -> None:
    accept, french = f"{P}schema+xml;version=3.1.0", {"accept-language": "fr"}
    answer = client.get(FLOW_V2, accept, headers=french)
    assert answer.headers["content-language"] == "fr"
    notes = etree.fromstring(answer.content).findall(f".//{XML}documentation")
    assert {note.text for note in notes} >= {"SWE (fr)", "_T (fr)"}
    assert all(note.text.endswith("(fr)") for note in notes)
    assert json.loads(client.get(FLOW_V2).content)["title"] == "Flow A, next"


def test_what_the_flow_is_called(client: Client) -> None:
    answer = client.get(f"{FLOW_V2}/{FLOW.version}")
    assert answer.json()["title"] == "Flow A"
