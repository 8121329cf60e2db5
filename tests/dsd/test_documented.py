"""The documentation lists every shared structure and dataflow as it is."""

from __future__ import annotations

import re
from pathlib import Path

from dsd import shared_structures
from hub.model import Dataflow, DataStructure

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "shared-structures.md").read_text("utf-8")


def test_every_structure_with_its_key() -> None:
    rows = set(re.findall(r"^\| `(MIG_\w+)` \| ([^|]+) \| `([\w.]+)` \|$", PAGE, re.MULTILINE))
    assert rows == {
        (dsd.id, dsd.name.best(["en"]), ".".join(d.id for d in dsd.key_dimensions))
        for dsd in shared_structures().of_type(DataStructure)
    }


def test_every_dataflow_with_its_structure() -> None:
    pattern = r"^\| `(DF_\w+)` \| `(MIG_\w+)` \| ([^|]+?)(, derived)? \| `(\w+)` \|$"
    rows = set(re.findall(pattern, PAGE, re.MULTILINE))
    assert rows == {
        (
            flow.id,
            flow.structure.id,
            flow.name.best(["en"]),
            ", derived" if flow.annotation("WRITTEN_BY") else "",
            flow.annotation("SLICE_BY"),
        )
        for flow in shared_structures().of_type(Dataflow)
    }
