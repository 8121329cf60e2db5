"""What the observatory of the demonstration found, as tables to read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from codelists import load_codelist
from federation.derivation import Derivation

_CLASS_STYLE = {"A": "green", "B": "green", "C": "yellow", "D": "dark_orange", "E": "red"}
_WORST = 10


def emigrants(derived: Derivation, year: str) -> RenderableType:
    """Emigrants of each country of the exchange, as the others count them, with the coverage."""
    rows = [
        row
        for row in _rows(derived.emigrants.coverage, TIME_PERIOD=year, SEX="_T", DEST_AREA="_T")
        if row["MIRROR_ITEM"] == "STK_BIRTH"
    ]
    values = {
        row["ORIG_AREA"]: row["OBS_VALUE"]
        for row in _rows(
            derived.emigrants.table,
            TIME_PERIOD=year,
            SEX="_T",
            DEST_AREA="_T",
            MIRROR_ITEM="STK_BIRTH",
            ORIGIN_TREAT="RPT",
        )
    }
    table = Table(title=f"Emigrants by country of birth, {year}: the sum of what partners count")
    table.add_column("born in")
    for heading in (
        "living in the others",
        "partners reporting",
        "of the world",
        "weighted",
    ):
        table.add_column(heading, justify="right")
    for row in sorted(rows, key=lambda row: -values[row["ORIG_AREA"]]):
        table.add_row(
            _name(row["ORIG_AREA"]),
            f"{values[row['ORIG_AREA']]:,.0f}",
            f"{row['N_REPORTING']} of {row['N_EXPECTED_PARTNERS']}",
            f"{row['N_REPORTING']} of {row['N_EXPECTED']}",
            f"{row['C_W']:.0%}",
        )
    note = Text(
        "Weighted: the share of the world's immigrants who live in the reporting destinations.",
        style="dim",
    )
    return Group(table, note)


def disagreements(derived: Derivation, year: str) -> RenderableType:
    """The flows on which sender and receiver disagree most."""
    ranked = derived.asymmetry.rank_by_difference(year).slice(0, _WORST).to_pylist()
    table = Table(title=f"Flows of {year} on which two countries disagree most")
    for heading in ("from", "to"):
        table.add_column(heading)
    for heading in ("sender counts", "receiver counts", "difference", "SRD %"):
        table.add_column(heading, justify="right")
    table.add_column("class")
    for row in ranked:
        table.add_row(
            _name(row["ORIG_AREA"]),
            _name(row["DEST_AREA"]),
            f"{row['SENT']:,.0f}",
            f"{row['RECEIVED']:,.0f}",
            f"{row['DIFFERENCE']:+,.0f}",
            f"{row['SRD']:+.1f}",
            Text(row["ASYM_CLASS"], style=_CLASS_STYLE.get(row["ASYM_CLASS"], "")),
        )
    note = Text(
        "SRD: 100 (I - E) / ((I + E) / 2). Class A: 5 or less, B: 10, C: 25, D: 50, E: more.",
        style="dim",
    )
    return Group(table, note)


def agreements(derived: Derivation) -> RenderableType:
    """How many pairs fall into each class, by year."""
    pairs = derived.asymmetry.pairs
    counted = pairs.group_by(["TIME_PERIOD", "ASYM_CLASS"]).aggregate([([], "count_all")])
    cells = {(r["TIME_PERIOD"], r["ASYM_CLASS"]): r["count_all"] for r in counted.to_pylist()}
    classes = sorted({cls for _, cls in cells}, key=lambda cls: (len(cls), cls))
    table = Table(title="Pairs of countries by class of agreement")
    table.add_column("year")
    for cls in classes:
        table.add_column(Text(cls, style=_CLASS_STYLE.get(cls, "")), justify="right")
    for year in sorted({year for year, _ in cells}):
        table.add_row(year, *(str(cells.get((year, cls), "")) for cls in classes))
    return table


def _rows(table: pa.Table, **wanted: str) -> Iterator[dict[str, Any]]:
    for column, value in wanted.items():
        table = table.filter(pc.equal(table[column], value))
    yield from table.to_pylist()


def _name(area: str) -> str:
    code = load_codelist("CL_AREA_MIG").by_id.get(area)
    return code.name.best() if code is not None else area
