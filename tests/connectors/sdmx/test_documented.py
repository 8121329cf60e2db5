"""The page about foreign services lists profiles, maps, annotations and findings as they are."""

from __future__ import annotations

import re
from pathlib import Path

from connectors.sdmx import profiles
from dsd import map_building, shared_structures
from dsd.map_building import TESTED_BY, UNTESTED
from hub.model import StructureMap

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "profiles.md").read_text("utf-8")


def _rows(first: str) -> list[list[str]]:
    """The rows of the table whose header begins with some words."""
    table = PAGE.split(f"| {first} |", 1)[1].split("\n\n", 1)[0]
    return [
        [cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines()[2:]
    ]


def test_every_profile_is_listed() -> None:
    listed = {row[0].strip("` "): row for row in _rows("profile | service")}
    assert listed.keys() == profiles().keys()
    for id_, profile in profiles().items():
        _, name, source, rest, requests, quirks = listed[id_]
        assert (name, source, rest) == (profile.name, profile.source or "", f"{profile.api}.x")
        assert int(requests) == profile.requests_per_hour
        assert quirks == "; ".join(profile.quirks)


def test_every_map_is_listed_with_what_tested_it() -> None:
    listed = {
        tuple(cell.strip("` ") for cell in row[2:]) for row in _rows("profile | dataflow there")
    }
    assert listed == {
        (
            one.target.id,
            one.id,
            "not tested by any recorded message" if tested == UNTESTED else tested,
        )
        for one in shared_structures().of_type(StructureMap)
        if (tested := one.annotation(TESTED_BY))
    }


def test_every_annotation_and_finding_is_explained() -> None:
    named = {
        value for name, value in vars(map_building).items() if name.isupper() and len(value) > 1
    }
    assert {row[0].strip("` ") for row in _rows("annotation | of")} == named - {"MIGX"}
    code = "".join(path.read_text("utf-8") for path in (ROOT / "connectors" / "sdmx").glob("*.py"))
    rules = set(re.findall(r'"((?:map-[a-z-]+)|no-map|area-left-out)"', code))
    assert {row[0].strip("` ") for row in _rows("finding | severity")} == rules
