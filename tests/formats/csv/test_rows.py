"""Short texts are read record by record: what comes out is what the parser makes of them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.errors import Invalid, TooLarge
from hub.formats.csv import rows
from hub.formats.csv.text import GuardedText
from hub.formats.limits import Limits

CELLS = st.text(st.sampled_from("ab é\"',;: \t\n\r\u2028"), max_size=5)
LIMITS = Limits()


def read(path: Path, width: int, separator: str, limits: Limits = LIMITS) -> pa.Table:
    with GuardedText(path, limits, separator=separator) as text:
        return rows.read_rows(text, width, separator=separator, plain=[0], line=lambda row: row + 1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(data=st.data(), width=st.integers(1, 4), separator=st.sampled_from(",;\t"))
def test_few_records_read_as_many_do(
    data: st.DataObject, width: int, separator: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_rows = data.draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=5))
    out = io.StringIO()
    quoting = data.draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    end = data.draw(st.sampled_from(["\n", "\r\n", "\r", "\n\n"]))
    writer = csv.writer(out, delimiter=separator, quoting=quoting, lineterminator=end)
    writer.writerows(given_rows)
    text = out.getvalue()
    path = tmp_path / "few.csv"
    path.write_bytes((text.rstrip("\r\n") if data.draw(st.booleans()) else text).encode())

    def result() -> object:
        try:
            return read(path, width, separator).to_pydict()
        except Invalid as error:
            return [(one.message, one.line) for one in error.findings]

    few = result()
    with monkeypatch.context() as patch:
        patch.setattr(rows, "_FEW", -1)
        assert result() == few


def test_few_records_are_encoded_as_many_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "few.csv"
    path.write_text("1,a,\n2,b,\n2,a,\n")
    few = read(path, 3, ",")
    monkeypatch.setattr(rows, "_FEW", -1)
    many = read(path, 3, ",")
    assert few.schema == many.schema
    assert few.equals(many)
    assert few["1"].chunk(0).dictionary.equals(many["1"].chunk(0).dictionary)


def test_few_records_have_no_more_cells_than_is_allowed(tmp_path: Path) -> None:
    path = tmp_path / "few.csv"
    path.write_text("1,a\n2,b\n3,c\n")
    assert read(path, 2, ",", Limits(cells=6)).num_rows == 3
    with pytest.raises(TooLarge, match="max_cells"):
        read(path, 2, ",", Limits(cells=5))
