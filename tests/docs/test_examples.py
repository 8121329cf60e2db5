"""The examples for clients, run against a node as they stand."""

from __future__ import annotations

import contextlib
import io
import itertools
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "clients.md"
REPORTS = Path(__file__).resolve().parents[1] / "publish" / "metadata" / "samples" / "good.xml"
ADDRESS = "http://127.0.0.1:8080"

# sdmx1 and pysdmx use parts of other libraries that are about to go
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]


def _blocks(language: str) -> list[str]:
    found = re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text("utf-8"), re.M | re.S)
    assert found
    return found


@pytest.fixture
def reporting(node: Any, served: Any, corridor: Any) -> Iterator[str]:
    """The address of a node with reference metadata, which the demonstration has none of."""
    store = node("SWE")
    loaded = corridor("--home", store.settings.home, "metadata", "load", REPORTS)
    assert loaded.exit == 0, loaded.err
    with served(store) as (url,):
        yield url


@pytest.mark.parametrize("block", _blocks("python"), ids=range(len(_blocks("python"))))
def test_a_script_runs_as_it_stands(
    request: pytest.FixtureRequest,
    demonstration: Any,
    block: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sdmx = pytest.importorskip("sdmx")
    pytest.importorskip("pysdmx")
    monkeypatch.setattr(sdmx.source, "sources", dict(sdmx.source.sources))
    assert ADDRESS in block
    is_about_reports = "get_reports" in block
    url = request.getfixturevalue("reporting") if is_about_reports else demonstration.url
    script = block.replace(ADDRESS, url)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(script, PAGE.name, "exec"), {})  # noqa: S102
    assert "SWE" in printed.getvalue()


def test_the_addresses_for_curl_answer(demonstration: Any) -> None:
    asked = 0
    for line in _blocks("sh")[0].replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        if not words or words[0] != "curl":
            continue
        headers = dict(
            value.split(": ", 1) for option, value in itertools.pairwise(words) if option == "-H"
        )
        (address,) = (word for word in words if word.startswith("$NODE"))
        answer = httpx.get(address.replace("$NODE", demonstration.url), headers=headers)
        assert answer.status_code == 200, line
        asked += 1
    assert asked >= 5
