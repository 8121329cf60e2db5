"""Rows are read where they lie: whatever the ranges, exactly those, in order."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.store.index import rows as row_files
from hub.store.index.rows import RowFile

ROWS, PIECE = 100, 16


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hundred rows in pieces of 16: a number, a code, a text that is sometimes absent."""
    path = tmp_path_factory.mktemp("rows") / "rows.arrow"
    codes = pa.array([f"C{number % 7}" for number in range(ROWS)]).dictionary_encode()
    texts = pa.array([None if number % 3 else f"text {number}" for number in range(ROWS)])
    table = pa.table({"number": pa.array(range(ROWS)), "code": codes, "text": texts})
    with pa.OSFile(path.as_posix(), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        for batch in table.to_batches(max_chunksize=PIECE):
            writer.write_batch(batch)
    return path


@st.composite
def ranges(draw: st.DrawFn) -> list[tuple[int, int]]:
    """Ascending ranges that do not overlap."""
    ends = sorted(draw(st.sets(st.integers(0, ROWS), max_size=20)))
    return list(zip(ends[::2], ends[1::2], strict=False))


@given(wanted=ranges(), longest=st.sampled_from([1, 5, 40, 10_000]), most=st.sampled_from([4, 64]))
def test_the_rows_of_ranges_are_read(
    file: Path, wanted: list[tuple[int, int]], longest: int, most: int
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(row_files, "_SLICED_ROWS", longest)
        patched.setattr(row_files, "BATCH_ROWS", most)
        given_ranges = np.array(wanted, dtype=np.int64).reshape(-1, 2)
        batches = list(RowFile(file).read(given_ranges, ["code", "number", "text"]))
    rows = [tuple(row.values()) for batch in batches for row in batch.to_pylist()]
    assert rows == [
        (f"C{number % 7}", number, None if number % 3 else f"text {number}")
        for start, end in wanted
        for number in range(start, end)
    ]
    longest_range = max((end - start for start, end in wanted), default=0)
    assert all(batch.num_rows <= max(most, longest_range) for batch in batches)


def test_what_was_given_back_is_read_again(file: Path) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(row_files, "_SLICED_ROWS", 1)
        rows = RowFile(file)
        whole = np.array([[0, ROWS]], dtype=np.int64)
        first = pa.Table.from_batches(rows.read(whole, ["number"]))
        again = pa.Table.from_batches(rows.read(whole, ["number"]))
    assert first == again
    assert again.column("number").to_pylist() == list(range(ROWS))
