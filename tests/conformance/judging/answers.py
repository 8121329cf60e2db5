"""Answers to data queries against the reference evaluator: the same rows, and a valid message."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import Any

import httpx
from lxml import etree

from tests.conformance.agency.plan import Row
from tests.conformance.agency.rows import ROWS
from tests.conformance.cases.data_case import DataCase, Source
from tests.conformance.judging import official, specific
from tests.conformance.reading.answers import canonical, read
from tests.conformance.reference.evaluator import answer, columns

#: Rows in their order, by the artefact they are about.
Found = dict[str, list[tuple[Any, ...]]]


def rows_of(source: Source) -> list[Row]:
    """The rows that were published under a source."""
    rows = ROWS[source.flow.name]
    return [row for row in rows if source.areas is None or row["AREA"] in source.areas]


def expected_rows(case: DataCase) -> Found:
    """What the reference evaluator finds; nothing stands for what it finds nothing in."""
    expected: Found = defaultdict(list)
    for source in case.sources:
        shape = source.flow.shape
        rows = answer(case.asks, shape, rows_of(source))
        expected[source.about] += canonical(rows, shape, columns(case.asks, shape))
    return {about: rows for about, rows in expected.items() if rows}


def found_rows(response: httpx.Response, case: DataCase) -> Found:
    """The rows of an answer; none has a component that was not asked for."""
    found: Found = defaultdict(list)
    for data_set in read(response.content, response.headers["content-type"]):
        shape = next(s.flow.shape for s in case.sources if s.about == data_set.about)
        names = columns(case.asks, shape)
        for row in data_set.rows:
            assert set(row) <= set(names)
        found[data_set.about] += canonical(data_set.rows, shape, names)
    return dict(found)


def assert_rows(response: httpx.Response, case: DataCase, *, is_judged: bool = True) -> Found:
    """The answer has the rows of the reference evaluator, in their order where the case has one.

    `is_judged` False saves the time that the official schema takes.
    """
    expected = expected_rows(case)
    if not expected:
        assert_empty(response, case.target)
        return {}
    assert response.status_code == 200, response.text
    if is_judged:
        assert_valid(response, case)
    found = found_rows(response, case)
    assert set(found) == set(expected)
    for about, rows in found.items():
        if case.is_ordered:
            assert rows == expected[about]
        else:
            assert Counter(rows) == Counter(expected[about])
    return found


def assert_valid(response: httpx.Response, case: DataCase) -> None:
    """The official schema of the message, where there is one, finds nothing wrong."""
    content_type = response.headers["content-type"]
    if b":StructureSpecificData" in response.content[:200]:
        # API 1.x asks for data of a dataflow, whoever provides it, and is told of the dataflow.
        is_v1 = case.target.startswith("/v1")
        shapes = {
            f"dataflow {source.flow}" if is_v1 else source.about: source.flow.shape
            for source in case.sources
        }
        assert not specific.errors(response.content, shapes)
    else:
        assert not official.errors(response.content, content_type)


def assert_empty(response: httpx.Response, target: str) -> None:
    """204 without a body on API 2.x, 404 with code 100 on 1.x."""
    if target.startswith("/v2"):
        assert (response.status_code, response.content) == (204, b""), response.text
    else:
        assert response.status_code == 404, response.text
        assert told(response)[0] == 100


def told(response: httpx.Response) -> tuple[int, str]:
    """The code and the text of an error, after the official schema has passed it."""
    content_type = response.headers["content-type"]
    assert not official.errors(response.content, content_type)
    if content_type == "application/xml":
        message = etree.fromstring(response.content).find("{*}ErrorMessage")
        assert message is not None
        return int(message.get("code", "")), " ".join(message.itertext())
    (error,) = json.loads(response.content)["errors"]
    assert "data" not in json.loads(response.content)
    return error["code"], f"{error['title']} {error.get('detail', '')}"
