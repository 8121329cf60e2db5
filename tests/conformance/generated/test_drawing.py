"""What is drawn: the same again from the same seed, mostly legal, and not too easy."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from tests.conformance.generated.data import DataUrl
from tests.conformance.generated.faults import Fault
from tests.conformance.generated.judge import ask
from tests.conformance.generated.noise import Damaged
from tests.conformance.generated.runs import CHUNK, cases_of
from tests.conformance.judging.answers import expected_rows
from tests.conformance.node import Node

_CHUNKS = range(1_000, 1_010)


@pytest.mark.usefixtures("_every_case")
def test_a_chunk_is_drawn_again_as_it_was() -> None:
    first = [*cases_of(7)]
    assert first == [*cases_of(7)]
    assert sum(len(case.urls) for case in first) == CHUNK
    assert first != [*cases_of(8)]


@pytest.mark.usefixtures("_every_case")
def test_two_thirds_are_legal_and_many_find_something() -> None:
    urls = [url for chunk in _CHUNKS for case in cases_of(chunk) for url in case.urls]
    kinds = Counter(type(url) for url in urls)
    assert 0.6 < 1 - (kinds[Fault] + kinds[Damaged]) / len(urls) < 0.75
    data = [url.case for url in urls if isinstance(url, DataUrl)]
    found = sum(bool(expected_rows(case)) for case in data)
    assert 0.4 < found / len(data) < 0.9


@pytest.mark.usefixtures("_every_case")
def test_one_row_too_few_is_noticed(node: Node) -> None:
    cases = [case for chunk in _CHUNKS for case in cases_of(chunk)]
    urls = [url for case in cases for url in case.urls if isinstance(url, DataUrl)]
    url = next(url for url in urls if expected_rows(url.case) and url.status is None)
    ask(url, node, is_judged=True)
    fewer = replace(url, case=replace(url.case, asks=replace(url.case.asks, where=_never)))
    with pytest.raises(AssertionError):
        ask(fewer, node, is_judged=True)


def _never(_row: object) -> bool:
    return False


@pytest.fixture
def _every_case(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw whole chunks, also where one request is to be made alone."""
    monkeypatch.setattr("tests.conformance.generated.runs.ONLY", "")
