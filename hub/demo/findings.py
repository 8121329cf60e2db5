"""What the observatory of the demonstration found, as rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from federation.derivation import Derivation

STOCK_YEAR, FLOW_YEAR = "2020", "2008"
_WORST = 10


def emigrants(derived: Derivation, year: str = STOCK_YEAR) -> list[dict[str, Any]]:
    """Emigrants of each country of the exchange as the others count them, the most first.

    `share` is the part of the world's immigrants, outside the country itself, who live in the
    destinations that are in the sum; from 0 to 1.
    """
    cell = {"TIME_PERIOD": year, "SEX": "_T", "DEST_AREA": "_T", "MIRROR_ITEM": "STK_BIRTH"}
    values = {
        row["ORIG_AREA"]: row["OBS_VALUE"]
        for row in _rows(derived.emigrants.table, **cell, ORIGIN_TREAT="RPT")
    }
    rows = [
        {
            "origin": row["ORIG_AREA"],
            "year": year,
            "emigrants": values[row["ORIG_AREA"]],
            "partners_reporting": row["N_REPORTING"],
            "partners": row["N_EXPECTED_PARTNERS"],
            "destinations": row["N_EXPECTED"],
            "share": row["C_W"],
        }
        for row in _rows(derived.emigrants.coverage, **cell)
    ]
    return sorted(rows, key=lambda row: -row["emigrants"])


def disagreements(
    derived: Derivation, year: str = FLOW_YEAR, most: int = _WORST
) -> list[dict[str, Any]]:
    """The flows on which sender and receiver disagree most, in persons."""
    ranked = derived.asymmetry.rank_by_difference(year).slice(0, most)
    return [
        {
            "origin": row["ORIG_AREA"],
            "destination": row["DEST_AREA"],
            "year": year,
            "sent": row["SENT"],
            "received": row["RECEIVED"],
            "difference": row["DIFFERENCE"],
            "srd": row["SRD"],
            "class": row["ASYM_CLASS"],
        }
        for row in ranked.to_pylist()
    ]


def agreements(derived: Derivation) -> list[dict[str, Any]]:
    """How many pairs fall into each class of agreement, by year and class."""
    counted = derived.asymmetry.pairs.group_by(["TIME_PERIOD", "ASYM_CLASS"])
    rows = [
        {"year": row["TIME_PERIOD"], "class": row["ASYM_CLASS"], "pairs": row["count_all"]}
        for row in counted.aggregate([([], "count_all")]).to_pylist()
    ]
    return sorted(rows, key=lambda row: (row["year"], row["class"]))


def _rows(table: pa.Table, **wanted: str) -> Iterator[dict[str, Any]]:
    for column, value in wanted.items():
        table = table.filter(pc.equal(table[column], value))
    yield from table.to_pylist()
