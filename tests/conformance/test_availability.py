"""Availability: values, counts and coverage of the reference evaluator, and what is referenced."""

from __future__ import annotations

import pytest

from tests.conformance.cases.availability import AVAILABILITY, AvailabilityCase
from tests.conformance.judging.answers import assert_empty
from tests.conformance.judging.availability import assert_available
from tests.conformance.node import Node


@pytest.mark.parametrize("plain", [False, True], ids=["index", "files"])
@pytest.mark.parametrize("case", AVAILABILITY, ids=lambda case: f"{case.target} {case.accept}")
def test_availability(node: Node, case: AvailabilityCase, plain: bool) -> None:
    response = node.get(case.target, case.accept, plain=plain)
    if not case.sources:
        assert_empty(node.get(case.target, None), case.target)
        return
    assert_available(response, case)
