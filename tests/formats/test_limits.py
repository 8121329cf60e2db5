"""Each bound of readers: what is at the limit is read, what is one beyond it is refused."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from hub.errors import TooLarge
from hub.formats.limits import Limits, limits_of
from hub.formats.reading import read_data
from hub.settings import Settings
from tests.formats.bulk.test_hostile import packed
from tests.formats.json.messages import STRUCTURE, coded, message, series
from tests.formats.ml import messages as ml_messages
from tests.formats.ml.messages import SERIES, STRUCTURES, data_set

DOCS = Path(__file__).parents[2] / "docs"
NOTE = "é" + "x" * 98  # a hundred bytes
CSV = f"DATAFLOW,FREQ,AREA,NOTE\nT:FLOW(1.0),A,SE,{NOTE}\nT:FLOW(1.0),A,NO,y\n"


def _json(*datasets: Any, **data: Any) -> str:
    return json.dumps(message(*datasets, **data), ensure_ascii=False)


def _noted(note: Any) -> str:
    return _json({"series": {"0": series(["1", 0, note], ["2"]), "1": series(["1", 1])}})


def _ml(content: str) -> str:
    return ml_messages.message(data_set(content))


def _compound(value: str) -> str:
    return _ml(SERIES.replace("<Obs", f'<Comp id="NOTE">{value}</Comp><Obs', 1))


JSON = _noted(NOTE)
#: A long series is taken apart, so that its observations are records of their own.
LONG = _json({"series": {"0": series(["1", 0, "x" * 600_000])}})
ML = _ml(SERIES.replace("<Obs", f'<Obs NOTE="{NOTE}"') + SERIES.replace("SE", "NO"))
TABLE = pa.table({"FREQ": ["A", "A"], "AREA": ["SE", "NO"], "NOTE": [NOTE, "y"]})
PARQUET, ARROW = packed(TABLE, "parquet", None), packed(TABLE, "arrow", None)
LISTS = pa.table({"NOTE": [["y"], ["y", NOTE]]})
MAPS = pa.table({"NOTE": pa.array([None, [("fr", NOTE)]], pa.map_(pa.string(), pa.string()))})
ATTRIBUTES = {"attributes": {"series": [coded("UNIT", "P")]}}
DEEP = "<common:Annotations>" * 6 + "</common:Annotations>" * 6

#: The limit, a document, how much it has of what is bounded, and where that is told.
CASES: dict[str, tuple[str, str | bytes, int, str]] = {
    "csv bytes": ("bytes", CSV, len(CSV.encode()), "data"),
    "json bytes": ("bytes", JSON, len(JSON.encode()), "data"),
    "ml bytes": ("bytes", ML, len(ML.encode()), "data"),
    "parquet bytes": ("bytes", PARQUET, len(PARQUET), "data"),
    "arrow bytes": ("bytes", ARROW, len(ARROW), "data"),
    "csv line": ("line_bytes", CSV, len(CSV.split("\n")[1].encode()), "data, line 2"),
    "csv text": ("text_bytes", CSV, 100, "data, line 2"),
    "csv quoted": ("text_bytes", CSV.replace(NOTE, f'"\n{NOTE[1:]}\n"'), 100, "data, line 2"),
    "json text": ("text_bytes", JSON, 100, "data, at /data/dataSets/0/series/0/observations/0"),
    "json texts": (
        "text_bytes",
        _noted(["y", NOTE]),
        100,
        "data, at /data/dataSets/0/series/0/observations/0",
    ),
    "json languages": (
        "text_bytes",
        _noted({"en": "y", "fr": NOTE}),
        100,
        "data, at /data/dataSets/0/series/0/observations/0",
    ),
    "ml text": ("text_bytes", ML, 100, "data, line 4"),
    "ml texts": (
        "text_bytes",
        _compound(f"<Value>y</Value><Value>{NOTE}</Value>"),
        100,
        "data, line 4",
    ),
    "ml languages": (
        "text_bytes",
        _compound(f'<Value><common:Text xml:lang="fr">{NOTE}</common:Text></Value>'),
        100,
        "data, line 4",
    ),
    "parquet text": ("text_bytes", PARQUET, 100, "data, at row=1"),
    "arrow text": ("text_bytes", ARROW, 100, "data, at row=1"),
    "parquet texts": ("text_bytes", packed(LISTS, "parquet"), 100, "data, at row=2"),
    "arrow languages": ("text_bytes", packed(MAPS, "arrow"), 100, "data, at row=2"),
    "json record": (
        "record_bytes",
        LONG,
        len('"0": ["1", 0, ""]') + 600_000 - len(" "),
        "data, line 1, at /data/dataSets/0/series/0/observations/0",
    ),
    "csv columns": ("columns", CSV, 4, "data, line 1"),
    "json columns": (
        "columns",
        _json({"series": {"0": series(["1"])}}, structure=STRUCTURE | ATTRIBUTES),
        5,
        "data, at /data/structures/0",
    ),
    "ml columns": ("columns", ML, 5, "data"),
    "parquet columns": ("columns", PARQUET, 3, "data"),
    "arrow columns": ("columns", ARROW, 3, "data"),
    "csv cells": ("cells", CSV, 8, "data"),
    "json cells": ("cells", JSON, 27, "data"),
    "ml cells": ("cells", ML, 10, "data"),
    "parquet cells": ("cells", PARQUET, 6, "data"),
    "arrow cells": ("cells", ARROW, 6, "data"),
    "csv distinct": ("distinct_values", CSV, 2, "data"),
    "json distinct": ("distinct_values", JSON, 2, "data"),
    "ml distinct": ("distinct_values", ML, 2, "data"),
    "parquet distinct": ("distinct_values", PARQUET, 2, "data"),
    "arrow distinct": ("distinct_values", ARROW, 2, "data"),
    "json depth": (
        "depth",
        JSON,
        9,
        "data, line 1, at /data/structures",
    ),
    "ml depth": ("depth", _ml(DEEP + SERIES), 8, "data, line 4"),
    "json data sets": ("datasets", _json({}, {}, {}), 3, "data, line 1"),
    "ml data sets": (
        "datasets",
        ml_messages.message(data_set(SERIES) + data_set(SERIES) + data_set(SERIES)),
        3,
        "data, line 4",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_at_the_limit_is_read_and_no_more(tmp_path: Path, case: str) -> None:
    name, content, found, where = CASES[case]
    path = tmp_path / "data"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert read_data(path, STRUCTURES, limits=Limits(**{name: found})).table.num_rows >= 0
    with pytest.raises(TooLarge) as refused:
        read_data(path, STRUCTURES, limits=Limits(**{name: found - 1}))
    setting = "max_submission_bytes" if name == "bytes" else f"max_{name}"
    told = f", the limit of this node is {found - 1:,} (the setting {setting})"
    assert refused.value.message.startswith(where + ":")
    assert told in refused.value.message


@pytest.mark.parametrize(
    ("name", "content", "limit"),
    [
        ("record_bytes", CSV.replace(NOTE, '"' + "x\n" * 60_000 + '"'), 20_000),
        ("record_bytes", ML.replace(NOTE, "x" * 600_000), 20_000),
        ("structure_bytes", JSON, 700),
        ("structure_bytes", PARQUET, 100),
        ("structure_bytes", ARROW, 100),
        ("unpacked_bytes", PARQUET, 100),
        ("unpacked_bytes", ARROW, 40),
    ],
)
def test_what_is_measured_by_the_parser_is_bounded_about(
    tmp_path: Path, name: str, content: str | bytes, limit: int
) -> None:
    path = tmp_path / "data"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert read_data(path, STRUCTURES).table.num_rows
    with pytest.raises(TooLarge, match=rf"is {limit:,} \(the setting max_{name}\)"):
        read_data(path, STRUCTURES, limits=Limits(**{name: limit, "line_bytes": 10_000}))


def test_every_limit_is_a_setting_with_the_same_default(tmp_path: Path) -> None:
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    for field in fields(Limits):
        assert getattr(Limits(), field.name) == defaults[field.metadata["setting"]]
    settings = Settings(home=tmp_path, node="SWE", max_text_bytes=7, max_submission_bytes=8)
    assert limits_of(settings) == Limits(text_bytes=7, bytes=8)


def test_the_documentation_lists_every_limit() -> None:
    text = (DOCS / "reading.md").read_text("utf-8")
    for field in fields(Limits):
        assert f"| `{field.metadata['setting']}` |" in text
