"""Bulk files that are damaged or lie are refused before Arrow makes room for what they say."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hub.errors import CorridorError, Invalid, TooLarge
from hub.formats.limits import Limits
from hub.formats.message import RawData
from hub.formats.reading import read_data
from tests.formats.bulk.forged import (
    I32,
    I64,
    LIST,
    dictionary,
    element,
    listed,
    page,
    parquet,
    texts,
    with_footer,
)
from tests.formats.effort import EFFORT

HUGE = (1 << 31) - 1


def read(folder: Path, content: bytes, **limits: int) -> RawData:
    path = folder / "data"
    path.write_bytes(content)
    return read_data(path, limits=Limits(**limits))


def refused(folder: Path, content: bytes, **limits: int) -> CorridorError:
    """The refusal, for which Arrow has made no room."""
    most = max(pa.default_memory_pool().max_memory(), pa.total_allocated_bytes() + (24 << 20))
    with pytest.raises((Invalid, TooLarge)) as error:
        read(folder, content, **limits)
    assert pa.default_memory_pool().max_memory() <= most
    return error.value


def test_a_forged_file_is_one_that_can_be_read(tmp_path: Path) -> None:
    content = parquet(page(texts("x", "y"), 2), rows=2)
    assert pq.read_table(io.BytesIO(content))["A"].to_pylist() == ["x", "y"]
    assert read(tmp_path, content).table["A"].to_pylist() == ["x", "y"]


PAGE = page(texts("x"), 1)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PAR1", "does not end as a Parquet file"),
        (parquet(PAGE)[:-9], "does not end as a Parquet file"),
        (b"PAR1" + b"\xff" * 4 + b"PAR1", "does not end as a Parquet file"),
        (b"PAR1" + b"\x19\xfc" + b"\xff" * 9 + b"\x0b\0\0\0PAR1", "footer cannot be read"),
        (with_footer(b"", {1: (I32, 1)}), "footer cannot be read"),
        (parquet(PAGE, total_rows=7), "it says it has 7 rows, and its row groups 1"),
        (parquet(PAGE, total_rows=-1, rows=-1), "row groups -1"),
        (parquet(PAGE, values=-1), "it says it has -1 values"),
        (parquet(PAGE, values=2), "column A: 1 values where the footer says 2"),
        (parquet(PAGE, rows=2, values=1), "column A: 1 values in 2 rows"),
        (parquet(PAGE, size=10_000), "column A: its pages do not stand in the file"),
        (parquet(PAGE, data_page=-1), "column A: its pages do not stand in the file"),
        (parquet(PAGE, elements=[element("r", children=1), element("B")]), "other columns"),
        (parquet(PAGE, elements=[element("r", children=1)]), "other columns"),
        (parquet(page(b"", 1, encoding=7)), "column A: its encoding is not read here"),
        (parquet(page(texts("x"), -1), values=1), "column A: the header of a page"),
        (parquet(page(texts("x"), 1, unpacked=-5)), "column A: the header of a page"),
        (parquet(b"\x15" * 40), "column A: the header of a page cannot be read"),
        (
            parquet(dictionary(b"", HUGE) + PAGE, has_dictionary=True, data_page=20),
            "column A: the header of a page cannot be read",
        ),
        (parquet(page(b"\xff" * 50, 1)), "column A: it is damaged"),
        (parquet(page(b"\xff" * 50, 1), codec=1), "column A: it is damaged"),
        (parquet(page(texts("x").replace(b"x", b"\xff"), 1)), "column A: it is damaged"),
    ],
)
def test_a_file_that_is_damaged_is_refused_with_the_column(
    tmp_path: Path, content: bytes, told: str
) -> None:
    error = refused(tmp_path, content)
    assert told in error.message
    assert isinstance(error, Invalid)
    assert [finding.file for finding in error.findings] == ["data"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (parquet(page(b"", HUGE), rows=HUGE), "2,147,483,647 observations"),
        (parquet(page(texts("x"), 1, unpacked=HUGE) * 3, rows=3), "unpacks to 6,442,450,941 bytes"),
        (
            parquet(PAGE, elements=[element("g", children=1)] * 5000 + [element("A")]),
            "columns nested deeper than 64",
        ),
        (
            parquet(PAGE, elements=[element("r", children=2000), *[element("A")] * 2000]),
            "1,001 components",
        ),
    ],
)
def test_a_file_that_stands_for_too_much_is_refused(
    tmp_path: Path, content: bytes, told: str
) -> None:
    assert told in refused(tmp_path, content).message


def test_a_schema_of_any_depth_does_not_end_the_process(tmp_path: Path) -> None:
    """Handed to Arrow as it is, this one does."""
    deep = [element("g", children=1)] * 300_000
    fields = {1: (I32, 1), 2: (LIST, listed(deep)), 3: (I64, 0), 4: (LIST, listed([]))}
    assert "the setting max_depth" in refused(tmp_path, with_footer(b"", fields)).message


def test_a_text_shared_by_many_rows_is_not_written_out_for_each(tmp_path: Path) -> None:
    """Three MB that would be 20 GB: read as codes, but refused in lists, which are written out."""
    long = "x" * (1 << 20)
    shared = pa.array([long]).dictionary_encode()
    places = pa.repeat(pa.scalar(0, pa.int32()), 20_000)
    codes = pa.DictionaryArray.from_arrays(places, shared.dictionary)
    for kind in ("parquet", "arrow"):
        before = pa.total_allocated_bytes()
        raw = read(tmp_path, packed(pa.table({"A": codes}), kind))
        assert raw.table.num_rows == 20_000
        assert pa.total_allocated_bytes() - before < 16 << 20
        lists = pa.ListArray.from_arrays(pa.arange(0, 20_001).cast(pa.int32()), codes)
        content = packed(pa.table({"A": lists}), kind)
        assert "the setting max_unpacked_bytes" in refused(tmp_path, content).message


def packed(table: pa.Table, kind: str, compression: str | None = "zstd") -> bytes:
    out = io.BytesIO()
    if kind == "parquet":
        pq.write_table(table, out, compression=compression or "none", store_schema=False)
    else:
        options = pa.ipc.IpcWriteOptions(compression=compression)
        make = pa.ipc.new_file if kind == "arrow file" else pa.ipc.new_stream
        with make(out, table.schema, options=options) as writer:
            writer.write_table(table)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["parquet", "arrow", "arrow file"])
def test_what_it_unpacks_to_is_bounded(tmp_path: Path, kind: str) -> None:
    """A bomb: four MB of one byte, in some hundred bytes."""
    table = pa.table({"A": ["x" * (1 << 22)]})
    content = packed(table, kind)
    assert len(content) < 10_000
    limits = {"text_bytes": 1 << 30}
    assert read(tmp_path, content, **limits).table.num_rows == 1
    error = refused(tmp_path, content, unpacked_bytes=1 << 22, **limits)
    assert "the setting max_unpacked_bytes" in error.message


@pytest.mark.parametrize("kind", ["arrow", "arrow file"])
def test_a_stream_cut_off_or_damaged_is_refused(tmp_path: Path, kind: str) -> None:
    content = packed(pa.table({"A": ["x"] * 100, "B": ["y"] * 100}), kind, None)
    ends = [at for at in range(len(content)) if content.startswith(b"\xff\xff\xff\xff", at)]
    for cut in (*range(8, len(content) - 900, 40), *ends[1:], len(content) - 1):
        assert isinstance(refused(tmp_path, content[:cut]), Invalid)
    start = content.index(b"\xff\xff\xff\xff", 8)
    for broken in (
        content[:start] + b"\xff\xff\xff\xff" + b"\xff\xff\xff\x7f" + content[start + 8 :],
        content[:start] + b"\x00\x01\x02\x03" + content[start + 4 :],
    ):
        assert isinstance(refused(tmp_path, broken), Invalid)


def test_bounds_are_those_of_the_settings(tmp_path: Path) -> None:
    table = pa.table({"A": ["x", "yy"], "B": ["1", "2"]})
    for kind in ("parquet", "arrow"):
        content = packed(table, kind)
        size = {"bytes": len(content)}
        fits = {**size, "columns": 2, "cells": 4, "distinct_values": 2, "text_bytes": 2}
        assert read(tmp_path, content, **fits).table.num_rows == 2
        for name, limit in fits.items():
            error = refused(tmp_path, content, **{name: limit - 1})
            assert isinstance(error, TooLarge)
            setting = "max_submission_bytes" if name == "bytes" else f"max_{name}"
            assert f"is {limit - 1:,} (the setting {setting})" in error.message
        error = refused(tmp_path, content, structure_bytes=50)
        assert "the setting max_structure_bytes" in error.message


@pytest.mark.parametrize(
    ("column", "told"),
    [
        (pa.array([{"a": 1}]), "it is of type struct<a: int64>, which no component has"),
        (pa.array([[["x"]]]), "it is of type list<"),
        (pa.array([b"abc"], pa.binary(3)), "it is of type fixed_size_binary"),
        (pa.array([1], pa.duration("s")), "it is of type duration"),
        (pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int32())), "it is of type map<"),
        (pa.array([b"ok", b"\xff"], pa.binary()), "row 2: bytes that are not UTF-8"),
        (
            pa.array([None, [("en", "x"), ("en", "y")]], pa.map_(pa.string(), pa.string())),
            "row 2: two texts in one language",
        ),
    ],
)
@pytest.mark.parametrize("kind", ["parquet", "arrow"])
def test_what_is_no_text_is_told_with_column_and_row(
    tmp_path: Path, column: pa.Array, told: str, kind: str
) -> None:
    if pa.types.is_duration(column.type) and kind == "parquet":
        pytest.skip("Parquet has no durations")
    error = refused(tmp_path, packed(pa.table({"A": column}), kind))
    assert f"data, column A{'' if told.startswith('it') else ', '}" in error.message
    assert told in error.message
    assert isinstance(error, Invalid)
    assert [finding.column for finding in error.findings] == ["A"]


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    table = pa.table([pa.array(["x"]), pa.array(["y"])], names=["A", "A"])
    for kind in ("parquet", "arrow"):
        assert "two columns of this name" in refused(tmp_path, packed(table, kind)).message


def mixed() -> pa.Table:
    return pa.table(
        {
            "A": pa.array(["x", "y", None] * 40).dictionary_encode(),
            "L": pa.array([["a", ";"], [], None] * 40),
            "M": pa.array([[("en", "x")], None, []] * 40, pa.map_(pa.string(), pa.string())),
            "F": [1.0, 0.1, None] * 40,
            "I": [2020, None, 3] * 40,
        }
    )


@pytest.mark.parametrize("kind", ["parquet", "arrow", "arrow file"])
@pytest.mark.parametrize("compression", [None, "zstd"])
def test_whatever_is_changed(tmp_path: Path, kind: str, compression: str | None) -> None:
    content = packed(mixed(), kind, compression)
    choose = random.Random(f"{kind} {compression}")  # noqa: S311
    for _ in range(200 * EFFORT):
        changed = bytearray(content)
        for _ in range(choose.choice([1, 1, 3])):
            place = choose.randrange(len(changed))
            if choose.random() < 0.7:
                changed[place] ^= 1 << choose.randrange(8)
            else:
                del changed[place : place + choose.randrange(1, 9)]
        try:
            raw = read(tmp_path, bytes(changed), unpacked_bytes=1 << 26, cells=1 << 20)
        except (Invalid, TooLarge):
            continue
        raw.table.validate(full=True)
