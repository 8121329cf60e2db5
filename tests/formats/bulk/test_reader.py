"""Bulk files read as messages are: their own writer's, and those of other tools."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from hub.errors import Invalid
from hub.formats.bulk import FORMS, BulkForm, write
from hub.formats.bulk.form import Container
from hub.formats.kinds import CODES
from hub.formats.message import Action, RawData
from hub.formats.reading import read_data
from hub.formats.sniff import Kind, sniff
from tests.formats.cubes import as_texts
from tests.formats.data.conftest import ALL, make_rows

EVERY_FORM = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.container)


def read(folder: Path, content: bytes) -> RawData:
    path = folder / "data"
    path.write_bytes(content)
    return read_data(path)


def packed(
    table: pa.Table, container: Container = Container.PARQUET, *, is_file: bool = False
) -> bytes:
    out = io.BytesIO()
    if container is Container.PARQUET:
        pq.write_table(table, out)
        return out.getvalue()
    with (pa.ipc.new_file if is_file else pa.ipc.new_stream)(out, table.schema) as writer:
        writer.write_table(table)
    return out.getvalue()


@EVERY_FORM
@pytest.mark.parametrize("action", list(Action))
def test_what_this_node_writes_comes_back(
    tmp_path: Path, build: Any, header: Any, schema: Any, form: BulkForm, action: Action
) -> None:
    rows = make_rows()
    content = b"".join(write(header, [build(rows, ALL, size=5, action=action)], form))
    raw = read(tmp_path, content)
    assert raw.structure == schema.context
    assert raw.actions.to_pylist() == [action.value] * len(rows)
    assert raw.findings == ()
    rows = [{name: _without_empty(value) for name, value in row.items()} for row in rows]
    assert as_texts(raw.table.to_pylist(), ALL, schema) == as_texts(rows, ALL, schema)


def _without_empty(value: Any) -> Any:
    return [one for one in value if one] if isinstance(value, list) else value


VALUES: list[tuple[pa.Array, list[Any]]] = [
    (pa.array(["x", "", None]), ["x", None, None]),
    (pa.array(["x", "", None], pa.large_string()), ["x", None, None]),
    (pa.array(["x", "y" * 40, None], pa.string_view()), ["x", "y" * 40, None]),
    (pa.array([b"x", "é".encode(), None]), ["x", "é", None]),
    (pa.array(["x", None, "x"]).dictionary_encode(), ["x", None, "x"]),
    (pa.array([7, None, 7]).dictionary_encode(), ["7", None, "7"]),
    (pa.array([2020, -1, None], pa.int16()), ["2020", "-1", None]),
    (pa.array([2**64 - 1, 0, None], pa.uint64()), [str(2**64 - 1), "0", None]),
    (pa.array([0.1, 1e22, None]), ["0.1", "1e+22", None]),
    (pa.array([float("nan"), float("-inf"), 17951.0]), ["NaN", "-INF", "17951"]),
    (pa.array([0.1, float("inf"), None], pa.float32()), ["0.1", "INF", None]),
    (pa.array([Decimal("12.50"), Decimal("-0.10"), None]), ["12.50", "-0.10", None]),
    (pa.array([True, False, None]), ["true", "false", None]),
    (pa.array([dt.date(2020, 1, 2), None, None]), ["2020-01-02", None, None]),
    (
        pa.array([1_577_936_400_000, None, 1_577_934_245_120], pa.timestamp("ms")),
        ["2020-01-02T03:40:00", None, "2020-01-02T03:04:05.12"],
    ),
    (
        pa.array([1_593_727_200] * 3, pa.timestamp("s", "Europe/Paris")),
        ["2020-07-02T22:00:00Z"] * 3,
    ),
    (pa.nulls(3), [None] * 3),
    (pa.array([["x", None, "", "y"], [], [""]]), [["x", "y"], None, None]),
    (pa.array([[1, 2], None, [None]], pa.large_list(pa.int8())), [["1", "2"], None, None]),
    (
        pa.array([[("en", "x"), ("fr", "")], [], None], pa.map_(pa.string(), pa.large_string())),
        [[("en", "x")], None, None],
    ),
]


@EVERY_FORM
@pytest.mark.parametrize(("column", "expected"), VALUES, ids=lambda value: str(value)[:40])
def test_values_of_every_type_are_texts(
    tmp_path: Path, form: BulkForm, column: pa.Array, expected: list[Any]
) -> None:
    content = packed(pa.table({"A": column}), form.container)
    assert read(tmp_path, content).table["A"].to_pylist() == expected


def test_counts_are_no_codes_and_years_are(tmp_path: Path) -> None:
    table = read(tmp_path, packed(pa.table({"TIME_PERIOD": [2020], "OBS_VALUE": [5]}))).table
    assert [column.type for column in table.columns] == [CODES, pa.string()]


FOREIGN = pd.DataFrame(
    {
        "FREQ": pd.Categorical(["A", "A", "A"]),
        "AREA": ["SWE", "NOR", None],
        "TIME_PERIOD": [2020, 2021, 2022],
        "OBS_VALUE": [1.5, None, 3.0],
        "FINAL": [True, False, True],
    },
    index=pd.Index(["a", "b", "c"]),
)
AS_READ = {
    "FREQ": ["A", "A", "A"],
    "AREA": ["SWE", "NOR", None],
    "TIME_PERIOD": ["2020", "2021", "2022"],
    "OBS_VALUE": ["1.5", None, "3"],
    "FINAL": ["true", "false", "true"],
}


def _by_pandas(path: Path) -> None:
    FOREIGN.to_parquet(path)


def _by_pandas_as_feather(path: Path) -> None:
    FOREIGN.reset_index(drop=True).to_feather(path)


def _by_duckdb(path: Path) -> None:
    with duckdb.connect() as connection:
        connection.register("given", FOREIGN)
        options = "FORMAT parquet, PARQUET_VERSION v2, COMPRESSION gzip"
        connection.execute(f"COPY (FROM given) TO '{path}' ({options})")


@pytest.mark.parametrize("make", [_by_pandas, _by_pandas_as_feather, _by_duckdb])
def test_files_of_other_tools(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "data")
    raw = read_data(tmp_path / "data")
    assert raw.table.to_pydict() == AS_READ
    assert raw.ignored == (("__index_level_0__",) if make is _by_pandas else ())
    assert (raw.structure, raw.actions) == (None, None)
    assert [finding.rule for finding in raw.findings] == ["bulk-structure"]
    assert [raw.place(row) for row in range(2)] == ["row=1", "row=2"]


CSV = b"""STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,ACTION,FREQ,OBS_VALUE
dataflow,T:FLOW(1.0): a name,a name,R,A,1
dataflow,T:FLOW(1.0): a name,a name,D,B,2
"""


def of_csv(content: bytes) -> bytes:
    return packed(pyarrow.csv.read_csv(io.BytesIO(content)))


def test_columns_of_sdmx_csv_keep_their_meaning(tmp_path: Path) -> None:
    raw = read(tmp_path, of_csv(CSV))
    assert str(raw.structure) == "T:FLOW(1.0)"
    assert raw.actions.to_pylist() == ["Replace", "Delete"]
    assert raw.table.column_names == ["FREQ", "OBS_VALUE"]
    assert raw.ignored == ("STRUCTURE_NAME",)
    old = b"DATAFLOW,FREQ,OBS_VALUE\nT:FLOW(1.0),A,1\n"
    assert str(read(tmp_path, of_csv(old)).structure) == "T:FLOW(1.0)"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (of_csv(CSV.replace(b",D,", b",X,")), "column ACTION: not an action: write I"),
        (of_csv(CSV.replace(b",D,", b",1,").replace(b",R,", b",2,")), "ACTION: not an action"),
        (of_csv(CSV.replace(b"FLOW(1.0)", b"OTHER(1.0)", 1)), "data of 2 structures"),
        (of_csv(CSV.replace(b"T:FLOW(1.0): a name", b"x")), "STRUCTURE_ID: 'x'"),
        (of_csv(CSV.replace(b"dataflow", b"table")), "STRUCTURE is 'table'"),
        (packed(pa.table({"A": ["x"], "ACTION": [["I"]]})), "column ACTION: it must be text"),
        (
            packed(pa.table({"A": ["x"]}).replace_schema_metadata({"sdmx.context": "urn:x"})),
            "the metadata sdmx.context",
        ),
        (
            packed(pa.table({"A": ["x"]}).replace_schema_metadata({"sdmx.action": "Burn"})),
            "the metadata sdmx.action is 'Burn'; there are Information, Append",
        ),
    ],
)
def test_what_a_file_says_of_itself_must_make_sense(
    tmp_path: Path, content: bytes, told: str
) -> None:
    with pytest.raises(Invalid) as refused:
        read(tmp_path, content)
    assert told in refused.value.message
    assert {finding.file for finding in refused.value.findings} == {"data"}


@EVERY_FORM
def test_a_file_without_rows_says_so(
    tmp_path: Path, build: Any, header: Any, form: BulkForm
) -> None:
    raw = read(tmp_path, b"".join(write(header, [build([], ALL)], form)))
    assert (raw.table.num_rows, raw.table.num_columns) == (0, len(ALL))
    assert [finding.rule for finding in raw.findings] == ["bulk-no-rows"]


def test_they_are_told_by_their_first_bytes(tmp_path: Path) -> None:
    table = pa.table({"A": ["x"]})
    contents = {
        Kind.PARQUET: packed(table),
        Kind.ARROW: packed(table, Container.ARROW),
    }
    for kind, content in contents.items():
        (tmp_path / "data.csv").write_bytes(content)
        assert sniff(tmp_path / "data.csv") is kind
    (tmp_path / "data.csv").write_bytes(packed(table, Container.ARROW, is_file=True))
    assert sniff(tmp_path / "data.csv") is Kind.ARROW
