"""Every example of the document, sent to a node and looked at."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import jsonschema
import pytest
from lxml import etree

from hub.formats.metadata import FORMS as METADATA_FORMS
from hub.store.keys import Right, create_key
from tests.conformance.judging import official
from tests.conformance.openapi import asking
from tests.conformance.openapi.asking import Example
from tests.conformance.openapi.conftest import Described
from tests.formats.metadata import judges
from tests.formats.registry.judge import valid
from tests.rest.client import Client

pytestmark = pytest.mark.clause("OpenAPI")

ALL = os.environ.get("CONFORMANCE") == "all"
_XSD = "{http://www.w3.org/2001/XMLSchema}schema"
_FEED = "{http://www.w3.org/2005/Atom}feed"
_NOT_SERVED = ("/sdmx/v2/subscription",)
_NODE = (
    "/.well-known/sdmx-node",
    "/openapi.json",
    "/health",
    "/provenance/{flow}/{key}",
    "/api/partners",
)
#: What is read with a key.
_KEYED = ("/api/partners", "/metrics")


def test_every_example_that_reads_finds_something(
    described: Described, record_property: Callable[[str, object], None]
) -> None:
    client, faults = Client(described.app), []
    examples = list(asking.reading(described.document, all_paths=ALL))
    assert len(examples) > (500 if ALL else 150)
    for example in examples:
        headers = dict([example.header]) if example.header else {}
        if example.path in _KEYED:
            headers["authorization"] = f"Bearer {described.token}"
        # Nobody can know the id of a registration before it is made.
        target = example.target.replace("8f14e45fceea467f9a1d0c3b2e6b7a55", described.registration)
        fault = _fault(client, example, client.get(target, headers=headers))
        if fault:
            faults.append(f"{example}: {fault}")
    record_property("cases", len(examples))
    record_property("failed", len(faults))
    assert not faults, "\n".join(faults)


def _fault(client: Client, example: Example, answer: httpx.Response) -> str:
    """What is wrong with the answer to an example, "" where nothing is."""
    if example.path in _NOT_SERVED:
        return "" if answer.status_code == 501 else f"{answer.status_code}"
    if answer.status_code != 200:
        return f"{answer.status_code} {answer.text[:300]}"
    if example.path == "/feed.atom":
        return "" if etree.fromstring(answer.content).tag == _FEED else "no feed"
    if example.path == "/metrics":
        return "" if "corridor_node_info{" in answer.text else "no metrics"
    if example.path in _NODE:
        return "" if answer.json() else "empty"
    kind = answer.headers["content-type"]
    if kind.startswith("application/vnd.sdmx.data+xml"):
        return "; ".join(
            official.xml_errors(etree.fromstring(answer.content), _schema(client, kind))
        )
    if "metadata+" in kind:
        return _fault_of_metadata(client, answer.content, kind)
    return "; ".join(_errors(answer.content, kind))


@cache
def _fault_of_metadata(client: Client, content: bytes, kind: str) -> str:
    """What the official schema says, with one of XHTML and that of the structure, where needed."""
    forms = {form.media_type: form for form in METADATA_FORMS}
    structure = "/sdmx/v1/schema/metadatastructure/MIGX/MSD_MIG/1.0.0"
    specific = [client.get(structure).content] if "structurespecific" in kind else []
    with TemporaryDirectory() as folder:
        try:
            judges.check(content, forms[kind], Path(folder), *specific)
        except AssertionError as error:
            return str(error)
    return ""


@cache
def _schema(client: Client, kind: str) -> etree.XMLSchema:
    """The schema of structure-specific data, as the node itself tells it of the flow."""
    wanted = kind.replace("data+xml", "schema+xml")
    told = client.get("/sdmx/v2/schema/dataflow/MIGX/DF_STOCK_BIRTH/1.0.0", wanted).content
    version = kind.partition("version=")[2][:3].replace(".", "_")
    beside = official.xml_folder(f"v{version}") / "flow.xsd"
    return etree.XMLSchema(etree.fromstring(told, base_url=str(beside)))


@cache
def _errors(content: bytes, kind: str) -> list[str]:
    """What the official schema of a message says; each message is judged once."""
    if "schema+json" in kind:
        schema = json.loads(content)
        jsonschema.validators.validator_for(schema).check_schema(schema)
        return []
    if "schema+xml" in kind:
        return [] if etree.fromstring(content).tag == _XSD else ["no XML Schema"]
    return official.errors(content, kind)


def test_the_examples_in_a_parameter_of_several_ask_for_something_else(
    described: Described,
) -> None:
    """An example that changed nothing would show nothing."""
    client = Client(described.app)
    root = "/sdmx/v2/data/dataflow/MIGX/DF_STOCK_BIRTH/1.0.0/A.SWE"
    found: dict[str, Any] = {}
    for example in asking.reading(described.document, all_paths=False):
        if example.path.endswith("{version}/{key}") and example.target.startswith(root):
            found[example.about] = client.get(example.target).content
    same = Counter(found.values())[found[""]]
    told = sorted(name for name, body in found.items() if body == found[""])
    assert same == len(told)
    assert set(found) - set(told) >= {"c", "firstNObservations", "limit", "offset", "format"}


def test_the_bodies_are_taken_in_every_form(described: Described) -> None:
    _, token = create_key(described.store.catalogue, "examples", list(Right), partners=["*"])
    client, described = Client(described.app), replace(described, token=token)
    sent = 0
    for path, method, operation in asking.operations(described.document):
        target = asking.target_of(described.document, path, operation)
        for media_type, told in operation.get("requestBody", {}).get("content", {}).items():
            if method == "PUT":
                assert _change(client, described, "POST", "/sdmx/v2/structure", media_type, told)
            answer = _change(client, described, method, target, media_type, told)
            assert answer.status_code in (200, 201, 202), (target, media_type, answer.text)
            sent += 1
        if method == "DELETE":
            answer = _change(client, described, method, target)
            assert answer.status_code == 200, (target, answer.text)
            body = described.document["paths"]["/sdmx/v2/structure"]["post"]["requestBody"]
            media_type, told = next(iter(body["content"].items()))
            _change(client, described, "POST", "/sdmx/v2/structure", media_type, told)
            sent += 1
    assert sent > 20


def _change(
    client: Client,
    described: Described,
    method: str,
    target: str,
    media_type: str | None = None,
    told: Any = None,
) -> httpx.Response:
    headers = {"authorization": f"Bearer {described.token}"}
    content = None
    if media_type is not None:
        example = told["example"]
        text = example if isinstance(example, str) else json.dumps(example)
        headers["content-type"], content = media_type, text.encode()
    answer = client.request(method, target, None, headers, content)
    if answer.headers["content-type"].startswith("application/vnd.sdmx.registry+xml"):
        valid(answer.content)
    return answer
