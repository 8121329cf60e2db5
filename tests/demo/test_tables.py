"""What the demonstration prints, for people and for machines."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console, RenderableType

from hub.demo import findings, tables


def _printed(table: RenderableType) -> str:
    console = Console(file=io.StringIO(), width=100)
    console.print(table)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def _line(text: str, *starts: str) -> list[str]:
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("│ ").split("│")]
        if tuple(cells[: len(starts)]) == starts:
            return cells
    raise AssertionError(f"no line {starts} in\n{text}")


def test_emigrants_stand_beside_their_coverage(demonstration: Any) -> None:
    text = _printed(tables.emigrants_table(findings.emigrants(demonstration.derived)))
    assert _line(text, "Poland")[1:] == ["2,165,063", "7 of 7", "7 of 232", "10%"]
    assert _line(text, "Austria")[2] == "5 of 7"


def test_disagreements_show_both_sides(demonstration: Any) -> None:
    text = _printed(tables.disagreements_table(findings.disagreements(demonstration.derived)))
    cells = _line(text, "Poland", "Germany")
    assert cells[2:] == ["17,951", "131,308", "+113,357", "+151.9", "E"]


@pytest.mark.parametrize("year", ["2004", "2005", "2006", "2007", "2008"])
def test_every_pair_of_a_year_is_in_one_class(demonstration: Any, year: str) -> None:
    rows = findings.agreements(demonstration.derived)
    assert sum(row["pairs"] for row in rows if row["year"] == year) == 56
    cells = _line(_printed(tables.agreements_table(rows)), year)
    assert sum(int(cell) for cell in cells[1:]) == 56
