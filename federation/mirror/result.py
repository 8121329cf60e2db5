"""What a derivation of emigrants gives: the figures, their coverage, what each is made of."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

#: The plain series of an item; STK_BIRTH_CTZ is a treatment by its nature.
_PLAIN = ("RPT", "SUBC")


@dataclass(frozen=True, slots=True, kw_only=True)
class EmigrantsResult:
    """Emigrants in the columns of MIG_MIRROR, with coverage and provenance.

    table: sorted by key; DEST_AREA is a destination, a region, or `_T` for their sum.
    coverage: for each plain sum, N_REPORTING of N_EXPECTED destinations, C_N by count and C_W
        weighted by immigrants; the same among partners only; and N_CONFIDENTIAL, the number of
        destinations in the sum whose figure is not free.
    inputs: what each single-destination figure is made of: VALUE = FACTOR x INPUT_VALUE, summed
        over its rows. ROLE is `cell`, `substitute` (citizens), `unknown` (share of `_U`),
        `former` (share of a former state) or `rounding`; KIND tells whether the input was reported
        (`exact`), `interpolated` between YEAR_1 and YEAR_2, or `carried` from YEAR_1.
    """

    table: pa.Table
    coverage: pa.Table
    inputs: pa.Table
    regions: tuple[tuple[str, str], ...] = ()

    def inputs_of(
        self,
        origin: str,
        destination: str,
        year: str,
        *,
        item: str = "STK_BIRTH",
        treatment: str = "RPT",
        sex: str = "_T",
        age: str = "_T",
    ) -> pa.Table:
        """Return the rows of `inputs` one figure of `table` is made of.

        For `_T` and regions these are the inputs of all destinations in the sum: the treated ones
        where the treatment had something to do, the plain ones elsewhere.
        """
        rows = self._rows(origin, year, item, sex, age)
        if destination != "_T":
            rows = rows.filter(pc.is_in(rows["DEST_AREA"], self._members(destination)))
        if not self._is_sum(destination):
            return rows.filter(pc.equal(rows["ORIGIN_TREAT"], treatment))
        treated = rows.filter(pc.equal(rows["ORIGIN_TREAT"], treatment))
        plain = rows.filter(pc.is_in(rows["ORIGIN_TREAT"], pa.array(_PLAIN)))
        if treatment in _PLAIN:
            return plain
        rest = plain.filter(
            pc.invert(pc.is_in(plain["DEST_AREA"], treated["DEST_AREA"].combine_chunks()))
        )
        return pa.concat_tables([treated, rest])

    def _rows(self, origin: str, year: str, item: str, sex: str, age: str) -> pa.Table:
        wanted = {
            "ORIG_AREA": origin,
            "TIME_PERIOD": year,
            "MIRROR_ITEM": item,
            "SEX": sex,
            "AGE": age,
        }
        rows = self.inputs
        for column, value in wanted.items():
            rows = rows.filter(pc.equal(rows[column], value))
        return rows

    def _is_sum(self, destination: str) -> bool:
        return destination == "_T" or any(region == destination for region, _ in self.regions)

    def _members(self, destination: str) -> pa.Array:
        members = [area for region, area in self.regions if region == destination]
        return pa.array(members or [destination], pa.string())
