"""MIG_FLOW observations for tests, written as short rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from federation.crosscheck.pairs import FLOW_ATTRIBUTES, FLOW_DIMENSIONS

COLUMNS = (*FLOW_DIMENSIONS, "OBS_VALUE", *FLOW_ATTRIBUTES)


def side(
    reporter: str, sender: str, receiver: str, persons: float | None, **more: Any
) -> dict[str, Any]:
    """One figure of the flow sender -> receiver, reported by one of them (2007 unless said)."""
    receives = reporter == receiver
    return {
        "FREQ": "A",
        "REF_AREA": reporter,
        "FLOW_TYPE": "IMM" if receives else "EMI",
        "COUNTERPART_BASIS": "PREV_RES" if receives else "NEXT_RES",
        "COUNTERPART_AREA": sender if receives else receiver,
        "CTZ_GROUP": "_T",
        "SEX": "_T",
        "AGE": "_T",
        "UNIT_MEASURE": "PS",
        "TIME_PERIOD": "2007",
        "OBS_VALUE": persons,
        "OBS_STATUS": "A",
        "CONF_STATUS": "F",
        **more,
    }


def pair(
    sent: float | None,
    received: float | None,
    sender: Mapping[str, Any] | None = None,
    receiver: Mapping[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """Both figures of ESP -> DEU, with attributes of either side; None leaves the figure out."""
    rows = []
    if sent is not None:
        rows.append(side("ESP", "ESP", "DEU", sent, **(sender or {})))
    if received is not None:
        rows.append(side("DEU", "ESP", "DEU", received, **(receiver or {})))
    return rows


def flows(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Make a table of the rows."""
    given = list(rows)
    types = {name: pa.float64() if name == "OBS_VALUE" else pa.string() for name in COLUMNS}
    return pa.table(
        {name: pa.array([row.get(name) for row in given], types[name]) for name in COLUMNS}
    )
