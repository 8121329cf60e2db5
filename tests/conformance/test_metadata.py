"""Metadata queries of both APIs (9.2, 10): what answers, judged by rows; how, by the schemas."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.formats.metadata import FORMS, MetadataFamily, MetadataForm, Reading, Received, read
from hub.publish.metadata import load
from hub.rest.serving import build_app
from hub.store import init_home, open_store
from tests.conformance.asgi import Client
from tests.conformance.metadata.plan import ARTEFACTS, ROWS, set_of
from tests.conformance.metadata.reference import by_flow, by_set, by_structure
from tests.conformance.node import Node
from tests.formats.metadata import judges

START = datetime(2026, 1, 1, tzinfo=UTC)
V2, V1 = "/v2/metadata", "/v1/metadata"
JSON_21, JSON_20, ML_31, ML_30, CSV_21, CSV_20, GENERIC, SPECIFIC = FORMS


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """A node with the sets of the plan: those of the second load came on the third day."""
    home = tmp_path_factory.mktemp("metadata") / "home"
    moment = [START]
    init_home(home, {"node": "SWE", "areas": ["SWE"]}, lambda: moment[0])
    store = open_store(home, lambda: moment[0])
    store.load_structures(ARTEFACTS)
    for when in (1, 2):
        moment[0] = START + timedelta(days=when)
        rows = [row for row in ROWS if row.when == when]
        received = tuple(Received(metadata_set=set_of(row)) for row in rows)
        load(store, Reading(source="plan", received=received))
    moment[0] = START + timedelta(days=9)
    client = Client(build_app(store))
    yield Node(client, client)
    client.close()
    store.close()


def names(response: Any) -> set[str]:
    """The sets in an answer of SDMX-JSON, by plain parsing; an empty answer has none."""
    if response.status_code == 204:
        return set()
    assert response.status_code == 200, response.text
    found = [
        f"{one['agencyID']}:{one['id']}({one.get('version', '1.0')})"
        for one in response.json()["data"]["metadataSets"]
    ]
    assert len(found) == len(set(found))
    return set(found)


_AGENCIES = ("*", "MIGX.SWE", "MIGX.SWE,MIGX.NOR", "TEST")
_VERSIONS = ("~", "+", "*", "1.0.0", "1.0.0,1.1.0", "2.0.0-draft")
SETS = [
    (a, i, v) for a in _AGENCIES for i in ("*", "META_STOCK", "RICH,META_FLOW") for v in _VERSIONS
]


@pytest.mark.clause("9.2 metadata")
@pytest.mark.parametrize(("agency", "id_", "version"), SETS)
def test_by_set(loaded: Node, agency: str, id_: str, version: str) -> None:
    response = loaded.get(f"{V2}/metadataset/{agency}/{id_}/{version}")
    expected = by_set(agency, id_, version)
    if not expected and "*" not in (agency, id_):
        assert response.status_code == 404
    else:
        assert names(response) == expected


FLOWS = [
    (agency, id_, version, provider)
    for agency, id_ in (("*", "*"), ("MIGX", "MDF_MIG"), ("TEST", "MDF"), ("MIGX,TEST", "MDF"))
    for version in ("~", "*", "1.0.0", "+")
    for provider in ("*", "SWE", "NOR,FIN", "MIGX.NOR", "TEST.FIN", "DNK")
]


@pytest.mark.clause("9.2 metadata")
@pytest.mark.parametrize(("agency", "id_", "version", "provider"), FLOWS)
def test_by_flow(loaded: Node, agency: str, id_: str, version: str, provider: str) -> None:
    target = f"{V2}/metadataflow/{agency}/{id_}/{version}/{provider}"
    assert names(loaded.get(target)) == by_flow(agency, id_, version, provider)


STRUCTURES = [
    (type_, agency, id_, version)
    for type_ in ("dataflow", "codelist", "*", "conceptscheme")
    for agency, id_ in (("*", "*"), ("MIGX", "DF_STOCK_BIRTH,CL_AREA_MIG"), ("FAR", "*"))
    for version in ("~", "*", "1.0.0", "3.0.0")
]


@pytest.mark.clause("9.2 metadata")
@pytest.mark.parametrize(("type_", "agency", "id_", "version"), STRUCTURES)
def test_by_structure(loaded: Node, type_: str, agency: str, id_: str, version: str) -> None:
    response = loaded.get(f"{V2}/structure/{type_}/{agency}/{id_}/{version}")
    expected = by_structure(type_, agency, id_, version)
    if response.status_code == 404:  # nothing of that name, on the node or in a target
        assert not expected
        assert "*" not in (agency, id_)
    else:
        assert names(response) == expected


DEFAULTS = [
    ("/metadataset", by_set("*", "*", "~")),
    ("/metadataset/", by_set("*", "*", "~")),
    ("/metadataset/MIGX.SWE", by_set("MIGX.SWE", "*", "~")),
    ("/metadataset/MIGX.SWE/META_STOCK/", by_set("MIGX.SWE", "META_STOCK", "~")),
    ("/metadataset/*/META_STOCK", by_set("*", "META_STOCK", "~")),
    ("/metadataset/all/all/latest", by_set("*", "*", "~")),
    ("/metadataflow", by_flow("*", "*", "~")),
    ("/metadataflow/MIGX", by_flow("MIGX", "*", "~")),
    ("/metadataflow/*/MDF/*/", by_flow("*", "MDF", "*")),
    ("/structure", by_structure("*", "*", "*", "~")),
    ("/structure/dataflow/", by_structure("dataflow", "*", "*", "~")),
    (
        "/structure/dataflow/MIGX/DF_STOCK_CTZ",
        by_structure("dataflow", "MIGX", "DF_STOCK_CTZ", "~"),
    ),
]


@pytest.mark.clause("9.2 metadata")
@pytest.mark.parametrize(("tail", "expected"), DEFAULTS)
def test_what_is_left_out_has_its_default(loaded: Node, tail: str, expected: set[str]) -> None:
    assert names(loaded.get(V2 + tail)) == expected


def _written(response: Any, form: MetadataForm) -> set[str]:
    """The ids of the sets in an answer of any form."""
    if form.family is MetadataFamily.JSON:
        return names(response)
    text = response.text
    if form.family is MetadataFamily.CSV:
        return {name for row in text.splitlines()[1:] for name in re.findall(_SET_CELL, row)}
    return set(re.findall(r"MetadataSet=([^<\"]+)", text))


_SET_CELL = r"^metadata(?:flow|provision),[^,]*,([^,]*)"
EVERY = [(V2, form) for form in FORMS] + [(V1, form) for form in FORMS[-2:]]


@pytest.mark.clause("9.2 metadata")
@pytest.mark.parametrize(("api", "form"), EVERY, ids=[f"{a}-{f}" for a, f in EVERY])
def test_every_form(loaded: Node, api: str, form: MetadataForm, tmp_path: Path) -> None:
    """Each answer is of the type asked for, valid, and about the sets of the flow."""
    tail = "/metadataflow/MIGX/MDF_MIG" if api == V2 else "/MIGX,MDF_MIG,1.0.0/all/all"
    response = loaded.get(api + tail, form.media_type)
    assert response.headers["content-type"] == form.media_type
    assert _written(response, form) == by_flow("MIGX", "MDF_MIG", "~")
    if form.family is MetadataFamily.SPECIFIC:
        schema = loaded.get(f"{api[:3]}/schema/metadatastructure/MIGX/MSD_MIG", SCHEMA_21)
        judges.check(response.content, form, tmp_path, schema.content)
    elif form.family is not MetadataFamily.CSV:
        judges.check(response.content, form, tmp_path)
    assert read(response.content).received


SCHEMA_21 = "application/vnd.sdmx.schema+xml;version=2.1"


@pytest.mark.clause("9.2 metadata")
@pytest.mark.parametrize("form", [JSON_21, JSON_20, ML_31, ML_30], ids=str)
def test_stubs_say_which_sets_there_are(loaded: Node, form: MetadataForm, tmp_path: Path) -> None:
    target = f"{V2}/metadataset/*/*/*?detail=allstubs"
    response = loaded.get(target, form.media_type)
    judges.check(response.content, form, tmp_path)
    assert _written(response, form) == by_set("*", "*", "*")
    assert b"Registered" not in response.content
    assert b"isExternalReference" in response.content


AS_OF = [
    ("2026-01-01T12:00:00Z", 0),
    ("2026-01-02T12:00:00Z", 1),
    ("2026-01-03T12:00:00%2B00:00", 2),
    ("2027", 2),
]


@pytest.mark.clause("9.2 metadata")
@pytest.mark.parametrize(("at", "when"), AS_OF)
@pytest.mark.parametrize("version", ["*", "~"])
def test_as_of(loaded: Node, at: str, when: int, version: str) -> None:
    rows = [row for row in ROWS if row.when <= when]
    found = names(loaded.get(f"{V2}/metadataset/*/*/{version}?asOf={at}"))
    assert found == by_set("*", "*", version, rows)
    found = names(loaded.get(f"{V2}/metadataflow/*/*/{version}?asOf={at}"))
    assert found == by_flow("*", "*", version, "*", rows)


ERRORS = [
    (f"{V2}", 400, "write /metadata/metadataset"),
    (f"{V2}/dataflow/MIGX", 400, "not found by 'dataflow'"),
    (f"{V2}/metadataset/MIGX/X/1.0.0/more", 400, "at most 3"),
    (f"{V2}/metadataset/MIGX/X/1.~.3", 400, "version query"),
    (f"{V2}/metadataset/1X", 400, "agency"),
    (f"{V2}/metadataset?detail=raw", 400, "allstubs"),
    (f"{V2}/metadataset?asOf=yesterday", 400, "asOf"),
    (f"{V2}/metadataset?lang=xx", 406, "there are en, fr"),
    (f"{V2}/metadataset/MIGX/NONE", 404, "MIGX:NONE"),
    (f"{V2}/metadataflow/MIGX/NONE", 404, "metadataflow MIGX:NONE"),
    (f"{V2}/structure/nothing", 400, "artefact type"),
    (f"{V2}/structure/dataflow/MIGX/NONE", 404, "dataflow MIGX:NONE"),
    (f"{V2}/metadataflow/*/*/*/S-%20", 400, ""),
    (f"{V1}", 400, "name a metadata flow"),
    (f"{V1}/MIGX,MDF_MIG,1.0.0,2", 400, "no metadata flow"),
    (f"{V1}/MIGX,NONE", 404, "MIGX:NONE"),
    (f"{V1}/NONE", 404, "metadataflow *:NONE(~)"),
    (f"{V1}/MDF_MIG/A.B.C", 403, "has 2 targets: Dataflow.Code"),
    (f"{V1}/MDF_MIG?startPeriod=2020", 403, "startPeriod"),
    (f"{V1}/MDF_MIG/.DNK", 404, "no results"),
    (f"{V1}/MDF_MIG?updatedAfter=2026-02-01", 404, "no results"),
]


@pytest.mark.clause("9.2 metadata")
@pytest.mark.parametrize(("target", "status", "told"), ERRORS)
def test_errors(loaded: Node, target: str, status: int, told: str) -> None:
    response = loaded.get(target)
    assert response.status_code == status, response.text
    assert told in response.text
    expected = "application/xml" if target.startswith(V1) else JSON_21.media_type
    assert response.headers["content-type"] == expected


@pytest.mark.clause("9.2 metadata")
@pytest.mark.parametrize("form", [JSON_21, JSON_20], ids=str)
def test_errors_are_valid_messages(loaded: Node, form: MetadataForm, tmp_path: Path) -> None:
    response = loaded.get(f"{V2}/metadataset/MIGX/NONE", form.media_type)
    judges.check(response.content, form, tmp_path)


@pytest.mark.clause("9.2 metadata")
@pytest.mark.parametrize("wanted", ["application/vnd.sdmx.data+json", "image/png"])
def test_what_is_not_offered(loaded: Node, wanted: str) -> None:
    response = loaded.get(f"{V2}/metadataset", wanted)
    assert response.status_code == 406
    assert JSON_21.media_type in response.text


CHOICES = [
    (V2, "*/*", JSON_21),
    (V2, "application/json", JSON_21),
    (V2, "application/xml", ML_31),
    (V2, "text/csv", CSV_21),
    (V2, "application/vnd.sdmx.metadata+xml;version=3.0.0", ML_30),
    (V2, "application/vnd.sdmx.metadata+csv;q=0.5, application/xml;q=0.4", CSV_21),
    (V1, "*/*", GENERIC),
    (V1, "application/vnd.sdmx.structurespecificmetadata+xml", SPECIFIC),
]


@pytest.mark.clause("7.2")
@pytest.mark.parametrize(("api", "accept", "form"), CHOICES)
def test_choosing(loaded: Node, api: str, accept: str, form: MetadataForm) -> None:
    tail = "/metadataset/MIGX.SWE" if api == V2 else "/MDF_MIG"
    assert loaded.get(api + tail, accept).headers["content-type"] == form.media_type


@pytest.mark.clause("7.4")
@pytest.mark.parametrize(
    ("word", "form"),
    [("csvmetadata", CSV_21), ("metadata", ML_31), ("jsonmetadata", JSON_21), ("csv", None)],
)
def test_format(loaded: Node, word: str, form: MetadataForm | None) -> None:
    response = loaded.get(f"{V2}/metadataset/MIGX.SWE?format={word}")
    if form is None:
        assert response.status_code == 406
    else:
        assert response.headers["content-type"] == form.media_type


@pytest.mark.clause("7.3")
def test_names_are_in_the_language_asked_for_and_texts_in_all(loaded: Node) -> None:
    target = f"{V2}/metadataset/MIGX.SWE/META_STOCK/1.0.0"
    response = loaded.get(target, headers={"accept-language": "fr-CA, en;q=0.5"})
    assert response.headers["content-language"] == "fr"
    (one,) = response.json()["data"]["metadataSets"]
    assert one["name"].startswith("Métadonnées")
    assert one["isPartialLanguage"] is True
    assert '"en":"Registered","fr":"Registered (fr)"' in response.text
    for headers in ({}, {"accept-language": "*"}):
        (one,) = loaded.get(target, headers=headers).json()["data"]["metadataSets"]
        assert set(one["names"]) == {"en", "fr"}


@pytest.mark.clause("8 conditional")
def test_conditional_requests_and_head(loaded: Node) -> None:
    target = f"{V2}/metadataset/MIGX.SWE"
    answer = loaded.get(target)
    head = loaded.get(target, method="HEAD")
    assert head.status_code == 200
    assert head.content == b""
    for name in ("etag", "content-type", "last-modified"):
        assert head.headers[name] == answer.headers[name]
    known = loaded.get(target, headers={"if-none-match": answer.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")
    since = {"if-modified-since": "2026-01-03T12:00:00Z"}
    assert loaded.get(target, headers=since).status_code == 304
    assert loaded.get(target, ML_31.media_type).headers["etag"] != answer.headers["etag"]
    assert loaded.get(f"{target}?detail=allstubs").headers["etag"] != answer.headers["etag"]


V1_QUERIES = [
    ("MDF_MIG", by_flow("MIGX", "MDF_MIG", "~")),
    ("all", by_flow("*", "*", "~")),
    ("MIGX+TEST,MDF_MIG+MDF,all", by_flow("MIGX,TEST", "MDF_MIG,MDF", "*")),
    ("TEST,MDF,1.0.0/all/all", by_flow("TEST", "MDF", "1.0.0")),
    ("MIGX,MDF_MIG,latest/all/SWE+NOR", by_flow("MIGX", "MDF_MIG", "~", "SWE,NOR")),
    ("MDF_MIG/all/MIGX,NOR", by_flow("MIGX", "MDF_MIG", "~", "MIGX.NOR")),
    (
        "MDF_MIG/DF_STOCK_BIRTH.SWE",
        {r.name for r in ROWS if r.area == "SWE" and r.id[5:] == "STOCK"},
    ),
    ("MDF_MIG/.NOR", {r.name for r in ROWS if r.area == "NOR"}),
    (
        "MDF_MIG/DF_STOCK_CTZ+DF_FLOW_RES.",
        {r.name for r in ROWS if r.id == "META_FLOW"} | {"MIGX.NOR:META_STOCK(1.0.0)"},
    ),
    ("MDF_MIG?updatedAfter=2026-01-02T12:00:00Z", {r.name for r in ROWS if r.when == 2}),
]


@pytest.mark.clause("10 metadata")
@pytest.mark.parametrize(("tail", "expected"), V1_QUERIES)
def test_version_1(loaded: Node, tail: str, expected: set[str]) -> None:
    response = loaded.get(f"{V1}/{tail}")
    assert response.status_code == 200, response.text
    assert _written(response, GENERIC) == expected


@pytest.mark.clause("9.2 metadata")
@pytest.mark.parametrize("form", [f for f in FORMS if f is not SPECIFIC], ids=str)
def test_what_is_served_loads_again(loaded: Node, form: MetadataForm) -> None:
    """Whatever form a node is harvested in, the reports are the same."""
    response = loaded.get(f"{V2}/metadataflow/MIGX/MDF_MIG", form.media_type)
    plain = json.loads(loaded.get(f"{V2}/metadataflow/MIGX/MDF_MIG").text)
    expected = {
        (s["agencyID"], s["id"], s.get("version", "1.0")): _texts(s["attributes"])
        for s in plain["data"]["metadataSets"]
    }
    for received in read(response.content).received:
        one = received.metadata_set
        found = sorted(_reported(one.attributes))
        assert found == expected[one.agency, one.id, one.version]


def _texts(attributes: list[Any]) -> list[str]:
    found = []
    for each in attributes:
        value = each.get("value")
        texts = value.values() if isinstance(value, dict) else [] if value is None else [str(value)]
        found += [*texts, *_texts(each.get("attributes", []))]
    return sorted(found)


def _reported(attributes: Any) -> Iterator[str]:
    for each in attributes:
        yield from [] if each.value is None else [each.value]
        yield from (text for _, text in (*each.texts.texts, *each.markup.texts))
        yield from _reported(each.attributes)


SCHEMAS = [
    ("/v2/schema/metadatastructure/MIGX/MSD_MIG", 200),
    ("/v2/schema/metadataflow/MIGX/MDF_MIG/1.0.0", 200),
    ("/v2/schema/metadataprovisionagreement/TEST/MPA/~", 200),
    ("/v1/schema/metadatastructure/MIGX/MSD_MIG/latest", 200),
    ("/v1/schema/metadataflow/TEST/MDF/1.1.0", 200),
    ("/v2/schema/metadataflow/MIGX/NONE", 404),
    ("/v2/schema/metadataflow/*/MDF_MIG", 400),
    ("/v1/schema/metadataprovisionagreement/TEST/MPA", 400),
]


@pytest.mark.clause("9.1")
@pytest.mark.parametrize(("target", "status"), SCHEMAS)
def test_schemas_of_metadata(loaded: Node, target: str, status: int, tmp_path: Path) -> None:
    response = loaded.get(target)
    assert response.status_code == status
    if status == 200:
        assert response.headers["content-type"] == SCHEMA_21
        judges.xml_judge(SPECIFIC.model, tmp_path, (response.content,))  # it is a schema
        assert loaded.get(target, "application/vnd.sdmx.schema+json").status_code == 406


@pytest.mark.clause("9.1")
@pytest.mark.parametrize("api", ["v1", "v2"])
def test_the_structures_that_say_what_metadata_may_hold(loaded: Node, api: str) -> None:
    target = f"/{api}/schema/metadatastructure/MIGX/MSD_MIG"
    response = loaded.get(target, "application/vnd.sdmx.structure+xml;version=2.1")
    found = re.findall(
        r"<str:(MetadataStructure|ConceptScheme|Codelist) id=\"(\w+)\"", response.text
    )
    lists = {id_ for kind, id_ in found if kind == "Codelist"}
    assert lists == {"CL_MIG_UNIT", "CL_FREQ", "CL_MIG_SOURCE", "CL_DURATION_CRIT", "CL_SDC_METHOD"}
    assert {id_ for kind, id_ in found if kind != "Codelist"} == {"MSD_MIG", "CS_MIG_META"}
