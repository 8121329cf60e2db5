"""Kinds of sources: from the mapping that is printed to a release, and what a bad table is told."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from connectors.templates import templates
from tests.commands.standing import status_of
from tests.connectors.national import samples

KINDS = list(templates())


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a node that has published nothing."""
    from hub.store import init_home

    home = tmp_path_factory.mktemp("sources") / "home"
    about = {"node": "SWE", "role": "national", "areas": ["SWE"]}
    init_home(home, {**about, "name": 'Office "S"', "licence": "CC BY 4.0"})
    return home


@pytest.fixture
def made(empty: Path, tmp_path: Path) -> Path:
    shutil.copytree(empty, tmp_path / "home")
    return tmp_path / "home"


def _shown(corridor: Any, home: Path, kind: str) -> str:
    shown = corridor("--home", home, "sources", "show", kind)
    assert (shown.exit, shown.err) == (0, "")
    return str(shown.out)


def _arguments(kind: str, name: str, mapping: str, folder: Path) -> list[object]:
    file, map_ = samples.make(kind, name, mapping, folder)
    flow = next(line for line in mapping.splitlines() if line.startswith("dataflow"))
    given = [] if file is None else [file]
    return [flow.split('"')[1], *given, "--map", map_]


def test_every_kind_has_samples_and_every_sample_a_kind() -> None:
    assert sorted(path.name for path in samples.FOLDER.iterdir()) == sorted(KINDS)
    assert len(KINDS) == 19


@pytest.mark.parametrize("kind", KINDS)
def test_the_good_sample_publishes_with_the_mapping_that_is_printed(
    corridor: Any, made: Path, tmp_path: Path, kind: str
) -> None:
    arguments = _arguments(kind, "good", _shown(corridor, made, kind), tmp_path)
    checked = corridor("check", *arguments, "--json").json
    assert {f["severity"] for f in checked["findings"]} <= {"information"}
    done = corridor("--home", made, "publish", *arguments, "--json")
    assert done.json["outcome"] == "RELEASED", done.json
    assert done.json["counts"]["added"] == checked["observations"] > 0
    assert done.json["findings"] == checked["findings"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_bad_sample_gives_exactly_these_findings(
    corridor: Any, made: Path, tmp_path: Path, kind: str
) -> None:
    arguments = _arguments(kind, "bad", _shown(corridor, made, kind), tmp_path)
    before = status_of(corridor, made)
    told = corridor("--home", made, "publish", *arguments, "--json")
    assert told.exit == 1
    found = Counter(
        (f["rule"], f["line"], f["column"])
        for f in told.json["findings"]
        if f["severity"] != "information"
    )
    wanted = samples.expected(kind)["findings"]
    listed: Counter[tuple[str, int | None, str | None]] = Counter()
    for one in wanted:
        listed[one["rule"], one.get("line"), one.get("column")] += one.get("times", 1)
    assert found == listed
    for one in wanted:
        same, *_ = (
            f["file"]
            for f in told.json["findings"]
            if (f["rule"], f["line"], f["column"])
            == (one["rule"], one.get("line"), one.get("column"))
        )
        assert "place" not in one or same.endswith(f"#{one['place']}")
        assert "file" not in one or same == one["file"]
    assert status_of(corridor, made) == before
