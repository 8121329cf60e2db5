"""The document is OpenAPI, and tells of the whole service and of nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from starlette.routing import Route

from hub.errors import CODES
from hub.rest.backend import NodeFacts
from hub.rest.data_query import AVAILABILITY_PATH, DATA_PATH, parse_availability_query
from hub.rest.data_query_v1 import AVAILABILITY_PATH_V1, DATA_PATH_V1
from hub.rest.metadata_query import FLOW_PATH, OF_DATA, PATH_V1, SET_PATH
from hub.rest.metadata_query import STRUCTURE_PATH as ABOUT_PATH
from hub.rest.methods import methods_of
from hub.rest.openapi import document
from hub.rest.openapi.resources import RESOURCES
from hub.rest.parameters import Parameters
from hub.rest.registration_query import CONTEXT_PATH, ID_PATH, PROVIDER_PATH
from hub.rest.schema_query import PATH as SCHEMA_PATH
from hub.rest.serving import build_app
from hub.rest.structure_query import PATH as STRUCTURE_PATH
from tests.conformance.openapi import asking
from tests.conformance.openapi.conftest import Described
from tests.rest.client import Client

pytestmark = pytest.mark.clause("OpenAPI")

#: The path parameters that each resource reads, by the root of its paths.
READ = {
    "/sdmx/v2/data": DATA_PATH,
    "/sdmx/v2/availability": AVAILABILITY_PATH,
    "/sdmx/v2/structure": STRUCTURE_PATH,
    "/sdmx/v2/schema": SCHEMA_PATH,
    "/sdmx/v2/metadata/metadataset": SET_PATH,
    "/sdmx/v2/metadata/metadataflow": FLOW_PATH,
    "/sdmx/v2/metadata/structure": ("artefactType", *ABOUT_PATH),
    "/sdmx/v2/registration/id": ID_PATH[1:],
    "/sdmx/v2/registration/provider": PROVIDER_PATH[1:],
    "/sdmx/v2/registration": CONTEXT_PATH,
    "/sdmx/v1/data": DATA_PATH_V1,
    "/sdmx/v1/availableconstraint": AVAILABILITY_PATH_V1,
    "/sdmx/v1/schema": SCHEMA_PATH,
    "/sdmx/v1/metadata": PATH_V1,
    "/sdmx/v1": STRUCTURE_PATH,
}


def test_it_is_openapi(described: Described) -> None:
    assert described.document["openapi"].startswith("3.1")
    errors = OpenAPIV31SpecValidator(described.document).iter_errors()
    assert [error.message for error in errors] == []


def test_names_of_operations_are_their_own(described: Described) -> None:
    names = [told["operationId"] for _, _, told in asking.operations(described.document)]
    assert len(names) == len(set(names))


def test_it_is_served_as_other_answers_are(described: Described) -> None:
    client = Client(described.app)
    answer = client.get("/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == json.loads(json.dumps(described.document))
    unchanged = client.get("/openapi.json", headers={"if-none-match": answer.headers["etag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    packed = client.get("/openapi.json", headers={"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert client.request("HEAD", "/openapi.json").headers["etag"] == answer.headers["etag"]


def test_the_node_document_leads_to_it(described: Described) -> None:
    client = Client(described.app)
    address = client.get("/.well-known/sdmx-node").json()["openapi"]
    assert address == "http://node.example/openapi.json"
    assert client.get(address.removeprefix("http://node.example")).status_code == 200


def test_it_is_of_this_node() -> None:
    facts = NodeFacts(id="NOR", name="Statistics Norway", role="national", agencies=("MIGX.NOR",))
    told = document(facts, "https://sdmx.example.no/")
    assert told["servers"] == [{"url": "https://sdmx.example.no"}]
    assert "Statistics Norway" in told["info"]["title"]
    assert "MIGX.NOR" in json.dumps(told["paths"]["/sdmx/v2/structure"]["post"])


def test_every_route_is_in_it(described: Described) -> None:
    missing = []
    for route in described.app.routes:
        assert isinstance(route, Route)
        root = route.path.removesuffix("/{rest:path}")
        told = {
            method.upper()
            for path, methods in described.document["paths"].items()
            if _begins_with(path, root)
            for method in methods
        }
        possible = {method for n in range(7) for method in methods_of(root + "/x" * n)}
        wanted = (route.methods or set()) & possible - {"HEAD"}
        if not wanted <= told:
            missing.append((route.path, wanted - told))
    assert not missing


def _begins_with(path: str, root: str) -> bool:
    parts = zip(path.split("/"), root.split("/"), strict=False)
    is_long_enough = path.count("/") >= root.count("/")
    return is_long_enough and all(part == at or part[:1] == "{" for part, at in parts)


def test_every_operation_is_answered_by_what_it_is_of(described: Described) -> None:
    """No path is one that no route takes, and no method one that is not possible."""
    client = Client(described.app)
    for path, method, operation in asking.operations(described.document):
        target = asking.target_of(described.document, path, operation)
        answer = client.request(method, target)
        assert answer.status_code != 405, (method, target)
        assert "there is nothing at" not in answer.text, (method, target)
        assert str(answer.status_code) in operation["responses"], (method, target, answer.text)
        assert method in client.request("OPTIONS", target).headers["allow"].split(", ")


def test_methods_that_are_not_in_it_are_not_possible(described: Described) -> None:
    client = Client(described.app)
    for path, methods in described.document["paths"].items():
        operation = next(iter(methods.values()))
        target = asking.target_of(described.document, path, operation)
        for method in {"GET", "POST", "PUT", "DELETE", "PATCH", "TRACE"} - {
            method.upper() for method in methods
        }:
            answer = client.request(method, target)
            assert answer.status_code == 405, (method, target)
            assert method not in answer.headers["allow"].split(", ")


def test_the_parameters_told_are_those_read(
    described: Described, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A parameter that a parser reads and the document does not tell would be found here."""
    asked: list[str] = []
    raw = Parameters.raw

    def recording(self: Parameters, name: str) -> str | None:
        asked.append(name)
        return raw(self, name)

    monkeypatch.setattr(Parameters, "raw", recording)
    client = Client(build_app(described.store))
    for path, method, operation in asking.operations(described.document):
        if method != "GET" or operation["tags"] == ["Not served"] or not path.startswith("/sdmx"):
            continue
        asked.clear()
        parse_availability_query.cache_clear()  # what was read before is not read again
        client.get(asking.target_of(described.document, path, operation))
        told = {p["name"] for p in asking.parameters(described.document, operation, "query")}
        # Component filters are no parameter of one name; some are looked for to be refused.
        refused = set(OF_DATA) if path.startswith("/sdmx/v1/metadata") else set()
        assert set(asked) - refused == told - {"c"}, path


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: f"{one.root}/{one.least}")
def test_the_places_told_are_those_read(resource: Any) -> None:
    names = tuple(place.name for place in resource.places)
    assert names == READ[resource.root][: len(names)]
    assert len(resource.example) >= len(names)
    longest = max(len(r.places) for r in RESOURCES if r.root == resource.root)
    assert longest == len(READ[resource.root])


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: f"{one.root}/{one.least}")
def test_examples_are_of_their_schemas(resource: Any) -> None:
    from jsonschema import Draft202012Validator

    for place, example in zip(resource.places, resource.example, strict=False):
        Draft202012Validator(place.schema).validate(example)
    for declared in resource.parameters:
        Draft202012Validator(declared.schema).validate(declared.example)


def test_failures_are_those_of_the_table(described: Described) -> None:
    told = described.document["paths"]["/sdmx/v2/data"]["get"]["responses"]
    codes = {str(codes.http_v2) for codes in CODES.values()} | {"414"}
    assert {status for status in told if status >= "400"} <= codes
    assert {"400", "404", "406", "413", "414", "422", "500"} <= set(told)
    old = described.document["paths"]["/sdmx/v1/data/{flowRef}"]["get"]["responses"]
    assert "403" in old
    assert not {"204", "422"} & set(old)


def test_errors_in_the_official_file_are_not_copied(described: Described) -> None:
    """SDMX-TRAPS: types and words that the OpenAPI file of the standard has wrong."""
    told = described.document["paths"]
    registration = asking.resolved(
        described.document, told["/sdmx/v2/registration"]["get"]["responses"]["200"]
    )
    assert all("registry+xml" in name for name in registration["content"])
    references = _schema(described, "/sdmx/v2/structure", "references")["items"]["enum"]
    assert not {"structureset", "namealiasscheme"} & set(references)
    types = asking.parameters(
        described.document, told["/sdmx/v2/structure/{artefactType}"]["get"], "path"
    )[0]["schema"]["enum"]
    assert {"reportingtaxonomy", "metadataproviderscheme"} <= set(types)


@pytest.mark.parametrize(
    ("version", "is_one"),
    [("1.0.0", True), ("+", True), ("~", True), ("*", False), ("1.0.0,2.0.0", False), ("x", False)],
)
def test_the_version_of_a_schema_is_one(described: Described, version: str, is_one: bool) -> None:
    path = "/sdmx/v2/schema/{context}/{agencyID}/{resourceID}/{version}"
    operation = described.document["paths"][path]["get"]
    pattern = asking.parameters(described.document, operation, "path")[3]["schema"]["pattern"]
    assert bool(re.search(pattern, version)) is is_one


def _schema(described: Described, path: str, name: str) -> Any:
    operation = described.document["paths"][path]["get"]
    found: Callable[..., Any] = asking.parameters
    return next(p for p in found(described.document, operation, "query") if p["name"] == name)[
        "schema"
    ]
