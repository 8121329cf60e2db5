"""Figures of a flow, all of them strings, as a table that was read has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from hub.formats.message import RawData

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The parts of a total over SEX.
_SHARES = {"F": 1, "M": 1, "_T": 2}
_MESSAGE = ("STRUCTURE", "STRUCTURE_ID", "ACTION")


def figures(plain: Mapping[str, str]) -> RawData:
    """Twelve years of people born in Poland, by sex; the rest of each row is as in `plain`."""
    rows = [
        {
            **{name: value for name, value in plain.items() if name not in _MESSAGE},
            "SEX": sex,
            "TIME_PERIOD": str(year),
            "OBS_VALUE": str(share * (year - 1_900)),
        }
        for year in range(2010, 2022)
        for sex, share in _SHARES.items()
    ]
    return RawData(source="stock", table=pa.Table.from_pylist(rows))
