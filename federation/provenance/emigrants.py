"""What emigrants of an origin are made of: the method itself, run on what decides the cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from federation.derivation import STOCK_BIRTH, STOCK_CTZ
from federation.figures import immigrant_totals
from federation.mirror import EmigrantsResult, derive_emigrants, target_years
from federation.mirror.options import MirrorOptions
from federation.provenance.cells import Cell, Rows, key_of
from federation.provenance.omitted import omitted_stocks
from federation.provenance.reported import Reported
from federation.provenance.stocks import narrow_stocks
from federation.provenance.values import Input, LeftOut, Part
from hub.model import Reference, Schema

_SUM = "the sum over all destinations that report the origin: Em(o,t) = sum of S(o,d,t) over d"
_SINGLE = "the people of the origin as this destination counts them: S(o,d,t)"
_TREATMENTS = {
    "RPT": "figures as reported, those with no table for the year aligned to it",
    "SUBC": "where a destination counts nobody by country of birth, its citizens stand for them",
    "RED": "unknown origins are shared out over the named ones: S'(o) = S(o) + U S(o) / (T - U)",
    "DISS": "former states are shared out over their successors",
}
#: Treatments in which other figures decide how much of one is added.
_SHARED = ("RED", "DISS")
_STATUS = {"BIRTH": "FB", "CTZ": "FC"}
_FLOWS = {"BIRTH": STOCK_BIRTH, "CTZ": STOCK_CTZ}


@dataclass(frozen=True, slots=True)
class EmigrantsMade:
    """The derivation of some cells of DF_EMIGRANTS, and the stocks that decided it."""

    result: EmigrantsResult
    reported: Reported
    schemas: Mapping[Reference, Schema]

    @property
    def table(self) -> pa.Table:
        """The derived observations: those of the cells, and others of their sexes and ages."""
        return self.result.table

    def rule(self, cell: Cell) -> str:
        """The formula of a cell in words."""
        plain = _SUM if self._is_sum(cell) else _SINGLE
        return f"{plain}; {_TREATMENTS[cell.at['ORIGIN_TREAT']]}"

    def parts(self, cell: Cell) -> tuple[Part, ...]:
        """The addends of a cell, by destination."""
        at = cell.at
        rows = self.result.inputs_of(
            at["ORIG_AREA"],
            at["DEST_AREA"],
            at["TIME_PERIOD"],
            item=at["MIRROR_ITEM"],
            treatment=at["ORIGIN_TREAT"],
            sex=at["SEX"],
            age=at["AGE"],
        )
        ordered = rows.sort_by([(name, "ascending") for name in ("DEST_AREA", "ROLE")])
        return tuple(self._part(row, cell) for row in ordered.to_pylist())

    def left_out(self, cell: Cell, parts: Sequence[Part]) -> tuple[LeftOut, ...]:
        """What is not in a sum: partners without a figure, unknown origins, former states."""
        if not self._is_sum(cell):
            return ()
        return omitted_stocks(self.reported, cell, parts, self._input)

    def _is_sum(self, cell: Cell) -> bool:
        return cell.at["DEST_AREA"] in {"_T", *(region for region, _ in self.result.regions)}

    def _part(self, row: dict[str, Any], cell: Cell) -> Part:
        basis, area, dest = row["BASIS"], row["COUNTERPART_AREA"], row["DEST_AREA"]
        anchors = [
            (str(row[f"YEAR_{n}"]), row[f"VALUE_{n}"])
            for n in (1, 2)
            if row[f"YEAR_{n}"] is not None
        ]
        made = [self._input(basis, dest, area, cell, year, value) for year, value in anchors]
        years = [year for year, _ in anchors]
        decided = (
            self.reported.weights(row["ROLE"], basis, dest, area, cell, years)
            if row["ORIGIN_TREAT"] in _SHARED
            else []
        )
        return Part(
            role=row["ROLE"],
            area=dest,
            kind=row["KIND"] or "",
            value=row["VALUE"],
            factor=row["FACTOR"],
            inputs=tuple(made),
            weights=tuple(
                self._input(basis, dest, other, cell, year, value) for other, year, value in decided
            ),
        )

    def _input(
        self, basis: str, dest: str, area: str, cell: Cell, year: str, value: float | None
    ) -> Input:
        flow = _FLOWS[basis]
        at = {
            "FREQ": "A",
            "REF_AREA": dest,
            "MIGRANT_STATUS": _STATUS[basis],
            "COUNTERPART_BASIS": basis,
            "COUNTERPART_AREA": area,
            "SEX": cell.at["SEX"],
            "AGE": cell.at["AGE"],
            "UNIT_MEASURE": "PS",
            "TIME_PERIOD": year,
        }
        return Input(flow=flow, key=key_of(self.schemas[flow], at), value=value, source=None)


def make_emigrants(
    rows: Mapping[Reference, Rows],
    cells: Sequence[Cell],
    schemas: Mapping[Reference, Schema],
    options: MirrorOptions,
) -> EmigrantsMade:
    """Derive some cells as `federation.derivation` does, from what decides them."""
    found = {flow: narrow_stocks(read, cells) for flow, read in rows.items() if flow in schemas}
    birth, citizens = found.get(STOCK_BIRTH), found.get(STOCK_CTZ)
    expected = immigrant_totals(target_years(birth, citizens))
    result = derive_emigrants(birth, citizens, expected, options)
    reported = Reported({"BIRTH": birth, "CTZ": citizens})
    return EmigrantsMade(result, reported, schemas)
