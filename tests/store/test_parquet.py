"""Files of the lake read into memory: the columns of the schema, whatever the file has."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from hub.engine import arrow_schema
from hub.errors import NotFound
from hub.model import Schema, Structures, resolve
from hub.store import Lake
from hub.store.parquet import read_encoded
from hub.store.parts import Part
from tests.store import everything

SCHEMA: Schema = resolve(everything.FLOW.reference, Structures(everything.ARTEFACTS))
ROWS = [
    {
        "AREA": "SWE",
        "KIND": kind,
        "TIME_PERIOD": "2020",
        "OBS_VALUE": value,
        "REASONS": ["WORK", "STUDY"],
        "TITLE": [("en", "Born"), ("fr", "Nés")],
    }
    for kind, value in (("a", 1.5), ("b", None))
]


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = Lake(tmp_path / "lake")
    made.create()
    return made


def test_what_was_written_is_read(lake: Lake) -> None:
    table = pa.Table.from_pylist(ROWS, arrow_schema(SCHEMA))
    found = read_encoded([Part(lake.data_path(lake.put_table(table)))], SCHEMA).table
    assert found.to_pylist() == table.to_pylist()
    assert found.column_names == table.column_names
    assert pa.types.is_dictionary(found.schema.field("KIND").type)


def test_columns_that_came_later_are_empty_and_others_are_left_out(lake: Lake) -> None:
    older = tuple(column for column in SCHEMA.columns if column.id not in ("REMARK", "NOTES"))
    table = pa.Table.from_pylist(ROWS, arrow_schema(replace(SCHEMA, columns=older)))
    table = table.append_column("GONE", pa.array(["x", "y"]))
    found = read_encoded([Part(lake.data_path(lake.put_table(table)))], SCHEMA).table
    assert found.column_names == [column.id for column in SCHEMA.columns]
    assert found.column("REMARK").null_count == found.column("NOTES").null_count == 2
    assert found.column("KIND").to_pylist() == ["a", "b"]


def test_a_file_without_rows_has_columns(lake: Lake) -> None:
    digest = lake.put_table(arrow_schema(SCHEMA).empty_table())
    found = read_encoded([Part(lake.data_path(digest))], SCHEMA).table
    assert found.num_rows == 0
    assert found.column_names == [column.id for column in SCHEMA.columns]


def test_a_lost_file_is_named(lake: Lake) -> None:
    with pytest.raises(NotFound, match=r"0000.*\.parquet: restore it"):
        read_encoded([Part(lake.data_path("0" * 64))], SCHEMA)
