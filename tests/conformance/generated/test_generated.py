"""Thousands of requests: rows as the reference evaluator has them, alike on both APIs, or an error.

Each failure tells how its request is made again alone.
"""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest

from tests.conformance.generated.judge import ask
from tests.conformance.generated.runs import Case, cases_of, chunks
from tests.conformance.generated.seeds import SEED
from tests.conformance.node import Node

_TOLD = 20
_AGAIN = f"GENERATED_SEED={SEED} GENERATED_ONLY"


@pytest.mark.clause("generated")
@pytest.mark.parametrize("chunk", chunks())
def test_requests(node: Node, chunk: int, request: pytest.FixtureRequest) -> None:
    made, failures = 0, []
    for case in cases_of(chunk):
        made += len(case.urls)
        failures += faults_of(node, case)
    request.node.user_properties += [("cases", made), ("failed", len(failures)), ("seed", SEED)]
    if failures:
        told = "\n\n".join(failures[:_TOLD])
        pytest.fail(f"{len(failures)} of {made} requests failed:\n\n{told}", pytrace=False)


def faults_of(node: Node, case: Case) -> list[str]:
    """What is wrong with the answers of a case."""
    failures, answers = [], []
    for number, url in enumerate(case.urls, case.number):
        try:
            answers.append(ask(url, node, is_judged=case.is_judged))
        except Exception as error:  # whatever it is, the other requests are made
            failures.append(_told(number, url, error))
    if not failures and len(answers) > 1 and answers[0] != answers[1] and None not in answers:
        failures.append(_told(case.number, case.urls, AssertionError("the APIs differ")))
    return failures


def _told(number: int, url: object, error: Exception) -> str:
    """How to make a request again, what it was, and where its answer failed."""
    again = f"{_AGAIN}={number} python -m pytest tests/conformance/generated"
    place = traceback.extract_tb(error.__traceback__)[-1:]
    where = "".join(f" at {Path(at.filename).name}:{at.lineno}: {at.line}" for at in place)
    return f"{again}\n{url}\n{type(error).__name__}{where}\n{str(error)[:1500]}"
