"""What a comparison of flows is made of: the sender's figure and the receiver's."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa

from federation.crosscheck import AsymmetryResult, derive_asymmetry
from federation.crosscheck.pairs import FLOW_ATTRIBUTES, FLOW_DIMENSIONS
from federation.derivation import FLOW_RES
from federation.provenance.cells import Cell, Rows, filters_for, key_of
from federation.provenance.values import Input, LeftOut, Part
from hub.engine import session
from hub.model import Reference, Schema

_RULES = {
    "VAL": "one side's count of the flow, as it was reported",
    "ABS": "I - E",
    "REL_SND": "100 (I - E) / E",
    "REL_RCV": "100 (E - I) / I",
    "SRD": "100 (I - E) / ((I + E) / 2)",
    "IDX": "|I - E| / (I + E)",
    "LOG": "ln(I / E); with a zero ln((I + 1/2) / (E + 1/2))",
}
_SIDES = "I is the receiver's count of immigration, E the sender's of emigration"
_COLUMNS = (*FLOW_DIMENSIONS, "OBS_VALUE", *FLOW_ATTRIBUTES)
_SCHEMA = pa.schema(
    [pa.field(name, pa.float64() if name == "OBS_VALUE" else pa.string()) for name in _COLUMNS]
)
_PAIR = ("FREQ", "ORIG_AREA", "DEST_AREA", "SEX", "AGE", "TIME_PERIOD")
#: role, FLOW_TYPE, COUNTERPART_BASIS, who reports, about whom, which column of `pairs`
_ROLES = (
    ("sender", "EMI", "NEXT_RES", "ORIG_AREA", "DEST_AREA", "SENT"),
    ("receiver", "IMM", "PREV_RES", "DEST_AREA", "ORIG_AREA", "RECEIVED"),
)


@dataclass(frozen=True)
class AsymmetryMade:
    """The comparison of some cells of DF_ASYMMETRY."""

    result: AsymmetryResult
    cells: tuple[Cell, ...]
    schemas: Mapping[Reference, Schema]

    @property
    def table(self) -> pa.Table:
        """The derived observations: those of the cells, and others."""
        return self.result.table

    def rule(self, cell: Cell) -> str:
        """The formula of a cell."""
        return f"{_RULES[cell.at['MIRROR_STAT']]}; {_SIDES}"

    def parts(self, cell: Cell) -> tuple[Part, ...]:
        """Both figures; a count of one side is that side's alone."""
        pair = self._pairs.get(_pair_of(cell.at), {})
        side = {"SND": "sender", "RCV": "receiver"}.get(cell.at["REPORTED_BY"])
        return tuple(
            Part(
                role=role,
                area=cell.at[reporter],
                kind="exact",
                value=pair[column],
                factor=None,
                inputs=(self._input(cell, kind, basis, reporter, other, pair[column]),),
            )
            for role, kind, basis, reporter, other, column in _ROLES
            if pair.get(column) is not None and side in (None, role)
        )

    def left_out(self, cell: Cell, _parts: Sequence[Part]) -> tuple[LeftOut, ...]:
        """The other side of a count, where it has no figure."""
        pair = self._pairs.get(_pair_of(cell.at), {})
        return tuple(
            LeftOut(area=cell.at[reporter], why=f"the {role} has no figure of this flow")
            for role, _, _, reporter, _, column in _ROLES
            if pair.get(column) is None
        )

    def _input(
        self, cell: Cell, kind: str, basis: str, reporter: str, other: str, value: float | None
    ) -> Input:
        at = {
            "FREQ": cell.at["FREQ"],
            "REF_AREA": cell.at[reporter],
            "FLOW_TYPE": kind,
            "COUNTERPART_BASIS": basis,
            "COUNTERPART_AREA": cell.at[other],
            "CTZ_GROUP": "_T",
            "SEX": cell.at["SEX"],
            "AGE": cell.at["AGE"],
            "UNIT_MEASURE": "PS",
            "TIME_PERIOD": cell.at["TIME_PERIOD"],
        }
        key = key_of(self.schemas[FLOW_RES], at)
        return Input(flow=FLOW_RES, key=key, value=value, source=None)

    @cached_property
    def _pairs(self) -> dict[tuple[str, ...], dict[str, Any]]:
        """The pairs of the cells."""
        wanted = {_pair_of(cell.at) for cell in self.cells}
        asked = {name: [pair[place] for pair in wanted] for place, name in enumerate(_PAIR)}
        with session() as connection:
            connection.register("pairs", self.result.pairs)
            connection.register("asked", pa.table(asked))
            names = ", ".join(_PAIR)
            found = connection.sql(f"SELECT * FROM pairs SEMI JOIN asked USING ({names})")
            return {_pair_of(row): row for row in found.to_arrow_table().to_pylist()}


def make_asymmetry(
    rows: Mapping[Reference, Rows], cells: Sequence[Cell], schemas: Mapping[Reference, Schema]
) -> AsymmetryMade:
    """Compare the flows of some cells as `federation.derivation` does, reading these alone."""
    areas = filters_for(cells, ("ORIG_AREA", "DEST_AREA"))
    own: dict[str, Collection[str]] = {
        **filters_for(cells, ("FREQ", "SEX", "AGE", "TIME_PERIOD")),
        "REF_AREA": areas["ORIG_AREA"] | areas["DEST_AREA"],
        "COUNTERPART_AREA": areas["ORIG_AREA"] | areas["DEST_AREA"],
    }
    read = rows.get(FLOW_RES)
    table = _SCHEMA.empty_table()
    if read is not None:
        with session() as connection:
            connection.register("rows", read(own, _COLUMNS))
            table = connection.sql("FROM rows").to_arrow_table().cast(_SCHEMA)
    return AsymmetryMade(derive_asymmetry(table), tuple(cells), schemas)


def _pair_of(at: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(at[name] for name in _PAIR)
