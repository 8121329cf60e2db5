"""What agreements allow, at each instant, for each flow and area."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from federation.agreements import granted
from federation.harvest.ports import NotAgreed
from federation.partners import Partner
from hub.errors import Forbidden
from hub.store.actors import Actor
from hub.store.agreements import Agreement, Terms

STOCK, FLOW = "MIGX:DF_STOCK_BIRTH", "MIGX:DF_FLOW_RES"
Y2025, Y2026, Y2027 = (datetime(year, 1, 1, tzinfo=UTC) for year in (2025, 2026, 2027))
NOW = datetime(2026, 6, 1, tzinfo=UTC)
OBS = Partner(id="OBS", url="http://obs.test", name="OBS", areas=("SWE", "NOR"), added=Y2025)


def agreement(
    id_: int = 1, *, ended: datetime | None = None, why: str = "", **terms: object
) -> Agreement:
    given = {"partner": "OBS", "valid_from": Y2026, "basis": "a law"} | terms
    by = Actor("user", "bo")
    return Agreement(
        id=id_,
        terms=Terms(**given),  # type: ignore[arg-type]
        added=Y2025,
        by=by,
        ended=ended,
        ended_why=why,
    )


def areas(*known: Agreement, flow: str = STOCK, required: bool = False) -> tuple[str, ...]:
    return granted(OBS, flow, known, NOW, required=required).areas


def test_without_agreements_what_was_added_counts_unless_they_are_required() -> None:
    assert areas() == ("SWE", "NOR")
    with pytest.raises(Forbidden, match="corridor agreement add OBS --flow MIGX:DF_STOCK_BIRTH"):
        areas(required=True)
    with pytest.raises(Forbidden, match="corridor agreement add OBS --basis"):
        areas(required=True, flow="")


@pytest.mark.parametrize("required", [False, True])
def test_an_agreement_narrows_areas_and_flows(required: bool) -> None:
    assert areas(agreement(), required=required) == ("SWE", "NOR")
    assert areas(agreement(areas=("NOR",)), required=required) == ("NOR",)
    assert areas(agreement(areas=("NOR",), flows=(STOCK,)), flow="") == ("NOR",)
    both = agreement(1, areas=("NOR",)), agreement(2, areas=("SWE",))
    assert areas(*both) == ("SWE", "NOR")
    with pytest.raises(NotAgreed, match=f"is about {FLOW}, only about {STOCK}"):
        areas(agreement(flows=(STOCK,)), flow=FLOW, required=required)


def test_one_in_force_is_enough() -> None:
    over = agreement(1, valid_from=Y2025, valid_to=Y2026, areas=("NOR",))
    assert areas(over, agreement(2, areas=("SWE",))) == ("SWE",)


@pytest.mark.parametrize(
    ("one", "says"),
    [
        (agreement(valid_from=Y2025, valid_to=Y2026), "agreement 1 with OBS ended on 2026-01-01"),
        (agreement(valid_from=Y2027), "agreement 1 with OBS begins on 2027-01-01 only"),
        (agreement(ended=Y2026, why="withdrawn"), r"ended on 2026-01-01 \(withdrawn\)"),
        (agreement(areas=("DNK",)), "is about DNK, but it may speak for SWE, NOR"),
    ],
)
def test_what_is_over_or_to_come_blocks(one: Agreement, says: str) -> None:
    with pytest.raises(Forbidden, match=says) as caught:
        areas(one)
    assert not isinstance(caught.value, NotAgreed)
    assert "corridor agreement add OBS --flow MIGX:DF_STOCK_BIRTH --basis TEXT" in str(caught.value)


def test_its_last_instant_is_before_its_end() -> None:
    one = agreement(valid_from=Y2026, valid_to=Y2027)
    assert one.is_in_force(Y2026)
    assert not one.is_in_force(Y2027)
    assert not agreement(valid_to=Y2027, ended=NOW).is_in_force(NOW)
