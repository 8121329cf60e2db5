"""What destinations report beside the figures added up: totals, unknown origins, others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from federation.mirror import define_vocabulary
from federation.provenance.cells import Cell
from federation.provenance.former import successors_of
from hub.engine import session

_VALUES = """
SELECT *, reported(OBS_VALUE, OBS_STATUS, UNIT_MULT) AS V, is_area(REF_AREA) AS COUNTS
FROM rows WHERE FREQ = 'A' AND UNIT_MEASURE = 'PS' AND COUNTERPART_AREA <> REF_AREA
"""


class Reported:
    """The stocks some cells depend on, to be asked for single rows; V is in persons."""

    def __init__(self, stocks: Mapping[str, pa.Table | None]) -> None:
        self._by_basis = {
            basis: _with_values(table) for basis, table in stocks.items() if table is not None
        }

    def weights(
        self, role: str, basis: str, dest: str, area: str, cell: Cell, years: Sequence[str]
    ) -> list[tuple[str, str, float | None]]:
        """What decides the factor of an addend: origin, year and value of each observation.

        Of an unknown origin it is what the destination counts of every origin, and its total; of a
        former state what it counts of the successors.
        """
        if role == "former":
            wanted: set[str] | None = successors_of(area)
        elif role == "unknown" or (role == "cell" and area == "_U"):
            wanted = None
        else:
            return []
        found = [
            (row["COUNTERPART_AREA"], row["TIME_PERIOD"], row["V"])
            for year in years
            for row in self.rows(basis, cell, year, REF_AREA=dest)
            if wanted is None or row["COUNTERPART_AREA"] in wanted
        ]
        return sorted(one for one in found if one[0] != area and one[2] is not None)

    def rows(self, basis: str, cell: Cell, year: str, **more: str) -> Iterator[dict[str, Any]]:
        """The rows of a cell's sex and age for a year, with these values."""
        table = self._by_basis.get(basis)
        if table is None:
            return
        wanted = {"SEX": cell.at["SEX"], "AGE": cell.at["AGE"], "TIME_PERIOD": year, **more}
        for name, value in wanted.items():
            table = table.filter(pc.equal(table[name], value))
        yield from table.to_pylist()

    def destinations(self, basis: str) -> set[str]:
        """The areas that handed in anything by a basis."""
        table = self._by_basis.get(basis)
        if table is None:
            return set()
        return set(table.filter(table["COUNTS"])["REF_AREA"].to_pylist())


def _with_values(table: pa.Table) -> pa.Table:
    with session() as connection:
        define_vocabulary(connection)
        connection.register("rows", table)
        return connection.sql(_VALUES).to_arrow_table()
