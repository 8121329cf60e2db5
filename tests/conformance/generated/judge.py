"""One request made and judged by what it was drawn to be."""

from __future__ import annotations

from functools import singledispatch

import httpx

from tests.conformance.generated.artefacts import StructureUrl, assert_structures
from tests.conformance.generated.availabilities import AvailabilityUrl
from tests.conformance.generated.data import DataUrl
from tests.conformance.generated.faults import Fault
from tests.conformance.generated.noise import Damaged, assert_sane
from tests.conformance.judging.answers import assert_empty, assert_rows, told
from tests.conformance.judging.availability import assert_available, expected_regions
from tests.conformance.node import Node

#: What two spellings of one question must have in common; None where there is nothing to compare.
Common = object


@singledispatch
def ask(url: object, node: Node, *, is_judged: bool) -> Common:
    """Make a request and judge its answer; `is_judged` False leaves out the official schemas."""
    raise TypeError(url)


@ask.register
def _(url: DataUrl, node: Node, *, is_judged: bool) -> Common:
    case = url.case
    response = node.get(case.target, case.accept)
    if url.status is not None:
        assert response.status_code == url.status, response.text
        told(response)
        return None
    _assert_type(response, url.content_type)
    has_clock_in_10 = "json;version=1.0" in url.content_type and "DF_PERIODS" in str(case.sources)
    found = assert_rows(response, case, is_judged=is_judged and not has_clock_in_10)
    if url.is_head:
        _assert_head(node.get(case.target, case.accept, method="HEAD"), response)
    return sorted(repr(row) for rows in found.values() for row in rows)


@ask.register
def _(url: AvailabilityUrl, node: Node, *, is_judged: bool) -> Common:
    case = url.case
    response = node.get(case.target, case.accept)
    _assert_type(response, url.content_type)
    if url.status is not None:
        assert response.status_code == url.status, response.text
        told(response)
    elif expected_regions(case):
        assert_available(response, case, is_judged=is_judged)
    else:
        assert_empty(response, case.target)
    return None


@ask.register
def _(url: StructureUrl, node: Node, *, is_judged: bool) -> Common:
    response = node.get(url.target, url.accept)
    _assert_type(response, url.content_type)
    assert_structures(response, url, is_judged=is_judged)
    return None


@ask.register
def _(url: Fault, node: Node, *, is_judged: bool) -> Common:
    response = node.get(url.target, url.accept, method=url.method, headers=url.headers)
    assert response.status_code == url.status, f"expected {url.status}: {response.text}"
    assert told(response)[0] == url.code
    if url.content_type is not None:
        assert response.headers["content-type"] == url.content_type
    return None


@ask.register
def _(url: Damaged, node: Node, *, is_judged: bool) -> Common:
    found, plain = (
        node.get(url.target, url.accept, plain=plain, headers=url.headers)
        for plain in (False, True)
    )
    assert_sane(found, plain, url)
    return None


def _assert_type(response: httpx.Response, content_type: str) -> None:
    if response.status_code == 200:
        assert response.headers["content-type"] == content_type


def _assert_head(head: httpx.Response, response: httpx.Response) -> None:
    """HEAD answers as GET does, without the body."""
    assert (head.status_code, head.content) == (response.status_code, b"")
    for name in ("content-type", "etag", "last-modified", "vary"):
        assert head.headers.get(name) == response.headers.get(name)
