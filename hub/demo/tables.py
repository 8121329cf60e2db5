"""The findings of the demonstration, as tables to read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from codelists import load_codelist

Rows = Sequence[dict[str, Any]]

_CLASS_STYLE = {"A": "green", "B": "green", "C": "yellow", "D": "dark_orange", "E": "red"}


def emigrants_table(rows: Rows) -> RenderableType:
    """Emigrants of each country, with the coverage beside them."""
    title = f"Emigrants by country of birth, {rows[0]['year']}: the sum of what partners count"
    table = _table(left=["born in"])
    for heading in ("counted abroad", "partners in the sum", "of all countries", "coverage"):
        table.add_column(heading, justify="right")
    for row in rows:
        table.add_row(
            _name(row["origin"]),
            f"{row['emigrants']:,.0f}",
            f"{row['partners_reporting']} of {row['partners']}",
            f"{row['partners_reporting']} of {row['destinations']}",
            f"{row['share']:.0%}",
        )
    return Group(
        _title(title),
        table,
        _note("The sum is of the partners in it only: where one does not report, people are"),
        _note("missing. Coverage: the share of the world's immigrants who live in these partners."),
    )


def disagreements_table(rows: Rows) -> RenderableType:
    """Both figures of a flow, and how far they are apart."""
    title = f"Flows of {rows[0]['year']} on which two countries disagree most"
    table = _table(left=["from", "to"])
    for heading in ("sender counts", "receiver counts", "difference", "SRD %"):
        table.add_column(heading, justify="right")
    table.add_column("class")
    for row in rows:
        table.add_row(
            _name(row["origin"]),
            _name(row["destination"]),
            f"{row['sent']:,.0f}",
            f"{row['received']:,.0f}",
            f"{row['difference']:+,.0f}",
            f"{row['srd']:+.1f}",
            _class(row["class"]),
        )
    return Group(
        _title(title),
        table,
        _note("Difference: receiver's figure I less sender's figure E. SRD, the symmetric"),
        _note("relative difference: 100 (I - E) / ((I + E) / 2), so at most 200 either way."),
    )


def agreements_table(rows: Rows) -> RenderableType:
    """How many pairs fall into each class, by year."""
    cells = {(row["year"], row["class"]): row["pairs"] for row in rows}
    classes = sorted({row["class"] for row in rows}, key=lambda cls: (len(cls), cls))
    table = _table(left=["year"])
    for cls in classes:
        table.add_column(_class(cls), justify="right")
    for year in sorted({row["year"] for row in rows}):
        table.add_row(year, *(str(cells.get((year, cls), 0)) for cls in classes))
    return Group(
        _title("Pairs of countries by class of agreement"),
        table,
        _note("|SRD| of at most 5 is class A, 10 B, 25 C, 50 D, more E; N: below 100 people."),
    )


def _title(text: str) -> Text:
    return Text(text, style="italic")


def _table(left: Sequence[str]) -> Table:
    table = Table()
    for heading in left:
        table.add_column(heading)
    return table


def _note(text: str) -> Text:
    return Text(text, style="dim")


def _class(cls: str) -> Text:
    return Text(cls, style=_CLASS_STYLE.get(cls, ""))


def _name(area: str) -> str:
    code = load_codelist("CL_AREA_MIG").by_id.get(area)
    return code.name.best() if code is not None else area
