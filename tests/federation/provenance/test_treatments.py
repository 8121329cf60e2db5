"""Figures that are aligned, substituted or shared out: every one of them, taken apart.

The node has stocks of four countries: P with unknown origins and a former state, Q with tables of
2011 and 2021, R with citizens alone, S with a table by sex in a year without totals.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import fsum
from typing import Any

import pyarrow as pa
import pytest

from federation.derivation import EMIGRANTS, STOCK_BIRTH, STOCK_CTZ, derive
from federation.provenance import Explanation, Outcome, explain, verify
from hub.formats.message import RawData
from hub.model import Origin, Reference
from hub.publish import Submission, publish
from hub.store import Store

_MESSAGE = ("STRUCTURE", "STRUCTURE_ID", "ACTION")
# destination, origin, year, persons, sex
BIRTH = [
    ("PRT", "_T", "2020", 10_000, "_T"),
    ("PRT", "_U", "2020", 500, "_T"),
    ("PRT", "_O", "2020", 5_700, "_T"),
    ("PRT", "MAR", "2020", 1_000, "_T"),
    ("PRT", "UKR", "2020", 2_000, "_T"),
    ("PRT", "EST", "2020", 500, "_T"),
    ("PRT", "SUN", "2020", 300, "_T"),
    ("FRA", "MAR", "2011", 400, "_T"),
    ("FRA", "MAR", "2021", 600, "_T"),
    ("ESP", "MAR", "2018", 700, "_T"),
    ("ESP", "DEU", "2019", 40, "F"),
    ("ESP", "DEU", "2019", 60, "M"),
]
CTZ = [("ITA", "MAR", "2020", 300, "_T"), ("ITA", "UKR", "2020", 80, "_T")]


@pytest.fixture
def world(node: Callable[..., Store], stock_table: Any) -> Store:
    store = node("WLD", role="observatory")
    for flow, rows, kind in ((STOCK_BIRTH, BIRTH, "BIRTH"), (STOCK_CTZ, CTZ, "CTZ")):
        for area in sorted({row[0] for row in rows}):
            _publish(store, flow, area, [r for r in rows if r[0] == area], kind, stock_table.plain)
    derive(store)
    return store


def _publish(
    store: Store, flow: Reference, area: str, rows: list[Any], kind: str, plain: Mapping[str, str]
) -> None:
    status = "FB" if kind == "BIRTH" else "FC"
    table = [
        {
            **{name: value for name, value in plain.items() if name not in _MESSAGE},
            "REF_AREA": area,
            "COUNTERPART_BASIS": kind,
            "MIGRANT_STATUS": status,
            "COUNTERPART_AREA": origin,
            "TIME_PERIOD": year,
            "OBS_VALUE": str(persons),
            "SEX": sex,
        }
        for _, origin, year, persons, sex in rows
    ]
    raw = RawData(source=f"{area}.csv", table=pa.Table.from_pylist(table))
    origin = Origin(kind="submission", name=area, detail=(("file", f"{area}.csv"),))
    publish(store, flow, Submission(raw=raw, source=area, origin=origin))


def _of(store: Store, key: str) -> Explanation:
    return explain(store, EMIGRANTS, [key])[0]


def test_every_derived_figure_is_the_sum_of_its_parts(world: Store) -> None:
    schema, release = world.schema(EMIGRANTS), world.release(EMIGRANTS)
    assert release is not None
    names = [column.id for column in schema.dimensions]
    rows = world.read(release, schema, columns=names).read_all().to_pylist()
    keys = [".".join(row.values()) for row in rows]
    assert {row["ORIGIN_TREAT"] for row in rows} == {"RPT", "SUBC", "RED", "DISS"}
    told = explain(world, EMIGRANTS, keys)
    for one in told:
        assert fsum(part.value or 0 for part in one.parts) == pytest.approx(one.value)
    assert {v.outcome for v in verify(world, told)} == {Outcome.EQUAL}
    for one in told[:: len(told) // 16]:
        assert _of(world, one.key) == one  # alone, from less: what decides it alone
    kinds = {part.kind for one in told for part in one.parts}
    assert kinds == {"exact", "interpolated", "carried"}


def test_an_interpolated_figure_names_both_tables(world: Store) -> None:
    told = _of(world, "A.MAR.FRA.STK_BIRTH.VAL.RCV.RPT._T._T.PS.2020")
    (part,) = told.parts
    assert (part.kind, part.value) == ("interpolated", pytest.approx(580))
    assert [(one.key[-4:], one.value) for one in part.inputs] == [("2011", 400), ("2021", 600)]


def test_citizens_that_stand_for_the_born_are_said_to_be_so(world: Store) -> None:
    told = _of(world, "A.MAR._T.STK_BIRTH_CTZ.VAL.RCV.SUBC._T._T.PS.2020")
    italy = next(part for part in told.parts if part.area == "ITA")
    assert (italy.role, italy.value) == ("substitute", 300)
    assert italy.inputs[0].key == "A.ITA.FC.CTZ.MAR._T._T.PS.2020"
    assert {release.flow for release in told.releases} == {STOCK_BIRTH, STOCK_CTZ}


def test_a_share_of_unknown_origins_names_what_decided_it(world: Store) -> None:
    told = _of(world, "A.MAR.PRT.STK_BIRTH.VAL.RCV.RED._T._T.PS.2020")
    by_role = {part.role: part for part in told.parts}
    assert by_role["cell"].value == 1_000
    share = by_role["unknown"]
    assert share.value == pytest.approx(500 * 1_000 / 9_500)
    assert share.inputs[0].value == 500
    weights = {one.key.split(".")[4]: one.value for one in share.weights}
    named = {"MAR": 1_000, "UKR": 2_000, "EST": 500, "SUN": 300}
    assert weights == {"_T": 10_000, "_O": 5_700, **named}


def test_a_share_of_a_former_state_names_its_successors(world: Store) -> None:
    told = _of(world, "A.UKR.PRT.STK_BIRTH.VAL.RCV.DISS._T._T.PS.2020")
    share = next(part for part in told.parts if part.role == "former")
    assert share.value == pytest.approx(300 * 2_000 / 2_500)
    assert {one.key.split(".")[4] for one in share.weights} == {"UKR", "EST"}


def test_what_is_left_out_is_said(world: Store) -> None:
    told = _of(world, "A.UKR._T.STK_BIRTH.VAL.RCV.RPT._T._T.PS.2020")
    said = {(one.area, one.why): one.input.value if one.input else None for one in told.left_out}
    assert said[("PRT", "its people of unknown origin (_U) are not shared out")] == 500
    assert said[("PRT", "its people of the former state SUN are not shared out")] == 300
    assert ("FRA", "has no figure of this origin for the year") in said
    assert not any(area == "ITA" for area, _ in said)


def test_a_year_that_has_a_table_by_sex_alone_is_not_filled(world: Store) -> None:
    """That ESP has a table of 2019 stands in rows of other sexes than the cell's."""
    told = _of(world, "A.MAR._T.STK_BIRTH.VAL.RCV.RPT._T._T.PS.2019")
    assert "ESP" not in {part.area for part in told.parts}
    later = _of(world, "A.MAR._T.STK_BIRTH.VAL.RCV.RPT._T._T.PS.2018")
    assert "ESP" in {part.area for part in later.parts}
