"""The mirror method written out in plain Python, one cell at a time, from the text of METHODS.

It is slow and shares nothing with the program but the table of successors.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import Any, NamedTuple

from federation.figures import load_successors

KEPT = {"_O", "_U", "STLS", "RNC"}


class Cell(NamedTuple):
    """The place of one stock."""

    destination: str
    origin: str
    sex: str
    year: int


def is_area(code: str) -> bool:
    return code not in {"STLS", "RNC"} and not code.startswith(("_", "M49_"))


def read(records: list[dict[str, Any]]) -> tuple[dict[Cell, float], set[tuple[str, int]]]:
    """Return the figures given and the (destination, year) that have a table."""
    given, tables = {}, set()
    for record in records:
        cell = Cell(
            record["REF_AREA"],
            record["COUNTERPART_AREA"],
            record["SEX"],
            int(record["TIME_PERIOD"]),
        )
        origin = cell.origin
        if cell.destination == origin or not is_area(cell.destination):
            continue
        if not (is_area(origin) or origin in KEPT or origin == "_T"):
            continue
        if record["OBS_VALUE"] is not None and record["OBS_STATUS"] not in "OMLHQK":
            given[cell] = record["OBS_VALUE"]
        has_something = cell in given or record["OBS_STATUS"] in "MQK"
        if origin != "_T" and has_something:
            tables.add((cell.destination, cell.year))
    return given, tables


def align(
    given: dict[Cell, float], tables: set[tuple[str, int]], years: set[int], carry: int
) -> dict[Cell, float]:
    """Fill the years in which a destination has no table."""
    aligned = {cell: v for cell, v in given.items() if cell.year in years}
    for destination in {d for d, _ in tables}:
        own = sorted(y for d, y in tables if d == destination)
        for year in years - set(own):
            past = [y for y in own if y < year]
            future = [y for y in own if y > year]
            if not past:
                continue
            for cell, v1 in given.items():
                if cell.destination != destination or cell.year != past[-1]:
                    continue
                target = cell._replace(year=year)
                if target in given:
                    continue
                if future:
                    v2 = given.get(cell._replace(year=future[0]))
                    if v2 is not None:
                        part = (year - past[-1]) / (future[0] - past[-1])
                        aligned[target] = v1 + (v2 - v1) * part
                elif year - past[-1] <= carry:
                    aligned[target] = v1
    return aligned


def redistribute(cells: dict[str, float]) -> dict[str, float]:
    """Share `_U` of one destination, sex and year out over the named origins."""
    named = {o: v for o, v in cells.items() if is_area(o)}
    if "_U" not in cells or sum(named.values()) <= 0:
        return {}
    unknown = cells["_U"]
    total = cells.get("_T", sum(v for o, v in cells.items() if o != "_T"))
    known = max(total - unknown, sum(named.values()))
    shared = {o: v + unknown * v / known for o, v in named.items()}
    shared["_U"] = unknown - sum(shared.values()) + sum(named.values())
    return shared


def successors_in(year: int) -> dict[str, dict[str, float]]:
    """Return former state -> successor -> population, for the last day of a year."""
    day = datetime.date(year, 12, 31)
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for row in load_successors().to_pylist():
        is_valid = row["valid_from"] <= day and (row["valid_to"] is None or day <= row["valid_to"])
        if row["dissolved"] <= day and is_valid:
            found[row["former"]][row["successor"]] = row["population"]
    return found


def dissolve(destination: str, year: int, cells: dict[str, float]) -> dict[str, float]:
    """Share the former states of one destination, sex and year out over their successors."""
    held = {o: v for o, v in cells.items() if is_area(o)}
    gained: dict[str, float] = defaultdict(float)
    formers = successors_in(year)
    for former in sorted(formers, key=lambda f: f == "YUG"):
        if former not in cells:
            continue
        heirs = {s: p for s, p in formers[former].items() if s != destination}
        own = {s: held.get(s, 0.0) for s in heirs}
        weights = own if sum(own.values()) > 0 else heirs
        for heir, weight in weights.items():
            if weight > 0:
                share = cells[former] * weight / sum(weights.values())
                gained[heir] += share
                held[heir] = held.get(heir, 0.0) + share
    return {o: cells.get(o, 0.0) + v for o, v in gained.items()}


def emigrants(
    birth: list[dict[str, Any]],
    citizens: list[dict[str, Any]],
    carry: int = 5,
) -> dict[tuple[str, ...], float]:
    """Return every figure by (item, treatment, origin, destination, sex, year)."""
    read_birth, birth_tables = read(birth)
    read_ctz, ctz_tables = read(citizens)
    years = {c.year for g in (read_birth, read_ctz) for c in g if c.origin != "_T"}
    by_birth = align(read_birth, birth_tables, years, carry)
    by_ctz = align(read_ctz, ctz_tables, years, carry)
    with_birth = {(c.destination, c.year) for c in by_birth if c.origin != "_T"}
    rest = {c: v for c, v in by_ctz.items() if (c.destination, c.year) not in with_birth}
    result = item_figures("STK_BIRTH", by_birth, {})
    if citizens:
        result |= item_figures("STK_CTZ", by_ctz, {})
        result |= item_figures("STK_BIRTH_CTZ", by_birth, rest)
    return result


def item_figures(
    item: str, plain: dict[Cell, float], substituted: dict[Cell, float]
) -> dict[tuple[str, ...], float]:
    """Return the figures of one item: single destinations and `_T`, every treatment."""
    base = plain | substituted
    tables: dict[tuple[str, str, int], dict[str, float]] = defaultdict(dict)
    for cell, v in base.items():
        tables[cell.destination, cell.sex, cell.year][cell.origin] = v
    single: dict[str, dict[Cell, float]] = {"plain": {}, "RED": {}, "DISS": {}}
    for (destination, sex, year), cells in tables.items():
        outcomes = {
            "plain": {o: v for o, v in cells.items() if o != "_T"},
            "RED": redistribute(cells),
            "DISS": dissolve(destination, year, cells),
        }
        for treatment, found in outcomes.items():
            for origin, v in found.items():
                single[treatment][Cell(destination, origin, sex, year)] = v
    result = {}
    for treatment, found in single.items():
        for cell, v in found.items():
            label = treatment
            if treatment == "plain":
                label = "SUBC" if cell in substituted else "RPT"
            result[item, label, cell.origin, cell.destination, cell.sex, str(cell.year)] = v
        chosen = single["plain"] | found
        label = {"plain": "SUBC" if item == "STK_BIRTH_CTZ" else "RPT"}.get(treatment, treatment)
        for origin, sex, year in {(c.origin, c.sex, c.year) for c in found}:
            result[item, label, origin, "_T", sex, str(year)] = sum(
                v for c, v in chosen.items() if (c.origin, c.sex, c.year) == (origin, sex, year)
            )
    return result
