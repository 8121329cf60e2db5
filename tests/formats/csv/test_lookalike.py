"""A column that only looks like a component is refused; any other of one's own is told of."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.errors import Invalid, Severity
from hub.formats.csv import read_csv
from hub.formats.csv.lookalike import looks_like

HEADER = "STRUCTURE,STRUCTURE_ID,ACTION,SEX,{}\ndataflow,X:DF(1.0.0),I,F,1\n"


@pytest.mark.parametrize(
    "name",
    ["\u041eBS_VALUE", "OBS_VALU\u0415", "\uff2fBS_VALUE", "OBS\u200b_VALUE", "\ufeffOBS_VALUE"],
)
def test_a_name_in_other_letters(tmp_path: Path, name: str) -> None:
    path = tmp_path / "data.csv"
    path.write_text(HEADER.format(name), "utf-8")
    with pytest.raises(Invalid) as refused:
        read_csv(path)
    (finding,) = refused.value.findings
    assert (finding.rule, finding.line) == ("csv-lookalike", 1)
    assert "looks like OBS_VALUE" in finding.message
    assert f"U+{next(ord(one) for one in name if not one.isascii()):04X}" in finding.message


@pytest.mark.parametrize(
    "name", ["Année", "Страна", "OBS VALUE", "Land der Geburt", "../../x", "値"]
)
def test_a_column_of_ones_own(tmp_path: Path, name: str) -> None:
    assert looks_like(name) is None
    path = tmp_path / "data.csv"
    path.write_text(HEADER.format(name), "utf-8")
    raw = read_csv(path)
    assert raw.ignored == (name,)
    (note,) = raw.findings
    assert (note.rule, note.severity, note.column) == ("csv-passed-over", Severity.WARNING, name)
