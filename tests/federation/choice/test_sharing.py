"""Who is asked for which areas: by what partners tell now, told before, and by what is held."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyarrow as pa

from connectors.service import Offer, OfferedSlice
from federation.choice import BookInMemory, Share, Told, only_of, share_out
from federation.partners import Partner
from hub.formats.message import RawData
from hub.model import Descent, resolve
from tests.federation.harvest.structures import STRUCTURES, flow

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
FLOW = flow("DF_STOCK_BIRTH").reference
SCHEMA = resolve(FLOW, STRUCTURES)
URL = "https://node.test/data"


def partner(id_: str, *areas: str) -> Partner:
    return Partner(id=id_, url=URL, name=id_, areas=areas or (id_,), added=NOON)


SWE, NOR = partner("SWE"), partner("NOR")
NORTH = partner("NORTH", "SWE", "NOR", "DNK")
SOUTH = partner("SOUTH", "SWE", "ESP")


def piece(area: str, *path: str, hours: int = 0) -> OfferedSlice:
    """The figures of an area, from its node through others."""
    updated = NOON + timedelta(hours=hours)
    return OfferedSlice(
        area=area, descent=Descent(origin=area, updated=updated, path=path), rows=10
    )


def told(who: Partner, slices: Iterable[OfferedSlice] | None) -> Told:
    offer = Offer(
        flow="MIGX:DF_STOCK_BIRTH",
        version="1.0.0",
        source="MIGX:DF_STOCK_BIRTH",
        url=URL,
        release="a" * 64,
        rows=99,
        slices=None if slices is None else tuple(slices),
    )
    return Told(who, offer)


def shared(book: BookInMemory, *offers: Told, others: tuple[str, ...] = ()) -> dict[str, Share]:
    """The shares by partner; `others` are partners that were not reached."""
    return {one.partner.id: one for one in share_out("HUB", SCHEMA, offers, book, others, NOON)}


def wanted(share: Share) -> tuple[str, ...]:
    return () if share.why_not else tuple(sorted(share.areas))


def test_each_is_asked_only_for_what_is_taken_from_it() -> None:
    north = told(NORTH, [piece("SWE", "SWE"), piece("NOR", "NOR"), piece("DNK", "DNK")])
    shares = shared(BookInMemory(), told(SWE, [piece("SWE")]), north)
    assert wanted(shares["SWE"]) == ("SWE",)
    assert shares["SWE"].offer.areas == ()  # it has nothing else, so it is asked for everything
    assert wanted(shares["NORTH"]) == shares["NORTH"].offer.areas == ("DNK", "NOR")
    assert shares["NORTH"].offer.rows == 20
    assert shares["NORTH"].descents["NOR"].path == ("NOR", "NORTH")


def test_who_has_nothing_that_is_taken_is_not_asked_and_why_is_said() -> None:
    shares = shared(
        BookInMemory(), told(SWE, [piece("SWE")]), told(SOUTH, [piece("SWE", "SWE", hours=3)])
    )
    assert shares["SOUTH"].areas == frozenset()
    assert "SWE is nearer to the origin" in shares["SOUTH"].why_not


def test_areas_beyond_the_grant_are_never_asked_for() -> None:
    shares = shared(BookInMemory(), told(SOUTH, [piece("SWE", "SWE"), piece("FRA", "FRA")]))
    assert shares["SOUTH"].offer.areas == ("SWE",)
    assert set(shares["SOUTH"].descents) == {"SWE"}


def test_a_partner_that_does_not_tell_is_asked_for_what_it_was_granted() -> None:
    book = BookInMemory()
    alone = shared(book, told(NORTH, None))
    assert wanted(alone["NORTH"]) == ("DNK", "NOR", "SWE")
    assert alone["NORTH"].offer.areas == ()
    beside = shared(book, told(NORTH, None), told(SWE, [piece("SWE")]))
    assert beside["NORTH"].offer.areas == ("DNK", "NOR")
    assert beside["NORTH"].offer.rows is None


def test_a_partner_that_does_not_answer_counts_by_what_is_held_of_it() -> None:
    book = BookInMemory()
    north = told(NORTH, [piece("SWE", "SWE")])
    shared(book, told(SWE, [piece("SWE")]), north)
    never_taken = shared(book, north, others=("SWE",))
    assert wanted(never_taken["NORTH"]) == ("SWE",)  # nothing came from SWE so far
    shared(book, told(SWE, [piece("SWE")]), north)
    book.slices[FLOW] = {"SWE": "SWE"}
    assert shared(book, north, others=("SWE",))["NORTH"].why_not
    removed = shared(book, north)
    assert wanted(removed["NORTH"]) == ("SWE",)
    assert removed["NORTH"].is_new  # asked without conditions: what it has is to be used now


def test_a_copy_of_what_its_origin_has_no_more_is_not_taken_and_ends() -> None:
    book = BookInMemory(slices={FLOW: {"SWE": "NORTH", "NOR": "NORTH"}})
    north = told(NORTH, [piece("SWE", "SWE"), piece("NOR", "NOR")])
    shares = shared(book, told(SWE, []), north)
    assert "SWE" not in shares["NORTH"].descents
    assert "SWE" in shares["NORTH"].areas  # what was taken of it earlier is withdrawn
    (copy,) = [one for one in book.known(FLOW) if one.candidate.area == "SWE"]
    assert copy.why == "a copy of what SWE itself does not have any more"


def test_what_keeps_failing_is_taken_from_the_next_unless_something_of_it_is_held() -> None:
    book = BookInMemory()
    swe = replace(told(SWE, [piece("SWE")]), failing="its data failed 3 times in a row")
    north = told(NORTH, [piece("SWE", "SWE"), piece("NOR", "NOR")])
    assert wanted(shared(book, swe)["SWE"]) == ("SWE",)  # nobody else has it
    shares = shared(book, swe, north)
    assert wanted(shares["NORTH"]) == ("NOR", "SWE")
    assert "failed 3 times" in shares["SWE"].why_not
    assert ("SWE", "SWE", False) in {
        (one.candidate.partner.id, one.candidate.area, one.is_chosen) for one in book.known(FLOW)
    }
    both = replace(north, failing="so did its")
    assert wanted(shared(book, swe, both)["SWE"]) == ("SWE",)  # then the nearest, as ever
    book.slices[FLOW] = {"SWE": "SWE"}
    assert wanted(shared(book, swe, north)["NORTH"]) == ("NOR",)


def test_what_a_partner_has_no_more_is_asked_for_so_that_it_ends() -> None:
    book = BookInMemory(slices={FLOW: {"SWE": "NORTH", "NOR": "NORTH"}})
    shares = shared(book, told(NORTH, [piece("NOR", "NOR")]))
    assert shares["NORTH"].offer.areas == ("NOR", "SWE")
    assert set(shares["NORTH"].descents) == {"NOR"}
    assert not shares["NORTH"].is_new


def test_what_lost_to_a_nearer_one_stays_as_it_is() -> None:
    book = BookInMemory(slices={FLOW: {"SWE": "NORTH", "NOR": "NORTH"}})
    north = told(NORTH, [piece("SWE", "SWE"), piece("NOR", "NOR")])
    shares = shared(book, told(SWE, [piece("SWE")]), north)
    assert shares["NORTH"].areas == {"NOR"}
    assert shares["SWE"].is_new


def test_rows_that_come_unasked_are_left_out_and_told() -> None:
    share = shared(BookInMemory(), told(NORTH, None), told(SWE, [piece("SWE")]))["NORTH"]
    table = pa.table(
        {
            "REF_AREA": ["NOR", "SWE", "DNK"],
            "TIME_PERIOD": ["2020"] * 3,
            "OBS_VALUE": ["1", "2", "3"],
        }
    )
    actions = pa.chunked_array([["I", "D", "I"]])
    raw = RawData(source="x.csv", table=table, actions=actions, line=lambda row: row + 2)
    data, findings = only_of(raw, SCHEMA, share)
    assert data.table.column("OBS_VALUE").to_pylist() == ["1", "3"]
    assert data.actions is not None
    assert data.actions.to_pylist() == ["I", "I"]
    assert [data.line(0), data.line(1)] == [2, 4]
    assert "SWE" in findings[0].message
    same, nothing = only_of(data, SCHEMA, share)
    assert (same, nothing) == (data, ())
