"""What a partner sends is released, held, or refused because it was rejected; never half of it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable

import pytest

from federation.harvest.catalogued import StoreDoor
from federation.partners import FinishReason
from federation.valve import held_here, reject
from hub.model import ArtefactClass, Reference
from hub.store import sweep
from hub.store.actors import Actor
from hub.store.review import reopen
from hub.store.trail import Wanted, lines
from hub.store.waiting import State
from tests.federation.valve.conftest import YEARS, Hub, thirty
from tests.publish.stock import FLOW, Row, raw, year

BO = Actor("user", "bo")
HELD, RELEASED = FinishReason.HELD, FinishReason.RELEASED
WOMEN = [year(period, 500, SEX="F") for period in YEARS]


def states(hub: Hub) -> list[tuple[int, State]]:
    return [(one.id, one.state) for one in held_here(hub.store, decided=True)]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([*thirty(), year(2020, 1310)], id="a year more"),
        pytest.param([*thirty(), *WOMEN], id="a breakdown more"),
        pytest.param([*thirty(), *thirty(COUNTERPART_AREA="FIN", times=900)], id="a country more"),
        pytest.param(thirty()[3:], id="a tenth of the years goes"),
        pytest.param([*thirty()[:15], *thirty(times=1.02)[15:]], id="half of the years revised"),
        pytest.param([{**row, "OBS_STATUS": "P"} for row in thirty()], id="a status in all rows"),
        pytest.param(
            [{**row, "OBS_VALUE": f"{1 + 0.01 * i:.2f}", "UNIT_MULT": "3"}
             for i, row in enumerate(thirty())],
            id="in thousands, and said so",
        ),
    ],
)  # fmt: skip
def test_growth_and_usual_revisions_pass(hub: Hub, rows: list[Row]) -> None:
    assert hub.send(*thirty()).reason is RELEASED
    taken = hub.send(*rows)
    assert (taken.reason, taken.note) == (RELEASED, "")
    release = hub.store.release(FLOW)
    assert release is not None
    assert release.rows == len(rows)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        pytest.param(thirty()[4:], r"4 of 30 observations vanish \(13%", id="cut off"),
        pytest.param(
            [*thirty()[:14], *thirty(times=1.02)[14:]],
            r"16 of 30 figures change \(53%",
            id="changed",
        ),
        pytest.param(
            thirty(times=1000),
            "total of what stays is 1,000 times what it was.*a slip of units",
            id="1000",
        ),
        pytest.param(
            thirty(times=0.001), r"1/1,145 of what it was \(34,350, now 30\)", id="1/1000"
        ),
        pytest.param(thirty(times=0), "total of what stays is 0, and was 34,350", id="zeros"),
        pytest.param(
            [{**row, "UNIT_MULT": "3"} for row in thirty()],
            "is 1,000 times what it was",
            id="unit_mult",
        ),
        pytest.param(
            [*thirty(), year(2020, 1_310_000)], "total of new periods is 1,144 times", id="new year"
        ),
        pytest.param(
            [*thirty(), year(2020, 0)], "total of new periods is 0, and was", id="no year"
        ),
        pytest.param([], "nothing is left of 30 observations", id="empty"),
        pytest.param(
            [{k: v for k, v in row.items() if k != "COMMENT_OBS"} for row in thirty()],
            "nothing has COMMENT_OBS any more",
            id="attribute",
        ),
    ],
)
def test_what_a_person_should_look_at_is_held(hub: Hub, rows: list[Row], why: str) -> None:
    assert hub.send(*thirty(COMMENT_OBS="so")).reason is RELEASED
    before, history = hub.values(), len(hub.store.history(FLOW))
    told = rows if "COMMENT" in why else [{**row, "COMMENT_OBS": "so"} for row in rows]
    taken = hub.send(*told)
    assert taken.reason is HELD
    assert taken.release is None
    assert taken.counts.is_empty
    assert re.search(why, taken.note), taken.note
    assert taken.note.endswith("it is held: corridor review show 1")
    assert hub.values() == before
    assert len(hub.store.history(FLOW)) == history
    (one,) = held_here(hub.store)
    assert (one.id, one.partner, one.flow, one.state) == (1, "SWE", str(FLOW), State.WAITING)
    assert taken.note.startswith(one.why)
    (line,) = lines(hub.store.catalogue, Wanted(action="hold"))
    assert (line.detail["partner"], line.detail["waiting"]) == ("SWE", 1)


def test_a_code_that_vanishes_is_held(hub: Hub) -> None:
    """Few enough observations to pass as a share, but all there were of a country."""
    many = [row for code in ("FIN", "NOR", "DNK", "DEU", "EST", "LVA", "LTU", "ISL", "RUS", "SYR")
            for row in thirty(COUNTERPART_AREA=code)]  # fmt: skip
    hub.send(*many, *thirty())
    taken = hub.send(*many)
    assert taken.reason is HELD
    assert "COUNTERPART_AREA POL vanish" in taken.note
    assert "observations vanish" not in taken.note


def test_another_structure_is_held(hub: Hub) -> None:
    def of(version: str) -> Reference:
        return Reference(ArtefactClass.DATAFLOW, "MIGX", "DF_STOCK_BIRTH", version)

    hub.send(*thirty(), structure=of("1.0.0"))
    assert hub.send(*thirty(), structure=of("1.1.0")).reason is FinishReason.UNCHANGED
    taken = hub.send(*thirty(), year(2020, 1310), structure=of("1.1.0"))
    assert taken.reason is HELD
    assert (
        "data is of MIGX:DF_STOCK_BIRTH(1.1.0), and was of MIGX:DF_STOCK_BIRTH(1.0.0)" in taken.note
    )


def test_what_is_small_is_not_judged_by_shares(hub: Hub) -> None:
    hub.send(year(2019, 10), year(2020, 20))
    assert hub.send(year(2020, 300)).reason is RELEASED
    assert hub.send(year(2020, 0)).reason is RELEASED
    assert hub.send(year(2020, 200)).reason is RELEASED
    assert hub.send(year(2020, 99_000)).reason is HELD, "but an order of magnitude counts"
    assert hub.send().reason is HELD, "and that nothing is left"


def test_after_zeros_alone_anything_is_a_repair(hub: Hub) -> None:
    """What was released as zeros, perhaps as the first there was, tells nothing to compare with."""
    hub.send(*thirty(times=0))
    assert hub.send(*thirty(), year(2020, 1310)).reason is RELEASED
    assert hub.send(*thirty(times=0), year(2020, 0)).reason is HELD


def test_the_limits_are_settings(hub_with: Callable[..., Hub]) -> None:
    hub = hub_with(valve_vanished=1.0, valve_changed=1.0, valve_jump=1e9)
    hub.send(*thirty())
    assert hub.send(*thirty(times=1000)[10:]).reason is RELEASED


def test_the_same_again_is_held_once(hub: Hub) -> None:
    hub.send(*thirty())
    first = hub.send(*thirty(times=1000))
    files = hub.files("waiting")
    hub.clock.pass_(days=2)
    again = hub.send(*thirty(times=1000))
    assert (first.reason, again.reason) == (HELD, HELD)
    assert again.note.endswith("it is held, since 2026-01-15: corridor review show 1")
    assert states(hub) == [(1, State.WAITING)]
    assert hub.files("waiting") == files
    assert len(files) == 1


def test_something_else_takes_its_place(hub: Hub) -> None:
    hub.send(*thirty())
    hub.send(*thirty(times=1000))
    hub.send(*thirty(times=0))
    assert states(hub) == [(1, State.SUPERSEDED), (2, State.WAITING)]


def test_a_partner_that_repairs_itself_is_released(hub: Hub) -> None:
    hub.send(*thirty())
    hub.send(*thirty(times=1000))
    assert hub.send(*thirty(), year(2020, 1310)).reason is RELEASED
    assert states(hub) == [(1, State.SUPERSEDED)]
    (line,) = lines(hub.store.catalogue, Wanted(action="review"))
    assert (line.action, line.detail["waiting"]) == ("review supersede", 1)


def test_a_partner_that_goes_back_is_unchanged(hub: Hub) -> None:
    hub.send(*thirty())
    hub.send(*thirty(times=1000))
    assert hub.send(*thirty()).reason is FinishReason.UNCHANGED
    assert states(hub) == [(1, State.SUPERSEDED)]


def test_not_modified_since_what_was_taken_closes_it_too(hub: Hub) -> None:
    hub.send(*thirty())
    hub.send(*thirty(times=1000))
    StoreDoor(hub.store).confirm(FLOW, ["NOR"])
    assert states(hub) == [(1, State.WAITING)]
    StoreDoor(hub.store).confirm(FLOW, ["SWE", "NOR"])
    assert states(hub) == [(1, State.SUPERSEDED)]


def test_the_same_after_a_rejection_is_refused_with_its_reason(hub: Hub) -> None:
    hub.send(*thirty())
    hub.send(*thirty(times=1000))
    reject(hub.store, 1, BO, "in thousands")
    for _ in range(2):
        taken = hub.send(*thirty(times=1000))
        assert taken.reason is FinishReason.REFUSED
        assert taken.note.startswith("the same was rejected by user bo as 1: in thousands")
    assert states(hub) == [(1, State.REJECTED)]
    assert hub.send(*thirty(times=2000)).reason is HELD, "something else is looked at afresh"
    assert hub.send(*thirty(times=1000)).reason is FinishReason.REFUSED
    assert states(hub) == [(1, State.REJECTED), (2, State.SUPERSEDED)]
    reopen(hub.store.catalogue, 1, BO)
    assert hub.send(*thirty(times=1000)).reason is HELD
    assert states(hub)[-1] == (3, State.WAITING)


def test_one_partner_held_does_not_keep_others(hub: Hub) -> None:
    hub.partner("NOR")
    hub.send_all({"SWE": raw(*thirty()), "NOR": raw(*thirty("NOR"))})
    taken = hub.send_all(
        {"SWE": raw(*thirty(times=1000)), "NOR": raw(*thirty("NOR"), year(2020, 5, REF_AREA="NOR"))}
    )
    assert {name: one.reason for name, one in taken.items()} == {"SWE": HELD, "NOR": HELD}
    taken = hub.send_all(
        {
            "SWE": raw(*thirty(times=1000)),
            "NOR": raw(*thirty("NOR"), year(2020, 1310, REF_AREA="NOR")),
        }
    )
    assert {name: one.reason for name, one in taken.items()} == {"SWE": HELD, "NOR": RELEASED}
    assert hub.values()["SWE", "POL", "2019"] == 1290
    assert hub.values()["NOR", "POL", "2020"] == 1310
    assert states(hub) == [(1, State.WAITING), (2, State.SUPERSEDED)]


def test_a_slice_is_judged_alone_and_the_source_as_a_whole(hub: Hub) -> None:
    """One area's slip is lost in the sum; many areas too small to be judged are not, together."""
    areas = ("DNK", "FIN", "ISL", "NOR", "SWE")
    hub.partner("OBS", *areas)
    whole = [row for area in areas for row in thirty(area)]
    hub.send(*whole, partner="OBS")
    slip = [*(r for r in whole if r["REF_AREA"] != "ISL"), *thirty("ISL", times=0.001)]
    assert "ISL: the total of what stays is 1/1" in hub.send(*slip, partner="OBS").note


def test_small_slices_are_judged_together(hub: Hub) -> None:
    areas = ("DNK", "FIN", "ISL", "NOR", "SWE")
    hub.partner("OBS", *areas)

    def six_years_of_each(value: int) -> list[Row]:
        return [year(y, value, REF_AREA=a) for a in areas for y in range(2000, 2006)]

    hub.send(*six_years_of_each(300), partner="OBS")
    taken = hub.send(*six_years_of_each(200), partner="OBS")
    assert taken.note.startswith("30 of 30 figures change")


def test_raw_bytes_stay_while_something_is_held(hub_with: Callable[..., Hub]) -> None:
    hub = hub_with(keep_raw="0h")
    hub.send(*thirty())
    hub.send(*thirty(times=1000))
    (digest,) = hub.digests
    for path in (hub.store.lake.root / "raw").rglob("*"):
        os.utime(path, (0, 0)) if path.is_file() else None
    sweep(hub.store)
    assert hub.store.lake.raw_path(digest).is_file()
    reject(hub.store, 1, BO, "no")
    sweep(hub.store)
    assert not hub.store.lake.raw_path(digest).exists()
