"""What a change weighs, against counting it one observation after another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hub.model import Schema
from hub.publish.delta import compute_changes
from hub.publish.incoming import BaseFile, Incoming
from hub.publish.validate import validate
from hub.publish.weights import Weight
from hub.store.lake import Lake
from hub.store.parts import Part
from tests.publish.stock import KEY, PLAIN, Row, raw, year

AREAS, COUNTERPARTS, YEARS = ("NOR", "SWE"), ("FIN", "POL", "SYR"), ("2018", "2019", "2020")
_SLOTS = [(a, c, s, y) for a in AREAS for c in COUNTERPARTS for s in ("F", "_T") for y in YEARS]
_FIGURE = st.tuples(st.sampled_from([0, 5, 50, 1000]), st.booleans())
#: The power of all figures, which a series has one of, and the figures.
_STATE = st.tuples(
    st.sampled_from(["0", "3"]),
    st.dictionaries(st.sampled_from(_SLOTS), _FIGURE, max_size=len(_SLOTS)),
)


def rows_of(state: tuple[str, Mapping[Any, Any]]) -> list[Row]:
    power, figures = state
    return [
        year(
            period,
            value,
            REF_AREA=area,
            COUNTERPART_AREA=counterpart,
            SEX=sex,
            UNIT_MULT=power,
            COMMENT_OBS="so" if told else None,
        )
        for (area, counterpart, sex, period), (value, told) in figures.items()
    ]


def weigh(
    schema: Schema, lake: Lake, before: Sequence[Row], after: Sequence[Row], most: int
) -> dict[str, Weight]:
    """The weights by slice that computing a delta tells."""

    def incoming(rows: Sequence[Row]) -> Incoming:
        data = raw(*rows)
        checked = validate(data, schema, rules=())
        return Incoming(
            source="X",
            raw=data,
            table=checked.table,
            actions=checked.actions,
            replaces=True,
            complete=AREAS,
        )

    first = compute_changes(schema, [incoming(before)], {})
    base = {
        (c.slice, c.source): BaseFile(
            Part(lake.data_path(lake.put_table(c.state))), c.state.num_rows
        )
        for c in first
    }
    found: list[Weight] = []
    for _ in compute_changes(schema, [incoming(after)], base, most_rows=most, weigh=found.append):
        pass
    assert len({one.slice for one in found}) == len(found)
    return {one.slice: one for one in found}


def naive(before: Sequence[Row], after: Sequence[Row], area: str) -> dict[str, Any] | None:
    """The same, counted one by one."""
    old, new = (
        {tuple(str({**PLAIN, **row}[name]) for name in KEY): row for row in part}
        for part in ([r for r in rows if r["REF_AREA"] == area] for rows in (before, after))
    )
    if not old:
        return None

    def figure(row: Row) -> float:
        return abs(float(str(row["OBS_VALUE"]))) * 10 ** int(str(row["UNIT_MULT"]))

    both = old.keys() & new.keys()
    series: dict[Any, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    for key, row in old.items():
        series[key[:-1]][0].append(figure(row))
    for key in new.keys() - old.keys():
        series[key[:-1]][1].append(figure(new[key]))
    going_on = [(mean(a), mean(b)) for a, b in series.values() if a and b]
    lost = []
    for name in ("COUNTERPART_AREA", "SEX"):
        codes = {row[name] for row in old.values()} - {row[name] for row in new.values()}
        lost += [(name, c, sum(r[name] == c for r in old.values())) for c in codes if new]
    comments = sum(row["COMMENT_OBS"] is not None for row in old.values())
    emptied = comments and not any(row["COMMENT_OBS"] for row in new.values()) and bool(new)
    return {
        "before": len(old),
        "after": len(new),
        "vanished": len(old.keys() - new.keys()),
        "changed": sum(figure(old[key]) != figure(new[key]) for key in both),
        "was": sum(figure(old[key]) for key in both),
        "becomes": sum(figure(new[key]) for key in both),
        "went_before": sum(a for a, _ in going_on),
        "goes_on": sum(b for _, b in going_on),
        "lost_codes": sorted(lost),
        "emptied": [("COMMENT_OBS", comments)] if emptied else [],
    }


def test_against_counting_one_by_one(stock_schema: Schema, tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.create()

    @settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.generate])
    @given(before=_STATE, after=_STATE, most=st.sampled_from([1, 1 << 19]))
    def check(before: tuple[str, Any], after: tuple[str, Any], most: int) -> None:
        old, new = rows_of(before), rows_of(after)
        found = weigh(stock_schema, lake, old, new, most)
        for area in AREAS:
            expected, weight = naive(old, new, area), found.get(area)
            assert (weight is None) == (expected is None)
            for name, value in (expected or {}).items():
                got = getattr(weight, name)
                if isinstance(value, list):
                    assert sorted(got) == value, name
                else:
                    assert got == pytest.approx(value), name

    check()


def test_a_slice_that_stays_as_it_was_is_weighed_too(stock_schema: Schema, tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.create()
    rows = [year(2019, 5), year(2020, 7)]
    (weight,) = weigh(stock_schema, lake, rows, rows, 1 << 19).values()
    assert (weight.before, weight.after, weight.changed, weight.was) == (2, 2, 0, 12.0)
