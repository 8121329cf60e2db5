"""Distinct rows, asked of the index and of the files, against a set of tuples."""

from __future__ import annotations

import pytest

from hub.model import Selection
from hub.store import Store
from tests.store.test_index import SELECTIONS, current, store

__all__ = ["store"]

COUNTED = {"last", "first and last", "page"}


@pytest.mark.parametrize(
    "selection",
    [selection for name, selection in SELECTIONS.items() if name not in COUNTED],
    ids=[name for name in SELECTIONS if name not in COUNTED],
)
@pytest.mark.parametrize("columns", [("REF_AREA", "LICENCE"), ("SEX", "OBS_STATUS", "TITLE")])
def test_different_rows_are_those_of_a_set(
    store: Store,
    selection: Selection,
    columns: tuple[str, ...],
) -> None:
    release, schema = current(store)
    rows = store.read(release, schema, selection, columns).read_all().to_pylist()
    expected = {tuple(row.values()) for row in rows}
    from_files = store.distinct(release, schema, selection, columns).to_pylist()
    store.build_index(release, schema)
    from_index = store.distinct(release, schema, selection, columns).to_pylist()
    for found in (from_files, from_index):
        assert len(found) == len(expected)
        assert {tuple(row.values()) for row in found} == expected
    assert from_index == from_files
