"""Data queries of both APIs: the rows of the reference evaluator, no more and no fewer."""

from __future__ import annotations

import pytest

from tests.conformance.cases import contexts, filters, keys, selections, times
from tests.conformance.cases.data_case import DataCase
from tests.conformance.judging.answers import assert_rows
from tests.conformance.node import Node

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


@pytest.mark.parametrize("plain", [False, True], ids=["index", "files"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.clause} {case.target}")
def test_rows(node: Node, case: DataCase, plain: bool) -> None:
    response = node.get(case.target, case.accept, plain=plain)
    assert_rows(response, case)
