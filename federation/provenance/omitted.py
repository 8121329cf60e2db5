"""What is not in a sum of emigrants: partners without a figure, unknown origins, former states."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from federation.provenance.cells import Cell
from federation.provenance.former import former_states
from federation.provenance.reported import Reported
from federation.provenance.values import Input, LeftOut, Part

_MakeInput = Callable[[str, str, str, Cell, str, float | None], Input]

_BASES = {"STK_BIRTH": ("BIRTH",), "STK_CTZ": ("CTZ",), "STK_BIRTH_CTZ": ("BIRTH", "CTZ")}
_STATUSES = {
    "Q": "withheld (OBS_STATUS Q)",
    "K": "counted under another category (OBS_STATUS K)",
    "M": "which cannot exist (OBS_STATUS M)",
}


def omitted_stocks(
    reported: Reported, cell: Cell, parts: Sequence[Part], make: _MakeInput
) -> tuple[LeftOut, ...]:
    """Say what partners told of a year that is not in the sum."""
    bases = _BASES[cell.at["MIRROR_ITEM"]]
    inside = {part.area for part in parts}
    found = [*_without_figure(reported, cell, inside, bases, make)]
    for basis in bases:
        found += _unshared(reported, cell, inside, basis, make)
    return tuple(found)


def _without_figure(
    reported: Reported, cell: Cell, inside: set[str], bases: Sequence[str], make: _MakeInput
) -> Iterator[LeftOut]:
    """The areas that handed something in, and have no figure in the sum."""
    origin, year = cell.at["ORIG_AREA"], cell.at["TIME_PERIOD"]
    partners = set().union(*map(reported.destinations, bases))
    for area in sorted(partners - inside - {origin}):
        rows = [
            (basis, row)
            for basis in bases
            for row in reported.rows(basis, cell, year, REF_AREA=area, COUNTERPART_AREA=origin)
        ]
        if not rows:
            yield LeftOut(area=area, why="has no figure of this origin for the year")
        for basis, row in rows:
            what = _STATUSES.get(row["OBS_STATUS"], f"missing (OBS_STATUS {row['OBS_STATUS']})")
            held = make(basis, area, origin, cell, year, row["V"])
            yield LeftOut(area=area, why=f"its figure is {what}", input=held)


def _unshared(
    reported: Reported, cell: Cell, inside: set[str], basis: str, make: _MakeInput
) -> Iterator[LeftOut]:
    """Persons of unknown origin, or of a former state, of whom some may be of this origin."""
    treatment, year = cell.at["ORIGIN_TREAT"], cell.at["TIME_PERIOD"]
    former = former_states({cell.at["ORIG_AREA"]}) if treatment != "DISS" else set()
    unknown = {"_U", "_O"} if treatment != "RED" else {"_O"}
    for row in sorted(
        reported.rows(basis, cell, year), key=lambda one: (one["REF_AREA"], one["COUNTERPART_AREA"])
    ):
        area, other = row["REF_AREA"], row["COUNTERPART_AREA"]
        if area not in inside or not row["V"] or other == cell.at["ORIG_AREA"]:
            continue
        held = make(basis, area, other, cell, year, row["V"])
        if other in unknown:
            kind = "unknown origin (_U)" if other == "_U" else "other origins (_O)"
            yield LeftOut(area=area, why=f"its people of {kind} are not shared out", input=held)
        elif other in former:
            why = f"its people of the former state {other} are not shared out"
            yield LeftOut(area=area, why=why, input=held)
