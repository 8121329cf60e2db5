"""Many short messages read as one: each is what it would be alone, or is left to be read alone."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.formats.csv import is_short, read_alike, read_csv
from hub.formats.csv.alike import SHORT
from hub.formats.limits import Limits
from hub.formats.message import RawData

HEADER = ["STRUCTURE", "STRUCTURE_ID", "ACTION", "A", "B", "OBS_VALUE"]
#: What is unusual: a structure or an action of another kind, a note, a field too few, no text.
ODD = ["dataflow,X:DF(1.0.0),Q,a,b,1", "dataflow,X:DF(1.0.0),I,a,b", "\x00", '"a"b,,,,,', ""]
CELLS = st.text(st.sampled_from("abé\"',;: \t\n\u2028"), max_size=4)
RECORDS = st.tuples(
    st.just("dataflow"),
    st.sampled_from(["X:DF(1.0.0)", "X:DF(1.0.0)", "X:DF(1.0.0)", "X:DG(1.0.0)"]),
    st.sampled_from("IARMD"),
    CELLS,
    CELLS,
    st.sampled_from(["1", "2.5", "", "x"]),
)


def told(raw: RawData) -> dict[str, Any]:
    rows = range(raw.table.num_rows)
    return {
        "source": raw.source,
        "columns": {
            name: column.cast(pa.string()).to_pylist()
            for name, column in zip(raw.table.column_names, raw.table.columns, strict=True)
        },
        "structure": raw.structure,
        "actions": None if raw.actions is None else raw.actions.to_pylist(),
        "lines": [raw.line(row) for row in rows],
        "ignored": raw.ignored,
        "findings": raw.findings,
    }


def alone(path: Path, name: str) -> dict[str, Any]:
    named = path.with_name("alone") / name
    named.parent.mkdir(exist_ok=True)
    shutil.copyfile(path, named)
    return told(read_csv(named))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(data=st.data())
def test_each_is_what_it_would_be_alone(data: st.DataObject, tmp_path: Path) -> None:
    given: dict[Path, str] = {}
    for number in range(data.draw(st.integers(1, 5))):
        out = io.StringIO()
        end = data.draw(st.sampled_from(["\n", "\n", "\r\n", "\r"]))
        writer = csv.writer(out, lineterminator=end)
        writer.writerows([HEADER, *data.draw(st.lists(RECORDS, max_size=4))])
        text = out.getvalue() + data.draw(st.sampled_from(["", "", "", end, *ODD]))
        path = tmp_path / f"{number}.bin"
        path.write_bytes(text.rstrip("\n").encode() if data.draw(st.booleans()) else text.encode())
        given[path] = f"P{number}.DF.csv"
    for path, raw in read_alike(given).items():
        assert told(raw) == alone(path, given[path])


def messages(folder: Path, *records: str) -> dict[Path, str]:
    found = {}
    for number, record in enumerate(records):
        path = folder / f"{number}.bin"
        path.write_text("\n".join([",".join(HEADER), record, ""]), "utf-8", newline="")
        found[path] = f"P{number}.csv"
    return found


PLAIN = 'dataflow,X:DF(1.0.0),R,a,"b, and more",1'


def test_plain_messages_are_read_together(tmp_path: Path) -> None:
    given = messages(tmp_path, PLAIN, PLAIN.replace("a,", "c,"), PLAIN)
    found = read_alike(given)
    assert found.keys() == given.keys()
    assert [raw.table.column("A").to_pylist() for raw in found.values()] == [["a"], ["c"], ["a"]]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.bin", "1.bin", "2.bin"]


@pytest.mark.parametrize(
    "odd",
    [
        "dataflow,X:DF(1.0.0),R,a,1",
        'dataflow,X:DF(1.0.0),R,a,"b\nc",1',
        "dataflow,X:DF(1.0.0),R,a,\x00,1",
        f"dataflow,X:DF(1.0.0),R,a,{'b' * SHORT},1",
        "dataflow,X:OTHER(1.0.0),R,a,b,1",
    ],
)
def test_what_is_unusual_is_left_out_alone(tmp_path: Path, odd: str) -> None:
    given = messages(tmp_path, PLAIN, odd, PLAIN)
    assert [path.name for path in read_alike(given)] == ["0.bin", "2.bin"]


def test_what_is_wrong_leaves_nobody_else_worse_off(tmp_path: Path) -> None:
    given = messages(tmp_path, PLAIN, PLAIN.replace(",R,", ",Q,"), PLAIN)
    assert read_alike(given) == {}  # each is read alone, and the one that is wrong is told of


def test_one_alone_has_nothing_to_be_read_with(tmp_path: Path) -> None:
    assert read_alike(messages(tmp_path, PLAIN)) == {}


def test_together_they_are_no_more_than_a_node_takes(tmp_path: Path) -> None:
    given = messages(tmp_path, PLAIN, PLAIN, PLAIN)
    assert len(read_alike(given, limits=Limits(cells=18))) == 3
    assert read_alike(given, limits=Limits(cells=17)) == {}


def test_short_is_what_its_own_limit_allows(tmp_path: Path) -> None:
    (path,) = messages(tmp_path, PLAIN)
    size = path.stat().st_size
    assert is_short(path)
    assert is_short(path, size)
    assert not is_short(path, size - 1)
