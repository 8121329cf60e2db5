"""Data queries of both APIs: the rows of the reference evaluator, no more and no fewer."""

from __future__ import annotations

from collections import Counter, defaultdict

import httpx
import pytest

from tests.conformance.agency.plan import Row
from tests.conformance.agency.rows import ROWS
from tests.conformance.cases import contexts, filters, keys, selections, times
from tests.conformance.cases.data_case import DataCase, Source
from tests.conformance.judging import official, specific
from tests.conformance.node import Node
from tests.conformance.reading.answers import canonical, read
from tests.conformance.reference.evaluator import answer, columns

CASES = [
    *keys.KEYS_V2,
    *keys.KEYS_V1,
    *keys.NOTHING,
    *filters.EVERY_OPERATOR,
    *filters.COMBINED,
    *filters.NOTHING,
    *times.EVERY_FORM,
    *times.YEAR_STARTS,
    *times.BY_HAND,
    *times.BOUNDS,
    *contexts.CONTEXTS_V2,
    *contexts.ACROSS,
    *contexts.CONTEXTS_V1,
    *contexts.NOTHING,
    *selections.COUNTS,
    *selections.CONTENTS,
    *selections.DETAILS,
    *selections.PAGES,
    *selections.SORTED,
    *selections.PACKED,
]


def rows_of(source: Source) -> list[Row]:
    rows = ROWS[source.flow.name]
    return [row for row in rows if source.areas is None or row["AREA"] in source.areas]


@pytest.mark.parametrize("plain", [False, True], ids=["index", "files"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.clause} {case.target}")
def test_rows(node: Node, case: DataCase, plain: bool) -> None:
    response = node.get(case.target, case.accept, plain=plain)
    expected = defaultdict(list)
    for source in case.sources:
        shape = source.flow.shape
        rows = answer(case.asks, shape, rows_of(source))
        expected[source.about] += canonical(rows, shape, columns(case.asks, shape))
    if not any(expected.values()):
        assert_empty(response, case.target)
        return
    assert response.status_code == 200, response.text
    assert_valid(response, case)
    found = defaultdict(list)
    for data_set in read(response.content, response.headers["content-type"]):
        shape = next(s.flow.shape for s in case.sources if s.about == data_set.about)
        names = columns(case.asks, shape)
        for row in data_set.rows:
            assert set(row) <= set(names)
        found[data_set.about] += canonical(data_set.rows, shape, names)
    assert set(found) == {about for about, rows in expected.items() if rows}
    for about, rows in found.items():
        if case.is_ordered:
            assert rows == expected[about]
        else:
            assert Counter(rows) == Counter(expected[about])


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
        assert 'code="100"' in response.text
