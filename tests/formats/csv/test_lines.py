"""Any legal text is read as the csv module reads it, and every record's line is right."""

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.formats.csv import lines, read_csv, text
from hub.formats.csv.lines import RecordLines
from hub.formats.csv.text import GuardedText
from hub.formats.limits import Limits
from tests.formats.effort import examples

CELLS = st.text(alphabet='ab,é\U0001f600 "\n\r;', max_size=12)
ROWS = st.lists(st.tuples(CELLS, CELLS, st.integers(0, 2)), max_size=25)


def spelt(cell: str) -> str:
    quoted = any(sign in cell for sign in ',"\n\r')
    return '"' + cell.replace('"', '""') + '"' if quoted else cell


@pytest.mark.parametrize("piece", [2, 7, 1 << 18])
@examples(50)
@given(rows=ROWS, end=st.sampled_from(["\n", "\r\n"]), ends=st.booleans())
def test_cells_and_lines(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    piece: int,
    rows: list[tuple[str, str, int]],
    end: str,
    ends: bool,
) -> None:
    monkeypatch.setattr(text, "PIECE", piece)
    monkeypatch.setattr(lines, "PIECE", piece)
    records, expected, number = ["DATAFLOW,A,B"], [], 2
    for first, second, blank in rows:
        records += [""] * blank + [f"X:DF(1.0),{spelt(first)},{spelt(second)}"]
        number += blank
        expected.append(number)
        number += 1 + len(re.findall(r"\r\n|\r|\n", f"{first},{second}"))
    path = tmp_path / "data.csv"
    content = end.join(records) + (end if ends else "")
    path.write_bytes(content.encode())
    data = read_csv(path)
    independent = [row for row in csv.reader(io.StringIO(content, newline="")) if row][1:]
    assert data.table["A"].to_pylist() == [row[1] or None for row in independent]
    assert data.table["B"].to_pylist() == [row[2] or None for row in independent]
    assert [data.line(row) for row in range(len(rows))] == expected


def test_the_file_is_read_again_only_when_a_line_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text('DATAFLOW,A\nX:DF(1.0),"1\n2"\nX:DF(1.0),3\n')
    opened: list[Path] = []

    def reopen() -> GuardedText:
        opened.append(path)
        return GuardedText(path, Limits())

    line = RecordLines(reopen)
    assert opened == []
    assert [line(0), line(1), line(0)] == [2, 4, 2]
    assert len(opened) == 1
