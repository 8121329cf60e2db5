"""Which former states areas are successors of."""

from __future__ import annotations

from collections.abc import Collection

import pyarrow as pa
import pyarrow.compute as pc

from federation.figures import load_successors


def former_states(successors: Collection[str]) -> set[str]:
    """The states that any of some areas is a successor of."""
    table = load_successors()
    wanted = pa.array(sorted(successors), pa.string())
    return set(table.filter(pc.is_in(table["successor"], value_set=wanted))["former"].to_pylist())


def successors_of(former: str) -> set[str]:
    """The successors of a former state, at any time."""
    table = load_successors()
    return set(table.filter(pc.equal(table["former"], former))["successor"].to_pylist())
