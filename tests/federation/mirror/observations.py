"""MIG_STOCK observations for tests, written as short rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

COLUMNS = (
    "FREQ",
    "REF_AREA",
    "MIGRANT_STATUS",
    "COUNTERPART_BASIS",
    "COUNTERPART_AREA",
    "SEX",
    "AGE",
    "UNIT_MEASURE",
    "TIME_PERIOD",
    "OBS_VALUE",
    "OBS_STATUS",
    "CONF_STATUS",
    "UNIT_MULT",
    "REF_DATE",
    "DERIVATION",
)

Row = tuple[str, str, int, float | None]


def stock(
    rows: Iterable[Row | tuple[str, str, int, float | None, Mapping[str, Any]]],
    basis: str = "BIRTH",
) -> pa.Table:
    """Make a table of (destination, origin, year, persons[, other columns])."""
    status = "FB" if basis == "BIRTH" else "FC"
    records = []
    for destination, origin, year, persons, *more in rows:
        record = dict.fromkeys(COLUMNS)
        record |= {
            "FREQ": "A",
            "REF_AREA": destination,
            "MIGRANT_STATUS": status,
            "COUNTERPART_BASIS": basis,
            "COUNTERPART_AREA": origin,
            "SEX": "_T",
            "AGE": "_T",
            "UNIT_MEASURE": "PS",
            "TIME_PERIOD": str(year),
            "OBS_VALUE": persons,
            "OBS_STATUS": "A",
            "CONF_STATUS": "F",
            "UNIT_MULT": "0",
        }
        record |= dict(more[0]) if more else {}
        records.append(record)
    types = {name: pa.float64() if name == "OBS_VALUE" else pa.string() for name in COLUMNS}
    return pa.table(
        {name: pa.array([record[name] for record in records], types[name]) for name in COLUMNS}
    )


def totals(persons: Mapping[tuple[str, int], float]) -> pa.Table:
    """Make the table of expected totals from (area, year) -> persons."""
    return pa.table(
        {
            "area": pa.array([area for area, _ in persons], pa.string()),
            "year": pa.array([year for _, year in persons], pa.int64()),
            "total": pa.array(list(persons.values()), pa.float64()),
        }
    )


def figures(table: pa.Table) -> dict[tuple[str, ...], float]:
    """Key the values of a MIG_MIRROR table by (item, treatment, origin, destination, sex, year)."""
    names = ("MIRROR_ITEM", "ORIGIN_TREAT", "ORIG_AREA", "DEST_AREA", "SEX", "TIME_PERIOD")
    keys = zip(*(table[name].to_pylist() for name in names), strict=True)
    return dict(zip(keys, table["OBS_VALUE"].to_pylist(), strict=True))
