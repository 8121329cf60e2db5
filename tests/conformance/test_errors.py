"""Status codes and errors: each in SDMX form, in the family that was asked for."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.conformance.cases.errors import ERRORS, FAMILIES, MAIN, MAIN_1, ErrorCase
from tests.conformance.judging import official
from tests.conformance.judging.answers import told
from tests.conformance.node import Node


@pytest.mark.parametrize("case", ERRORS, ids=lambda case: f"{case.method} {case.target}")
def test_errors(node: Node, case: ErrorCase) -> None:
    is_v1 = case.target.startswith("/v1")
    for accept in ("application/xml", "application/json"):
        response = node.get(case.target, accept, method=case.method)
        assert response.status_code == case.status, response.text
        code, text = told(response)
        assert code == case.code
        assert case.says in text
        expected = "v2_1" if is_v1 else "v3_0"
        is_xml = accept == "application/xml" and "format=" not in case.target
        assert not is_xml or official.namespace_of(response.content) == expected
    if case.status == 405:
        assert {"GET", "HEAD", "OPTIONS"} <= {*response.headers["allow"].split(", ")}


@dataclass(frozen=True)
class Family:
    clause: str
    target: str
    accept: str | None
    expected: str


@pytest.mark.parametrize(
    "case",
    [Family("11", *family) for family in FAMILIES],
    ids=lambda case: f"{case.target} {case.accept}",
)
def test_families(node: Node, case: Family) -> None:
    """The family of the error is that of the answer; SDMX-CSV and unknown types get the default."""
    response = node.get(case.target, case.accept)
    assert response.status_code in (400, 404, 406), response.text
    assert response.headers["content-type"] == case.expected
    told(response)


@dataclass(frozen=True)
class Limited:
    clause: str
    target: str
    status: int
    code: int
    says: str


LIMITED = [
    Limited("8 limits", f"{MAIN}?x={'y' * 8000}", 414, 414, "8000"),
    Limited("8 limits", f"{MAIN}/{'A.SWE.F,' * 1200}A", 414, 414, "8000"),
    Limited("8 limits", f"{MAIN_1}/{'A+' * 4000}A..", 414, 1414, "8000"),
    Limited("8 limits", f"/v2/structure/codelist/{'CONF,' * 2000}CONF", 414, 414, "8000"),
    Limited("8 limits", f"{MAIN}/{'A.SWE.F,' * 800}A?limit=0", 400, 400, "limit"),
]


@pytest.mark.parametrize("case", LIMITED, ids=lambda case: f"{case.target[:60]} {case.status}")
def test_limits(node: Node, case: Limited) -> None:
    response = node.get(case.target)
    assert response.status_code == case.status
    code, text = told(response)
    assert (code, case.says in text) == (case.code, True)


@pytest.mark.clause("11")
def test_errors_cannot_break_out_of_their_message(node: Node) -> None:
    """What the client sent is told again as data."""
    nasty = "%3C%2Fcom%3AText%3E%26%22%5D%5D%3E"
    for target in (f"{MAIN}?mode=x&limit={nasty}", f"{MAIN_1}/all?detail={nasty}"):
        for accept in ("application/xml", "application/json"):
            assert "</com:Text>&" in told(node.get(target, accept))[1]
