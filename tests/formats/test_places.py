"""Whatever is wrong with a value is told with a place that leads to it, in every form."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hub.errors import Finding, Invalid, TooLarge
from hub.formats import bulk, data
from hub.formats.data import DataForm
from hub.formats.limits import Limits
from hub.formats.message import DataSet, Header
from hub.formats.reading import read_data
from hub.model import Schema
from hub.publish import validate
from tests.formats.data.conftest import STRUCTURES, make_rows

FORMS = (*data.FORMS, *bulk.FORMS)
EVERY_FORM = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.media_type)
LAYOUTS = pytest.mark.parametrize("at", [None, "AllDimensions", "AREA"])
COLUMNS = ("FREQ", "AREA", "KIND", "TIME_PERIOD", "OBS_VALUE", "STATUS", "IS_FINAL", "COMMENT")
#: The comment of the row with the fault.
MARK = "here it is"


def sound_rows() -> list[dict[str, Any]]:
    rows = [{name: row[name] for name in COLUMNS} for row in make_rows()]
    for number, row in enumerate(rows):
        kind = re.sub(r"\W", "_", row["KIND"])
        row |= {"KIND": kind, "OBS_VALUE": "1.5", "IS_FINAL": "true", "COMMENT": f"c{number}"}
    return rows


def written(
    header: Header, schema: Schema, rows: list[dict[str, Any]], form: Any, at: str | None
) -> bytes:
    """Every value as text, so that it may be anything."""
    order = ["FREQ", "AREA", "KIND", "TIME_PERIOD"]
    if at == "AREA":
        order = ["FREQ", "KIND", "TIME_PERIOD", "AREA"]
    rows = sorted(rows, key=lambda row: [row[name] for name in order])
    columns = pa.schema([pa.field(name, pa.string()) for name in COLUMNS])
    table = pa.Table.from_pylist(rows, columns)
    dataset = DataSet(
        schema=schema, batches=table.to_batches(), columns=COLUMNS, dimension_at_observation=at
    )
    if isinstance(form, DataForm):
        return b"".join(data.write(header, [dataset], form))
    out = io.BytesIO()
    if form.is_packed:
        pq.write_table(table, out, row_group_size=4)
    else:
        with pa.ipc.new_stream(out, table.schema) as stream:
            stream.write_table(table, max_chunksize=4)
    return out.getvalue()


def leads_to(content: bytes, finding: Finding) -> str:
    """What stands at the place a finding tells."""
    name, _, place = (finding.file or "").partition("#")
    assert name == "data"
    if finding.line is not None:
        return content.splitlines()[finding.line - 1].decode()
    if place.startswith("row="):
        source = io.BytesIO(content)
        is_parquet = content.startswith(b"PAR1")
        table = pq.read_table(source) if is_parquet else pa.ipc.open_stream(source).read_all()
        return repr(table.slice(int(place.removeprefix("row=")) - 1, 1).to_pylist())
    document = json.loads(content)
    found = document
    for step in place.split("/")[1:]:
        found = found[int(step)] if isinstance(found, list) else found[step]
    texts = document["data"].get("structure") or document["data"]["structures"][0]
    listed = [
        a.get("values", []) for a in texts["attributes"]["observation"] if "COMMENT" in a["id"]
    ]
    index = found[-1]
    return str(listed[0][index]) if listed[0] else str(index)


#: What is wrong in a row of its own: the change, and the finding.
FAULTS = (
    ({"STATUS": "ZZ"}, ("unknown-code", "STATUS", "ZZ")),
    ({"AREA": "XXX"}, ("unknown-code", "AREA", "XXX")),
    ({"TIME_PERIOD": "20x5"}, ("not-of-type", "TIME_PERIOD", "20x5")),
    ({"OBS_VALUE": "1,5"}, ("not-of-type", "OBS_VALUE", "1,5")),
    ({"IS_FINAL": "ja"}, ("not-of-type", "IS_FINAL", "ja")),
    ({"STATUS": "AA"}, ("unknown-code", "STATUS", "AA")),
)


def faulty_rows() -> list[dict[str, Any]]:
    rows = sound_rows()
    for number, (changes, _) in enumerate(FAULTS):
        rows[2 * number + 1] |= {**changes, "COMMENT": f"{MARK} {number}"}
    return rows


@EVERY_FORM
@LAYOUTS
def test_the_place_of_a_value_leads_to_its_row(
    tmp_path: Path, header: Header, schema: Schema, form: Any, at: str | None
) -> None:
    if isinstance(form, DataForm) and form.is_time_series and at:
        pytest.skip("time series have time at the observation")
    content = written(header, schema, faulty_rows(), form, at)
    (tmp_path / "data").write_bytes(content)
    with pytest.raises(Invalid) as refused:
        validate(read_data(tmp_path / "data", STRUCTURES), schema)
    of_values = [f for f in refused.value.findings if f.value is not None]
    found = {(f.rule, f.column, f.value): f for f in of_values}
    assert len(found) == len(of_values) == len(FAULTS)
    for number, (_, told) in enumerate(FAULTS):
        assert f"{MARK} {number}" in leads_to(content, found[told])


@EVERY_FORM
@LAYOUTS
def test_a_text_that_is_too_long_is_told_with_its_place(
    tmp_path: Path, header: Header, schema: Schema, form: Any, at: str | None
) -> None:
    if isinstance(form, DataForm) and form.is_time_series and at:
        pytest.skip("time series have time at the observation")
    rows = sound_rows()
    rows[5]["COMMENT"] = f"{MARK} {'x' * 100}"
    content = written(header, schema, rows, form, at)
    (tmp_path / "data").write_bytes(content)
    with pytest.raises(TooLarge) as refused:
        read_data(tmp_path / "data", STRUCTURES, limits=Limits(text_bytes=100))
    told = re.fullmatch(
        r"data(, line (?P<line>\d+)|, at (?P<place>\S+)): a text of COMMENT has 111 bytes, the "
        r"limit of this node is 100 \(the setting max_text_bytes\)",
        refused.value.message,
    )
    assert told, refused.value.message
    place = Finding(
        rule="", message="", file=f"data#{told['place']}", line=told["line"] and int(told["line"])
    )
    assert MARK in leads_to(content, place)
