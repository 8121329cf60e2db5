"""Negotiation: exact types, weights, short forms, languages, codings; headers and parameters."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conformance.cases.negotiation import (
    CHOSEN,
    CODED,
    EXACT,
    PARAMETERS,
    SPOKEN,
    Choice,
    Coded,
    Spoken,
)
from tests.conformance.judging import official
from tests.conformance.node import Node
from tests.conformance.reading.answers import read


@pytest.mark.parametrize(
    "case", [*EXACT, *CHOSEN, *PARAMETERS], ids=lambda case: f"{case.target} {case.accept}"
)
def test_the_type_of_the_answer(node: Node, case: Choice) -> None:
    """The Content-Type is the exact name, without a charset, and the message is of that type."""
    response = node.get(case.target, case.accept)
    if case.expected is None:
        assert response.status_code == 406, response.text
        return
    assert response.status_code == 200, response.text
    content_type = response.headers["content-type"]
    assert content_type == case.expected
    if "structurespecific" not in content_type and "data+xml" not in content_type:
        assert not official.errors(response.content, content_type)
    if "/data/" in case.target and "labels" not in content_type:
        (data_set,) = read(response.content, content_type)
        assert data_set.about == "dataflow CONF:DF_MAIN(1.0.0)"


@pytest.mark.parametrize("case", CODED, ids=lambda case: f"{case.query} {case.header}")
def test_the_coding_of_the_answer(node: Node, case: Coded) -> None:
    headers = {} if case.header is None else {"accept-encoding": case.header}
    response = node.get(case.query, "text/csv", headers=headers)
    if case.expected == "406":
        assert response.status_code == 406
        return
    assert response.status_code == 200, response.text
    assert response.headers.get("content-encoding") == case.expected
    plain = node.get(case.query.partition("?")[0], "text/csv")
    assert response.content == plain.content
    if case.expected:
        assert response.headers["etag"] != plain.headers["etag"]


@pytest.mark.parametrize("case", SPOKEN, ids=lambda case: f"{case.target} {case.header}")
def test_the_language_of_the_answer(node: Node, case: Spoken) -> None:
    """Content-Language and contentLanguages say what is in the message."""
    headers = {} if case.header is None else {"accept-language": case.header}
    response = node.get(case.target, headers=headers)
    if case.expected == "406":
        assert response.status_code == 406, response.text
        return
    assert response.status_code == 200, response.text
    message = json.loads(response.content)
    spoken = {case.expected} if case.expected else {"en", "fr", "pt-BR"}
    assert {tag.lower() for tag in message["meta"]["contentLanguages"]} == {
        tag.lower() for tag in spoken
    }
    assert response.headers.get("content-language", "") == case.expected
    suffix = {"fr": " (fr)", "pt-BR": " (pt)"}.get(case.expected, "")
    artefact: Any = (message["data"].get("structures") or message["data"]["codelists"])[0]
    assert artefact["name"].endswith(suffix)
    assert suffix or not artefact["name"].endswith(")")
    assert {*artefact.get("names", spoken)} == spoken
